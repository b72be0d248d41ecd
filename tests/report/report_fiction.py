"""Stories for the report's tests: invented places, people, papers and agencies, and a source in memory.

Passages are found here with difflib over words, a slow way that owes nothing to the package.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from difflib import SequenceMatcher
from itertools import accumulate

from dedupe.model import (
    Agency,
    Attribution,
    AttributionKind,
    Evidence,
    Origin,
    OriginKind,
    Passage,
    Relation,
    Removed,
    Role,
)
from dedupe.report import ClusterRow, DocumentRow, Filters, OutletRow, TextRow, Totals

MERIDIAN = Agency(
    name="Meridian Press",
    short="MP",
    names=("Meridian Press Agency",),
    tags=("MP",),
    domains=("meridian.example",),
    sign_offs=(),
    licence="Text may be republished with credit.",
)

LEFT_OUT = "5e1f0ab7c3d2"  # the id of a story that is in the index and in no report
FURNITURE = "Sign up for our morning letter and never miss a tide."


@dataclass
class MemorySource:
    """A report source that holds everything in lists."""

    rows: list[ClusterRow]
    texts: dict[str, TextRow]
    totals_row: Totals = field(default_factory=lambda: Totals(412, (("empty", 3), ("no article", 11))))

    def clusters(self, filters: Filters) -> Iterator[ClusterRow]:
        return iter(self.rows)

    def text(self, document: str) -> TextRow:
        return self.texts[document]

    def outlets(self) -> Iterable[OutletRow]:
        names = {d.outlet for row in self.rows for d in row.documents if d.outlet is not None}
        return [OutletRow(name, 40 + len(name)) for name in sorted(names)]

    def agencies(self) -> Iterable[Agency]:
        return [MERIDIAN]

    def totals(self) -> Totals:
        return self.totals_row


def common_passages(a: str, b: str, least: int = 5) -> tuple[Passage, ...]:
    """Runs of at least ``least`` equal words, as spans of code points."""
    words_a, words_b = _words(a), _words(b)
    matcher = SequenceMatcher(
        None, [a[x:y] for x, y in words_a], [b[x:y] for x, y in words_b], autojunk=False
    )
    blocks = [block for block in matcher.get_matching_blocks() if block.size >= least]
    return tuple(
        Passage(
            (words_a[k.a][0], words_a[k.a + k.size - 1][1]), (words_b[k.b][0], words_b[k.b + k.size - 1][1])
        )
        for k in blocks
    )


def _words(text: str) -> list[tuple[int, int]]:
    """Words by white space; in scripts without spaces, single signs."""
    if len(text.split()) * 20 < len(text):
        return [(i, i + 1) for i, sign in enumerate(text) if not sign.isspace()]
    ends = [*accumulate(len(part) + 1 for part in text.replace("\n", " ").split(" "))]
    return [
        (end - len(part) - 1, end - 1)
        for end, part in zip(ends, text.replace("\n", " ").split(" "), strict=True)
        if part
    ]


def claim(kind: AttributionKind, text: str, name: str | None = "Meridian Press") -> Attribution:
    return Attribution(kind, text, name)


def furnished(text: str) -> TextRow:
    """The text with a newsletter box after its first paragraph, marked as furniture."""
    head, _, tail = text.partition("\n")
    whole = f"{head}\n{FURNITURE}\n{tail}"
    return TextRow(whole, (Removed(len(head) + 1, len(head) + 1 + len(FURNITURE), "furniture"),))


def assembled(
    cluster_id: str, anchor: str, documents: Sequence[DocumentRow], origin: Origin, texts: dict[str, TextRow]
) -> ClusterRow:
    """A cluster whose documents carry the passages they share with the anchor."""
    base = texts[anchor].text
    rows = []
    for document in documents:
        if document.id == anchor:
            rows.append(document)
            continue
        passages = common_passages(base, texts[document.id].text)
        shared = sum(p.a[1] - p.a[0] for p in passages)
        rows.append(replace(document, passages=passages, kept=shared / len(base)))
    return ClusterRow(cluster_id, anchor, tuple(rows), origin)


BRIDGE = (
    "PORT CALDER, March 3 (MP) — The swing bridge over the Anse reopened on Tuesday after eleven "
    "months of repairs that the harbour board had promised would take five.\n"
    "Engineers replaced forty-two rivet plates, two of the four turning motors and the whole of "
    "the eastern walkway, which had been closed to the public since a barge struck it in heavy "
    "fog.\n"
    '"We have a bridge again, and for once it turns on the first try," said Ilse Maren, who keeps'
    " the lock house on the western bank.\n"
    "The board put the cost at 6.4 million crowns, a third more than was set aside. Its chair, "
    "Tomas Rell, blamed the price of steel and a winter that did not end.\n"
    "Fishing crews, who had to take the long way round by the outer mole, said the detour cost "
    "them an hour on every tide.\n"
    "A second round of works, on the pilings, is planned for the autumn of next year."
)

BRIDGE_TRIMMED = "\n".join(BRIDGE.removeprefix("PORT CALDER, March 3 (MP) — ").split("\n")[:4])

BRIDGE_EXTENDED = (
    "Commuters on both banks of the Anse have their shortcut back.\n"
    + BRIDGE.removeprefix("PORT CALDER, March 3 (MP) — ").replace("harbour board", "harbor board")
    + "\nThe first tram crossed at 6.12 a.m., eleven minutes late, to the applause of some thirty early "
    "risers.\nOur reporter counted two brass bands."
)

BRIDGE_ROUNDUP = (
    "Also this week along the coast: the lighthouse at Senn is for sale.\n"
    '"We have a bridge again, and for once it turns on the first try," said Ilse Maren, who keeps'
    " the lock house on the western bank.\n"
    "And the herring are back, a month early, which nobody can explain."
)


def bridge(texts: dict[str, TextRow]) -> ClusterRow:
    """An agency's story, the agency not crawled: credited, reposted, trimmed, extended, updated, quoted."""
    texts |= {
        "calder/a1.html": TextRow(BRIDGE),
        "post/77.html": furnished(BRIDGE_TRIMMED),
        "daily/9.html": TextRow(BRIDGE_EXTENDED),
        "daily/9-update.html": TextRow(BRIDGE_EXTENDED.replace("two brass bands", "three brass bands")),
        "inland/x.html": TextRow(BRIDGE.replace("6.4 million", "6,4 million")),
        "week/14.html": TextRow(BRIDGE_ROUNDUP),
    }
    title = "Swing bridge at Port Calder reopens after eleven months"
    dateline = claim(AttributionKind.DATELINE, "PORT CALDER, March 3 (MP) —")
    documents = [
        DocumentRow("calder/a1.html", "calder/a1.html", "https://calder-times.example/a1",
                    "calder-times.example", title, "Meridian Press", "2026-03-03T08:40:00Z",
                    "2026-03-03T09:00:00Z", Role.SYNDICATED,
                    (claim(AttributionKind.BYLINE, "Meridian Press"), dateline), "en",
                    credited=True, edit="unchanged", delay_seconds=600),
        DocumentRow("post/77.html", "post/77.html", "https://harbour-post.example/77?from=home&x=1",
                    "harbour-post.example", title, "Ada Quill", "2026-03-03T09:55:10Z",
                    "2026-03-03T10:00:00Z", Role.REPOST, (claim(AttributionKind.BYLINE, "Ada Quill", None),),
                    "en", Relation.EDITED,
                    byline_swap=True, edit="trimmed", delay_seconds=5110, parent="calder/a1.html"),
        DocumentRow("daily/9.html", "daily/9.html", "https://anse-daily.example/9", "anse-daily.example",
                    "Trams cross the Anse again <script>alert(1)</script>", "Our own correspondent",
                    "2026-03-03T14:20:00Z", "2026-03-03T15:00:00Z", Role.REPOST, (), "en", Relation.EDITED,
                    byline_swap=True, edit="extended", delay_seconds=20_000,
                    parent="calder/a1.html"),
        DocumentRow("daily/9-update.html", "daily/9-update.html", "https://anse-daily.example/9?v=2",
                    "anse-daily.example", "Trams cross the Anse again", "Our own correspondent",
                    "2026-03-04T07:00:00Z", "2026-03-04T08:00:00Z", Role.UPDATE, (), "en", Relation.UPDATE,
                    edit="extended", delay_seconds=60_000, parent="daily/9.html"),
        DocumentRow("inland/x.html", "inland/x.html", "https://inland.example/x", "inland.example", title,
                    "MP", "2026-03-03T08:44:00Z", None, Role.SYNDICATED,
                    (claim(AttributionKind.BYLINE, "MP"), dateline), "en", Relation.IDENTICAL, credited=True,
                    edit="unchanged", delay_seconds=840),
        DocumentRow("week/14.html", "week/14.html", "https://coast-week.example/14", "coast-week.example",
                    "The week along the coast", None, "2026-03-07", "2026-03-07T06:00:00Z", Role.EXCERPT, (),
                    "en", Relation.EXCERPT),
    ]  # fmt: skip
    evidence = (
        Evidence("dateline", "calder/a1.html", "PORT CALDER, March 3 (MP) —", 2.31),
        Evidence("byline", "inland/x.html", "MP", 1.62),
        Evidence("named by several outlets", None, "2 of 5 outlets credit Meridian Press", 1.1),
        Evidence("first seen", "calder/a1.html", "the earliest copy is at calder-times.example", -0.44),
    )
    origin = Origin("Meridian Press", OriginKind.AGENCY, None, 0.9612345, evidence)
    cluster = assembled("9f3c2a77d01b", "calder/a1.html", documents, origin, texts)
    return replace(cluster, related=("01ab23cd45ef", LEFT_OUT, "../../x"))


