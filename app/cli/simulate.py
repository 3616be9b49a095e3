"""`huleedu cj simulate`: what comparing a class would come to, with judges that are simulated."""

import json
import statistics
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass

import numpy as np
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from pipelines.phases.cj_assessment import simulating
from pipelines.phases.cj_assessment.assessing import assess
from pipelines.phases.cj_assessment.pairing import next_round
from pipelines.phases.cj_assessment.stopping import StopReason

PAIRINGS = {"own": next_round, "random": simulating.at_random}
SHOWN_WIDTH = 100
FORECASTS = (0.70, 0.80, 0.90)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be simulated.

    Attributes:
        spread: standard deviation of the essays' strengths, in logits; 0 makes judges flip coins.
        prior_r: how well a prior goes with the truth; None for none.
        pairing: a name of `PAIRINGS`.
        target: the honest reliability at which to stop.
        classes: how many are averaged.
    """

    essays: int
    spread: float
    judges: int
    rounds: int
    prior_r: float | None
    pairing: str
    target: float
    classes: int
    seed: int


@dataclass(frozen=True, slots=True)
class Row:
    """A round, as the mean over classes.

    Attributes:
        true: squared correlation of scores and strengths.
        honest: what was claimed of it.
        ssr: what the usual formula claimed.
        stopped: share of the classes that had stopped by then.
    """

    round_no: int
    comparisons_per_essay: float
    true: float
    honest: float
    ssr: float
    stopped: float


def run(wanted: Wanted, *, as_json: bool) -> int:
    """Simulate, and show the rounds; with `as_json` also as one object in the last line."""
    found = [_rounds(wanted, number) for number in range(wanted.classes)]
    rows = [_mean(at) for at in zip(*found, strict=True)]
    console = Console(highlight=False)
    if not console.is_terminal:
        console = Console(highlight=False, width=SHOWN_WIDTH)
    console.print(_table(wanted, rows))
    for sentence in _sentences(wanted, rows):
        console.print(sentence)
    if as_json:
        body = {"simulated": asdict(wanted), "rounds": [asdict(row) for row in rows]}
        print(json.dumps(body))
    sys.stdout.flush()
    return 0


def _rounds(wanted: Wanted, number: int) -> list[Row]:
    rng = np.random.default_rng((wanted.seed, number))
    about = simulating.a_class(wanted.essays, wanted.spread, rng, prior_r=wanted.prior_r)
    panel = simulating.a_panel(rng, judges=wanted.judges)
    seed = wanted.seed + number
    pairing = PAIRINGS[wanted.pairing]
    decisions = simulating.judged(about, panel, wanted.rounds, seed=seed, pairing=pairing)
    essays, stopped, rows = list(about.strengths), False, []
    for round_no in range(1, wanted.rounds + 1):
        known = simulating.until(decisions, round_no)
        said = assess(essays, known, seed=seed, prior=about.prior, target=wanted.target)
        scores = {one.essay_id: one.score for one in said.essays}
        stopped = stopped or said.stop.reason is StopReason.RELIABLE
        rows.append(
            Row(
                round_no,
                2 * len(known) / wanted.essays,
                about.reliability(essays, np.array([scores[essay] for essay in essays])),
                said.reliability.honest or 0.0,
                said.reliability.ssr or 0.0,
                float(stopped),
            )
        )
    return rows


def _mean(rows: Sequence[Row]) -> Row:
    def mean(name: str) -> float:
        return round(statistics.fmean(getattr(row, name) for row in rows), 4)

    return Row(
        rows[0].round_no,
        mean("comparisons_per_essay"),
        mean("true"),
        mean("honest"),
        mean("ssr"),
        mean("stopped"),
    )


def _table(wanted: Wanted, rows: Sequence[Row]) -> Table:
    title = f"{wanted.essays} essays, {wanted.judges} judges, mean of {wanted.classes} classes"
    table = Table(title=title, title_justify="left", box=SIMPLE_HEAD, header_style="bold")
    for name in ("Round", "Per essay", "True", "Honest", "SSR", "Stopped"):
        table.add_column(name, justify="right", no_wrap=True)
    for row in rows:
        table.add_row(
            str(row.round_no),
            f"{row.comparisons_per_essay:.1f}",
            *(f"{value:.2f}" for value in (row.true, row.honest, row.ssr)),
            f"{row.stopped:.0%}",
        )
    return table


def _sentences(wanted: Wanted, rows: Sequence[Row]) -> list[str]:
    if not wanted.spread:
        return [
            "These judges flip coins: nothing is true of the ranking, and nothing should be claimed."
        ]
    said = []
    for reliability in FORECASTS:
        first = next((row for row in rows if row.true >= reliability), None)
        if first is None:
            said.append(
                f"A true reliability of {reliability:.2f} takes more than {len(rows)} rounds."
            )
        else:
            decisions = round(first.comparisons_per_essay * wanted.essays / 2)
            said.append(
                f"A true reliability of {reliability:.2f} takes {first.round_no} rounds:"
                f" {decisions} decisions, {decisions / wanted.judges:.0f} for each judge."
            )
    return said
