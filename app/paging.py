"""Pages by position: a cursor holds the sort key of the last row seen, so that rows may come and go meanwhile.

A cursor is opaque to clients and trusted in nothing: whatever is not exactly what `encode` makes for the same order
is refused.
"""

import binascii
import json
import math
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

LONGEST_CURSOR = 4096


def moment(value: Any) -> datetime:
    """A time with its zone, from what JSON has of it."""
    found = datetime.fromisoformat(_text(value))
    if found.tzinfo is None:
        raise ValueError("no time zone")
    return found


def text(value: Any) -> str:
    """A text that Postgres can keep."""
    found = _text(value)
    found.encode("utf-8")
    if "\0" in found:
        raise ValueError("NUL")
    return found


def number(value: Any) -> float:
    """A finite number."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise ValueError("no number")
    if abs(value) > 2**53:
        raise ValueError("too large")
    return value


def uuid(value: Any) -> UUID:
    """An id."""
    return UUID(_text(value))


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError("no text")
    return value


@dataclass(frozen=True, slots=True)
class Order:
    """How a list can be sorted: the kinds of its keys, of which the last names one row.

    Attributes:
        kinds: reads each key from JSON; raises ValueError for what is none.
        descending: whether all keys fall.
    """

    kinds: tuple[Callable[[Any], Any], ...]
    descending: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """What part of a list is wanted: at most `limit` rows after the one with the keys `after`."""

    sort: str
    limit: int
    after: tuple[Any, ...] | None = None


def encode(sort: str, keys: Sequence[Any]) -> str:
    """The cursor of a row."""
    plain = [str(key) if isinstance(key, UUID) else _json(key) for key in keys]
    body = json.dumps([sort, *plain], separators=(",", ":"))
    return urlsafe_b64encode(body.encode()).decode().rstrip("=")


def _json(key: Any) -> Any:
    return key.isoformat() if isinstance(key, datetime) else key


def decode(cursor: str, sort: str, orders: Mapping[str, Order]) -> tuple[Any, ...]:
    """The keys a cursor holds.

    Raises:
        ValueError: it is none, or one of another order.
    """
    if len(cursor) > LONGEST_CURSOR:
        raise ValueError("too long")
    try:
        body = json.loads(urlsafe_b64decode(cursor.encode("ascii") + b"=" * (-len(cursor) % 4)))
        kinds = orders[sort].kinds
        if not isinstance(body, list) or len(body) != len(kinds) + 1 or body[0] != sort:
            raise ValueError("another order")
        keys = tuple(kind(value) for kind, value in zip(kinds, body[1:], strict=True))
    except (binascii.Error, UnicodeError, RecursionError, OverflowError) as exc:
        raise ValueError("no cursor") from exc
    if encode(sort, keys) != cursor:
        raise ValueError("not made here")
    return keys