OWLS = (
    "The barn owls of Lower Venn have moved into the parish archive, and the archive has moved "
    "out.\n"
    "Volunteers found three chicks in a crate of tithe records on Sunday, the archivist Pell "
    "Horrocks said.\n"
    "By law the nest may not be disturbed before the end of July, so readers will have to wait "
    "for the tithes. 🦉\n"
    "The council has lent the archive a tent."
)


def owls(texts: dict[str, TextRow]) -> ClusterRow:
    """An outlet's own story, copied by one and from that copy by another."""
    texts |= {
        "venn#1": TextRow(OWLS),
        "rural#8": TextRow(
            OWLS.replace("on Sunday", "on 8 March") + "\nPhotographs of the owls are on page four."
        ),
        "mirror#3": TextRow(OWLS.replace("on Sunday", "on 8 March").partition("\nThe council")[0]),
    }
    documents = [
        DocumentRow("venn#1", "venn.jsonl", "https://venn-gazette.example/owls", "venn-gazette.example",
                    "Owls evict archive", "R. Tansy", "2026-03-08T18:00:00Z", "2026-03-08T18:30:00Z",
                    Role.ORIGIN, (claim(AttributionKind.BYLINE, "R. Tansy", None),), "en", credited=True),
        DocumentRow("rural#8", "rural.jsonl", "https://rural-wire.example/8", "rural-wire.example",
                    "Owls evict archive", "Rural Wire staff", "2026-03-08T18:06:00Z", None, Role.REPOST, (),
                    "en", Relation.EDITED, byline_swap=True, edit="localised", delay_seconds=360,
                    parent="venn#1"),
        DocumentRow("mirror#3", "mirror.jsonl", None, "anse-daily.example", "Owls move in, archive moves out",
                    None, "2026-03-09T18:00:00Z", None, Role.REPOST, (), "en", Relation.EDITED,
                    headline_changed=True, edit="trimmed", delay_seconds=86_400, parent="rural#8"),
    ]  # fmt: skip
    evidence = (Evidence("fullest text", "venn#1", "the other documents lack its last paragraph", 1.9),)
    origin = Origin("venn-gazette.example", OriginKind.OUTLET, "venn#1", 0.874, evidence)
    return assembled("01ab23cd45ef", "venn#1", documents, origin, texts)


