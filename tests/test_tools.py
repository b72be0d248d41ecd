"""What scripts/bench_tools.py counts as found, right and judged."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tools_run import grouped, shingles, split
from tools_truth import Judged, codes, codes_within, is_english, judged_scores, labelled, scores

DOCUMENTS = 20

groups = st.lists(st.lists(st.integers(0, DOCUMENTS - 1), min_size=1, max_size=6), max_size=4)


def in_file(path: Path, rows: list[dict[str, str]]) -> None:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two stories s and t; a and b copy s, a round-up r holds parts of both, o stands alone."""
    in_file(tmp_path / "documents.jsonl", [{"id": name, "text": name} for name in "stabro"])
    taken = [("a", "s", "trimmed"), ("b", "s", "edited"), ("r", "s", "excerpt"), ("r", "t", "excerpt")]
    in_file(tmp_path / "labels.jsonl", [{"a": a, "b": b, "kind": kind} for a, b, kind in taken])
    return tmp_path


@given(groups)
def test_codes_within_are_the_codes_of_all_pairs(members: list[list[int]]) -> None:
    pairs = [(a, b) for group in members for a in group for b in group]
    assert codes_within(members, DOCUMENTS).tolist() == codes(pairs, DOCUMENTS).tolist()


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        pytest.param([(2, 0), (0, 3)], (1.0, 0.0, 1.0), id="copies and their source"),
        pytest.param([(0, 4), (1, 4)], (0.0, 1.0, 1.0), id="a round-up and its stories"),
        pytest.param([(2, 3)], (0.0, 0.0, 1.0), id="two copies of one source are right"),
        pytest.param([(0, 1)], (0.0, 0.0, 0.0), id="two stories of one round-up are not"),
        pytest.param([(0, 2), (0, 5)], (0.5, 0.0, 0.5), id="half right"),
        pytest.param([], (0.0, 0.0, None), id="nothing found has no precision"),
    ],
)
def test_scores_against_labels(folder: Path, found: list[tuple[int, int]], expected: tuple[float]) -> None:
    truth = labelled(folder, "made up")
    told = scores(truth, codes(found, truth.documents))
    assert (told["recall copies"], told["recall excerpts"], told["precision"]) == expected


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        pytest.param([1, 2], {"precision": 1.0, "recall": 1.0, "F1": 1.0}, id="all and nothing else"),
        pytest.param(
            [1, 3, 9], {"precision": 0.5, "recall": 0.5, "F1": 0.5}, id="unjudged pairs do not count"
        ),
        pytest.param([9], {"precision": None, "recall": 0.0, "F1": 0.0}, id="none of the judged"),
    ],
)
def test_scores_against_judged_pairs(found: list[int], expected: dict[str, float | None]) -> None:
    def coded(numbers: list[int]) -> object:
        return codes([(0, number) for number in numbers], DOCUMENTS)

    assert judged_scores(Judged(coded([1, 2]), coded([3, 4])), coded(found)) == expected


def test_a_label_of_one_document_is_no_group() -> None:
    assert grouped([(0, 5), (1, 6), (2, 5)]) == [[0, 2]]


@pytest.mark.parametrize("parts", [1, 2, 3, 7])
def test_split_keeps_every_line_and_says_where_parts_begin(tmp_path: Path, parts: int) -> None:
    whole = tmp_path / "whole.jsonl"
    lines = [f"{number}\n".encode() for number in range(7)]
    whole.write_bytes(b"".join(lines))
    begins = split(whole, tmp_path / "parts", parts)
    files = [path.read_bytes().splitlines(keepends=True) for path in sorted((tmp_path / "parts").iterdir())]
    assert [line for file in files for line in file] == lines
    assert [file[0] for file in files] == [lines[begin] for begin in begins]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("Rain fell.", ["rain fell"], id="shorter than a shingle"),
        pytest.param("The mill, the bridge: shut!", ["the mill the bridge shut"], id="one shingle"),
        pytest.param("a b c d e f", ["a b c d e", "b c d e f"], id="sliding"),
    ],
)
def test_shingles_are_words_in_a_row(text: str, expected: list[str]) -> None:
    assert shingles(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("The council said on Monday that the bridge is to be closed.", True, id="English"),
        pytest.param("Der Rat sperrte die Brücke am Montag für den Verkehr.", False, id="German"),
        pytest.param("Il consiglio ha chiuso il ponte lunedì.", False, id="Italian"),
        pytest.param("", False, id="empty"),
    ],
)
def test_english_is_told_by_its_function_words(text: str, expected: bool) -> None:
    assert is_english(text) is expected
