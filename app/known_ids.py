"""Ids out of Postgres are made once: a run reads the same thousand ids in every phase, and each takes a microsecond."""

from functools import lru_cache
from typing import Any
from uuid import UUID, SafeUUID

from psycopg2.extensions import new_type, register_type
from sqlalchemy import Engine, event

MOST = 65_536
"""Ids that a process remembers, some ten megabytes."""

_UUID_OID = 2950
_set = object.__setattr__  # a UUID lets nobody else


class _Known(UUID):
    """An id that remembers how it is written, because it is written again and again."""

    __slots__ = ("_written",)

    _written: str

    def __str__(self) -> str:
        return self._written

    def __reduce__(self) -> tuple[type[UUID], tuple[str]]:
        return UUID, (str(self),)


@lru_cache(MOST)
def _known(written: str) -> UUID:
    # Postgres writes no id that is none, and the checks of the constructor take longer than all the rest.
    made = object.__new__(_Known)
    _set(made, "int", int(written.replace("-", ""), 16))
    _set(made, "is_safe", SafeUUID.unknown)
    _set(made, "_written", written)
    return made


def _cast(written: Any, _: Any) -> UUID | None:
    return None if written is None else _known(written)


_TYPE = new_type((_UUID_OID,), "UUID", _cast)


def keep_known_ids(engine: Engine) -> None:
    """Let an engine's connections give the same `UUID` for the same id."""

    @event.listens_for(engine, "connect")
    def register(connection: Any, _: Any) -> None:
        register_type(_TYPE, connection)
