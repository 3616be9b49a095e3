"""Tickets: each opens one socket, and only for half a minute."""

from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from app.clients.redis_client import connect
from app.clients.tickets import RedisTickets
from app.local.redis import Redis
from app.ports import TICKET_S, SocketPass, Tickets, TicketsDown
from tests.fakes import FakeTickets

Later = Callable[[float], None]


@pytest.fixture(params=["fake", "redis"])
def kept(request: pytest.FixtureRequest) -> tuple[Tickets, Later]:
    """Tickets, and what lets seconds pass for them."""
    return request.getfixturevalue(f"{request.param}_tickets")


@pytest.fixture
def fake_tickets() -> tuple[Tickets, Later]:
    tickets = FakeTickets()

    def later(seconds: float) -> None:
        tickets.now += seconds

    return tickets, later


@pytest.fixture
def redis_tickets(redis: Redis) -> Iterator[tuple[Tickets, Later]]:
    with closing(connect(redis.url(2))) as client:
        client.flushdb()

        def later(seconds: float) -> None:
            # Redis has no clock to turn; the time each ticket has left is shortened instead.
            for key in client.scan_iter("ws-ticket:*"):
                client.pexpire(key, max(0, client.pttl(key) - int(seconds * 1000)))

        yield RedisTickets(client), later


@pytest.fixture
def tickets(kept: tuple[Tickets, Later]) -> Tickets:
    return kept[0]


@pytest.fixture
def later(kept: tuple[Tickets, Later]) -> Later:
    return kept[1]


def a_pass() -> SocketPass:
    return SocketPass(uuid4(), datetime.now(UTC) + timedelta(minutes=15))


def test_a_ticket_gives_back_the_pass_it_was_issued_for(tickets):
    given = a_pass()

    assert tickets.redeem(tickets.issue(given)) == given


def test_it_does_so_once(tickets):
    ticket = tickets.issue(a_pass())

    assert tickets.redeem(ticket) is not None
    assert tickets.redeem(ticket) is None


def test_it_is_good_for_half_a_minute(tickets, later):
    early, late = tickets.issue(a_pass()), tickets.issue(a_pass())

    later(TICKET_S - 5)
    assert tickets.redeem(early) is not None

    later(6)
    assert tickets.redeem(late) is None


def test_one_that_was_never_issued_is_worth_nothing(tickets):
    assert tickets.redeem("never issued") is None


def test_no_two_are_the_same_and_each_can_stand_in_a_header(tickets):
    issued = {tickets.issue(a_pass()) for _ in range(100)}

    assert len(issued) == 100
    assert all(ticket.replace("-", "").replace("_", "").isalnum() for ticket in issued)


class TestInRedis:
    def test_the_ticket_itself_is_not_kept(self, redis, redis_tickets):
        ticket = redis_tickets[0].issue(a_pass())

        with closing(connect(redis.url(2))) as client:
            (key,) = client.scan_iter("ws-ticket:*")
            assert ticket not in key.decode()
            assert ticket not in client.get(key).decode()

    def test_without_redis_nobody_can_tell(self, tmp_path: Path):
        with closing(connect(f"unix://{tmp_path}/nobody.sock?db=0")) as client:
            tickets = RedisTickets(client)

            with pytest.raises(TicketsDown):
                tickets.issue(a_pass())
            with pytest.raises(TicketsDown):
                tickets.redeem("any")
