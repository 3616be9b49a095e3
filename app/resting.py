"""Connections that have rested are tried before they are used; those used a moment ago are taken as they are.

A server that went away meanwhile costs either a try here or, within that moment, the transaction: it is done again, as
when the server goes away in the middle of one.
"""

from time import monotonic
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.exc import DisconnectionError

RESTED_AFTER_S = 1.0

_USED_AT = "used_at"


def try_the_rested(engine: Engine) -> None:
    """Give nobody a connection that has rested and is broken; the pool then makes a new one."""
    dialect = engine.dialect

    @event.listens_for(engine, "checkout")
    def try_it(connection: Any, record: Any, _: Any) -> None:
        used_at = record.info.get(_USED_AT)
        if used_at is None or monotonic() - used_at < RESTED_AFTER_S:
            return
        try:
            alive = dialect.do_ping(connection)
        except dialect.loaded_dbapi.Error as exc:
            if not dialect.is_disconnect(exc, connection, None):
                raise
            alive = False
        if not alive:
            raise DisconnectionError("the connection broke while it rested")

    @event.listens_for(engine, "checkin")
    def note(_: Any, record: Any) -> None:
        record.info[_USED_AT] = monotonic()
