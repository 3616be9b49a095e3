from dataclasses import replace

import choix
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.phases.cj_assessment import comparisons, curvature, model, strength
from pipelines.phases.cj_assessment.decisions import JudgeKind
from pipelines.phases.cj_assessment.grades import Anchor
from tests.unit.phases.cj_assessment.simulated import a_class, decision, names


def drawn(n: int, rounds: int, seed: int = 1) -> tuple[np.ndarray, np.ndarray]:
    """Winners and losers."""
    rng = np.random.default_rng(seed)
    strengths = rng.normal(0, 1.5, n)
    order = np.concatenate([rng.permutation(n)[: n - n % 2] for _ in range(rounds)])
    left, right = order[::2], order[1::2]
    won = rng.random(len(left)) < 1 / (1 + np.exp(strengths[right] - strengths[left]))
    return np.where(won, left, right), np.where(won, right, left)


@pytest.mark.parametrize("n", [2, 3, 30, 199, 200, 700])
def test_choix_finds_the_same(n):
    winners, losers = drawn(n, 10)
    spread = 1.3

    ours = strength.fit(model.plain(n, winners, losers, np.ones(len(winners)), spread=spread))

    pairs = list(zip(winners.tolist(), losers.tolist(), strict=True))
    theirs = choix.opt_pairwise(n, pairs, alpha=1 / (2 * spread**2), method="Newton-CG", tol=1e-12)
    assert ours.strengths == pytest.approx(theirs - theirs.mean(), abs=1e-5)


@given(n=st.integers(2, 12), data=st.data())
@settings(deadline=None, max_examples=50)
def test_it_is_where_the_posterior_is_flat(n, data):
    place = st.integers(0, n - 1)
    pairs = data.draw(
        st.lists(st.tuples(place, place).filter(lambda pair: pair[0] != pair[1]), max_size=30)
    )
    left = np.array([pair[0] for pair in pairs], np.int64)
    right = np.array([pair[1] for pair in pairs], np.int64)
    won = np.array(data.draw(st.lists(st.sampled_from([0.0, 0.5, 1.0]), min_size=len(pairs))))
    fitted = strength.fit(model.plain(n, left, right, won[: len(pairs)], spread=2.0))

    slope = fitted.model.gathered(fitted.model.won - fitted.chances) - fitted.unknowns / 4

    assert np.isfinite(fitted.strengths).all()
    assert np.abs(slope).max(initial=0) < 1e-6


def test_large_and_small_classes_are_solved_alike(monkeypatch):
    _, decisions = a_class(40, 6)
    whole = model.of(comparisons.of(names(40), decisions), prior={"e001": 1.0, "e002": 3.0})
    densely = strength.fit(whole).unknowns

    monkeypatch.setattr(curvature, "DENSE_BELOW", 0)

    assert strength.fit(whole).unknowns == pytest.approx(densely, abs=1e-6)


def test_a_tie_is_half_a_win_for_both():
    both = [decision("a", "b", "left"), decision("a", "b", "right", judge="bo")]
    ties = [decision("a", "b", "tie"), decision("a", "b", "tie", judge="bo")]

    one, other = (
        strength.fit(model.of(comparisons.of(["a", "b"], given))).strengths
        for given in (both, ties)
    )

    assert one == pytest.approx(other, abs=1e-2)


def test_a_judge_who_always_takes_the_left_says_little_but_that_it_leans():
    ids = names(20)
    pairs = [(ids[index], ids[(index + step) % 20]) for step in (1, 3) for index in range(20)]
    decisions = [decision(left, right) for left, right in pairs]

    fitted = strength.fit(model.of(comparisons.of(ids, decisions)))

    assert np.abs(fitted.strengths).max() < 1e-6
    assert fitted.shared[0] > 0.5


def test_a_model_is_believed_to_lean_sooner_than_a_person():
    ids = names(20)
    decisions = [decision(ids[index], ids[(index + 1) % 20]) for index in range(20)]

    leans = [
        strength.fit(
            model.of(comparisons.of(ids, [replace(one, kind=kind) for one in decisions]))
        ).shared[0]
        for kind in (JudgeKind.LLM, JudgeKind.PERSON)
    ]

    assert leans[0] > 2 * leans[1]


def test_anchors_stay_where_they_are_and_the_class_comes_to_lie_beside_them():
    anchors = {"a": Anchor(strength=2.0, se=0.05), "b": Anchor(strength=3.0, se=0.05)}
    decisions = [
        decision(essay, anchor, round_no=round_no)
        for round_no, anchor in enumerate("ab", start=1)
        for essay in ("c", "d", "e")
    ]

    fitted = strength.fit(model.of(comparisons.of("abcde", decisions), anchors=anchors))

    assert fitted.strengths[:2] == pytest.approx([2, 3], abs=0.05)
    assert fitted.strengths[2:].min() > 2.5


def test_a_prior_counts_as_much_as_decisions_bear_it_out():
    strengths, decisions = a_class(60, 8)
    compared = comparisons.of(list(strengths), decisions)
    useless = dict(zip(strengths, np.random.default_rng(5).normal(size=60), strict=True))

    def slope(prior):
        return strength.fit(model.of(compared, prior=prior)).shared[-1]

    assert slope(strengths) > 0.8
    assert abs(slope(useless)) < 0.4


def test_a_prior_may_be_on_any_scale_and_lack_essays():
    ids = names(4)

    scores = model.standardised(ids, {"e000": 100.0, "e001": 300.0})

    assert scores.tolist() == [-1, 1, 0, 0]
    assert model.standardised(ids, dict.fromkeys(ids, 7.0)).tolist() == [0, 0, 0, 0]
    assert model.standardised(ids, {"e000": float("nan")}).tolist() == [0, 0, 0, 0]
