"""`python -m tests.storm storm|kills`: see the package."""

import argparse
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from random import Random, SystemRandom
from time import sleep
from typing import Any
from uuid import uuid4

from app.services import accounts
from tests.storm import checks, installation, report
from tests.storm.desks import Desk, Load
from tests.storm.faults import ANYTIME, KILLS, WITH_RABBITMQ, Nemesis, Strike
from tests.storm.history import History
from tests.storm.installation import Installation
from tests.storm.recovery import Recovery, Watch, await_recovery
from tests.teacher import PASSWORD

STORM = Load(desks=20, essays=(3, 10), unit_s=0.1, cancels=0.1)
# Few classes at a time, so that what a fault left does not wait for its turn behind other work.
CAMPAIGN = Load(desks=5, essays=(5, 8), unit_s=0.4)
CALM_WITHIN_S = 180.0
RECOVERY_WITHIN_S = 120.0
TELLS_EVERY_S = 10.0


def main(argv: Sequence[str] | None = None) -> int:
    """Run what the command line says; 1 if anything was wrong."""
    arguments = _arguments(argv)
    home = Path(arguments.home or tempfile.mkdtemp(prefix="huleedu-storm-", dir="/var/tmp"))
    home.mkdir(parents=True, exist_ok=True)
    home.chmod(0o711)
    seed = arguments.seed or str(SystemRandom().randrange(10**6))
    print(f"seed {seed}, broker {arguments.broker}, files in {home}", flush=True)
    load = STORM if arguments.what == "storm" else CAMPAIGN
    history = History(home / "history.jsonl")
    history.note("begins", what=arguments.what, seed=seed, broker=arguments.broker)
    with installation.running(home, broker=arguments.broker, unit_s=load.unit_s) as running:
        nemesis = Nemesis(running, history, Random(f"{seed} nemesis"))
        with _teachers(running, load, history, seed) as desks:
            if arguments.what == "storm":
                recoveries = _storm(nemesis, arguments.minutes * 60, desks)
            else:
                recoveries = _kills(nemesis, arguments.kills, arguments.losses, desks)
        wrong = _rest(running, history)
    facts: dict[str, Any] = {
        "seed": seed,
        "broker": arguments.broker,
        "took_s": round(history.now()),
        "classes": sum(desk.classes for desk in desks),
        "strikes_that_left_something": sum(each.counts for each in recoveries),
        "history": str(history.path),
    }
    history.close()
    slow = report.too_slow(recoveries)
    if arguments.what == "kills":
        wrong += slow
    else:
        # In a storm one fault comes upon the other, and the second has its own time.
        facts["longer_than_15_s"] = slow
    report.show(recoveries, wrong, facts)
    report.keep(home / "report.json", recoveries, wrong, facts)
    return 1 if wrong else 0


def _arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.storm", description=__doc__)
    parser.add_argument("what", choices=["storm", "kills"])
    parser.add_argument("--seed", help="decides what happens, as far as chance does; printed")
    parser.add_argument("--broker", choices=["redis", "rabbitmq"], default="redis")
    parser.add_argument("--minutes", type=float, default=10.0, help="how long a storm lasts")
    parser.add_argument("--kills", type=int, default=100, help="SIGKILLs of a campaign")
    parser.add_argument(
        "--losses", type=int, default=10, help="how often Redis is emptied and Postgres crashed"
    )
    parser.add_argument("--home", help="where history, logs and data go")
    return parser.parse_args(argv)


@contextmanager
def _teachers(
    running: Installation, load: Load, history: History, seed: str
) -> Iterator[list[Desk]]:
    """Teachers at work; leaving waits until each has seen their class through."""
    desks = []
    for number in range(load.desks):
        email = f"{uuid4().hex}@school.example"
        accounts.add(email, "T. Eacher", PASSWORD, "teacher", deps=running.deps)
        desks.append(Desk(number, running.stack.url, email, load, history, seed))
    for desk in desks:
        desk.start()
    yield desks
    for desk in desks:
        desk.leave()
    for desk in desks:
        desk.join(CALM_WITHIN_S)
        if desk.is_alive():
            history.note("desk_gave_up", desk=desk.number, why="its class never ends")


def _storm(nemesis: Nemesis, seconds: float, desks: Sequence[Desk]) -> list[Recovery]:
    """Strike one fault after the other, without waiting for what the last one left."""
    running, history, random = nemesis.installation, nemesis.history, nemesis.random
    faults = [*ANYTIME, *(WITH_RABBITMQ if running.rabbitmq else ())]
    watch = Watch(running.deps, history)
    watch.start()
    tells = _Tells(history, seconds)
    sleep(5)  # so that there is something to lose
    until = history.now() + seconds
    while history.now() < until:
        watch.add(_strike(nemesis, random.choice(faults)))
        tells(len(watch.recoveries), len(watch.open()), desks)
        sleep(random.uniform(1, 10))
    print("The storm is over; waiting for everybody to finish.", flush=True)
    until = history.now() + RECOVERY_WITHIN_S
    while watch.open() and history.now() < until:
        sleep(0.5)
    watch.stop()
    return watch.recoveries


def _kills(nemesis: Nemesis, kills: int, losses: int, desks: Sequence[Desk]) -> list[Recovery]:
    """Strike one fault, wait until it is made good, and strike the next."""
    running, history, random = nemesis.installation, nemesis.history, nemesis.random
    faults = [KILLS[number % len(KILLS)] for number in range(kills)]
    faults += ["empty_redis", "crash_postgres"] * losses
    if running.rabbitmq:
        faults += ["empty_rabbitmq", "kill_rabbitmq"] * losses
    random.shuffle(faults)
    recoveries: list[Recovery] = []
    tells = _Tells(history, None)
    sleep(5)
    while faults:
        fault = faults.pop()
        strike = _strike(nemesis, fault)
        recoveries.append(await_recovery(strike, running.deps, history, RECOVERY_WITHIN_S))
        if not recoveries[-1].counts:
            faults.insert(0, fault)  # it left nothing: another one takes its place
        tells(len(recoveries), len(faults), desks)
        sleep(random.uniform(0.2, 1.0))
    return recoveries


def _strike(nemesis: Nemesis, fault: str) -> Strike:
    strike: Strike = getattr(nemesis, fault)()
    return strike


def _rest(running: Installation, history: History) -> list[Any]:
    """Wait until nothing is open any more, and check everything."""
    until = history.now() + CALM_WITHIN_S
    wrong = checks.check(history.path, running.deps)
    while wrong and history.now() < until:
        sleep(1)
        wrong = checks.check(history.path, running.deps)
    return wrong


class _Tells:
    """Says now and then how far it has come."""

    def __init__(self, history: History, seconds: float | None) -> None:
        self._history, self._seconds, self._due = history, seconds, 0.0

    def __call__(self, strikes: int, left: int, desks: Sequence[Desk]) -> None:
        now = self._history.now()
        if now < self._due:
            return
        self._due = now + TELLS_EVERY_S
        of: Any = f" of {self._seconds:.0f}" if self._seconds else ""
        classes = sum(desk.classes for desk in desks)
        what = "not made good yet" if self._seconds else "to come"
        print(f"{now:5.0f}{of} s  {strikes} strikes, {left} {what}, {classes} classes", flush=True)


if __name__ == "__main__":
    sys.exit(main())
