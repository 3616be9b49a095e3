import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.phases.cj_assessment import matching

NOBODY: frozenset[tuple[int, int]] = frozenset()


def rng(seed: int = 1) -> np.random.Generator:
    return np.random.default_rng(seed)


@settings(deadline=None, max_examples=50)
@given(n=st.integers(0, 40), rounds=st.integers(1, 8), seed=st.integers(0, 99))
def test_nobody_meets_twice_and_hardly_anybody_is_left_over(n, rounds, seed):
    drawing, met = rng(seed), set()

    for _ in range(rounds):
        pairs = matching.at_random(range(n), frozenset(met), drawing)
        everybody = [one for pair in pairs for one in pair]

        assert len(everybody) == len(set(everybody))
        assert not met & set(pairs)
        met |= set(pairs)
        left = sorted(set(range(n)) - set(everybody))
        assert all((a, b) in met for a in left for b in left if a < b)


def test_every_pair_is_found_in_the_end():
    met: set[tuple[int, int]] = set()

    rounds = 0
    while pairs := matching.at_random(range(9), frozenset(met), rng(rounds)):
        met |= set(pairs)
        rounds += 1

    assert len(met) == 9 * 8 / 2
    assert rounds < 20


def test_what_is_wanted_most_is_taken():
    pairs = matching.in_order([(3, 0), (0, 1), (1, 2)], range(4), NOBODY, rng())

    assert sorted(pairs) == [(0, 3), (1, 2)]


def test_who_is_left_over_is_fitted_in_by_parting_a_pair():
    met = frozenset({(2, 3), (0, 2), (1, 3)})

    pairs = matching.in_order([(0, 1)], range(4), met, rng())

    assert sorted(pairs) == [(0, 3), (1, 2)]


def worth_of(n: int, seed: int) -> np.ndarray:
    drawn = rng(seed).random((n, n))
    return drawn + drawn.T


def test_pairs_trade_partners_where_both_together_are_worth_more():
    worth = np.zeros((4, 4))
    for one, other, value in [(0, 1, 9.0), (2, 3, 0.0), (0, 2, 6.0), (1, 3, 6.0)]:
        worth[one, other] = worth[other, one] = value

    assert sorted(matching.traded([(0, 1), (2, 3)], worth)) == [(0, 2), (1, 3)]


@settings(deadline=None, max_examples=30)
@given(n=st.integers(0, 15), seed=st.integers(0, 99))
def test_trading_keeps_everybody_and_pairs_nobody_who_has_met(n, seed):
    pairs = matching.at_random(range(2 * n), NOBODY, rng(seed))
    worth = worth_of(2 * n, seed)
    worth[: n // 2, : n // 2] = -np.inf
    allowed = [pair for pair in pairs if np.isfinite(worth[pair])]

    traded = matching.traded(allowed, worth)

    assert sorted(sum(traded, ())) == sorted(sum(allowed, ()))
    assert all(np.isfinite(worth[pair]) for pair in traded)
    assert sum(worth[pair] for pair in traded) >= sum(worth[pair] for pair in allowed) - 1e-9
