"""`python -m tests.storm storm|kills`: see the package."""

import argparse
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from random import Random, SystemRandom
from time import sleep
from typing import Any, TextIO
from uuid import uuid4

from app.services import accounts
from tests.storm import campaign, checks, installation, report
from tests.storm.campaign import Campaign
from tests.storm.checks import Wrong
from tests.storm.desks import Desk, Load
from tests.storm.faults import ANYTIME, WITH_RABBITMQ, Nemesis
from tests.storm.history import History
from tests.storm.installation import PROJECT, Installation
from tests.storm.recovery import Recovery, Watch
from tests.teacher import PASSWORD

STORM = Load(desks=20, essays=(3, 10), unit_s=0.1, cancels=0.1)
# Few classes and quick units, so that what a fault left does not wait for its turn behind other work. Five teachers and
# units of 0.4 s left no child idle, and one unit in ten waited for 3 s in the queue that is read last.
CAMPAIGN = Load(desks=3, essays=(5, 8), unit_s=0.1)
CALM_WITHIN_S = 180.0
RECOVERY_WITHIN_S = 120.0
TELLS_EVERY_S = 10.0
# So that there is something to lose.
WARMS_UP_S = 5.0


def main(argv: Sequence[str] | None = None) -> int:
    """Run what the command line says; 1 if anything was wrong."""
    arguments = _arguments(argv)
    seed = arguments.seed or str(SystemRandom().randrange(10**6))
    name = f"{arguments.what}-{arguments.broker}-{seed}.log"
    log = Path(arguments.log or PROJECT / "build" / name)
    log.parent.mkdir(parents=True, exist_ok=True)
    home = Path(arguments.home or tempfile.mkdtemp(prefix="huleedu-storm-", dir="/var/tmp"))
    home.mkdir(parents=True, exist_ok=True)
    home.chmod(0o711)
    with log.open("w", buffering=1) as file:
        tell = Teller(file)
        tell(f"seed {seed}, broker {arguments.broker}, data in {home}, log {log}")
        return _run(arguments, seed, home, log, tell)


def _run(arguments: argparse.Namespace, seed: str, home: Path, log: Path, tell: "Teller") -> int:
    is_storm = arguments.what == "storm"
    load = STORM if is_storm else CAMPAIGN
    load = replace(load, desks=arguments.desks or load.desks)
    history = History(log.with_suffix(".history.jsonl"))
    history.note("begins", what=arguments.what, seed=seed, broker=arguments.broker)
    facts: dict[str, Any] = {"seed": seed, "broker": arguments.broker}
    with installation.running(home, broker=arguments.broker, unit_s=load.unit_s) as running:
        nemesis = Nemesis(running, history, Random(f"{seed} nemesis"))
        order = Random(f"{seed} order")
        with _teachers(running, load, history, seed) as desks:
            sleep(WARMS_UP_S)
            if is_storm:
                recoveries = _storm(nemesis, order, arguments.minutes * 60, desks, tell)
                short = []
            else:
                recoveries, short = _kills(nemesis, order, arguments, tell)
        wrong = _rest(running, history)
        facts |= {"took_s": round(history.now()), **checks.totals(running.deps)}
    history.close()
    slow = report.too_slow(recoveries)
    if is_storm:
        # One fault comes upon the other, and the second has its own time.
        facts[f"longer than {report.MOST_S:.0f} s"] = slow
    else:
        short += slow
    report.show(recoveries, wrong, short, facts, tell)
    report.keep(log.with_suffix(".report.json"), recoveries, wrong, short, facts)
    return 1 if wrong or short else 0


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
    parser.add_argument(
        "--desks", type=int, help="teachers at work; 20 in a storm, 3 in a campaign"
    )
    parser.add_argument("--home", help="where data and the logs of every process go")
    parser.add_argument(
        "--log",
        help="where what is printed goes, too, and beside it history and report; in build/ if not given",
    )
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


def _storm(
    nemesis: Nemesis, order: Random, seconds: float, desks: Sequence[Desk], tell: "Teller"
) -> list[Recovery]:
    """Strike one fault after the other, without waiting for what the last one left."""
    running, history = nemesis.installation, nemesis.history
    faults = [*ANYTIME, *(WITH_RABBITMQ if running.rabbitmq else ())]
    watch = Watch(running.deps, history)
    watch.start()
    until = history.now() + seconds
    tells_at = 0.0
    while history.now() < until:
        watch.add(getattr(nemesis, order.choice(faults))())
        if history.now() >= tells_at:
            tells_at = history.now() + TELLS_EVERY_S
            classes = sum(desk.classes for desk in desks)
            tell(
                f"{history.now():6.0f} of {until:.0f} s  {len(watch.recoveries)} strikes,"
                f" {len(watch.open())} not made good yet, {classes} classes"
            )
        sleep(order.uniform(1, 10))
    tell("The storm is over; waiting for everybody to finish.")
    until = history.now() + RECOVERY_WITHIN_S
    while watch.open() and history.now() < until:
        sleep(0.5)
    watch.stop()
    return watch.recoveries


def _kills(
    nemesis: Nemesis, order: Random, arguments: argparse.Namespace, tell: "Teller"
) -> tuple[list[Recovery], list[str]]:
    """Strike one fault, wait until it is made good, and strike the next; what was not as it was wanted to be."""
    rabbitmq = nemesis.installation.rabbitmq is not None
    faults = campaign.order(arguments.kills, arguments.losses, order, rabbitmq=rabbitmq)
    running = Campaign(nemesis, faults, tell)
    try:
        running.run()
    except KeyboardInterrupt:
        tell("Told to stop; waiting for everybody to finish.")
    short = list(running.restless)
    if running.counted < len(faults):
        short.append(f"only {running.counted} of {len(faults)} strikes left something")
    return running.recoveries, short


def _rest(running: Installation, history: History) -> list[Wrong]:
    """Wait until nothing is open any more, and check everything."""
    until = history.now() + CALM_WITHIN_S
    wrong = checks.check(history.path, running.deps)
    while wrong and history.now() < until:
        sleep(1)
        wrong = checks.check(history.path, running.deps)
    return wrong


class Teller:
    """Prints, and writes the same into a file."""

    def __init__(self, file: TextIO) -> None:
        self._file = file

    def __call__(self, sentence: str) -> None:
        """Say something in a line, or several."""
        print(sentence, flush=True)
        self._file.write(f"{sentence}\n")


if __name__ == "__main__":
    sys.exit(main())
