"""Is an index what it should be, and if not, how to make it so again.

    check    the file, then everything that is derived, against what it is derived from
    repair   a new file: what was read is taken over, all the rest is derived anew

Only what was read from the crawl (`crawls`, `files`, `documents`, `texts`, `skipped` and the parameters)
can be lost; what is lost is named.
"""

from __future__ import annotations

from dedupe.checking.check import Checked, check
from dedupe.checking.repair import Repaired, repair

__all__ = ["Checked", "Repaired", "check", "repair"]
