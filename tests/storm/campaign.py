"""One fault after the other: the next is struck when all that the last one could have left is made good."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from random import Random
from time import sleep

from sqlalchemy.exc import DBAPIError

from tests.storm import damage as ledger
from tests.storm.damage import Damage
from tests.storm.faults import KILLS, Nemesis
from tests.storm.recovery import Recovery

LOSSES = ("empty_redis", "crash_postgres")
LOSSES_OF_RABBITMQ = ("empty_rabbitmq", "kill_rabbitmq")
LOOKS_EVERY_S = 0.1
# So that strikes do not all come so long after the last thing that was waited for.
MOST_PAUSE_S = 0.3
PATIENCE_S = 120.0
# A fault that leaves nothing so often finds nothing to harm: something else is wrong.
MOST_TRIES = 10


def order(kills: int, losses: int, random: Random, *, rabbitmq: bool) -> list[str]:
    """The faults to be struck: as many of each process that can be killed, and of each loss, in an order of chance."""
    faults = [KILLS[number % len(KILLS)] for number in range(kills)]
    faults += [*LOSSES, *(LOSSES_OF_RABBITMQ if rabbitmq else ())] * losses
    random.shuffle(faults)
    return faults


@dataclass
class Campaign:
    """Strikes until as many strikes as are wanted have left something.

    Attributes:
        faults: what is to be struck, in this order; what leaves nothing is struck again.
        say: told of each strike in a line.
        recoveries: of every strike so far.
        restless: strikes after which the system did not come to rest, in sentences.
    """

    nemesis: Nemesis
    faults: Sequence[str]
    say: Callable[[str], None]
    recoveries: list[Recovery] = field(default_factory=list)
    restless: list[str] = field(default_factory=list)

    @property
    def counted(self) -> int:
        """How many strikes have left something."""
        return sum(each.counts for each in self.recoveries)

    def run(self) -> None:
        """Strike them all."""
        for fault in self.faults:
            for _ in range(MOST_TRIES):
                recovery = self._strike(fault)
                self.say(self._line(recovery))
                sleep(self.nemesis.random.uniform(0, MOST_PAUSE_S))
                if recovery.counts:
                    break

    def _strike(self, fault: str) -> Recovery:
        recovery = Recovery(getattr(self.nemesis, fault)())
        # Also what the fault was not meant for may be in its way, and would be in the next one's.
        rest = self.nemesis.everything()
        self._await(recovery, rest)
        self.recoveries.append(recovery)
        return recovery

    def _await(self, recovery: Recovery, rest: Damage) -> None:
        installation, history = self.nemesis.installation, self.nemesis.history
        strike = recovery.strike
        began = strike.at + strike.over_s
        while recovery.done_s is None or recovery.calm_s is None:
            if recovery.done_s is None:
                recovery.look(installation.deps, history)
            if recovery.calm_s is None and self._is_calm(rest):
                recovery.calm_s = history.now() - began
            if history.now() - began > PATIENCE_S:
                what = "not_recovered" if recovery.done_s is None else "not_at_rest"
                history.note(what, what=strike.what, on=strike.on, within_s=PATIENCE_S)
                self.restless.append(
                    f"{strike.what} ({strike.on}) at {strike.at:.1f} s: no rest in {PATIENCE_S:.0f} s"
                )
                return
            sleep(LOOKS_EVERY_S)

    def _is_calm(self, rest: Damage) -> bool:
        try:
            _, open_ = ledger.left_of(rest, self.nemesis.installation.deps)
        except DBAPIError:
            return False
        return not open_ and self.nemesis.installation.is_whole()

    def _line(self, recovery: Recovery) -> str:
        strike = recovery.strike
        number = f"{self.counted:4} of {len(self.faults)}" if recovery.counts else "   left nothing"
        took = "never" if recovery.done_s is None else f"{recovery.done_s:5.1f} s"
        return f"{strike.at:6.0f} s {number:15} {strike.what:14} {took:>7}   {strike.on}: {strike.left}"
