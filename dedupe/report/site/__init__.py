"""A static site of the stories: opens from a disk, needs no server, sends nothing anywhere.

    index.html               overview
    stories.html             the list; data/ holds it in pieces that are loaded when they are needed
    story/<xx>/<id>.html     one story; beside it <id>.js, its texts for the side-by-side view
    outlets.html outlet/     the outlets and a page for each
    agencies.html agency/    the agencies and a page for each
    assets/                  one style sheet, a few small scripts

The order is in :mod:`dedupe.report.site.build`. Pages are data first (:mod:`.pages`), templates
only loop. There is no inline script or style: the Content-Security-Policy of every page forbids it.
"""
