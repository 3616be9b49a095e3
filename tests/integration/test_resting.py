"""Connections that have rested are tried before anybody is given one."""

from math import inf

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import OperationalError

from app import resting, unit_of_work
from tests.drivers import change


@pytest.fixture
def connections(deps) -> Engine:
    made = unit_of_work.engine(deps.settings.database_url)
    yield made
    made.dispose()


def backend(connections: Engine) -> int:
    with connections.connect() as connection:
        return connection.execute(text("select pg_backend_pid()")).scalar_one()


def test_one_that_broke_while_it_rested_is_replaced(deps, connections, monkeypatch):
    monkeypatch.setattr(resting, "RESTED_AFTER_S", 0)
    broken = backend(connections)
    change(deps, f"select pg_terminate_backend({broken}, 5000)")

    assert backend(connections) != broken


def test_one_that_was_used_a_moment_ago_is_taken_as_it_is(connections, monkeypatch):
    monkeypatch.setattr(resting, "RESTED_AFTER_S", inf)
    before = backend(connections)

    tried = []
    monkeypatch.setattr(connections.dialect, "do_ping", tried.append)

    assert backend(connections) == before
    assert tried == []


def test_one_that_breaks_within_that_moment_costs_one_transaction(deps, connections, monkeypatch):
    monkeypatch.setattr(resting, "RESTED_AFTER_S", inf)
    broken = backend(connections)
    change(deps, f"select pg_terminate_backend({broken}, 5000)")

    with pytest.raises(OperationalError) as lost:
        backend(connections)

    assert unit_of_work.is_passing(lost.value)
    assert backend(connections) != broken
