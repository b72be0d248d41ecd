"""Postings -> Candidate -> Edge: which documents to compare, and what they share."""

from dedupe.match.explanation import Change, Segment, explain
from dedupe.match.profiles import Profile, make_profiles
from dedupe.match.secondhand import is_secondhand
from dedupe.match.verification import verify, verify_pairs
from dedupe.match.wording import wording

__all__ = [
    "Change",
    "Profile",
    "Segment",
    "explain",
    "is_secondhand",
    "make_profiles",
    "verify",
    "verify_pairs",
    "wording",
]
