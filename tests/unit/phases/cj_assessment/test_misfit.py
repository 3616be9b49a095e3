import numpy as np
import pytest

from pipelines.phases.cj_assessment import misfit


def test_decisions_as_erratic_as_expected_fit():
    rng = np.random.default_rng(1)
    chances = rng.uniform(0.1, 0.9, 20_000)

    found = misfit.of(np.zeros(20_000, np.int64), (rng.random(20_000) < chances) * 1.0, chances, 1)

    assert found.infit[0] == pytest.approx(1, abs=0.03)
    assert found.outfit[0] == pytest.approx(1, abs=0.05)
    assert not found.is_odd[0]


def test_one_surprise_shows_in_the_outfit():
    chances = np.array([0.5] * 9 + [0.99])
    won = np.array([1.0, 0.0, 1.0, 0.0, 1.0, 0.0, 1.0, 0.0, 1.0, 0.0])

    found = misfit.of(np.zeros(10, np.int64), won, chances, 1)

    assert found.outfit[0] == pytest.approx((9 + 99) / 10)
    assert found.infit[0] == pytest.approx((9 * 0.25 + 0.9801) / (9 * 0.25 + 0.0099))


def test_who_decides_against_all_expectation_is_odd():
    groups = np.repeat(np.arange(10), 20)
    won = np.ones(200)
    won[groups == 7] = 0

    found = misfit.of(groups, won, np.full(200, 0.8), 10)

    assert found.is_odd.tolist() == [group == 7 for group in range(10)]


def test_too_few_decisions_say_nothing():
    groups = np.array([0] * 19 + [1] * 20)

    found = misfit.of(groups, np.zeros(39), np.full(39, 0.9), 3, least=20)

    assert np.isnan(found.infit).tolist() == [True, False, True]
    assert not found.is_odd[[0, 2]].any()


def test_a_decision_that_shaped_the_expectation_surprises_less():
    chances, own = np.full(100, 0.8), np.full(100, 0.5)
    won = (np.arange(100) < 90) * 1.0

    found = misfit.of(np.zeros(100, np.int64), won, chances, 1, own=own)

    assert found.infit[0] == pytest.approx((90 * 0.04 + 10 * 0.64) / (100 * 0.16 * 0.5))


def test_among_five_one_can_be_odd():
    groups = np.repeat(np.arange(5), 20)
    wins = np.repeat([16, 16, 16, 16, 13], 20)
    won = (np.tile(np.arange(20), 5) < wins) * 1.0

    found = misfit.of(groups, won, np.full(100, 0.8), 5)

    assert found.infit.tolist() == pytest.approx([1, 1, 1, 1, 1.5625])
    assert found.is_odd.tolist() == [False] * 4 + [True]


def test_what_was_certain_and_happened_is_no_surprise():
    found = misfit.of(
        np.zeros(4, np.int64), np.array([1, 0, 1, 0]), np.array([1.0, 0, 0.5, 0.5]), 1
    )

    assert found.infit[0] == pytest.approx(1)
    assert found.outfit[0] == pytest.approx(0.5)
