"""A phase that does what its essays' texts say, so that a test decides by handing in words."""

import os
import re
import signal
from collections.abc import Sequence
from pathlib import Path
from time import monotonic, sleep

from pipelines.phase import (
    BatchContext,
    Done,
    EssayPhase,
    Finished,
    GaveUp,
    Later,
    Outcome,
    SoFar,
    Unit,
    Wave,
)

ORDER = re.compile(r"\[(\w+):([\w.]+)(?:=([^\]]*))?\]")
GIVES_UP_WAITING_S = 60.0


class Unplannable(EssayPhase):
    """Nobody can say what there is to do."""

    name = "unplannable"
    engine_version = "unplannable-1"

    def plan(self, batch: BatchContext, so_far: SoFar) -> Wave | Finished:
        """Raise."""
        raise RuntimeError("told to")


class Scripted(EssayPhase):
    """Obeys orders of the form `[phase:order]` or `[phase:order=value]` in a text; otherwise is done.

    `give_up`, `raise`, `raise_until` (the file exists), `raise_once` (and then makes the file), `kill` (its process),
    `later` (once, by a file), `sleep` (so many seconds), `wait` (until the file exists; a second file, `.held`, says
    that it waits, and in which process).

    Args:
        streams: whether essays stream out of it and into it; otherwise the ledger asks it for another wave each time.
    """

    engine_version = "scripted-1"

    def __init__(self, name: str, *, streams: bool = False) -> None:
        self.name = name
        self.plans_once = streams

    def run_many(self, batch: BatchContext, units: Sequence[Unit]) -> Sequence[Outcome]:
        return [self._run(unit) for unit in units]

    def _run(self, unit: Unit) -> Outcome:
        text = unit.items[0].text
        for phase, order, value in ORDER.findall(text):
            if phase == self.name:
                outcome: Outcome | None = getattr(self, f"_{order}")(value)
                if outcome is not None:
                    return outcome
        return Done({"characters": len(text)})

    def _give_up(self, _: str) -> Outcome:
        return GaveUp("told_to", "The text told it to.")

    def _raise(self, _: str) -> None:
        raise RuntimeError("told to")

    def _raise_until(self, mark: str) -> None:
        if not Path(mark).exists():
            raise RuntimeError("told to")

    def _raise_once(self, once: str) -> None:
        mark = Path(once)
        if not mark.exists():
            mark.touch()
            raise RuntimeError("told to")

    def _kill(self, once: str) -> None:
        if once:
            mark = Path(once)
            if mark.exists():
                return
            mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)

    def _sleep(self, seconds: str) -> None:
        sleep(float(seconds))

    def _later(self, once: str) -> Outcome | None:
        mark = Path(once)
        if mark.exists():
            return None
        mark.touch()
        return Later(0.1, "told to")

    def _wait(self, gate: str) -> None:
        Path(f"{gate}.held").write_text(str(os.getpid()))
        until = monotonic() + GIVES_UP_WAITING_S
        while not Path(gate).exists():
            assert monotonic() < until, "nobody opened the gate"
            sleep(0.02)
