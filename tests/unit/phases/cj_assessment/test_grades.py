import numpy as np
import pytest

from pipelines.phases.cj_assessment import grades
from pipelines.phases.cj_assessment.grades import Anchor, GradeScale, Ungraded, UnknownGradeError

SCALE = GradeScale("short", ("F", "E", "C", "A"))


def graded(anchors: dict[str, tuple[str, float]], essays: dict[str, float], *, se: float = 0.1):
    strengths = {name: strength for name, (_, strength) in anchors.items()} | essays
    scores = np.array(list(strengths.values()))
    draws = scores + se * np.random.default_rng(1).normal(size=(200, len(scores)))
    known = {name: Anchor(grade=grade) for name, (grade, _) in anchors.items()}
    return grades.graded(list(strengths), scores, draws, known, SCALE)


ANCHORS = {
    "f1": ("F", -3.2),
    "f2": ("F", -2.8),
    "e1": ("E", -1.0),
    "c1": ("C", 1.0),
    "a1": ("A", 2.8),
    "a2": ("A", 3.2),
}


def test_an_essay_among_anchors_of_a_grade_has_that_grade():
    found = graded(ANCHORS, {"x": -3.0, "y": 1.0})

    assert found.why_not is None
    assert {name: one.grade for name, one in found.essays.items()} == {"x": "F", "y": "C"}
    assert found.essays["x"].chances["F"] > 0.9
    assert sum(found.essays["y"].chances.values()) == pytest.approx(1)
    assert found.essays["y"].between is None


def test_where_little_is_known_it_is_a_grade_in_the_middle_though_the_ends_are_likelier():
    found = graded(ANCHORS, {"x": 0.1}, se=9).essays["x"]

    assert max(found.chances, key=found.chances.get) in ("F", "A")
    assert found.grade in ("E", "C")
    assert found.between[0] == found.grade
    at, beside = (SCALE.grades.index(grade) for grade in found.between)
    assert abs(at - beside) == 1


def test_an_essay_on_a_border_is_between():
    found = graded(ANCHORS, {"x": 0.05}, se=0.4).essays["x"]

    assert found.between == ("C", "E")
    assert found.chances["C"] + found.chances["E"] > 0.95


def test_the_less_sure_its_strength_the_less_sure_its_grade():
    sure, unsure = (graded(ANCHORS, {"x": 0.6}, se=se).essays["x"] for se in (0.1, 1.0))

    assert sure.chances["C"] > unsure.chances["C"]


def test_boundaries_lie_where_as_many_anchors_are_below_as_have_lower_grades():
    strengths = np.array([[-1.0, 0.0, 1.0, 2.0]])

    found = grades.boundaries(strengths, np.array([0, 0, 1, 1]), 0.2)

    assert found == pytest.approx(np.array([[0.5]]), abs=1e-6)


def test_overlapping_anchors_make_grades_less_sure():
    muddled = ANCHORS | {"e1": ("E", 1.2), "c1": ("C", -1.2)}

    sure, unsure = (graded(given, {"x": 1.0}).essays["x"] for given in (ANCHORS, muddled))

    assert max(sure.chances.values()) > max(unsure.chances.values())


def test_beyond_all_anchors_is_said_where_the_scale_goes_on():
    without_a = {name: one for name, one in ANCHORS.items() if one[0] != "A"}
    without_a["c2"] = ("C", 1.2)

    found = graded(without_a, {"high": 4.0, "low": -5.0})

    assert found.without_anchors == ("A",)
    assert found.essays["high"].grade == "C"
    assert found.essays["high"].is_beyond
    assert not found.essays["low"].is_beyond


@pytest.mark.parametrize(
    ("anchors", "why"),
    [
        ({}, Ungraded.NO_ANCHORS),
        ({"a": ("C", 0.0), "b": ("C", 1.0)}, Ungraded.ONE_GRADE),
        ({"a": ("E", 0.0), "b": ("C", 1.0), "c": ("C", 1.0)}, Ungraded.TOO_FEW_AT_AN_END),
    ],
)
def test_without_enough_anchors_there_is_a_ranking_alone(anchors, why):
    found = graded(anchors, {"x": 0.0})

    assert (found.why_not, dict(found.essays)) == (why, {})


def test_a_grade_has_to_be_on_the_scale():
    with pytest.raises(UnknownGradeError, match="B is no grade of short"):
        graded({"a": ("B", 0.0)}, {"x": 0.0})


def test_an_anchor_is_never_known_perfectly():
    with pytest.raises(ValueError, match="above 0"):
        Anchor(strength=1.0, se=0.0)
