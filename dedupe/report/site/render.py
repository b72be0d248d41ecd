"""Templates into files. Escaping is on for all of them, and a name a template does not know is an error."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from dedupe.report import wording
from dedupe.report.site import charts, lineage, listing, names, spread

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup


PLACE = b"<!-- later -->\n"  # as escaping is on, nothing a page says of itself can look like it


class Renderer:
    """Writes pages below one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._environment = environment()

    def page(self, path: str, template: str, **data: object) -> None:
        """``root`` leads from the page to the site's folder, as all links must be relative."""
        target = self.folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(self._rendered(path, template, data), "utf-8", newline="\n")

    def fill(self, path: str, template: str, **data: object) -> None:
        """Render into the place that a page left open for what was not known yet."""
        target = self.folder / path
        html = self._rendered(path, template, data).encode()
        target.write_bytes(target.read_bytes().replace(PLACE, html, 1))

    def _rendered(self, path: str, template: str, data: Mapping[str, object]) -> str:
        root = "../" * path.count("/")
        return self._environment.get_template(template).render(root=root, path=path, **data)

    def copy_assets(self) -> None:
        target = self.folder / "assets"
        target.mkdir()
        for asset in sorted(files("dedupe.report.site").joinpath("assets").iterdir(), key=lambda a: a.name):
            (target / asset.name).write_bytes(asset.read_bytes())


def breakable(name: str) -> Markup:
    """A domain may be broken behind its dots, and nowhere else.

    >>> breakable("a<b.example")
    Markup('a&lt;b.<wbr>example')
    """
    from markupsafe import Markup

    return Markup(".<wbr>").join(name.split("."))


def environment(package: str | None = None) -> Environment:
    """The site's templates. Those of ``package`` come first, and know the site's own as ``site/…``."""
    from jinja2 import BaseLoader, ChoiceLoader, Environment, PackageLoader, PrefixLoader, StrictUndefined

    ours = PackageLoader("dedupe.report.site", "templates")
    theirs: list[BaseLoader] = (
        [] if package is None else [PackageLoader(package), PrefixLoader({"site": ours})]
    )
    environment = Environment(
        loader=ChoiceLoader([*theirs, ours]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["breakable"] = breakable
    words = (wording.duration, wording.moment, wording.percent, wording.number, wording.web_address)
    environment.filters |= {word.__name__: word for word in (*words, wording.language_tag)}
    environment.globals |= {
        "plural": wording.plural,
        "AXIS": [(spread.position(seconds), label) for seconds, label in spread.AXIS],
        "CHART_HEIGHT": charts.HEIGHT,
        "LINE": lineage.LINE,
        "entity_path": names.entity_path,
        "position": spread.position,
        "facts": listing.facts,
        "flags": listing.flags,
        "origin_words": listing.origin_words,
    }
    return environment
