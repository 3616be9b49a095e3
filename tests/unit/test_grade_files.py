import pytest

from app.services import grade_files


def row(**more):
    essay = {
        "rank": 1,
        "essay_id": "essay-1",
        "student_name": "Åsa",
        "file_name": None,
        "score": -0.456,
        "se": 0.3,
        "grade": None,
        "decided_grade": None,
        "anchor": None,
        **more,
    }
    return grade_files.written_of([essay], ["F", "E"]).splitlines()[1]


def test_an_essay_that_nobody_graded_has_empty_cells():
    assert row() == "1,essay-1,Åsa,,-0.46,0.30,,,,,,"


def test_the_teachers_word_goes_before_what_was_known():
    known, decided = {"grade": "E"}, {"grade": "F"}

    assert ",E,known," in row(anchor=known)
    assert ",F,decided," in row(anchor=known, decided_grade=decided)


def test_chances_are_those_of_the_grades_that_anchors_have():
    grade = {"grade": "E", "chances": {"E": 0.6}, "between": ["E", "F"]}

    assert row(grade=grade).endswith(",,,E,E–F,,0.60")


@pytest.mark.parametrize("name", ["=1+1", "+46", "-x", "@SUM(A1)", "\t=1"])
def test_a_name_is_no_formula(name):
    assert f",'{name}," in row(student_name=name)
