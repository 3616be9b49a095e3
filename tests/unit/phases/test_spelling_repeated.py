"""A slip that a text repeats: what was meant is decided once, and it is one error of its type."""

import pytest

COST, REST = "It costs human lifes.", "We do it for the rest of our lifes."


@pytest.fixture
def meant(check):
    return lambda text: [error["correction"] for error in check(text)["errors"]]


def test_means_the_same_wherever_it_stands(meant):
    assert (meant(COST), meant(REST)) == (["life"], ["lives"])
    assert meant(f"{COST} {REST}") == ["lives", "lives"]


def test_means_something_else_where_its_neighbours_say_so_strongly(meant):
    text = "Ther was a growth in the city. They were spending ther leisure time at home."

    assert meant(text) == ["There", "their"]


def test_is_one_error_of_its_type(check):
    found = check(f"{COST} {REST} Our lifes! And thier lifes.")

    assert (found["error_count"], found["error_types"]) == (5, 2)
    assert [error["occurrence_of"] for error in found["errors"]] == [None, 0, 0, None, 0]
