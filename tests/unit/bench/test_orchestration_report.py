import pytest

from bench.orchestration import report, shape
from bench.orchestration.contender import Measured
from bench.orchestration.report import Cell
from pipelines import catalogue


def a_run(contender: str, items: int, wall_s: float, broker_bytes: int = 0) -> Measured:
    return Measured(contender, items, 0.0, wall_s, {"worker": 0.1}, broker_bytes, 50.0)


def a_cell(items: int, *rounds: dict[str, float]) -> Cell:
    """A cell in which each round says how long each contender took."""
    return Cell(
        items,
        0.0,
        [{name: a_run(name, items, wall_s) for name, wall_s in each.items()} for each in rounds],
    )


class TestRatio:
    def test_is_the_median_of_the_ratios_within_each_round(self):
        cell = a_cell(
            10,
            {"ours": 1.0, "by_hand_1": 2.0},
            {"ours": 9.0, "by_hand_1": 10.0},  # the machine was busy
            {"ours": 1.0, "by_hand_1": 4.0},
        )

        assert cell.ratio("by_hand_1") == report.Spread(0.5, 0.25, 0.9)

    def test_is_to_the_fastest_of_several_in_that_round(self):
        cell = a_cell(10, {"ours": 1.0, "by_hand_1": 2.0, "by_hand_64": 4.0})

        assert cell.ratio(*report.BY_HAND).median == 0.5

    def test_leaves_out_rounds_in_which_one_of_them_did_not_end(self):
        cell = a_cell(10, {"ours": 1.0, "chord": 2.0}, {"ours": 1.0}, {"chord": 1.0})

        assert cell.ratio("chord").median == 0.5

    def test_is_none_to_what_was_not_run(self):
        assert a_cell(10, {"ours": 1.0}).ratio("director") is None


class TestGrowth:
    def test_of_what_doubles_with_its_items_is_one(self):
        assert report.growth_exponent({1000: 1.0, 2000: 2.0, 20_000: 20.0}) == pytest.approx(1.0)

    def test_of_what_grows_with_their_square_is_two(self):
        assert report.growth_exponent({1000: 1.0, 20_000: 400.0}) == pytest.approx(2.0)

    def test_counts_from_a_thousand_items_on(self):
        assert report.growth_exponent({1: 5.0, 100: 5.0, 1000: 1.0, 10_000: 10.0}) == (
            pytest.approx(1.0)
        )

    def test_of_one_point_is_not_known(self):
        assert report.growth_exponent({100: 1.0, 1000: 2.0}) is None

    def test_is_that_of_the_shortest_bodies(self):
        long = Cell(1000, 50.0, [{"ours": a_run("ours", 1000, 99.0)}])
        cells = [a_cell(1000, {"ours": 1.0}), long, a_cell(10_000, {"ours": 10.0})]

        assert report.growth_of(cells) == pytest.approx(1.0)


class TestJson:
    def test_has_the_figures_of_every_cell(self):
        run = a_run("ours", 100, 2.0, broker_bytes=20_000)
        cells = [Cell(100, 0.0, [{"ours": run, "by_hand_1": a_run("by_hand_1", 100, 4.0)}])]

        said = report.to_json(cells)

        assert said["growth_exponent"] is None
        assert said["results"] == [
            {
                "items": 100,
                "body_ms": 0.0,
                "ratio": 0.5,
                "native_chord_ratio": None,
                "director_ratio": None,
                "bytes_per_item": 100.0,
                "items_per_s": 100.0,
                "wall_s": 2.0,
                "ratio_spread": [0.5, 0.5],
                "rounds": 1,
            }
        ]

    def test_has_nulls_where_ours_was_not_run(self):
        (said,) = report.to_json([a_cell(1, {"chord": 1.0})])["results"]

        assert said["ratio"] is said["bytes_per_item"] is said["items_per_s"] is None


def test_the_table_has_a_line_for_every_contender_of_a_cell():
    cells = [a_cell(1000, {"ours": 1.0, "chord": 2.0}), a_cell(10_000, {"ours": 10.0})]

    lines = report.table(cells)

    assert [line.split()[2] for line in lines[1:-1]] == ["ours", "chord", "ours"]
    assert lines[-1].endswith("to the power of 1.000")


def test_the_shape_is_a_catalogue_with_a_pipeline_for_each_body():
    loaded = catalogue.parse(shape.catalogue([0.0, 2.5]), file="shape.yaml")

    assert set(loaded.pipelines) == {"shape_0", "shape_2_5"}
    assert [loaded.phases[name].scope for name in loaded.pipelines["shape_2_5"].phases] == [
        *("batch", "essay", "batch", "essay", "batch")
    ]
    assert loaded.phases["first_2_5"].options == {"body_ms": 2.5}
    assert loaded.phases["end_0"].depends_on == ("second_0",)
