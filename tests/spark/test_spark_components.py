"""The iterated join gives the components of a union-find."""

from __future__ import annotations

import random
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from dedupe import cluster

Pairs = list[tuple[int, int]]
COUNT = 100  # documents of a shape
APART = 1 << 33  # between the documents of two shapes: they are not small numbers


def chain(draw: random.Random) -> Pairs:
    places = draw.sample(range(COUNT), COUNT)
    return list(pairwise(places))


def ordered_chain(draw: random.Random) -> Pairs:
    return [(at, at + 1) for at in range(COUNT)]


def hub(draw: random.Random) -> Pairs:
    return [(COUNT // 2, other) for other in range(COUNT) if other != COUNT // 2]


def sparse(draw: random.Random) -> Pairs:
    return [(draw.randrange(COUNT), draw.randrange(COUNT)) for _ in range(160)]


def two_hubs_on_a_bridge(draw: random.Random) -> Pairs:
    return [(0, other) for other in range(2, COUNT // 2)] + [
        (1, other) for other in range(COUNT // 2 - 1, COUNT)
    ]


SHAPES: list[Callable[[random.Random], Pairs]] = [chain, ordered_chain, hub, sparse, two_hubs_on_a_bridge]


@pytest.mark.parametrize(("held", "rounds"), [(0, 10), (1 << 20, 2)], ids=["by joins", "in one task"])
def test_components_are_those_of_a_union_find(spark: Any, tmp_path: Path, held: int, rounds: int) -> None:
    from dedupe.spark.components import components

    draw = random.Random(11)
    pairs = [
        (a + APART * number, b + APART * number)
        for number, shape in enumerate(SHAPES)
        for a, b in shape(draw)
        if a != b
    ]
    draw.shuffle(pairs)
    edges = spark.createDataFrame(pairs, "a_document long, b_document long").repartition(5)

    def checkpoint(frame: Any, name: str) -> Any:
        frame.write.parquet(str(tmp_path / name))
        return spark.read.parquet(str(tmp_path / name))

    found = {row.document: row.component for row in components(edges, checkpoint, held).collect()}
    expected = cluster.components(*(np.array(side) for side in zip(*pairs, strict=True)))
    assert found == {document: part[0] for part in expected for document in part.tolist()}
    assert len(list(tmp_path.iterdir())) <= rounds


def test_no_pair_no_component(spark: Any) -> None:
    from dedupe.spark.components import components

    edges = spark.createDataFrame([], "a_document long, b_document long")
    assert components(edges, lambda frame, name: frame.localCheckpoint()).count() == 0
