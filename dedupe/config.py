"""One frozen dataclass per stage, and the parameters that change bits.

Those travel with what is stored: they are kept in the index and compared when it is opened, and a
mismatch is refused with both values in the message.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from functools import cache, lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any, TypeVar

import orjson

from dedupe.errors import InputError
from dedupe.model import Agency

Stage = TypeVar("Stage", bound=Any)


@dataclass(frozen=True, slots=True)
class CrawlConfig:
    """Reading: what is opened, and how far one page may go."""

    extractor: str = "resiliparse"  # or "trafilatura" (extra `accurate`)
    page_seconds: float = 10.0  # one page may take this long in its worker
    max_document_bytes: int = 32 * 2**20  # a larger single document is skipped
    max_text_chars: int = 1_000_000  # a longer text, twice that of most novels, is skipped
    min_text_chars: int = 80  # a page with less main text is no article
    fields: tuple[tuple[str, str], ...] = ()  # --field text=body


@dataclass(frozen=True, slots=True)
class TextConfig:
    """Cleaning: furniture learned from the crawl, credits recognised from the agencies."""

    furniture_titles: int = 4  # a line under so many different titles of one outlet is furniture
    # A running story repeats its background paragraphs under new titles. On a day of 825 sites, four titles
    # for every line cost four pairs across outlets, eight for prose none. Twelve left a gallery of captions
    # on a dozen pages of one site in their stories, and joined them.
    furniture_prose_titles: int = 8
    agencies: tuple[Agency, ...] = ()


@dataclass(frozen=True, slots=True)
class SketchConfig:
    """Signing. Everything here changes bits."""

    shingle_size: int = 5
    num_perm: int = 128
    seed: int = 1
    bands: int = 16
    rows: int = 8
    sample_one_in: int = 8  # FracMinHash: hashes below 2**64 / sample_one_in
    sample_floor: int = 16  # at least this many of the smallest, for short stories


@dataclass(frozen=True, slots=True)
class MatchConfig:
    """Candidates and their verification."""

    shared_samples: int = 2  # postings two documents must share to be compared
    bucket_cap: int = 64  # a larger bucket compares all its documents with representatives only
    representatives: int = 8
    min_containment: float = 0.05
    told_tokens: int = 24  # shared tokens of reporters' own sentences that make a pair reuse
    told_share: float = 0.15  # … or that share of the shorter story, half of told_tokens at least
    told_tokens_at_home: int = 40  # … for two stories of one outlet that have no story number in common


@dataclass(frozen=True, slots=True)
class OriginConfig:
    """Origin inference."""

    min_confidence: float = 0.5  # below, the origin is "unknown"


def _default_text() -> TextConfig:
    return TextConfig(agencies=load_agencies())


@dataclass(frozen=True, slots=True)
class Config:
    """All stages."""

    crawl: CrawlConfig = field(default_factory=CrawlConfig)
    text: TextConfig = field(default_factory=_default_text)
    sketch: SketchConfig = field(default_factory=SketchConfig)
    match: MatchConfig = field(default_factory=MatchConfig)
    origin: OriginConfig = field(default_factory=OriginConfig)

    def parameters(self) -> dict[str, str]:
        """Name -> value of everything that changes what an index holds, to be stored and compared."""
        named: dict[str, object] = {
            "extractor": self.crawl.extractor,
            "min_text_chars": self.crawl.min_text_chars,
            "furniture_titles": self.text.furniture_titles,
            "furniture_prose_titles": self.text.furniture_prose_titles,
        }
        for stage in (self.sketch, self.match, self.origin):
            named |= {f.name: getattr(stage, f.name) for f in fields(stage)}
        return {name: str(value) for name, value in named.items()}

    @classmethod
    def of(cls, parameters: Mapping[str, str], agencies: tuple[Agency, ...]) -> Config:
        """The configuration with these :meth:`parameters`; those that are not named are the default ones.

        >>> Config.of({"bands": "8"}, ()).sketch.bands
        8

        Raises:
            ValueError: a value is none that its parameter can have.
        """
        default = cls(text=TextConfig(agencies=agencies))
        return cls(*(_with(getattr(default, stage.name), parameters) for stage in fields(cls)))


def _with(stage: Stage, parameters: Mapping[str, str]) -> Stage:
    """A stage's configuration with those of the parameters that are its own."""
    changed = {
        f.name: type(getattr(stage, f.name))(parameters[f.name])
        for f in fields(stage)
        if f.name in parameters
    }
    return replace(stage, **changed)


@cache
def load_agencies(extra: Path | None = None) -> tuple[Agency, ...]:
    """The agencies shipped with the package, and those of a user's file, which win by name.

    Raises:
        InputError: the user's file cannot be read, or an entry lacks its name.
    """
    shipped = _agencies_of((files("dedupe") / "agencies.toml").read_text("utf-8"), "agencies.toml")
    if extra is None:
        return tuple(shipped)
    try:
        own = _agencies_of(extra.read_text("utf-8"), str(extra))
    except (OSError, UnicodeDecodeError) as error:
        raise InputError.unreadable(f"agencies from {extra}", error) from error
    replaced = {agency.name for agency in own}
    return (*own, *(agency for agency in shipped if agency.name not in replaced))


def pack_agencies(agencies: Iterable[Agency]) -> bytes:
    """Agencies as JSON, to be stored in an index and compared."""
    return orjson.dumps(tuple(agencies))


@lru_cache(8)
def unpack_agencies(packed: bytes) -> tuple[Agency, ...]:
    """The inverse of :func:`pack_agencies`; the same tuple for the same bytes, since what is made of agencies
    is kept by their identity, as long as the process lives."""
    return tuple(_agency(entry) for entry in orjson.loads(packed))


def _agencies_of(text: str, where: str) -> Iterable[Agency]:
    try:
        content = tomllib.loads(text)
        if unknown := set(content) - {"agency"}:
            raise KeyError(f"unknown key {min(unknown)!r}")
        entries = content.get("agency", [])
        return [_agency(entry) for entry in entries]
    except (tomllib.TOMLDecodeError, KeyError, TypeError) as error:
        raise InputError(
            f"{where} is not a list of agencies: {error.args[0]}",
            hint='each entry is [[agency]] with at least name = "…"',
        ) from error


def _agency(entry: dict[str, object]) -> Agency:
    known = {f.name for f in fields(Agency)}
    if unknown := set(entry) - known:
        raise KeyError(f"unknown key {min(unknown)!r}")

    def strings(key: str) -> tuple[str, ...]:
        value = entry.get(key, [])
        if not isinstance(value, list):
            raise TypeError(f"{key} must be a list")
        return tuple(str(item) for item in value)

    name = str(entry["name"])
    licence = entry.get("licence")
    return Agency(
        name=name,
        short=str(entry.get("short", name)),
        names=strings("names"),
        tags=strings("tags"),
        domains=strings("domains"),
        sign_offs=strings("sign_offs"),
        licence=None if licence is None else str(licence),
        relays=strings("relays"),
    )
