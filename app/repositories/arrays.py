"""Arrays as Postgres writes them.

A list would be sent as an expression with a node for each value, which the server parses and converts one by one;
a thousand values then cost more than what is done with them. As one literal they are read in one go.
"""

import re
from collections.abc import Iterable, Sequence
from typing import TypeGuard

_PLAIN = re.compile(r"[A-Za-z0-9_.:-]*")


def literal(values: Iterable[object]) -> str:
    """One dimension of values as an array literal, for a parameter that is cast: `cast(:ids as uuid[])`.

    Args:
        values: texts, numbers, booleans, UUIDs or None.
    """
    written = [None if value is None else str(value) for value in values]
    if _are_plain(written):
        return "{" + ",".join(written) + "}"
    return "{" + ",".join(map(_element, written)) + "}"


def sparse(values: Sequence[object]) -> str:
    """The same for values that are mostly all None, to be unnested beside others, which makes them null again."""
    return "{}" if all(value is None for value in values) else literal(values)


def _are_plain(written: list[str | None]) -> TypeGuard[list[str]]:
    """Whether no value needs quotes. Most are ids, numbers or words, so all are looked at in one go."""
    if None in written or "" in written:
        return False
    together = "".join(filter(None, written))
    # Unquoted, this word would be no text.
    return _PLAIN.fullmatch(together) is not None and "null" not in together.lower()


def _element(written: str | None) -> str:
    if written is None:
        return "NULL"
    escaped = written.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
