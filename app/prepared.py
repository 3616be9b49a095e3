"""Statements that Postgres parses and plans once for a connection, not every time.

psycopg2 prepares nothing by itself, and for the ledger's statements parsing and planning cost more than doing. So those
that every wave repeats are built with `prepared`, and an engine with `keep_prepared` asks Postgres to keep them: the
second time a connection meets one it sends PREPARE, and from then on EXECUTE.

In such a statement Postgres has to see the type of every parameter by itself, as it does where one is compared with a
column or written into it; elsewhere it is cast.
"""

import re
from itertools import count
from time import monotonic
from typing import Any

from sqlalchemy import Engine, TextClause, event, text
from sqlalchemy.engine.interfaces import DBAPICursor, ExecutionContext

RENEWED_AFTER_S = 30.0
"""How long a plan is kept. One that was made while a table was small would go on reading all of it."""

_KEPT = "kept_prepared"
_PARAMETER = re.compile(r"%\((\w+)\)s")
_numbers = count()


class _Prepared:
    """One statement on one connection."""

    def __init__(self, statement: str) -> None:
        self._name = f"prepared_{next(_numbers)}"
        self._since: float | None = None
        names = list(dict.fromkeys(_PARAMETER.findall(statement)))
        numbered = _PARAMETER.sub(lambda found: f"${names.index(found[1]) + 1}", statement)
        values = ", ".join(f"%({name})s" for name in names)
        self._prepare = f"prepare {self._name} as {numbered}".replace("%%", "%")
        self._execute = f"execute {self._name}({values})" if names else f"execute {self._name}"

    def execute(self, cursor: DBAPICursor, parameters: Any) -> None:
        now = monotonic()
        if self._since is not None and now - self._since > RENEWED_AFTER_S:
            cursor.execute(f"deallocate {self._name}")
            self._since = None
        if self._since is None:
            cursor.execute(self._prepare)
            self._since = now
        cursor.execute(self._execute, parameters)


def prepared(statement: str) -> TextClause:
    """A statement that is worth preparing, because it is repeated often and never takes long."""
    return text(statement).execution_options(**{_KEPT: True})


def keep_prepared(engine: Engine) -> None:
    """Let an engine's connections keep what was built with `prepared`."""
    event.listen(engine, "do_execute", _execute)


def _execute(
    cursor: DBAPICursor, statement: str, parameters: Any, context: ExecutionContext | None
) -> bool | None:
    if context is None or not context.execution_options.get(_KEPT):
        return None
    # What a connection knows goes with it: whoever comes back after it broke finds nothing here.
    known = context.root_connection.info.setdefault(_KEPT, {})
    if statement not in known:
        known[statement] = None  # not at once: many connections ask once and are closed
        return None
    if known[statement] is None:
        known[statement] = _Prepared(statement)
    known[statement].execute(cursor, parameters)
    return True
