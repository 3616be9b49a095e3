"""Whoever has what a batch's essays looked like at event N finds every later change by asking for what came after N."""

from functools import partial
from typing import Any

import pytest

from app.errors import BatchNotFound
from app.services import describing, projecting, results
from tests.drivers import Klass, Meeting, a_class, an_owner, at_once, drain, one


@pytest.fixture
def klass(deps) -> Klass:
    klass = a_class(deps, "", "", "")
    projecting.project(klass.batch, deps)
    return klass


class Client:
    """What a browser keeps of a batch: rows, and the event they are right as of."""

    def __init__(self, klass: Klass) -> None:
        self.klass = klass
        self.event_no = 0
        self.rows: dict[str, Any] = {}

    def asks(self) -> set[str]:
        """Take over what has changed; which essays that were."""
        k = self.klass
        answer = results.changes(k.batch, after=self.event_no, owner_id=k.owner.id, deps=k.deps)
        self.event_no = answer["event_no"]
        self.rows |= {row["essay_id"]: row for row in answer["items"]}
        return {row["essay_id"] for row in answer["items"]}

    def is_right(self) -> bool:
        """Whether it has what a newcomer would get."""
        k = self.klass
        whole = results.results(k.batch, owner_id=k.owner.id, deps=k.deps)["essays"]
        return self.rows == {row["essay_id"]: row for row in whole}


def name(klass: Klass, essay_id: str, student: str) -> None:
    """A request that changes an essay's row inside its own transaction."""
    said = {"student_name": student}
    describing.describe(klass.batch, essay_id, said, owner_id=klass.owner.id, deps=klass.deps)


def test_a_newcomer_gets_every_row_and_the_cursor(klass):
    client = Client(klass)

    assert client.asks() == {"essay-1", "essay-2", "essay-3"}
    assert client.event_no == klass.row().event_no
    assert client.is_right()


def test_nothing_has_changed_when_nothing_happened(klass):
    client = Client(klass)
    client.asks()

    assert client.asks() == set()


def test_only_rows_that_really_changed_are_given(klass, deps):
    client = Client(klass)
    client.asks()

    name(klass, "essay-2", "Alma Ek")
    projecting.project(klass.batch, deps)

    # The event makes the projector compute every row of the batch anew.
    assert client.asks() == {"essay-2"}
    assert client.is_right()


def test_a_request_is_seen_before_its_event_is_projected_and_not_lost_after(klass, deps):
    quick, slow = Client(klass), Client(klass)
    quick.asks()
    slow.asks()

    name(klass, "essay-2", "Alma Ek")
    assert quick.asks() == {"essay-2"}
    projecting.project(klass.batch, deps)

    assert slow.asks() == {"essay-2"}
    assert slow.asks() == set()
    quick.asks()
    assert quick.asks() == set()
    assert quick.is_right()
    assert slow.is_right()


def test_requests_between_the_events_of_a_projector_that_lags_are_all_found(klass, deps):
    clients = []
    for number, student in enumerate(["A", "B", "C", "D"], start=1):
        clients.append(Client(klass))
        clients[-1].asks()
        name(klass, f"essay-{number % 3 + 1}", student)
        if number == 2:
            projecting.project(klass.batch, deps)

    projecting.project(klass.batch, deps)

    for client in clients:
        client.asks()
        assert client.is_right()


@pytest.mark.parametrize("first", ["projector", "request"])
def test_a_projector_and_a_request_at_the_same_moment_hide_nothing_from_each_other(
    klass, deps, first
):
    client = Client(klass)
    client.asks()
    name(klass, "essay-1", "Alma Ek")
    meeting = Meeting(deps, "project" if first == "projector" else "describe_essay", expected=2)

    def request() -> None:
        if first == "projector":
            meeting.wait_for_arrivals(1)
        describing.describe(
            klass.batch,
            "essay-2",
            {"student_name": "Bo Ek"},
            owner_id=klass.owner.id,
            deps=deps if first == "projector" else meeting.deps(),
        )

    def project() -> None:
        if first == "request":
            meeting.wait_for_arrivals(1)
        projecting.project(klass.batch, meeting.deps() if first == "projector" else deps)

    at_once(request, project)

    assert client.asks() == {"essay-1", "essay-2"}
    assert client.is_right()
    projecting.project(klass.batch, deps)
    client.asks()
    assert client.is_right()


def test_a_run_is_followed_to_its_end(klass, deps, publisher):
    client = Client(klass)
    client.asks()

    klass.start()
    client.asks()
    drain(deps, publisher)

    client.asks()
    assert client.is_right()
    assert client.event_no == klass.row().event_no


def test_a_row_keeps_its_number_while_others_move(klass, deps):
    name(klass, "essay-3", "Alma Ek")
    projecting.project(klass.batch, deps)

    number = partial(
        one,
        deps,
        "select event_no from essay_report where batch_id = :batch and essay_id = :essay",
        batch=klass.batch,
    )
    assert number(essay="essay-1").event_no < number(essay="essay-3").event_no
    assert number(essay="essay-3").event_no <= klass.row().event_no


def test_nobody_is_told_of_somebody_elses_batch(klass, deps):
    with pytest.raises(BatchNotFound):
        results.changes(klass.batch, after=0, owner_id=an_owner(deps).id, deps=deps)
