"""Takes the README's pictures anew: the overview and a story of the shipped crawl, wide and narrow, and a
story in the terminal.

    scripts/pictures    writes samples/pictures/; look at them before they are committed

Needs playwright, a Chromium (``CHROMIUM`` names one) and Pillow, which makes the files small.
"""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import sys
from pathlib import Path

from commandline import parser
from PIL import Image
from playwright.sync_api import sync_playwright
from rich.console import Console
from rich.text import Text
from scratch import scratch

from dedupe import Index
from dedupe.report import write
from dedupe.report.site.names import story_path
from dedupe.report.stored import StoredSource

ROOT = Path(__file__).resolve().parent.parent
STORY = "420e5ac710e6ffe1"
PAGES = {"overview": "index.html", "story": story_path(STORY)}
TERMINAL = """<body style="margin: 0; background: #16181d"><pre style="display: inline-block; margin: 0;
padding: 20px 24px; color: #d8dce4; font: 15px/1.35 'DejaVu Sans Mono', monospace">{code}</pre></body>"""
SIZES = {1280: 1500, 390: 1500}  # pixels: width of the window, and how much of the page is shown
COLOURS = 256


def made_site(folder: Path) -> Path:
    """The report of samples/crawl."""
    with Index.open(folder / "news.db") as index:
        index.add(ROOT / "samples" / "crawl")
        write(StoredSource(index.reader), "html", folder / "site")
    return folder / "site"


def in_terminal(folder: Path) -> str:
    """What `dedupe show STORY` prints in colour, as a page."""
    printed = subprocess.run(
        [sys.executable, "-m", "dedupe", "show", STORY, "--db", str(folder / "news.db")],
        capture_output=True, check=True, text=True, env={**os.environ, "COLUMNS": "100", "FORCE_COLOR": "1"},
    ).stdout  # fmt: skip
    console = Console(record=True, width=100, file=io.StringIO(), force_terminal=True)
    typed = f"\x1b[2m$ dedupe show {STORY} --db news.db\x1b[0m\n"
    console.print(Text.from_ansi(typed + printed.rstrip()))
    return console.export_html(inline_styles=True, code_format=TERMINAL)


def small(png: bytes) -> Image.Image:
    """The picture with a palette: pages have few colours, and small marks must keep theirs."""
    return Image.open(io.BytesIO(png)).convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)


def saved(png: bytes, picture: Path) -> None:
    """Write a picture, and say how large it is."""
    small(png).save(picture, optimize=True)
    print(f"{picture.relative_to(ROOT)}  {picture.stat().st_size:,} bytes")


def main() -> int:
    """One picture for each page and width."""
    parser(__doc__).parse_args()
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium")
    target = ROOT / "samples" / "pictures"
    target.mkdir(exist_ok=True)
    with scratch("pictures") as folder, sync_playwright() as playwright:
        site = made_site(folder)
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        for name, path in PAGES.items():
            for width, height in SIZES.items():
                page = browser.new_page(viewport={"width": width, "height": height}, color_scheme="light")
                page.goto(f"file://{site}/{path}")
                page.wait_for_load_state("load")
                saved(page.screenshot(), target / f"{name}-{width}.png")
                page.close()
        page = browser.new_page(viewport={"width": 1100, "height": 800})
        page.set_content(in_terminal(folder))
        saved(page.locator("pre").screenshot(), target / "terminal.png")
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
