import gc
from collections.abc import Iterator

import pytest

from app import garbage


@pytest.fixture(autouse=True)
def as_it_was() -> Iterator[None]:
    before = gc.get_threshold()
    yield
    gc.unfreeze()
    gc.set_threshold(*before)


def test_what_is_loaded_is_not_looked_through():
    garbage.look_seldom()

    assert gc.get_freeze_count() > 1000


def test_a_cycle_is_found_after_as_many_objects_as_are_said_and_not_before():
    garbage.look_seldom()
    before = gc.get_stats()[0]["collections"]

    some = [[] for _ in range(garbage.NEW_OBJECTS // 2)]
    seldom = gc.get_stats()[0]["collections"] - before
    some += [[] for _ in range(garbage.NEW_OBJECTS)]

    assert seldom == 0
    assert gc.get_stats()[0]["collections"] > before
