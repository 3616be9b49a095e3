"""In which order a judge sees a pair: tried in both first, then once if that is enough."""

import math
from itertools import combinations
from random import Random

import pytest

from pipelines.phases.cj_assessment import orders
from pipelines.phases.cj_assessment.decisions import Choice, Decision, JudgeKind, Pair
from pipelines.phases.cj_assessment.orders import Asked, Swaps

JUDGE = "llm:one"
PAIRS = [Pair(f"a{n}", f"b{n}") for n in range(30)]


def decided(asked: Asked, choice: Choice, round_no: int = 1, judge: str = JUDGE) -> Decision:
    pair = asked.pair
    return Decision(
        round_no, pair.left, pair.right, choice, judge, JudgeKind.LLM, order=asked.order
    )


def both(pair: Pair, first: Choice, again: Choice, round_no: int = 1) -> list[Decision]:
    return [
        decided(Asked(pair), first, round_no),
        decided(Asked(pair.swapped(), 1), again, round_no),
    ]


def swaps(*kinds: tuple[int, Choice, Choice]) -> Swaps:
    answers = [(first, again) for count, first, again in kinds for _ in range(count)]
    pairs = [Pair(a, b) for a, b in combinations("abcdefghijklmnopq", 2)]
    found = [
        one
        for pair, (first, again) in zip(pairs, answers, strict=False)
        for one in both(pair, first, again)
    ]
    return Swaps.of(found, JUDGE)


L, R, T, X = Choice.LEFT, Choice.RIGHT, Choice.TIE, Choice.INVALID


class TestSwaps:
    def test_are_counted_by_what_differs(self):
        assert swaps((3, L, R), (2, R, L), (1, T, T), (4, L, L), (5, R, R), (6, T, L)) == Swaps(
            alike=6, lefts=4, rights=5, others=6
        )

    def test_are_of_pairs_with_two_answers_of_one_judge(self):
        found = [
            *both(Pair("a", "b"), L, X),
            *both(Pair("a", "c"), L, L),
            decided(Asked(Pair("a", "d")), L),
            decided(Asked(Pair("e", "f")), L),
            decided(Asked(Pair("f", "e"), 1), L, judge="llm:two"),
            decided(Asked(Pair("g", "h")), L, round_no=1),
            decided(Asked(Pair("h", "g"), 1), L, round_no=2),
        ]

        assert Swaps.of(found, JUDGE) == Swaps(lefts=1)

    def test_are_none_where_nothing_was_asked_twice(self):
        assert Swaps().consistency is None
        assert not Swaps().is_steady


class TestASteadyJudge:
    @pytest.mark.parametrize(
        ("found", "is_steady"),
        [
            (Swaps(alike=48), True),
            (Swaps(alike=45, lefts=2, rights=3), True),  # nine tenths
            (Swaps(alike=40, lefts=4, rights=4), False),
            (Swaps(alike=24, lefts=12, rights=12), False),  # coins
            (Swaps(alike=20, lefts=28), True),  # leans, and no more than that
            (Swaps(alike=20, rights=28), True),
            (Swaps(alike=34, lefts=12, rights=2), True),
            (Swaps(alike=30, lefts=8, rights=2, others=8), False),
        ],
    )
    def test_decides_alike_or_leans_one_way(self, found, is_steady):
        assert found.is_steady is is_steady