URDU = """بندرگاہ کالڈر کا گھومنے والا پل گیارہ ماہ کی مرمت کے بعد منگل کے روز دوبارہ کھول دیا گیا۔
پل کے نگران نے کہا کہ اب یہ پہلی ہی کوشش میں گھوم جاتا ہے اور ماہی گیر خوش ہیں۔
مرمت پر چونسٹھ لاکھ کراؤن خرچ ہوئے، جو مقررہ رقم سے ایک تہائی زیادہ ہیں۔"""

JAPANESE = """カルダー港の旋回橋が十一か月の修理を終え、火曜日に再び開通した。
技術者は四基の回転モーターのうち二基を交換し、東側の歩道をすべて張り替えた。
港湾局によると費用は六百四十万クローネで、予算を三分の一上回った。"""


def urdu(texts: dict[str, TextRow]) -> ClusterRow:
    texts |= {"ur/1": TextRow(URDU), "ur/2": TextRow("\n".join(URDU.split("\n")[:2]))}
    documents = [
        DocumentRow("ur/1", "ur/1", "https://sahil.example/1", "sahil.example", "کالڈر کا پل دوبارہ کھل گیا",
                    "ایم پی", "2026-03-03T10:00:00Z", None, Role.SYNDICATED, (), "ur", credited=True,
                    delay_seconds=5400),
        DocumentRow("ur/2", "ur/2", "https://lehr.example/2", "lehr.example", "کالڈر کا پل دوبارہ کھل گیا",
                    None, "2026-03-03T12:30:00Z", None, Role.REPOST, (), "ur", Relation.EDITED,
                    edit="trimmed", delay_seconds=9000, parent="ur/1"),
    ]  # fmt: skip
    origin = Origin("Meridian Press", OriginKind.AGENCY, None, 0.71, ())
    return assembled("c0ffee001122", "ur/1", documents, origin, texts)


