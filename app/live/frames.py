"""What is sent over a socket: JSON texts of at most 4 KiB each."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

MOST_BYTES = 4096
MOST_CELLS = 200
"""Of one change; whoever is told of more asks for the rows over HTTP, which is one answer and compressed."""

Cell = Mapping[str, Any]


def hello(last_seq: int, unread: int) -> str:
    """The first frame: a user's newest number, and how many notifications are unread."""
    return _text({"type": "hello", "last_seq": last_seq, "unread": unread})


def notification(body: Mapping[str, Any]) -> str:
    """One notification, as REST answers it; in a member of its own, because it has a `type` too."""
    return _text({"type": "notification", "notification": body})


def unread(count: int, *, seq: int | None = None, up_to: int | None = None) -> str:
    """How many are unread now; with what was marked, unless that is not known."""
    return _text({"type": "unread", "unread": count, "up_to": up_to, "seq": seq})


def batch(
    batch_id: UUID,
    *,
    since: int,
    event_no: int,
    status: Mapping[str, Any],
    cells: Sequence[Cell],
) -> Iterator[str]:
    """A batch's status and the essays that changed after an event, in as many frames as they need.

    All but the last say `more`: only with the last one is everything up to `event_no` told.
    """
    head = {
        "type": "batch",
        "batch_id": str(batch_id),
        "event_no": event_no,
        "since": since,
        "status": status,
    }
    if len(cells) > MOST_CELLS:
        yield _text({**head, "essays": None, "more": False})
        return
    room = MOST_BYTES - _size({**head, "essays": [], "more": False})
    pages = list(_pages(cells, room)) or [[]]
    for page in pages:
        yield _text({**head, "essays": page, "more": page is not pages[-1]})


def _pages(cells: Sequence[Cell], room: int) -> Iterator[list[Cell]]:
    page: list[Cell] = []
    left = room
    for cell in cells:
        size = _size(cell) + 1  # its comma
        if page and size > left:
            yield page
            page, left = [], room
        page.append(cell)
        left -= size
    if page:
        yield page


def _text(frame: Mapping[str, Any]) -> str:
    return json.dumps(frame, ensure_ascii=False, separators=(",", ":"), default=str)


def _size(value: object) -> int:
    return len(json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=str).encode())
