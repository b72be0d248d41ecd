"""Cluster -> Origin: who wrote the copy, and how each document came by it.

stories -> claims, pages -> hearing, edges -> signals -> attribute -> members
"""

from dedupe.origin.attribute import attribute, infer, rights_hint
from dedupe.origin.members import members
from dedupe.origin.verdict import lookup_verdict

__all__ = ["attribute", "infer", "lookup_verdict", "members", "rights_hint"]
