"""Start processes in order, start again what dies, end everything in reverse order."""

import select
import signal
import sys
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

from app.local.bell import Bell
from app.local.charge import Charge
from app.local.errors import Interrupted, LocalError, NotReady
from app.local.process import READY_POLL_MAX_S, Process, ProcessSpec
from app.local.warden import Warden

IDLE_S = 60.0
HARD = 2


class Supervisor:
    """Runs processes on the thread that calls `start`, `run` and `stop`, which must be one thread.

    What stands under "from any thread" may be called while another thread is in there.

    Args:
        stages: what to start, in order. A stage of several processes starts them side by side; the
            next stage begins when all of them are ready.
        logs: the directory of the log files, `<name>.log` each.
        say: told in a sentence what happens unasked, e.g. a restart; standard error by default.
    """

    def __init__(
        self,
        stages: Sequence[ProcessSpec | Sequence[ProcessSpec]],
        logs: Path,
        *,
        say: Callable[[str], None] | None = None,
    ) -> None:
        self._stages = [
            [Charge(Process(spec, logs / f"{spec.name}.log")) for spec in _as_stage(stage)]
            for stage in stages
        ]
        self._charges = {each.spec.name: each for stage in self._stages for each in stage}
        self._say = say or _to_stderr
        self._warden = Warden()
        self._asked = 0
        self._thread: int | None = None
        self._changed = threading.Condition()
        self._bell = Bell(on_signal=lambda: self.stop_soon(hard=self._asked > 0))

    # -- from the supervisor's own thread

    def start(self) -> None:
        """Start everything and return when it is ready. On any error nothing is left running.

        On the main thread, SIGINT, SIGTERM and SIGHUP are handled from here until `stop` has ended:
        the first asks to stop, the second kills what has not stopped yet.

        Raises:
            NotReady: a process ended, or took too long, before it was ready.
            Interrupted: a signal or `stop_soon` came first.
        """
        self._thread = threading.get_ident()
        self._bell.hang()
        try:
            self._warden.start()
            for stage in self._stages:
                self._start_stage(stage)
        except BaseException:
            self.stop()
            raise

    def run(self) -> None:
        """Start again what dies, until a signal or `stop_soon` asks to stop."""
        while not self._asked:
            self._turn()

    def stop(self) -> None:
        """End everything, the last stage first. Returns when nothing runs any more."""
        try:
            for stage in reversed(self._stages):
                self._stop_stage(stage)
            self._warden.stop()
        finally:
            self._bell.take_down()
            self._thread = None

    # -- from any thread

    def stop_soon(self, *, hard: bool = False) -> None:
        """Make `start` or `run` end; `hard` also makes `stop` kill instead of ask."""
        self._asked = HARD if hard else max(self._asked, 1)
        self._bell.ring()

    def pid(self, name: str) -> int | None:
        """The process id while the process runs."""
        return self._charges[name].process.pid

    def log(self, name: str) -> Path:
        """The log file of a process."""
        return self._charges[name].process.log

    def kill(self, name: str, number: int = signal.SIGKILL) -> bool:
        """Send a process a signal; whether it was there to receive it."""
        return self._charges[name].process.send(number)

    def hold(self, name: str) -> None:
        """Do not start a process again when it dies, until `release`."""
        self._charges[name].held = True

    def release(self, name: str) -> None:
        """Start a process again when it dies, and now if it has died."""
        charge = self._charges[name]
        charge.held = False
        charge.failures = 0
        if charge.process.pid is None:
            charge.due_at = time.monotonic()
        self._bell.ring()

    def wait_until_ready(
        self, name: str, *, other_than: int | None = None, timeout_s: float = 60.0
    ) -> int:
        """Wait until a process is ready, and return its process id.

        Args:
            name: the process.
            other_than: a process id that does not count, e.g. that of the process just killed.
            timeout_s: how long to wait.

        Raises:
            NotReady: the time is up.
        """
        charge = self._charges[name]

        def pid() -> int | None:
            found = charge.process.pid
            return found if charge.ready and found != other_than else None

        deadline = time.monotonic() + timeout_s
        while (found := pid()) is None:
            left = deadline - time.monotonic()
            if left <= 0:
                raise NotReady(name, f"was not ready after {timeout_s:g} s", charge.process.log)
            if threading.get_ident() == self._thread:
                self._turn(left)
            else:
                with self._changed:
                    self._changed.wait_for(lambda: pid() is not None, left)
        return found

    # -- the loop

    def _turn(self, at_most_s: float = IDLE_S) -> None:
        """Wait for something to happen and react to it."""
        self._wait(min(at_most_s, self._until_next()))
        now = time.monotonic()
        for charge in self._charges.values():
            if charge.process.pid is None:
                if charge.is_due(now):
                    self._restart(charge, now)
            elif self._has_ended(charge):
                self._on_end(charge, now)
            elif not (charge.ready or charge.spec.once) and charge.process.is_ready():
                self._on_ready(charge)

    def _wait(self, timeout_s: float) -> None:
        """Sleep until a process ends, somebody wakes us or the time is up."""
        events = select.poll()
        if self._bell.file is not None:
            events.register(self._bell.file, select.POLLIN)
        running = [each.process for each in self._charges.values() if each.process.pid is not None]
        for process in running:
            if process.pidfd is None:
                timeout_s = min(timeout_s, READY_POLL_MAX_S)
            else:
                events.register(process.pidfd, select.POLLIN)
        events.poll(max(0.0, timeout_s) * 1000)
        self._bell.hush()

    def _until_next(self) -> float:
        now = time.monotonic()
        return min((each.next_look_s(now) for each in self._charges.values()), default=IDLE_S)

    def _start_stage(self, stage: list[Charge]) -> None:
        for charge in stage:
            charge.starting = True
            self._launch(charge)
        begun = time.monotonic()
        while waiting := [each for each in stage if not each.ready]:
            if self._asked:
                raise Interrupted("Stopped before everything had started.")
            for charge in waiting:
                if time.monotonic() - begun > charge.spec.ready_timeout_s:
                    raise charge.process.too_slow()
            self._turn()

    def _launch(self, charge: Charge) -> None:
        charge.launch(time.monotonic())
        if leader := charge.process.pid:
            self._warden.add(leader, charge.spec.stop_signal, charge.spec.stop_timeout_s)

    def _has_ended(self, charge: Charge) -> bool:
        leader = charge.process.pid
        if not charge.process.ended():
            return False
        if leader is not None:
            self._warden.discard(leader)
        return True

    def _on_ready(self, charge: Charge) -> None:
        with self._changed:
            charge.ready = True
            charge.starting = False
            self._changed.notify_all()

    def _on_end(self, charge: Charge, now: float) -> None:
        process = charge.process
        if charge.spec.once and process.exit_status == 0:
            self._on_ready(charge)
            return
        how = process.how_it_ended()
        if charge.starting:
            raise NotReady(charge.spec.name, f"{how} before it was ready", process.log)
        self._schedule(charge, now, how)

    def _schedule(self, charge: Charge, now: float, why: str) -> None:
        """Plan the next start of a process that has ended or could not be started."""
        delay_s = charge.back_off(now)
        if not charge.held:
            when = f"in {delay_s:g} s" if delay_s else "now"
            log = charge.process.log
            self._say(f"{charge.spec.name} {why}. Starting it again {when}; see {log}.")

    def _restart(self, charge: Charge, now: float) -> None:
        try:
            self._launch(charge)
        except (LocalError, OSError) as exc:
            self._schedule(charge, now, f"could not be started ({exc})")

    def _stop_stage(self, stage: list[Charge]) -> None:
        begun = time.monotonic()
        for charge in stage:
            charge.due_at = None
            charge.ready = False
            charge.process.send(charge.spec.stop_signal)
        while running := [each for each in stage if not self._has_ended(each)]:
            soonest = min(running, key=lambda each: each.spec.stop_timeout_s)
            left_s = begun + soonest.spec.stop_timeout_s - time.monotonic()
            if self._asked >= HARD or left_s <= 0:
                soonest.process.kill_group()
                self._wait(READY_POLL_MAX_S)
            else:
                self._wait(left_s)


def _as_stage(stage: ProcessSpec | Sequence[ProcessSpec]) -> Sequence[ProcessSpec]:
    return [stage] if isinstance(stage, ProcessSpec) else stage


def _to_stderr(sentence: str) -> None:
    with suppress(OSError):  # the terminal may be gone, which is no reason to stop worse
        sys.stderr.write(f"{sentence}\n")
        sys.stderr.flush()
