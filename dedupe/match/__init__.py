"""Postings -> Candidate -> Edge: which documents to compare, and what they share."""

from dedupe.match.explanation import Change, Segment, explain
from dedupe.match.profiles import Profile, make_profiles
from dedupe.match.secondhand import is_secondhand
from dedupe.match.verification import is_comparable, verify
from dedupe.match.wording import wording

__all__ = [
    "Change",
    "Profile",
    "Segment",
    "explain",
    "is_comparable",
    "is_secondhand",
    "make_profiles",
    "verify",
    "wording",
]
