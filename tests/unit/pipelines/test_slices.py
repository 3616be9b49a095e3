from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines import slices

SOME = st.integers(0, 5000)
SLOTS = st.integers(0, 64)
UNIT_S = st.floats(0, 100)


@pytest.mark.parametrize(
    ("units", "slots", "unit_s", "size"),
    [
        (1000, 2, 0.02, 5),  # a tenth of a second of work
        (10_000, 2, 0.0, 1000),  # as many as a message may carry
        (1000, 2, 60.0, 1),
        (10, 2, 0.03, 3),  # two slices for each slot
        (2, 2, 0.05, 1),
        (1, 2, 0.05, 1),
        (0, 2, 0.05, 1),
        (10, 0, 0.02, 5),  # nobody is there yet, but somebody will be
        (100, 2, 0.0035, 25),
        (10, 2, 0.0049, 10),  # a twentieth of a second: not worth a second message
        (1000, 2, 0.00001, 1000),
        (100, 2, 0.0, 100),
        (1000, 2, 0.00006, 1000),  # 0.09 s: a second message would bring next to nothing
        (1000, 2, 0.0001, 500),  # 0.13 s: two halves, not a large slice and the rest
        (5000, 2, 0.00006, 834),  # as many slices for each slot
    ],
)
def test_a_slice_is_a_tenth_of_a_second_of_work_and_leaves_every_slot_two(
    units, slots, unit_s, size
):
    assert slices.size(units, slots=slots, unit_s=unit_s) == size


def test_an_operator_may_want_them_shorter():
    assert slices.size(1000, slots=2, unit_s=0.0048, target_s=0.05) == 10


def test_a_gap_ends_a_slice():
    assert slices.cut([0, 1, 2, 4, 5, 9], 2) == [(0, 2), (2, 3), (4, 6), (9, 10)]


def test_units_to_be_tried_alone_have_a_slice_each():
    assert slices.one_by_one([3, 4, 7]) == [(3, 4), (4, 5), (7, 8)]


@given(st.sets(SOME, max_size=600).map(sorted), st.integers(1, 250))
def test_slices_cover_every_position_once_and_nothing_else(positions, per_slice):
    cut = slices.cut(positions, per_slice)

    assert [position for lo, hi in cut for position in range(lo, hi)] == positions
    assert all(0 < hi - lo <= per_slice for lo, hi in cut)


@given(SOME, SOME, SLOTS, UNIT_S)
def test_a_wave_without_gaps_is_cut_into_slices_that_follow_each_other(first, units, slots, unit_s):
    cut = slices.cut(range(first, first + units), slices.size(units, slots=slots, unit_s=unit_s))

    assert all(hi == lo for (_, hi), (lo, _) in pairwise(cut))
    assert all(hi - lo <= slices.LARGEST for lo, hi in cut)
    assert len({hi - lo for lo, hi in cut[:-1]}) <= 1


@given(SOME, SLOTS, st.floats(0, 1))
def test_the_slices_of_a_wave_are_as_good_as_equal(units, slots, unit_s):
    cut = slices.cut(range(units), slices.size(units, slots=slots, unit_s=unit_s))

    sizes = [hi - lo for lo, hi in cut]
    assert not sizes or max(sizes) - sizes[-1] < len(sizes)


@given(st.integers(2, 5000), st.integers(2, 64), st.floats(0.05, 100))
def test_whoever_has_two_units_worth_a_message_and_two_slots_uses_both(units, slots, unit_s):
    cut = slices.cut(range(units), slices.size(units, slots=slots, unit_s=unit_s))

    assert len(cut) >= 2
    assert len(cut) >= min(units, slots)
