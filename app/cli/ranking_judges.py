"""Who compares the essays of `huleedu rank`."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from uuid import uuid4

from environs import EnvError

from app import llm_settings
from app.cli.ranking_rounds import About
from app.llm_settings import LlmSettings
from pipelines.judging import Judging
from pipelines.phase import BatchContext
from pipelines.phases.cj_assessment import builtin, costs, features
from pipelines.phases.cj_assessment.builtin import BuiltinJudge
from pipelines.phases.cj_assessment.costs import MICRO, Costs
from pipelines.phases.cj_assessment.judges import Judge
from pipelines.vocabulary import Profile

_NEWS_AFTER = 200  # essays, which take a second

Say = Callable[[str], None]


class NoJudge(RuntimeError):
    """There is none of the kind that is wanted."""


@dataclass(frozen=True, slots=True)
class Bench:
    """A judge, and what it saw beforehand.

    Attributes:
        flags: essay → what makes it odd, as codes.
    """

    judge: Judge
    flags: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def builtin_judge(about: About, profile: Profile, *, say: Say) -> Bench:
    """The one that comes along; says how far it has read.

    Raises:
        DictionaryMissingError: there is no dictionary of the language.
    """
    described = {}
    for number, (essay, text) in enumerate(about.texts.items(), start=1):
        described[essay] = features.describe(text, about.language)
        if number % _NEWS_AFTER == 0:
            say(f"{number} of {len(about.texts)} essays looked at")
    standings = builtin.standings(described, profile)
    flags = {essay: standing.flags for essay, standing in standings.items() if standing.flags}
    return Bench(BuiltinJudge(standings), flags)


def model(about: About, judging: Judging, *, names: Iterable[str], say: Say) -> Bench:
    """The model that the environment names; says what it may cost before it is asked.

    Raises:
        NoJudge: it names none, or not well.
    """
    settings = _settings()
    # Nobody who does without a model has to load what talks to one.
    from app.clients.llm import making
    from app.clients.llm.patient import PatientJudge

    estimate = costs.estimate(
        settings.prices, [len(text) for text in about.texts.values()], judging.most_rounds
    )
    say(
        f"{settings.model} will be asked {estimate.least.requests} to {estimate.most.requests} times, for"
        f" {_money(estimate.least)} to {_money(estimate.most)} {settings.currency};"
        f" the budget is {settings.budget} {settings.currency}"
    )
    batch = BatchContext(
        uuid4(), about.language, "", about.assignment, frozenset(filter(None, names))
    )
    return Bench(PatientJudge(making.alone(settings), batch))


def _settings() -> LlmSettings:
    try:
        settings = llm_settings.load()
    except EnvError as exc:
        raise NoJudge(f"The environment does not say well which model to ask: {exc}") from exc
    if settings is None:
        raise NoJudge(
            "The environment names no model: set HULEEDU_LLM_PROVIDER and HULEEDU_LLM_MODEL, as"
            " docs/how-to/let-a-model-judge.md explains."
        )
    return settings


def _money(of: Costs) -> str:
    return f"{of.money / MICRO:.2f}"
