"""How long it takes until what a fault left behind is made good."""

from dataclasses import dataclass, field
from threading import Event, Thread

from sqlalchemy.exc import DBAPIError

from app.services.deps import Deps
from tests.storm import damage as ledger
from tests.storm.faults import Strike
from tests.storm.history import History

LOOKS_EVERY_S = 0.1


@dataclass
class Recovery:
    """Of one strike.

    Attributes:
        taken_up_s: seconds from the end of the fault until somebody had taken up each unit again.
        done_s: the same until each unit had ended, each message was sent and everything else answered.
        lost: how many attempts were lost with it.
        outlived: how much of what the ledger showed was still open when the blow had fallen.
        calm_s: in a campaign, seconds until all had ended that was under way then, whoever had it.
    """

    strike: Strike
    taken_up_s: float | None = None
    done_s: float | None = None
    lost: int = 0
    outlived: int = 0
    calm_s: float | None = None

    @property
    def counts(self) -> bool:
        """Whether the fault came at a moment at which it left something.

        What was seen just before may have been done with just before, too: the whole worker's units are seen, and
        another child may have held them. So this goes by what the ledger says afterwards.
        """
        if self.done_s is None:
            return True
        if self.strike.what in {"kill worker", "kill child"}:
            return self.lost > 0
        return self.outlived > 0

    def look(self, deps: Deps, history: History) -> bool:
        """Whether it is complete now."""
        try:
            waiting, open_ = ledger.left_of(self.strike.damage, deps)
            if self.taken_up_s is None and not waiting:
                self.taken_up_s = self._since(history)
            if open_ or not self.strike.also():
                return False
            self.lost = ledger.attempts_lost(self.strike.damage, deps)
            self.outlived = ledger.outlived(self.strike.left, self.strike.landed_at, deps)
        except DBAPIError:
            return False
        # Not before: whoever asks the web application may be kept waiting until it is there again.
        self.done_s = self._since(history)
        history.note(
            "recovered",
            what=self.strike.what,
            on=self.strike.on,
            struck_at=round(self.strike.at, 3),
            taken_up_s=round(self.taken_up_s or 0.0, 3),
            done_s=round(self.done_s, 3),
            lost=self.lost,
            outlived=self.outlived,
        )
        return True

    def _since(self, history: History) -> float:
        return history.now() - self.strike.at - self.strike.over_s


@dataclass
class Watch:
    """Looks at every strike's recovery while others follow."""

    deps: Deps
    history: History
    recoveries: list[Recovery] = field(default_factory=list)
    _stopping: Event = field(default_factory=Event)
    _thread: Thread | None = None

    def start(self) -> None:
        """Begin to look."""
        self._thread = Thread(target=self._look, name="watch", daemon=True)
        self._thread.start()

    def add(self, strike: Strike) -> None:
        """Look at this one too."""
        self.recoveries.append(Recovery(strike))

    def open(self) -> list[Recovery]:
        """Those that are not complete."""
        return [each for each in self.recoveries if each.done_s is None]

    def stop(self) -> None:
        """Look no more."""
        self._stopping.set()
        if self._thread:
            self._thread.join()

    def _look(self) -> None:
        while not self._stopping.wait(LOOKS_EVERY_S):
            for each in self.open():
                each.look(self.deps, self.history)
