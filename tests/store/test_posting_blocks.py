"""Blocks of postings: every run comes back, and takes the digits that it needs and no more."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedupe.store import postings
from dedupe.store.blocks import BLOCK_POSTINGS, Block, Run, decode, encode

LENGTHS = st.integers(1, 2 * BLOCK_POSTINGS + 3)


@st.composite
def runs(draw: st.DrawFn) -> Run:
    """Postings in key order, of keys and numbers of any size."""
    random = np.random.default_rng(draw(st.integers(0, 1 << 32)))
    length = draw(LENGTHS)
    key_bits, number_bits = draw(st.integers(1, postings.KEY_BITS)), draw(st.integers(1, 62))
    return postings.sort_run(
        random.integers(0, 1 << key_bits, length), random.integers(1, 1 + (1 << number_bits), length)
    )


@given(runs())
def test_a_run_comes_back_from_its_blocks(run: Run) -> None:
    blocks = list(encode(run))
    keys, numbers = decode(blocks)
    assert (keys.tolist(), numbers.tolist()) == (run[0].tolist(), run[1].tolist())
    assert [len(block.packed) for block in blocks] == [block.size for block in blocks]
    assert [block.postings for block in blocks[:-1]] == [BLOCK_POSTINGS] * (len(blocks) - 1)


@given(runs(), st.data())
def test_blocks_are_decoded_alone_as_together(run: Run, data: st.DataObject) -> None:
    blocks = list(encode(run))
    chosen = data.draw(st.sets(st.integers(0, len(blocks) - 1), min_size=1).map(sorted))
    alone = [decode([blocks[at]]) for at in chosen]
    together = decode([blocks[at] for at in chosen])
    for column in (0, 1):
        assert together[column].tolist() == np.concatenate([found[column] for found in alone]).tolist()


@pytest.mark.parametrize(
    ("largest", "count", "size"),
    [(15, 238, 119), (16, 238, 238), (4095, 238, 357), (4095, 3, 6), (1 << 27, 238, 833), (1 << 33, 2, 10)],
    ids=["one digit", "two digits", "three digits", "an odd count of them", "seven digits", "nine are ten"],
)
def test_a_number_takes_half_a_byte_a_digit(largest: int, count: int, size: int) -> None:
    numbers = np.zeros(count, np.int64)
    numbers[-1] = largest
    (block,) = encode((np.zeros(count, np.int64), numbers))
    keys = (count + 1) // 2  # of one digit each
    assert len(block.packed) == keys + size


def test_the_checksum_is_of_every_column() -> None:
    (block,) = encode((np.array([3, 5, 9]), np.array([4, 1, 2])))
    changed = [block._replace(**{name: getattr(block, name) + 1}) for name in Block._fields[:-1]]
    changed.append(block._replace(packed=block.packed[:-1] + b"\7"))
    assert block.checksum not in {other.checksum for other in changed}
