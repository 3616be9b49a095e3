"""One process of a supervisor's: whether it is ready, and when it is to be started again."""

from dataclasses import dataclass

from app.local.process import READY_POLL_MAX_S, READY_POLL_S, Process, ProcessSpec

# A process that ran this long before it died is started again at once. One that dies sooner waits
# longer each time, but never so long that somebody who has repaired it would have to.
STEADY_S = 10.0
BACK_OFF_S = 0.5
MAX_BACK_OFF_S = 5.0
MAX_DOUBLINGS = 10  # far beyond the limit, and far from what a float cannot hold


@dataclass(slots=True)
class Charge:
    """A process and what its supervisor intends with it. Times are those of `time.monotonic`.

    Attributes:
        process: the process.
        starting: it runs for the first time, and an end is an error, not a reason to try again.
        ready: it can be used.
        held: it is not to be started again.
        failures: ends in a row, each soon after the start.
        started_at: when it was started last.
        due_at: when it is to be started again; None if it runs or has done its work.
        poll_s: how long to wait before asking again whether it is ready.
    """

    process: Process
    starting: bool = False
    ready: bool = False
    held: bool = False
    failures: int = 0
    started_at: float = 0.0
    due_at: float | None = None
    poll_s: float = READY_POLL_S

    @property
    def spec(self) -> ProcessSpec:
        """What runs."""
        return self.process.spec

    def launch(self, now: float) -> None:
        """Start the process; whatever `ProcessSpec.before` raises is passed on."""
        self.ready = False
        self.due_at = None
        self.started_at = now
        self.poll_s = READY_POLL_S
        self.process.start()

    def back_off(self, now: float) -> float:
        """Plan the next start after an end; returns the seconds until then."""
        if now - self.started_at >= STEADY_S:
            self.failures = 0
        doubled = min(self.failures - 1, MAX_DOUBLINGS)
        delay_s = min(BACK_OFF_S * 2**doubled, MAX_BACK_OFF_S) if self.failures else 0.0
        self.failures += 1
        self.ready = False
        self.due_at = now + delay_s
        return delay_s

    def is_due(self, now: float) -> bool:
        """Whether it is time to start the process again."""
        return self.due_at is not None and self.due_at <= now and not self.held

    def next_look_s(self, now: float) -> float:
        """Seconds until something has to be done here; infinite while all is well."""
        if self.due_at is not None and not self.held:
            return max(0.0, self.due_at - now)
        if self.ready or self.process.pid is None:
            return float("inf")
        found, self.poll_s = self.poll_s, min(2 * self.poll_s, READY_POLL_MAX_S)
        return found
