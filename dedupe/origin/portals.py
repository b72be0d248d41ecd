"""Sites that mostly carry other publishers' stories, by registered domain.

Such a page may keep the reporter's name and say nowhere whose text it is. A portal has reporters of its
own too: the list speaks for the other outlets of a cluster, it settles nothing.
"""

from __future__ import annotations

PORTALS = frozenset(
    {
        "aol.com",
        "apple.news",
        "flipboard.com",
        "headtopics.com",
        "inkl.com",
        "msn.com",
        "newsbreak.com",
        "newsbreakapp.com",
        "newsnow.co.uk",
        "onenewspage.com",
        "pressreader.com",
        "slashdot.org",
        "smartnews.com",
        "upday.com",
        "yahoo.com",
    }
)
