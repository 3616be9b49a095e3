import numpy as np
import pytest

from pipelines.phases.cj_assessment import comparisons, simulating
from pipelines.phases.cj_assessment.decisions import Choice
from pipelines.phases.cj_assessment.simulating import Panel, SimulatedClass


def rng() -> np.random.Generator:
    return np.random.default_rng(1)


def test_a_class_is_spread_as_asked_and_its_prior_goes_with_it():
    about = simulating.a_class(4000, 1.4, rng(), prior_r=0.74)
    names = list(about.strengths)

    prior = np.array([about.prior[name] for name in names])

    assert about.truth(names).std() == pytest.approx(1.4, rel=0.05)
    assert np.corrcoef(prior, about.truth(names))[0, 1] == pytest.approx(0.74, abs=0.03)
    assert simulating.a_class(3, 1.0, rng()).prior is None


@pytest.mark.parametrize(
    ("lean", "lapses", "expected"), [(0, 0, 0.8808), (1, 0, 0.9526), (0, 1, 0.5)]
)
def test_judges_prefer_the_better_the_left_or_do_not_look(lean, lapses, expected):
    about = SimulatedClass({"a": 2.0, "b": 0.0})
    panel = Panel(np.ones(1), np.full(1, float(lean)), lapses)
    pairs = simulating.at_random(["a", "b"], [], 1, seed=1)
    pair = pairs[0] if pairs[0].left == "a" else pairs[0].swapped()

    decided = panel.decide([pair] * 4000, about, 1, rng())

    share = np.mean([one.choice is Choice.LEFT for one in decided])
    assert share == pytest.approx(expected, abs=0.02)


def test_judges_take_turns():
    about = simulating.a_class(40, 1.0, rng())

    decided = simulating.judged(about, simulating.a_panel(rng(), judges=5), 3, seed=1)

    counts = np.unique([one.judge for one in decided], return_counts=True)[1]
    assert counts.tolist() == [12] * 5
    assert [len(simulating.until(decided, rounds)) for rounds in (0, 1, 3)] == [0, 20, 60]


def test_what_is_claimed_stands_beside_what_is_true():
    about = simulating.a_class(40, 2.0, rng(), prior_r=0.7)
    decided = simulating.judged(about, simulating.a_panel(rng()), 10, seed=1)

    claim = simulating.claimed(about, decided, seed=1)
    scores = simulating.scored(comparisons.of(list(about.strengths), decided), about.prior)

    assert claim.true == pytest.approx(about.reliability(sorted(about.strengths), scores), abs=0.03)
    assert 0.5 < claim.low < claim.honest < 1


def test_scores_that_do_not_differ_or_are_opposed_have_no_reliability():
    about = SimulatedClass({"a": 1.0, "b": 0.0, "c": -1.0})

    assert about.reliability("abc", np.zeros(3)) == 0
    assert about.reliability("abc", np.array([-1.0, 0.0, 1.0])) == 0
    assert about.reliability("abc", np.array([1.0, 0.0, -1.0])) == pytest.approx(1)