def japanese(texts: dict[str, TextRow]) -> ClusterRow:
    texts |= {"ja/1": TextRow(JAPANESE), "ja/2": TextRow(JAPANESE.replace("火曜日", "三日"))}
    documents = [
        DocumentRow("ja/1", "ja/1", "https://minato.example/1", "minato.example",
                    "カルダー港の旋回橋が再開通", None, "2026-03-03", None, Role.ORIGIN, (), "ja",
                    credited=True),
        DocumentRow("ja/2", "ja/2", "https://umi.example/2", "umi.example",
                    "旋回橋、十一か月ぶりに開通", None, "2026-03-04", None, Role.REPOST, (), "ja",
                    Relation.EDITED, headline_changed=True),
    ]  # fmt: skip
    origin = Origin("minato.example", OriginKind.OUTLET, "ja/1", 0.55, ())
    return assembled("dead00beef11", "ja/1", documents, origin, texts)


HOSTILE = '=HYPERLINK("https://bad.example","click")'


def hostile(texts: dict[str, TextRow]) -> ClusterRow:
    """Fields that would do harm if they were taken for markup, formulas, links or paths."""
    body = "</script><img src=x onerror=alert(1)> The ferry to Senn was late & nobody minded | at all."
    texts |= {"-x/../1": TextRow(body), "@x 2": TextRow(body + "\nIt came in the end.")}
    documents = [
        DocumentRow("-x/../1", "../../etc/passwd", "javascript:alert(1)", "../..\\evil<b>.example", HOSTILE,
                    "+cmd|' /C calc'!A0", None, None, Role.SYNDICATED,
                    (claim(AttributionKind.CREDIT, "\tSource: <i>x</i>", None),), "en\"><b>"),
        DocumentRow("@x 2", "2", "https://ok.example/?q=<b>|x", "__proto__", "__proto__ constructor \x1b[31m",
                    "", None, None, Role.UNKNOWN, (), None, Relation.EDITED),
    ]  # fmt: skip
    origin = Origin(None, OriginKind.UNKNOWN, None, 0.0, (Evidence("byline", "-x/../1", "=1+1", -0.2),))
    return assembled("../../x", "-x/../1", documents, origin, texts)


def small() -> MemorySource:
    """The hand-written stories."""
    texts: dict[str, TextRow] = {}
    return MemorySource([story(texts) for story in (bridge, owls, urdu, japanese, hostile)], texts)


def visited() -> MemorySource:
    """The hand-written stories, with a round-up of the first one as an excerpt in the second one too."""
    source = small()
    bridge_story, owl_story, *rest = source.rows
    guest = next(d for d in bridge_story.documents if d.role is Role.EXCERPT)
    guest = replace(guest, passages=(), kept=0.1)
    source.rows = [bridge_story, replace(owl_story, documents=(*owl_story.documents, guest)), *rest]
    return source


