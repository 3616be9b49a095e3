"""What asking a model costs, to the millionth."""

from decimal import Decimal

import pytest

from pipelines.phases.cj_assessment import costs
from pipelines.phases.cj_assessment.costs import Costs, Estimate, Prices

PRICES = Prices(Decimal("2.5"), Decimal(10), most_output=400)


def test_prices_per_million_are_millionths_each():
    assert PRICES.counted(1000, 50) == 2500 + 500


def test_part_of_a_millionth_is_a_whole_one():
    assert Prices(Decimal("0.15"), Decimal("0.6"), 400).counted(1, 0) == 1
    assert Prices(Decimal("0.15"), Decimal("0.6"), 400).counted(1001, 10) == 157


def test_a_request_may_cost_what_its_characters_and_the_longest_answer_do():
    assert PRICES.most(9000) == 2.5 * (9000 / 2.5 + 400) + 4000


def test_a_class_costs_from_eight_rounds_once_to_all_rounds_twice():
    each = PRICES.most(9000)

    told = costs.estimate(PRICES, [2500] * 30, most_rounds=12)

    assert told == Estimate(Costs(8 * 15 + 24, 144 * each), Costs(360, 360 * each))


def test_a_small_class_has_no_more_pairs_than_there_are():
    told = costs.estimate(PRICES, [2500] * 3, most_rounds=20)

    assert (told.least.requests, told.most.requests) == (5, 6)


@pytest.mark.parametrize("lengths", [[], [800]])
def test_who_cannot_be_compared_costs_nothing(lengths):
    assert costs.estimate(PRICES, lengths, most_rounds=20) == Estimate(Costs(0, 0), Costs(0, 0))


def test_a_model_of_ones_own_costs_nothing():
    told = costs.estimate(Prices(Decimal(0), Decimal(0), 400), [2500] * 30, most_rounds=20)

    assert told.most.money == 0 < told.most.requests


def test_an_amount_is_so_many_millionths():
    assert costs.micros(Decimal("0.05")) == 50_000
