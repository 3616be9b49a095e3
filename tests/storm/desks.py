"""Teachers at their desks: each hands in one class after the other and sees it through, whatever happens meanwhile."""

from contextlib import suppress
from dataclasses import dataclass
from random import Random
from threading import Event, Thread
from typing import Any

import httpx

from tests.storm import graphs
from tests.storm.graphs import PIPELINES, Klass
from tests.storm.history import History
from tests.teacher import TERMINAL, Refused, Teacher

LOOKS_EVERY_S = 0.4


class RecordedTeacher(Teacher):
    """Whose every request is written into the history."""

    def __init__(self, url: str, email: str, history: History, desk: int) -> None:
        super().__init__(url, email)
        self._history, self._desk = history, desk
        self._op = 0

    def _until_answered(self, method: str, path: str, **request: Any) -> httpx.Response:
        what = f"{method} {path}"
        self._op = self._history.invoke(what, desk=self._desk)
        try:
            answer = super()._until_answered(method, path, **request)
        except BaseException as exc:
            self._history.end(self._op, "info", why=type(exc).__name__)
            raise
        self._history.end(self._op, "fail" if answer.is_error else "ok", status=answer.status_code)
        return answer

    def _not_answered(self, why: str) -> None:
        self._history.note("info", op=self._op, why=why)


@dataclass(frozen=True, slots=True)
class Load:
    """How much there is to do.

    Attributes:
        essays: how many a class has, at least and at most.
        unit_s: how long a unit takes, about.
        cancels: how many classes in one are cancelled at some moment.
    """

    desks: int
    essays: tuple[int, int]
    unit_s: float
    cancels: float = 0.0


class Desk(Thread):
    """One teacher, who goes on with another class until told to stop, and then finishes the one they are at."""

    def __init__(
        self, number: int, url: str, email: str, load: Load, history: History, seed: str
    ) -> None:
        super().__init__(name=f"desk-{number}", daemon=True)
        self.number = number
        self.classes = 0
        self.error: BaseException | None = None
        self._teacher = RecordedTeacher(url, email, history, number)
        self._load, self._history = load, history
        self._random = Random(f"{seed} desk {number}")
        self._leaving = Event()

    def leave(self) -> None:
        """Take on no other class."""
        self._leaving.set()

    def run(self) -> None:
        """Hand in one class after the other."""
        try:
            self._teacher.signs_in()
            while not self._leaving.is_set():
                self._one_class()
                self.classes += 1
        except BaseException as exc:  # noqa: BLE001 - raised by whoever asks how it went
            self.error = exc
            self._history.note("desk_gave_up", desk=self.number, why=repr(exc)[:500])
        finally:
            self._teacher.close()

    def _one_class(self) -> None:
        random, teacher = self._random, self._teacher
        klass = graphs.make(random, random.randint(*self._load.essays), self._load.unit_s)
        by_itself = random.random() < 0.25
        cancels = random.random() < self._load.cancels
        more = {"pipeline": klass.pipeline} if by_itself else {}
        batch = teacher.registers(len(klass.texts), **more)
        self._expect(batch, klass)
        teacher.hands_in(batch, klass.texts)
        if not by_itself:
            self._looks_until(batch, "ready", *TERMINAL)
            teacher.starts(batch, klass.pipeline)
        if cancels:
            self._leaving.wait(random.uniform(0, 3))
            self._cancels(batch)
        self._looks_until(batch, *TERMINAL)

    def _cancels(self, batch: str) -> None:
        # Nothing may be running yet, or nothing any more.
        with suppress(Refused):
            self._teacher.asks_once(f"/v1/batches/{batch}/cancel")
            self._history.note("cancelled", batch=batch)

    def _expect(self, batch: str, klass: Klass) -> None:
        self._history.note(
            "class",
            desk=self.number,
            batch=batch,
            pipeline=klass.pipeline,
            phases=PIPELINES[klass.pipeline],
            expected=klass.expected(),
        )

    def _looks_until(self, batch: str, *statuses: str) -> None:
        while True:
            seen = self._teacher.status(batch)
            self._history.note(
                "seen",
                desk=self.number,
                batch=batch,
                status=seen["status"],
                event_no=seen["event_no"],
                run=seen["run_id"],
                done=sum(phase["done"] + phase["failed"] for phase in seen["phases"]),
            )
            if seen["status"] in statuses:
                return
            Event().wait(LOOKS_EVERY_S)
