"""Takes the README's pictures anew: the overview and a story of the shipped crawl, wide and narrow.

    scripts/pictures    writes samples/pictures/; look at them before they are committed

Needs playwright, a Chromium (``CHROMIUM`` names one) and Pillow, which makes the files small.
"""

from __future__ import annotations

import io
import os
import shutil
import sys
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

from dedupe import Index
from dedupe.report import write
from dedupe.report.site.names import story_path
from dedupe.report.stored import StoredSource

ROOT = Path(__file__).resolve().parent.parent
PAGES = {"overview": "index.html", "story": story_path("420e5ac710e6ffe1")}
SIZES = {1280: 1500, 390: 1500}  # pixels: width of the window, and how much of the page is shown
COLOURS = 256


def made_site(folder: Path) -> Path:
    """The report of samples/crawl."""
    with Index.open(folder / "news.db") as index:
        index.add(ROOT / "samples" / "crawl")
        write(StoredSource(index.reader), "html", folder / "site")
    return folder / "site"


def small(png: bytes) -> Image.Image:
    """The picture with a palette: pages have few colours, and small marks must keep theirs."""
    return Image.open(io.BytesIO(png)).convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)


def main() -> int:
    """One picture for each page and width."""
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium")
    target = ROOT / "samples" / "pictures"
    target.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        site = made_site(Path(folder))
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        for name, path in PAGES.items():
            for width, height in SIZES.items():
                page = browser.new_page(viewport={"width": width, "height": height}, color_scheme="light")
                page.goto(f"file://{site}/{path}")
                page.wait_for_load_state("load")
                picture = target / f"{name}-{width}.png"
                small(page.screenshot()).save(picture, optimize=True)
                print(f"{picture.relative_to(ROOT)}  {picture.stat().st_size:,} bytes")
                page.close()
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
