"""Postgres keeps what is repeated: the second time a connection meets such a statement it is prepared."""

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from app import prepared as module
from app.prepared import prepared

ADD = prepared(
    "select cast(:a as int) + cast(:b as int) as total, '%' as sign, cast(:a as int) as a"
)


@pytest.fixture
def connection(engine: Engine):
    with engine.connect() as connection:
        yield connection


def kept(connection) -> list[tuple[str, str]]:
    rows = connection.execute(text("select name, statement from pg_prepared_statements order by 1"))
    return [tuple(row) for row in rows]


def ask(connection, statement=ADD, **values):
    return statement.on(connection, {"a": 1, "b": 2} | values).one()


def test_a_statement_is_prepared_when_it_is_repeated(connection):
    first = ask(connection)
    assert kept(connection) == []

    again = ask(connection, b=40)
    third = ask(connection, a=None)

    assert (first, again, third) == ((3, "%", 1), (41, "%", 1), (None, "%", None))
    [(_, statement)] = kept(connection)
    assert "cast($1 as int) + cast($2 as int)" in statement


def test_rows_by_the_thousand_come_as_the_driver_has_them(connection):
    many = prepared("select n, n % 2 = 0 from generate_series(1, cast(:most as int)) n order by n")

    for _ in range(3):  # as it is, prepared, and kept
        rows = many.tuples(connection, {"most": 5000})
        assert len(rows) == 5000
        assert rows[:2] == [(1, False), (2, True)]
    assert len(kept(connection)) == 1


def test_others_are_not_kept(connection):
    for _ in range(3):
        connection.execute(text("select 1"))

    assert kept(connection) == []


def test_a_plan_is_made_anew_after_a_while(connection, monkeypatch):
    ask(connection), ask(connection)
    asked = "select prepare_time from pg_prepared_statements"
    before = connection.execute(text(asked)).scalar_one()

    ask(connection)
    assert connection.execute(text(asked)).scalar_one() == before

    monkeypatch.setattr(module, "RENEWED_AFTER_S", -1.0)
    connection.commit()  # the time is the transaction's
    assert ask(connection).total == 3
    assert connection.execute(text(asked)).scalar_one() > before


def test_what_a_transaction_prepared_outlives_it(connection):
    ask(connection), ask(connection)
    connection.rollback()

    assert ask(connection).total == 3
    assert len(kept(connection)) == 1


def test_a_new_connection_knows_nothing_of_the_old_ones(engine):
    with engine.connect() as connection:
        ask(connection), ask(connection)
        connection.invalidate()
    with engine.connect() as connection:
        assert ask(connection).total == 3
        assert kept(connection) == []
        assert ask(connection).total == 3


def test_an_error_is_one_as_of_any_statement(connection):
    broken = prepared("select 1 / cast(:a as int)")
    broken.on(connection, {"a": 1}), broken.on(connection, {"a": 1})

    with pytest.raises(DBAPIError) as raised:
        broken.on(connection, {"a": 0})
    assert raised.value.orig.pgcode == "22012"
