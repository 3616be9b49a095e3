"""Statements that Postgres parses and plans once for a connection, not every time.

psycopg2 prepares nothing by itself, and for the ledger's statements parsing and planning cost more than doing. So those
that every wave repeats are built with `prepared`: the second time a connection meets one it sends PREPARE, and from
then on EXECUTE. They go to the driver as they are, past what SQLAlchemy does for statements it composes.

In such a statement Postgres has to see the type of every parameter by itself, as it does where one is compared with a
column or written into it; elsewhere it is cast.
"""

import re
from collections.abc import Mapping, Sequence
from functools import cache
from itertools import count
from time import monotonic
from typing import Any

from sqlalchemy import Connection, CursorResult
from sqlalchemy.orm import Session

RENEWED_AFTER_S = 30.0
"""How long a plan is kept. One that was made while a table was small would go on reading all of it."""

Rows = CursorResult[*tuple[Any, ...]]
"""What a statement answers."""

_KEPT = "kept_prepared"
_PARAMETER = re.compile(r"(?<![:\w]):(\w+)")
_numbers = count()


class Prepared:
    """A statement with parameters as `:name`."""

    def __init__(self, statement: str) -> None:
        self._name = f"prepared_{next(_numbers)}"
        names = list(dict.fromkeys(_PARAMETER.findall(statement)))
        values = ", ".join(f"%({name})s" for name in names)
        self._prepare = "prepare {} as {}".format(
            self._name,
            _PARAMETER.sub(lambda found: f"${names.index(found[1]) + 1}", statement),
        )
        self._execute = f"execute {self._name}({values})" if names else f"execute {self._name}"
        self._once = _PARAMETER.sub(r"%(\1)s", statement.replace("%", "%%") if names else statement)

    def on(self, through: Session | Connection, values: Mapping[str, Any] | None = None) -> Rows:
        """What Postgres answers, asked within the transaction of a session or connection.

        Args:
            values: those of the parameters, as psycopg2 takes them.
        """
        connection = through.connection() if isinstance(through, Session) else through
        # What a connection knows goes with it: whoever comes back after it broke finds nothing here.
        known: dict[str, float | None] = connection.info.setdefault(_KEPT, {})
        if self._name not in known:
            known[self._name] = None  # not at once: many connections ask once and are closed
            return _send(connection, self._once, values)
        since, now = known[self._name], monotonic()
        if since is not None and now - since > RENEWED_AFTER_S:
            _send(connection, f"deallocate {self._name}")
            known[self._name] = since = None
        if since is None:
            _send(connection, self._prepare)
            known[self._name] = now
        return _send(connection, self._execute, values)

    def tuples(
        self, through: Session | Connection, values: Mapping[str, Any] | None = None
    ) -> Sequence[tuple[Any, ...]]:
        """All that Postgres answers, as the driver has it: for rows by the thousand, each used once."""
        answer = self.on(through, values)
        assert answer.cursor is not None
        rows: Sequence[tuple[Any, ...]] = answer.cursor.fetchall()
        answer.close()
        return rows


def _send(connection: Connection, written: str, values: Mapping[str, Any] | None = None) -> Rows:
    # Where there are no values psycopg2 is to look for none: a percent sign is one then.
    options = {} if values else {"no_parameters": True}
    return connection.exec_driver_sql(written, values, execution_options=options)


@cache
def prepared(statement: str) -> Prepared:
    """A statement that is worth preparing, because it is repeated often and never takes long."""
    return Prepared(statement)
