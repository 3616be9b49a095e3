from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines import admission
from pipelines.admission import Contender
from pipelines.vocabulary import Priority

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


def a_run(number: int, *, units: int = 30, owner: int | None = None, **more: object) -> Contender:
    given = {"priority": Priority.STANDARD, "since": NOON} | more
    return Contender(UUID(int=number), UUID(int=owner or number), units=units, **given)


def windows(*runs: Contender, slots: int = 2, per_user: int = 4) -> list[int]:
    return [admission.window(run.run_id, runs, slots=slots, per_user=per_user) for run in runs]


@pytest.mark.parametrize(("slots", "window"), [(1, 2), (2, 4), (8, 16), (0, 2)])
def test_a_run_alone_has_two_slices_for_each_slot(slots, window):
    assert windows(a_run(1), slots=slots) == [window]


def test_who_has_less_to_do_comes_first_and_nobody_stands_still():
    assert windows(a_run(1, units=5000), a_run(2, units=30), a_run(3, units=31)) == [1, 4, 1]


def test_of_equals_who_came_first_comes_first():
    later = a_run(1, since=NOON + timedelta(seconds=1))

    assert windows(later, a_run(2)) == [1, 4]


def test_a_higher_priority_comes_before_a_smaller_run():
    can_wait = a_run(2, units=1, priority=Priority.LOW)

    assert windows(a_run(1, units=5000), can_wait) == [4, 1]


def test_a_user_with_many_runs_has_only_some_of_them_on_their_way():
    many = [a_run(number, units=number, owner=99) for number in range(10, 16)]

    assert windows(*many, a_run(2, units=5000), per_user=2) == [4, 1, 0, 0, 0, 0, 1]


@given(
    st.lists(
        st.builds(
            a_run,
            st.integers(1, 10**6),
            units=st.integers(1, 5000),
            owner=st.integers(1, 5),
            priority=st.sampled_from(Priority),
        ),
        min_size=1,
        max_size=30,
        unique_by=lambda run: run.run_id,
    ),
    st.integers(1, 8),
    st.integers(1, 4),
)
def test_somebody_fills_the_slots_and_every_user_gets_on(runs, slots, per_user):
    given_windows = windows(*runs, slots=slots, per_user=per_user)

    assert given_windows.count(2 * slots) >= 1
    assert sum(given_windows) <= 2 * slots + len(runs) - 1
    for owner in {run.owner_id for run in runs}:
        mine = [w for run, w in zip(runs, given_windows, strict=True) if run.owner_id == owner]
        assert 1 <= sum(w > 0 for w in mine) <= per_user