class TestARound:
    def of(self, round_no: int, decisions=(), seed: int = 5, pairs=PAIRS) -> tuple[Asked, ...]:
        return orders.of_round(pairs, decisions, round_no, seed=seed, judge=JUDGE)

    def after(self, first: Choice, again: Choice) -> list[Decision]:
        return [one for pair in PAIRS for one in both(pair, first, again)]

    def test_asks_every_pair_as_it_is(self):
        for round_no in (1, 2, 3):
            assert [each.pair for each in self.of(round_no) if each.order == 0] == PAIRS

    @pytest.mark.parametrize("round_no", [1, 2])
    def test_of_the_trial_asks_a_sample_both_ways(self, round_no):
        asked = self.of(round_no)

        again = [each.pair.swapped() for each in asked if each.order == 1]
        assert len(again) == len(set(again)) == 24
        assert set(again) < set(PAIRS)

    def test_is_the_same_by_the_same_seed(self):
        assert self.of(1) == self.of(1) == self.of(1, pairs=PAIRS)
        assert self.of(1) != self.of(1, seed=6)
        shuffled = Random(1).sample(PAIRS, len(PAIRS))
        assert set(self.of(1, pairs=shuffled)) == set(self.of(1))

    def test_costs_a_fifth_more_in_the_shortest_assessment_there_is(self):
        requests = sum(len(self.of(round_no, self.after(L, R))) for round_no in range(1, 9))

        assert requests / (8 * len(PAIRS)) == pytest.approx(1.2)

    def test_after_the_trial_asks_a_steady_judge_once(self):
        assert all(each.order == 0 for each in self.of(3, self.after(L, R)))
        assert all(each.order == 0 for each in self.of(3, self.after(L, L)))

    def test_after_the_trial_asks_any_other_both_ways(self):
        rng = Random(7)
        coin = [one for pair in PAIRS for one in both(pair, rng.choice([L, R]), rng.choice([L, R]))]

        assert len(self.of(3, coin)) == 2 * len(PAIRS)
        assert len(self.of(3)) == 2 * len(PAIRS)  # nothing came of its trial

    def test_looks_at_earlier_rounds_only(self):
        later = [one for pair in PAIRS for one in both(pair, L, R, round_no=3)]

        assert len(self.of(3, later)) == 2 * len(PAIRS)

    def test_of_a_small_class_tries_at_least_one(self):
        assert len(self.of(1, pairs=PAIRS[:1])) == 2
        assert self.of(1, pairs=[]) == ()

    def test_of_a_large_class_tries_no_more_than_tells_something(self):
        many = [Pair(f"a{n}", f"b{n}") for n in range(500)]

        assert len(self.of(1, pairs=many)) == 600


class TestAJudgeWhoLeansSevenTimesOfTen:
    """In 200 trials each, on 60 essays whose strengths are spread by 1.4 logits."""

    ESSAYS = 60

    def steady(self, judge) -> float:
        return sum(self.trial(judge, Random(seed)) for seed in range(200)) / 200

    def trial(self, judge, rng: Random) -> bool:
        strength = [rng.gauss(0, 1.4) for _ in range(self.ESSAYS)]
        found: list[Decision] = []
        for round_no in range(1, orders.TRIAL_ROUNDS + 1):
            order = rng.sample(range(self.ESSAYS), self.ESSAYS)
            pairs = [Pair(f"{order[n]:02}", f"{order[n + 1]:02}") for n in range(0, self.ESSAYS, 2)]
            for asked in orders.of_round(pairs, found, round_no, seed=1, judge=JUDGE):
                gap = strength[int(asked.pair.left)] - strength[int(asked.pair.right)]
                found.append(decided(asked, L if judge(gap, rng) else R, round_no))
        return Swaps.of(found, JUDGE).is_steady

    def test_by_deciding_close_pairs_for_the_left_is_asked_once(self):
        assert self.steady(lambda gap, _: gap > -1.04) == 1.0

    def test_by_not_reading_is_asked_once(self):
        assert self.steady(lambda gap, rng: rng.random() < 0.4 or gap > 0) == 1.0

    def test_by_log_odds_is_nearly_always_asked_once(self):
        lean = math.log(0.7 / 0.3)

        assert self.steady(lambda gap, rng: rng.random() < 1 / (1 + math.exp(-gap - lean))) > 0.9

    def test_and_never_otherwise_is_a_coin_and_asked_twice(self):
        assert self.steady(lambda _, rng: rng.random() < 0.5) < 0.2
