"""The command line."""

import argparse
import sys
from time import monotonic

from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from pipelines.phases.spellcheck import Spellcheck
from pipelines.vocabulary import Language
from tests.fuzz import spelling

_AT_ONCE = 500
_NAMES = st.frozensets(st.sampled_from(["Tuvalina Qvarnbrink", "Måns", "Lou"]))


def main() -> None:
    """Try texts until the time is over; the first one that goes wrong is made small and shown."""
    parser = argparse.ArgumentParser(prog="fuzz-spelling", description=__doc__)
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--seed", type=int, default=1)
    wanted = parser.parse_args()
    engine = Spellcheck()
    engine.prepare()
    tried, until, number = 0, monotonic() + wanted.minutes * 60, wanted.seed
    while monotonic() < until:
        _try(engine, number)
        number, tried = number + 1, tried + _AT_ONCE
        sys.stderr.write(f"\r{tried} texts in each language, {until - monotonic():.0f} s to go ")
    sys.stderr.write("\n")
    sys.stdout.write(
        f"{tried} texts in each language from seed {wanted.seed}: no crash, no offset broken\n"
    )


def _try(engine: Spellcheck, number: int) -> None:
    @seed(number)
    @settings(
        max_examples=_AT_ONCE,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(spelling.TEXTS, _NAMES)
    def every_text(text: str, names: frozenset[str]) -> None:
        for language in Language:
            spelling.check(engine, text, language, names)

    every_text()


if __name__ == "__main__":
    main()
