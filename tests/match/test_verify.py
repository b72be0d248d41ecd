"""The laws of verification, on generated text."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise

import pytest
from fictional_stories import BRIDGE, INDEPENDENT, LIBRARY, OWL, UPDATED, interleaved
from hypothesis import given
from hypothesis import strategies as st

from dedupe import match
from dedupe.config import Config
from dedupe.match import Profile
from dedupe.match.align import align, shared_shingles
from dedupe.match.blocks import passages
from dedupe.model import Edge, Passage

MATCH = Config().match
Profiled = Callable[..., Profile]
Comparing = Callable[..., Edge | None]

# Few words, many of them repeated: texts that share runs, refrains and single words in every order.
SENTENCES = [
    line for text in (BRIDGE, LIBRARY, OWL) for part in text.split("\n") for line in part.split(". ")
]
texts = st.lists(
    st.one_of(st.sampled_from(SENTENCES), st.text("ab 1“”.\nİß", max_size=24)), min_size=1, max_size=14
).map(lambda parts: ". ".join(parts))


def mirrored(edge: Edge) -> Edge:
    """The edge with its sides exchanged."""
    return replace(
        edge,
        containment_of_a=edge.containment_of_b,
        containment_of_b=edge.containment_of_a,
        passages=tuple(sorted((Passage(p.b, p.a) for p in edge.passages), key=lambda p: p.a)),
        reasons=(),
    )


@given(a=texts, b=texts)
def test_the_order_of_the_arguments_does_not_matter(profiled: Profiled, a: str, b: str) -> None:
    one, two = profiled(a, "a"), profiled(b, "b")

    assert match.verify(one, two, MATCH) == match.verify(two, one, MATCH)


@given(a=texts, b=texts)
def test_exchanging_the_ids_mirrors_the_edge(profiled: Profiled, a: str, b: str) -> None:
    edge = match.verify(profiled(a, "a"), profiled(b, "b"), MATCH)
    other = match.verify(profiled(b, "a"), profiled(a, "b"), MATCH)

    assert (edge is None) == (other is None)
    if edge is not None and other is not None:
        assert mirrored(other) == replace(edge, reasons=())


@given(a=texts, b=texts)
def test_passages_are_apart_and_end_at_tokens(profiled: Profiled, a: str, b: str) -> None:
    one, two = profiled(a, "a"), profiled(b, "b")
    edge = match.verify(one, two, MATCH)
    if edge is None:
        return

    for story, spans in ((one, [p.a for p in edge.passages]), (two, [p.b for p in edge.passages])):
        ordered = sorted(spans)
        assert all(begin < end for begin, end in ordered)
        assert all(left[1] <= right[0] for left, right in pairwise(ordered))
        assert {begin for begin, _ in ordered} <= set(story.char_begin.tolist())
        assert {end for _, end in ordered} <= set(story.char_end.tolist())
    assert [p.a for p in edge.passages] == sorted(p.a for p in edge.passages)


@given(a=texts, b=texts)
def test_ratios_are_those_of_the_shingle_sets(profiled: Profiled, a: str, b: str) -> None:
    one, two = profiled(a, "a"), profiled(b, "b")
    edge = match.verify(one, two, MATCH)
    if edge is None:
        return
    of_a, of_b = set(one.hashes.tolist()), set(two.hashes.tolist())

    assert edge.resemblance == len(of_a & of_b) / len(of_a | of_b)
    assert edge.containment_of_a == len(of_a & of_b) / len(of_a)
    assert edge.containment_of_b == len(of_a & of_b) / len(of_b)


@given(text=texts)
def test_a_text_of_some_length_is_identical_with_itself(profiled: Profiled, text: str) -> None:
    one, two = profiled(text, "a", outlet="one.example"), profiled(text, "b", outlet="two.example")
    edge = match.verify(one, two, MATCH)

    if one.tokens >= 8 and len(one.distinct) == len(one.hashes):
        assert edge is not None
        assert edge.resemblance == edge.containment_of_a == edge.containment_of_b == 1.0


def test_an_edit_inside_a_sentence_does_not_end_a_passage(comparing: Comparing) -> None:
    edited = BRIDGE.replace("a 44-year-old man from Kesterwick", "who is 44 and from nearby Kesterwick")

    edge = comparing(BRIDGE, edited)

    assert edge is not None
    assert len(edge.passages) == 1


def test_a_missing_paragraph_ends_a_passage(comparing: Comparing) -> None:
    lines = BRIDGE.split("\n")
    edge = comparing(BRIDGE, "\n".join(lines[:3] + lines[4:]))

    assert edge is not None
    assert len(edge.passages) == 2


def test_paragraphs_in_another_order_are_found_in_their_places(comparing: Comparing) -> None:
    lines = BRIDGE.split("\n")
    turned = "\n".join(lines[4:] + lines[:4])

    edge = comparing(BRIDGE, turned)

    assert edge is not None
    assert [p.b for p in edge.passages] == sorted((p.b for p in edge.passages), reverse=True)
    assert sum(end - begin for begin, end in (p.a for p in edge.passages)) > 0.95 * len(BRIDGE)


def test_passages_are_offsets_into_the_source_text(comparing: Comparing) -> None:
    page = f"Home | News | Weather\n\n{BRIDGE}\n\nShare this page"

    edge = comparing(BRIDGE, page)

    assert edge is not None
    (passage,) = edge.passages
    assert BRIDGE[slice(*passage.a)] == page[slice(*passage.b)]


@pytest.mark.parametrize("text", ["", " ", "one", "one two three four", "。", "\x00", "\ud800 broken"])
def test_texts_too_short_to_share_anything_give_no_edge(profiled: Profiled, text: str) -> None:
    assert match.verify(profiled(text, "a"), profiled(BRIDGE, "b"), MATCH) is None


def test_metadata_that_is_missing_or_odd_is_no_obstacle(comparing: Comparing) -> None:
    odd = {"url": ("https://[odd", "::"), "published_at": ("yesterday", "2031-13-45"), "title": ("", "\x00")}

    edge = comparing(BRIDGE, UPDATED, outlet=("mail.example", "mail.example"), **odd)

    assert edge is not None


def test_the_lead_of_a_long_page_is_not_needed(comparing: Comparing) -> None:
    edge = comparing(OWL, interleaved(INDEPENDENT, LIBRARY, OWL))

    assert edge is not None
    assert edge.relation.is_reuse


@given(a=texts, b=texts)
def test_runs_are_equal_tokens_claimed_once(profiled: Profiled, a: str, b: str) -> None:
    one, two = profiled(a, "a"), profiled(b, "b")
    found = align(one, two, shared_shingles(one, two))

    in_a = [run.a + step for run in found.runs for step in range(run.length)]
    in_b = [run.b + step for run in found.runs for step in range(run.length)]
    assert len(set(in_a)) == len(in_a)
    assert len(set(in_b)) == len(in_b)
    for run in found.runs:
        whole = range(run.length - one.size + 1)
        assert all(one.hashes[run.a + step] == two.hashes[run.b + step] for step in whole)
    for passage, block in zip(passages(one, two, found.blocks), found.blocks, strict=True):
        assert one.chars(block.a_begin, block.a_end) == passage.a
        assert block.equal <= block.a_end - block.a_begin