PLACES = ("Calder", "Senn", "Lower Venn", "Anse", "Tarn Cross", "Ostrel", "Quay", "Brae", "Holm", "Mirefield")
THINGS = ("ferry", "bridge", "council", "orchard", "tram", "library", "dam", "choir", "market", "lighthouse")
DEEDS = ("reopens", "closes", "delays", "wins", "loses", "repairs", "paints", "buys", "sells", "counts")
OBJECTS = ("budget", "pier", "archive", "harvest", "timetable", "roof", "festival", "tower", "ditch", "map")


def many(stories: int, seed: int = 7) -> MemorySource:
    """Generated stories of two to forty documents, most of them small, over one month."""
    choose = random.Random(seed)
    kinds = ("times", "post", "daily", "herald", "online", "radio", "wire", "week")
    outlets = [f"{place.lower().replace(' ', '-')}-{kind}.example" for place in PLACES for kind in kinds]
    texts: dict[str, TextRow] = {}
    return MemorySource(
        [_generated(number, choose, outlets, texts) for number in range(stories)],
        texts,
        Totals(stories * 5, (("no article", stories // 9),)),
    )


def _generated(
    number: int, choose: random.Random, outlets: list[str], texts: dict[str, TextRow]
) -> ClusterRow:
    size = min(40, 2 + int(choose.expovariate(0.45)))
    start = datetime(2026, 3, 1, tzinfo=UTC) + timedelta(minutes=choose.randrange(43_000))
    place, thing = choose.choice(PLACES), choose.choice(THINGS)
    title = f"{place} {thing} {choose.choice(DEEDS)} {choose.choice(OBJECTS)} no. {number}"
    sentences = [_sentence(choose) for _ in range(9)]
    agency = choose.random() < 0.6
    delays = [0, *sorted(int(choose.expovariate(1 / 14_000)) for _ in range(size - 1))]
    rows = []
    for i, (outlet, delay) in enumerate(zip(choose.sample(outlets, size), delays, strict=True)):
        kept = sentences[: choose.randint(4, 9)] if i else sentences
        text = "\n".join(kept)
        id_ = f"{number:x}/{i}"
        texts[id_] = TextRow(text)
        credited = choose.random() < 0.4
        first_role = Role.SYNDICATED if agency else Role.ORIGIN
        role = first_role if i == 0 else Role.SYNDICATED if credited else Role.REPOST
        end = len("\n".join(kept))
        at = (start + timedelta(seconds=delay)).strftime("%Y-%m-%dT%H:%M:%SZ")
        row = DocumentRow(
            id_, id_, f"https://{outlet}/{number}", outlet, title, "Staff", at, at, role, language="en",
            credited=credited or i == 0,
        )  # fmt: skip
        rows.append(row if i == 0 else _copied(row, choose, len(kept) / 9, delay, end))
    name = (
        choose.choice(("Meridian Press", "Northern Wire", "Coastal News Service"))
        if agency
        else rows[0].outlet
    )
    kind = OriginKind.AGENCY if agency else OriginKind.OUTLET
    evidence = (Evidence("dateline", rows[0].id, f"{place.upper()} (MP) —", 2.0),)
    origin = Origin(name, kind, None if agency else rows[0].id, 0.5 + choose.random() / 2, evidence)
    return ClusterRow(f"{number:012x}", rows[0].id, tuple(rows), origin)


def _sentence(choose: random.Random) -> str:
    return (
        f"The {choose.choice(THINGS)} of {choose.choice(PLACES)} {choose.choice(DEEDS)} "
        f"the {choose.choice(OBJECTS)}, said item {choose.randrange(10_000)} of the minutes."
    )


def _copied(row: DocumentRow, choose: random.Random, kept: float, delay: int, end: int) -> DocumentRow:
    """A copy of the first ``end`` signs of the anchor."""
    return replace(
        row,
        relation=Relation.EDITED,
        kept=kept,
        byline_swap=choose.random() < 0.3,
        edit="trimmed",
        delay_seconds=delay,
        passages=(Passage((0, end), (0, end)),),
    )
