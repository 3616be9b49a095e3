"""Classes whose strengths are known, and panels that judge them with the faults of people.

Judges are no better than people: some sharper than others, all a little fond of the left, and now and then not looking.
Only what they decide is handed on.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from pipelines.phases.cj_assessment import comparisons, matching, model, scale, strength
from pipelines.phases.cj_assessment import reliability as reliabilities
from pipelines.phases.cj_assessment.comparisons import Comparisons, Floats
from pipelines.phases.cj_assessment.decisions import Choice, Decision, JudgeKind, Pair
from pipelines.phases.cj_assessment.pairing import next_round

JUDGES = 20
SHARPNESS_SD, LEAN, LEAN_SD, LAPSES = 0.3, 0.1, 0.1, 0.03

Pairing = Callable[..., Sequence[Pair]]
"""As `pairing.next_round`."""


@dataclass(frozen=True, eq=False)
class SimulatedClass:
    """What nobody knows of a real one.

    Attributes:
        strengths: essay → strength, in logits.
        prior: essay → what somebody cheap says of it; None if nobody does.
    """

    strengths: Mapping[str, float]
    prior: Mapping[str, float] | None = None

    def truth(self, essays: Sequence[str]) -> Floats:
        """(n,) the strengths, in this order."""
        return np.array([self.strengths[essay] for essay in essays])

    def reliability(self, essays: Sequence[str], scores: Floats) -> float:
        """The squared correlation of scores and truth; 0 where either does not differ, or they are opposed."""
        truth = self.truth(essays)
        if not truth.std() or not scores.std():
            return 0.0
        return max(float(np.corrcoef(scores, truth)[0, 1]), 0.0) ** 2


@dataclass(frozen=True, eq=False)
class Panel:
    """Judges.

    Attributes:
        sharpness: (j,) what each multiplies differences of strength by.
        leans: (j,) to the left, in logits.
        lapses: share of decisions made without looking.
    """

    sharpness: Floats
    leans: Floats
    lapses: float

    def decide(
        self, pairs: Sequence[Pair], about: SimulatedClass, round_no: int, rng: np.random.Generator
    ) -> list[Decision]:
        """One decision a pair, judges taking turns in an order that is drawn."""
        turns = rng.permutation(np.arange(len(pairs)) % len(self.leans))
        return [
            self.decided(pair, judge, rng.random(), about, round_no)
            for pair, judge in zip(pairs, turns.tolist(), strict=True)
        ]

    def decided(
        self, pair: Pair, judge: int, luck: float, about: SimulatedClass, round_no: int
    ) -> Decision:
        """What a judge, by number, says of a pair; of luck, drawn from 0 to 1, little is good for the left."""
        gap = about.strengths[pair.left] - about.strengths[pair.right]
        odds = self.sharpness[judge] * gap + self.leans[judge]
        chance = (1 - self.lapses) / (1 + np.exp(-odds)) + self.lapses / 2
        choice = Choice.LEFT if luck < chance else Choice.RIGHT
        name = f"judge {judge + 1:02}"
        return Decision(round_no, pair.left, pair.right, choice, name, JudgeKind.PERSON)


def a_class(
    essays: int, spread: float, rng: np.random.Generator, *, prior_r: float | None = None
) -> SimulatedClass:
    """Draw one.

    Args:
        spread: standard deviation of the strengths; 0 makes every decision the flip of a coin.
        prior_r: correlation of the prior with the truth, on the average; None for no prior.
    """
    names = [f"essay {number:04}" for number in range(1, essays + 1)]
    units = rng.standard_normal(essays)
    noise = rng.standard_normal(essays)
    prior = None
    if prior_r is not None:
        told = prior_r * units + np.sqrt(1 - prior_r**2) * noise
        prior = dict(zip(names, told.tolist(), strict=True))
    return SimulatedClass(dict(zip(names, (spread * units).tolist(), strict=True)), prior)


def a_panel(rng: np.random.Generator, *, judges: int = JUDGES) -> Panel:
    """Draw one."""
    return Panel(
        np.exp(SHARPNESS_SD * rng.standard_normal(judges)),
        LEAN + LEAN_SD * rng.standard_normal(judges),
        LAPSES,
    )


def at_random(
    essays: Sequence[str],
    decisions: Iterable[Decision],
    round_no: int,
    *,
    seed: int,
    prior: Mapping[str, float] | None = None,  # noqa: ARG001 - as `next_round`
) -> tuple[Pair, ...]:
    """A round of pairs that are new and drawn, whatever was decided."""
    names = sorted(essays)
    place = {essay: index for index, essay in enumerate(names)}
    met = frozenset(
        (place[one], place[other]) for one, other in (each.pair.essays for each in decisions)
    )
    rng = np.random.default_rng((seed, round_no))
    pairs = matching.at_random(range(len(names)), met, rng)
    return tuple(Pair(names[one], names[other]) for one, other in pairs)


@dataclass(frozen=True, slots=True)
class Claim:
    """What is claimed after a round, beside what is true.

    Attributes:
        true: squared correlation of the scores with the strengths.
        honest: what is claimed of it.
        low: lower end of that.
        ssr: what the usual formula claims.
    """

    true: float
    honest: float
    low: float
    ssr: float


def judged(
    about: SimulatedClass,
    panel: Panel,
    rounds: int,
    *,
    seed: int,
    pairing: Pairing = next_round,
    with_prior: bool = True,
) -> list[Decision]:
    """All decisions of so many rounds.

    Args:
        with_prior: whether the class's prior is known to who chooses the pairs.
    """
    rng = np.random.default_rng((seed, 1))
    prior = about.prior if with_prior else None
    found: list[Decision] = []
    for round_no in range(1, rounds + 1):
        pairs = pairing(list(about.strengths), found, round_no, seed=seed, prior=prior)
        found += panel.decide(pairs, about, round_no, rng)
    return found


def until(decisions: Iterable[Decision], rounds: int) -> list[Decision]:
    """Those of the first rounds."""
    return [one for one in decisions if one.round_no <= rounds]


def scored(compared: Comparisons, prior: Mapping[str, float] | None) -> Floats:
    """(n,) scores in little time: at a typical spread, which orders essays nearly as the one believed in does."""
    return strength.fit(model.of(compared, prior=prior)).strengths


def claimed(
    about: SimulatedClass, decisions: Sequence[Decision], *, seed: int, with_prior: bool = True
) -> Claim:
    """What an assessment would claim."""
    prior = about.prior if with_prior else None
    compared = comparisons.of(list(about.strengths), decisions)
    whole = model.of(compared, prior=prior)
    drawn = scale.draws(whole, np.random.default_rng((seed, 2)))
    scores = strength.fit(whole.with_spread(float(drawn.spreads.mean()))).strengths
    honest = reliabilities.honest(scores, drawn, whole.is_free)
    usual = reliabilities.ssr(model.of(compared), whole.is_free)
    return Claim(
        about.reliability(compared.essays, scores),
        honest.claim if honest else 0.0,
        honest.low if honest else 0.0,
        usual or 0.0,
    )
