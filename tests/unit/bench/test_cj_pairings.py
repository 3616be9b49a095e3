import numpy as np

from bench.cj import economy, intervals, pairings, shown
from pipelines.phases.cj_assessment import simulating


def test_swiss_pairs_neighbours_who_have_not_met():
    about = simulating.a_class(9, 2.0, np.random.default_rng(1))
    panel = simulating.a_panel(np.random.default_rng(2))

    decided = simulating.judged(about, panel, 6, seed=1, pairing=pairings.swiss)

    met = [one.pair.essays for one in decided]
    assert len(set(met)) == len(met) == 6 * 4


def test_a_reliability_is_reached_between_two_rounds():
    curves = np.array([[0.5, 0.7, 0.8], [0.5, 0.8, 1.0]])

    # The mean is .5, .75, .9: a third of the way from the second round to the third.
    assert economy.reached(curves) == 2 + 1 / 3
    assert np.isnan(economy.reached(curves[:, :1]))
    assert economy.reached(np.array([[0.9]])) == 1


def test_repetitions_drawn_again_say_how_far_a_figure_is_to_be_trusted():
    values = np.array([1.0, 2.0, 3.0, 4.0])

    found = intervals.resampled(lambda which: float(values[which].mean()), 4, seed=1)

    assert found["mean"] == 2.5
    assert 1 <= found["low"] < 2.5 < found["high"] <= 4
    assert intervals.of_mean(values)["mean"] == 2.5


def test_figures_are_shown_by_their_path():
    found = {"own": {"mean": 1.0, "low": 0.5, "high": 1.5}, "cells": [{"a": 1}], "met": True}

    assert shown.lines("T3", found) == [
        "T3: own = 1.0 (0.5 to 1.5)",
        "T3: cells = 1 entries",
        "T3: met = True",
    ]
