"""Fakes behind ports; each passes its port's conformance suite."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID, uuid4

from app.ports import TICKET_S, Heard, PublishFailed, SocketPass
from pipelines import extraction
from pipelines.extraction import Extracted, Refused


class FakePublisher:
    """Keeps what is sent until somebody delivers it; can be down, and can lose everything."""

    def __init__(self) -> None:
        self.is_down = False
        self.canvases: list[dict[str, Any]] = []
        self.files: list[UUID] = []
        self.batches: list[UUID] = []

    def canvas(self, canvas: Mapping[str, Any]) -> None:
        self._check()
        self.canvases.append(dict(canvas))

    def ingest(self, file_id: UUID, batch_id: UUID) -> None:
        self._check()
        self.files.append(file_id)

    def project(self, batch_ids: Sequence[UUID]) -> None:
        self._check()
        self.batches.extend(batch_ids)

    def depth(self, queue: str) -> int | None:
        if self.is_down:
            return None
        return sum(len(canvas["slices"]) for canvas in self.canvases if canvas["queue"] == queue)

    def lose_everything(self) -> None:
        self.canvases, self.files, self.batches = [], [], []

    def slices(self) -> Iterator[tuple[UUID, int, int]]:
        """Every slice waiting, taken out one by one, each followed by what its message goes on to."""
        while self.canvases:
            canvas = self.canvases.pop(0)
            for lo, hi in canvas["slices"]:
                for step in (canvas, *canvas.get("then", ())):
                    yield UUID(step["phase_run_id"]), lo, hi

    def _check(self) -> None:
        if self.is_down:
            raise PublishFailed("told to")


class FakeDoorbell:
    """Remembers whom it rang."""

    def __init__(self) -> None:
        self.rung: list[tuple[UUID, Mapping[str, Any]]] = []
        self._listeners: dict[object, Heard] = {}

    def ring(self, user_id: UUID, message: Mapping[str, Any]) -> None:
        self.rung.append((user_id, message))
        for heard in self._listeners.values():
            heard(user_id, message)

    def is_up(self) -> bool:
        return True

    def listen(self, heard: Heard, changed: Callable[[bool], None]) -> Callable[[], None]:
        key = object()
        self._listeners[key] = heard
        changed(True)
        return lambda: self._listeners.pop(key, None) and None


class FakeTickets:
    """A dictionary; its time passes when it is told to."""

    def __init__(self) -> None:
        self._kept: dict[str, tuple[SocketPass, float]] = {}
        self.now = 0.0

    def issue(self, socket_pass: SocketPass) -> str:
        ticket = uuid4().hex
        self._kept[ticket] = (socket_pass, self.now + TICKET_S)
        return ticket

    def redeem(self, ticket: str) -> SocketPass | None:
        kept, until = self._kept.pop(ticket, (None, 0.0))
        return kept if self.now < until else None


class FakeApiCache:
    """A dictionary."""

    def __init__(self) -> None:
        self._kept: dict[tuple[UUID, str], tuple[int, Mapping[str, Any]]] = {}

    def get(self, batch_id: UUID, view: str, version: int) -> Mapping[str, Any] | None:
        shown, body = self._kept.get((batch_id, view), (None, None))
        return body if shown == version else None

    def put(self, batch_id: UUID, view: str, body: Mapping[str, Any], version: int) -> None:
        self._kept[batch_id, view] = version, body

    def outdate(self, batch_id: UUID) -> None:
        self._kept = {key: kept for key, kept in self._kept.items() if key[0] != batch_id}


class FakeTextReader:
    """Reads in this process, which only friendly files may be."""

    def read(self, file_name: str, body: bytes) -> Extracted | Refused:
        return extraction.extract(file_name, body)
