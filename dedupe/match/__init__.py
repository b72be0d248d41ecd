"""Postings -> Candidate -> Edge: which documents to compare, and what they share."""

from dedupe.match.profile import Profile, profile
from dedupe.match.verify import verify

__all__ = ["Profile", "profile", "verify"]
