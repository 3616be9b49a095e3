"""Ours and the peers it is compared with in turn, as a computer is not equally fast all the time."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack

from bench.spelling import our_process
from bench.spelling.speed import BY_INDEX, OurTimed, Timed
from bench.spelling.systems import Running

PASSES = 7
"""How often all are asked again in a round."""


def once(ours: Callable[[], Running]) -> OurTimed:
    """A round that checks the texts once."""
    with ours() as mine:
        return OurTimed(**mine.first)


def beside(
    ours: Callable[[], Running], peers: Mapping[str, Callable[[], Running]]
) -> tuple[OurTimed, Mapping[str, Timed]]:
    """A round of new processes.

    Args:
        ours: starts ours.
        peers: start each of them. A peer that is not there is left out.
    """
    with ExitStack() as running:
        mine = running.enter_context(ours())
        theirs = {name: running.enter_context(start()) for name, start in peers.items()}
        theirs = {name: each for name, each in theirs.items() if "missing" not in each.first}
        again, lines, of_peer = _in_turn(mine, theirs.get(BY_INDEX))
        return OurTimed(**mine.first, again_cpu_s=again, lines_cpu_s=lines), {
            name: Timed(each.first["speed"]["cpu_s"], of_peer if name == BY_INDEX else ())
            for name, each in theirs.items()
        }


def _in_turn(mine: Running, peer: Running | None) -> tuple[Sequence[float], ...]:
    """Seconds of each pass: ours, ours with JSON, the peer's; who is first and who is last changes with each."""
    asked = [(mine, our_process.AGAIN), (mine, our_process.LINES)]
    if peer is not None:
        asked.insert(1, (peer, our_process.AGAIN))
    used: dict[tuple[Running, str], list[float]] = {each: [] for each in asked}
    for number in range(PASSES):
        for running, what in asked if number % 2 else reversed(asked):
            used[running, what].append(running.ask(what))
    return (
        used[mine, our_process.AGAIN],
        used[mine, our_process.LINES],
        used[peer, our_process.AGAIN] if peer is not None else (),
    )
