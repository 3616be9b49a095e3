import numpy as np
import pytest

from pipelines.phases.cj_assessment import comparisons, curvature, model, scale, strength
from pipelines.phases.cj_assessment.grades import Anchor
from tests.unit.phases.cj_assessment.simulated import a_class, decision, names


def whole(n: int, rounds: int, **given) -> tuple[np.ndarray, model.Model]:
    strengths, decisions = a_class(n, rounds, sd=given.pop("sd", 1.5))
    return np.array(list(strengths.values())), model.of(
        comparisons.of(list(strengths), decisions), **given
    )


def rng() -> np.random.Generator:
    return np.random.default_rng(1)


def test_without_decisions_the_prior_is_drawn():
    nothing = model.of(comparisons.of(names(8), []))

    spreads = np.concatenate(
        [scale.draws(nothing, np.random.default_rng(seed)).spreads for seed in range(6)]
    )

    # Half-normal: mean sd √(2/π), 68.3 % below sd.
    assert spreads.mean() == pytest.approx(scale.SPREAD_SD * np.sqrt(2 / np.pi), rel=0.12)
    assert (spreads < scale.SPREAD_SD).mean() == pytest.approx(0.683, abs=0.06)
    assert (spreads < model.TYPICAL_SPREAD).mean() == pytest.approx(0.5, abs=0.06)


def test_a_prior_score_makes_no_class_more_spread_beforehand():
    essays = names(8)
    prior = {essay: float(place) for place, essay in enumerate(essays)}
    nothing = model.of(comparisons.of(essays, []), prior=prior)

    drawn = [scale.draws(nothing, np.random.default_rng(seed)) for seed in range(12)]

    spreads = np.concatenate([one.spreads for one in drawn])
    slopes = np.concatenate([one.shared[:, 0] for one in drawn])
    whole = np.hypot(spreads, slopes)
    assert whole.mean() == pytest.approx(scale.SPREAD_SD * np.sqrt(2 / np.pi), rel=0.12)
    assert (whole < scale.SPREAD_SD / 4).mean() == pytest.approx(0.197, abs=0.05)
    # Any correlation of prior and strengths is as likely.
    assert (np.abs(slopes) < whole / 2).mean() == pytest.approx(0.5, abs=0.06)


def test_a_prior_that_says_the_same_of_all_leaves_the_spread_alone():
    strengths, decisions = a_class(20, 8)
    compared = comparisons.of(list(strengths), decisions)
    alike = model.of(compared, prior=dict.fromkeys(strengths, 1.0))

    drawn = scale.draws(alike, rng())

    without = scale.draws(model.of(compared), rng())
    assert drawn.spreads.mean() == pytest.approx(without.spreads.mean(), rel=0.12)


@pytest.mark.parametrize("sd", [0.7, 2.5])
def test_the_spread_is_found(sd):
    strengths, about = whole(60, 14, sd=sd)

    drawn = scale.draws(about, rng())

    assert drawn.spreads.mean() == pytest.approx(strengths.std(), rel=0.35)
    assert np.corrcoef(drawn.strengths.mean(0), strengths)[0, 1] > 0.6


def test_strengths_are_drawn_from_around_the_fit():
    _, about = whole(40, 12)

    drawn = scale.draws(about, rng())

    fitted = strength.fit(about.with_spread(float(drawn.spreads.mean())))
    assert np.corrcoef(drawn.strengths.mean(0), fitted.strengths)[0, 1] > 0.99
    assert np.abs(drawn.strengths.mean(1)).max() < 1e-9


def test_large_classes_are_drawn_alike(monkeypatch):
    _, about = whole(40, 12)
    densely = scale.draws(about, rng())
    monkeypatch.setattr(curvature, "DENSE_BELOW", 0)

    sparsely = scale.draws(about, rng())

    assert sparsely.spreads.mean() == pytest.approx(densely.spreads.mean(), rel=0.15)
    assert np.corrcoef(sparsely.strengths.mean(0), densely.strengths.mean(0))[0, 1] > 0.99
    ratio = sparsely.strengths.std(0) / densely.strengths.std(0)
    assert ratio.mean() == pytest.approx(1, abs=0.15)


def test_anchored_strengths_are_drawn_around_their_anchors():
    anchors = {"a": Anchor(strength=2.0, se=0.1), "b": Anchor(strength=-1.0, se=0.1)}
    about = model.of(comparisons.of("abc", [decision("c", "a")]), anchors=anchors)

    drawn = scale.draws(about, rng()).strengths

    assert drawn[:, :2].mean(0) == pytest.approx([2, -1], abs=0.05)
    assert drawn[:, :2].std(0) == pytest.approx([0.1, 0.1], rel=0.2)


def test_a_single_essay_has_no_spread_to_speak_of():
    drawn = scale.draws(model.of(comparisons.of("a", [])), rng())

    assert np.isfinite(drawn.spreads).all()
    assert (drawn.strengths == 0).all()
