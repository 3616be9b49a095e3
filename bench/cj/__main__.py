"""Measure comparative judgement: every target, T1 to T10, in one run."""

import argparse
import json
import os
import platform
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from bench.cj import (
    builtin_judge,
    economy,
    gaming,
    honesty,
    leaning,
    odd_input,
    planning,
    plot,
    same_bytes,
    shown,
    speed,
    whole,
)
from bench.stacks import PROJECT

TESTS = ("T1", "T2", "T3", "T4", "T5", "T6", "T7", "T8", "T9", "T10")


def main() -> None:
    """The command line."""
    wanted = _arguments()
    _say(f"{os.cpu_count()} processors, Python {platform.python_version()}, seed {wanted.seed}")
    found: dict[str, Any] = {}
    for name, measure in _measures(wanted).items():
        if name in wanted.only:
            found[name] = measure()
            print("\n".join(shown.lines(name, found[name])), flush=True)
    if "T2" in found and "T3" in found:
        _say(f"drawn: {', '.join(map(str, plot.draw(found, wanted.plot)))}")
    if wanted.json:
        print(json.dumps(found), flush=True)


def _measures(wanted: argparse.Namespace) -> Mapping[str, Callable[[], Any]]:
    given = {"say": _say, "quick": wanted.quick, "seed": wanted.seed}
    return {
        "T1": lambda: speed.t1(**given),
        "T2": lambda: honesty.t2(**given),
        "T3": lambda: economy.t3(**given),
        "T4": lambda: economy.t4(**given),
        "T5": lambda: builtin_judge.t5(wanted.data, say=_say),
        "T6": lambda: gaming.t6(say=_say),
        "T7": lambda: odd_input.t7(**given),
        "T8": lambda: leaning.t8(say=_say),
        "T9": lambda: same_bytes.t9(say=_say),
        "T10": lambda: {
            "planning": planning.plans(say=_say, seed=wanted.seed),
            "whole": whole.ranked(say=_say, quick=wanted.quick),
        },
    }


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench-cj", description=__doc__)
    parser.add_argument("--only", type=_names, default=list(TESTS), help="such as T1,T3")
    parser.add_argument("--data", type=Path, help="a folder of marked essays, for T5")
    parser.add_argument("--quick", action="store_true", help="few repetitions: a look, no figures")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--plot",
        type=Path,
        default=PROJECT / "build" / "bench-cj",
        help="where claims and economy are drawn, without .png and .svg",
    )
    parser.add_argument("--json", action="store_true", help="one object as the last line")
    return parser.parse_args()


def _names(value: str) -> list[str]:
    given = value.split(",")
    for name in given:
        if name not in TESTS:
            raise argparse.ArgumentTypeError(f"there is no {name!r}, only {', '.join(TESTS)}")
    return given


def _say(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit("Interrupted.")
