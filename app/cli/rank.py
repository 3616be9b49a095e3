"""`huleedu rank`: the essays of a file, ranked by comparing them two by two; needs no running system."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import click
from rich.console import Console

from app.cli import ranking_files, ranking_judges, ranking_plot, ranking_shown
from app.cli.ranking_files import BadFile
from app.cli.ranking_judges import Bench, NoJudge, Say
from app.cli.ranking_rounds import About, Compared, compare
from pipelines.judging import Judging
from pipelines.phases.cj_assessment.assessing import assess
from pipelines.phases.cj_assessment.assessment import Assessment
from pipelines.phases.cj_assessment.decisions import JudgeKind
from pipelines.phases.cj_assessment.stopping import StopReason
from pipelines.phases.spellcheck.dictionaries import DictionaryMissingError
from pipelines.vocabulary import Language

GAVE_UP, BAD_FILE = 1, 2
ALL_DECISIONS, JUDGE_GAVE_UP = "all_decisions", "judge_gave_up"
_PLAIN_WIDTH = 110


@dataclass(frozen=True, slots=True)
class Wanted:
    """What one call asks for.

    Attributes:
        file: of essays.
        decisions: a file of what others decided; then nobody is asked.
        judging: who is asked otherwise, and until when.
        assignment: what the essays answer, for a model; None if nobody says.
        names: of pupils, which a model is not told; None if nobody says.
        plot: where the ranking is drawn; None for a file where one is, named after the essays'.
        seed: the same file, judge and seed come out alike.
    """

    file: Path
    decisions: Path | None
    language: Language
    judging: Judging
    assignment: Path | None = None
    names: Path | None = None
    plot: Path | None = None
    seed: int = 1


@dataclass(frozen=True, slots=True)
class _Ranked:
    compared: Compared
    stop_reason: str
    flags: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def run(wanted: Wanted, *, as_json: bool) -> int:
    """Rank essays, print the ranking and draw it.

    Returns:
        0; 1 if the judge gave up before the ranking was sure; 2 if a file could not be read or written.
    """
    try:
        ranked = _ranked(wanted, _say)
    except (BadFile, NoJudge, DictionaryMissingError) as exc:
        _say(str(exc))
        return BAD_FILE
    if as_json:
        click.echo(ranking_shown.document(ranked.compared.assessment, ranked.stop_reason))
    else:
        _show(ranked)
    is_drawn = _draw(wanted, ranked)
    if ranked.compared.failure is not None:
        _say(f"The judge gave up: {ranked.compared.failure}")
        return GAVE_UP
    return 0 if is_drawn or wanted.plot is None else BAD_FILE


def _ranked(wanted: Wanted, say: Say) -> _Ranked:
    texts = ranking_files.essays(wanted.file)
    if wanted.decisions is not None:
        decisions = ranking_files.decisions(wanted.decisions, texts)
        say(f"{len(texts)} essays, {len(decisions)} decisions")
        found = assess(list(texts), decisions, seed=wanted.seed, target=wanted.judging.target)
        return _Ranked(Compared(found, decisions), ALL_DECISIONS)
    say(f"{len(texts)} essays")
    assignment = "" if wanted.assignment is None else ranking_files.text(wanted.assignment)
    about = About(texts, assignment, wanted.language)
    bench = _bench(wanted, about, say)
    compared = compare(
        about,
        bench.judge,
        wanted.judging,
        seed=wanted.seed,
        heard=lambda *news: say(_news(*news)),
    )
    reason = (
        JUDGE_GAVE_UP
        if compared.failure
        else str(compared.assessment.stop.reason or StopReason.EVERY_PAIR)
    )
    return _Ranked(compared, reason, bench.flags)


def _bench(wanted: Wanted, about: About, say: Say) -> Bench:
    if wanted.judging.judge is JudgeKind.BUILTIN:
        return ranking_judges.builtin_judge(about, wanted.judging.profile, say=say)
    return ranking_judges.model(
        about,
        wanted.judging,
        names=() if wanted.names is None else ranking_files.text(wanted.names).splitlines(),
        say=say,
    )


def _news(round_no: int, decisions: int, found: Assessment | None) -> str:
    said = f"round {round_no}: {decisions} decisions"
    if found is None or found.reliability.honest is None:
        return said
    what = "consistency" if found.reliability.is_internal else "reliability"
    return f"{said}, {what} {found.reliability.honest:.2f}"


def _show(ranked: _Ranked) -> None:
    console = Console(highlight=False)
    if not console.is_terminal:
        console = Console(highlight=False, width=_PLAIN_WIDTH)
    for part in ranking_shown.ranking(ranked.compared.assessment, ranked.flags, ranked.stop_reason):
        console.print(part)


def _draw(wanted: Wanted, ranked: _Ranked) -> bool:
    """Write the plot; whether that was possible."""
    path = wanted.plot or Path(f"{wanted.file.stem}-ranking.svg")
    picture = ranking_plot.drawn(
        ranked.compared.assessment, f"Ranking of {wanted.file.name}", odd=tuple(ranked.flags)
    )
    try:
        path.write_text(picture, "utf-8")
    except OSError as exc:
        _say(f"The plot cannot be written to {path}: {exc.strerror}.")
        return False
    _say(f"Drawn in {path}")
    return True


def _say(sentence: str) -> None:
    click.echo(sentence, err=True)
