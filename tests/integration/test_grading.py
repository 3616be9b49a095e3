"""Grades: a scale, essays whose grade is known, what follows for the others, and the teacher's word."""

import csv
from io import StringIO
from random import Random
from typing import Any
from uuid import UUID

import pytest

from app.errors import (
    BatchNotFound,
    BatchNotReady,
    EssayNotFound,
    GradesInUse,
    NoGradeScale,
    UnknownGrade,
)
from app.services import assessments, batches, grade_files, grading
from app.services.deps import Deps
from app.services.grading import SCALES, Scale
from pipelines import catalogue
from tests import catalogues
from tests.drivers import Klass, a_class, an_owner, at_once, change, drain, one, over, rows

ESSAYS = ("a", "bb", "ccc", "dddd", "eeeee", "ffffff")
SWEDISH = Scale("swedish_a_f", list(SCALES["swedish_a_f"]))


@pytest.fixture
def deps(deps: Deps) -> Deps:
    """With a phase that compares neighbours in two rounds; the longer one wins."""
    return over(deps, catalogues.rounds())


@pytest.fixture
def klass(deps, publisher) -> Klass:
    """A class whose essays have been compared."""
    klass = a_class(deps, *ESSAYS)
    klass.start()
    drain(deps, publisher)
    return klass


@pytest.fixture
def graded(klass) -> Klass:
    """The same with a scale and two anchors."""
    set_scale(klass)
    mark(klass, "essay-1", "E")
    mark(klass, "essay-6", "B")
    return klass


def set_scale(klass: Klass, scale: Scale = SWEDISH) -> Scale:
    return grading.set_scale(klass.batch, scale, owner_id=klass.owner.id, deps=klass.deps)


def mark(klass: Klass, essay: str, grade: str) -> dict[str, Any]:
    return grading.mark_anchor(klass.batch, essay, grade, owner_id=klass.owner.id, deps=klass.deps)


def unmark(klass: Klass, essay: str) -> None:
    grading.unmark_anchor(klass.batch, essay, owner_id=klass.owner.id, deps=klass.deps)


def decide(klass: Klass, essay: str, grade: str) -> dict[str, Any]:
    return grading.decide(klass.batch, essay, grade, owner_id=klass.owner.id, deps=klass.deps)


def take_back(klass: Klass, essay: str) -> None:
    grading.take_back(klass.batch, essay, owner_id=klass.owner.id, deps=klass.deps)


def read(klass: Klass) -> dict[str, Any]:
    return assessments.of_batch(klass.batch, owner_id=klass.owner.id, deps=klass.deps)


def essay_of(klass: Klass, essay: str) -> dict[str, Any]:
    return next(each for each in read(klass)["essays"] if each["essay_id"] == essay)


def said(klass: Klass) -> dict[str, Any]:
    return grading.grading_of(klass.batch, owner_id=klass.owner.id, deps=klass.deps)


class TestTheRanking:
    def test_without_a_scale_says_that_there_are_no_grades(self, klass):
        assert read(klass)["grading"] == {
            "scale": None,
            "grades": [],
            "why_not": "no_scale",
            "without_anchors": [],
        }

    def test_without_anchors_says_so(self, klass):
        set_scale(klass)

        found = read(klass)["grading"]

        assert (found["scale"], found["why_not"]) == ("swedish_a_f", "no_anchors")
        assert essay_of(klass, "essay-2")["grade"] is None

    def test_with_anchors_suggests_grades(self, graded):
        found = essay_of(graded, "essay-2")

        assert found["grade"]["between"] == ["B", "E"]
        assert read(graded)["grading"]["why_not"] is None
        assert essay_of(graded, "essay-1")["anchor"]["grade"] == "E"

    def test_follows_anchors_and_is_worked_out_only_then(self, graded):
        first, again = read(graded)["revision"], read(graded)["revision"]
        unmark(graded, "essay-1")

        assert again == first
        assert read(graded)["revision"] == first + 1
        assert essay_of(graded, "essay-2")["grade"]["between"] is None

    def test_ended_for_the_same_reason_whatever_is_graded(self, graded):
        assert read(graded)["stop_reason"] == "budget"

    def test_does_not_go_by_an_anchor_whose_text_is_another_than_was_compared(self, graded, deps):
        change(deps, "update grade_anchors set text_sha256 = 'older' where grade = 'B'")
        mark(graded, "essay-2", "D")

        assert essay_of(graded, "essay-3")["grade"]["between"] == ["D", "E"]
        assert essay_of(graded, "essay-6")["anchor"]["has_other_text"]


class TestADecidedGrade:
    def test_is_an_approval_or_an_override(self, graded):
        read(graded)

        approved, overridden = decide(graded, "essay-2", "B"), decide(graded, "essay-3", "A")

        assert (approved["suggested"], approved["is_override"]) == ("B", False)
        assert (overridden["suggested"], overridden["is_override"]) == ("B", True)
        assert essay_of(graded, "essay-3")["decided_grade"]["grade"] == "A"

    def test_may_be_given_to_several_essays_with_one_event(self, graded):
        read(graded)
        before = len(graded.events())

        both = grading.decide_several(
            graded.batch,
            [("essay-3", "A"), ("essay-2", "B")],
            owner_id=graded.owner.id,
            deps=graded.deps,
        )

        assert [(each["essay_id"], each["is_override"]) for each in both] == [
            ("essay-3", True),
            ("essay-2", False),
        ]
        assert len(graded.events()) == before + 1

    def test_stays_when_another_is_suggested(self, graded):
        read(graded)
        decide(graded, "essay-2", "B")
        mark(graded, "essay-6", "A")

        found = essay_of(graded, "essay-2")

        assert found["grade"]["grade"] == "A"
        assert (found["decided_grade"]["grade"], found["decided_grade"]["suggested"]) == ("B", "B")

    def test_stays_when_the_class_is_compared_anew(self, graded, deps, publisher):
        decide(graded, "essay-2", "C")
        graded.start()
        drain(deps, publisher)

        assert read(graded)["run_id"] == str(graded.runs[-1])
        assert essay_of(graded, "essay-2")["decided_grade"]["grade"] == "C"

    def test_stays_when_the_text_is_replaced_and_says_so(self, graded, deps):
        decide(graded, "essay-2", "C")
        change(deps, "update essays set text_sha256 = 'other' where essay_id = 'essay-2'")

        decided = essay_of(graded, "essay-2")["decided_grade"]

        assert (decided["grade"], decided["has_other_text"]) == ("C", True)

    def test_can_be_another_and_taken_back_twice(self, graded):
        decide(graded, "essay-2", "C")
        decide(graded, "essay-2", "D")
        assert [each["grade"] for each in said(graded)["grades"]] == ["D"]

        for _ in range(2):
            take_back(graded, "essay-2")

        assert said(graded)["grades"] == []

    def test_needs_no_ranking(self, deps):
        klass = a_class(deps, *ESSAYS)
        set_scale(klass)

        assert decide(klass, "essay-1", "C")["suggested"] is None


class TestWhatWasSaid:
    def test_can_be_read_before_there_is_a_ranking(self, deps):
        klass = a_class(deps, *ESSAYS)
        assert said(klass) == {"scale": None, "anchors": [], "grades": []}
        set_scale(klass)
        mark(klass, "essay-2", "C")

        found = said(klass)

        assert found["scale"] == SWEDISH
        assert [(each["essay_id"], each["grade"]) for each in found["anchors"]] == [
            ("essay-2", "C")
        ]

    def test_is_said_by_an_event_each_time(self, graded):
        before = len(graded.events())
        decide(graded, "essay-2", "C")
        take_back(graded, "essay-2")
        take_back(graded, "essay-2")

        new = [event_type for _, event_type in graded.events()[before:]]

        assert new == ["BatchAssessmentChangedV1"] * 2

    def test_at_once_is_counted_each(self, klass, deps):
        set_scale(klass)

        at_once(lambda: mark(klass, "essay-1", "E"), lambda: mark(klass, "essay-2", "A"))

        assert one(deps, "select version from grade_scales").version == 3

    def test_goes_with_the_batch(self, graded, deps):
        decide(graded, "essay-2", "C")
        change(deps, "delete from batches where id = :id", id=graded.batch)

        tables = ("grade_scales", "grade_anchors", "grade_decisions")
        assert [rows(deps, f"select 1 from {table}") for table in tables] == [[], [], []]


class TestIsRefused:
    def test_a_grade_where_there_is_no_scale(self, klass):
        with pytest.raises(NoGradeScale):
            mark(klass, "essay-1", "C")
        with pytest.raises(NoGradeScale):
            decide(klass, "essay-1", "C")

    def test_a_grade_that_is_not_on_the_scale(self, graded):
        with pytest.raises(UnknownGrade) as refused:
            decide(graded, "essay-2", "G")

        assert refused.value.extra["known"] == ["F", "E", "D", "C", "B", "A"]

    def test_a_scale_without_grades_that_are_in_use(self, graded):
        decide(graded, "essay-2", "C")

        with pytest.raises(GradesInUse) as refused:
            set_scale(graded, Scale("custom", ["B", "E"]))

        assert refused.value.extra["grades"] == ["C"]
        assert set_scale(graded, Scale("custom", ["E", "C", "B"])).name == "custom"

    def test_an_essay_that_is_not_there(self, graded):
        for do in (mark, decide):
            with pytest.raises(EssayNotFound):
                do(graded, "essay-9", "C")
        for undo in (unmark, take_back):
            with pytest.raises(EssayNotFound):
                undo(graded, "essay-9")

    def test_an_essay_without_a_text(self, graded, deps):
        change(deps, "update essays set text_sha256 = null where essay_id = 'essay-2'")

        with pytest.raises(BatchNotReady):
            mark(graded, "essay-2", "C")

    def test_somebody_elses_batch(self, graded, deps):
        other = Klass(deps, an_owner(deps), graded.batch)

        for do in (
            lambda: said(other),
            lambda: set_scale(other),
            lambda: mark(other, "essay-1", "C"),
            lambda: unmark(other, "essay-1"),
            lambda: decide(other, "essay-1", "C"),
            lambda: take_back(other, "essay-1"),
        ):
            with pytest.raises(BatchNotFound):
                do()


def test_the_phase_as_it_is_shipped_gives_each_grade_its_chance(deps, publisher, monkeypatch):
    # Ids decide what is drawn, and near neighbours may change places: so it is always the same class.
    ids = Random(1)
    monkeypatch.setattr(batches, "uuid4", lambda: UUID(int=ids.getrandbits(128), version=4))
    deps = over(deps, catalogue.load())
    # From a few sentences to many: the built-in judge can tell them apart.
    texts = [
        " ".join(f"We met number {n} by the old river {k}." for k in range(2 + 3 * n))
        for n in range(10)
    ]
    klass = a_class(deps, *texts)
    klass.start("cj_assessment")
    drain(deps, publisher)
    set_scale(klass)
    ranked = [each["essay_id"] for each in read(klass)["essays"]]
    for essay, grade in zip([*ranked[:2], *ranked[-2:]], "AAEE", strict=True):
        mark(klass, essay, grade)

    found = read(klass)

    assert found["grading"]["why_not"] is None
    assert found["grading"]["without_anchors"] == ["F", "D", "C", "B"]
    others = [each for each in found["essays"] if each["anchor"] is None]
    assert len(others) == 6
    for each in others:
        assert set(each["grade"]["chances"]) == {"A", "E"}
        assert sum(each["grade"]["chances"].values()) == pytest.approx(1, abs=1e-3)
    chances = [each["grade"]["chances"]["A"] for each in others]
    assert chances == sorted(chances, reverse=True)


class TestAFileOfGrades:
    def test_has_what_was_decided_or_known_and_apart_from_it_what_is_suggested(self, graded):
        decide(graded, "essay-3", "C")

        by_essay = {each["essay_id"]: each for each in in_file(graded)}

        assert [by_essay[essay]["grade"] for essay in ("essay-1", "essay-2", "essay-3")] == [
            "E",
            "",
            "C",
        ]
        assert [by_essay[essay]["source"] for essay in ("essay-1", "essay-2", "essay-3")] == [
            "known",
            "",
            "decided",
        ]
        assert set(by_essay["essay-2"]["between"]) == set("B–E")
        chances = [by_essay["essay-2"][f"chance_{grade}"] for grade in SWEDISH.grades]
        assert [bool(each) for each in chances] == [False, True, False, False, True, False]
        assert sum(float(each) for each in chances if each) == pytest.approx(1, abs=0.011)

    def test_is_in_the_order_of_the_ranking(self, graded):
        assert [each["essay_id"] for each in in_file(graded)] == [
            each["essay_id"] for each in read(graded)["essays"]
        ]

    def test_without_a_scale_is_the_ranking(self, klass):
        assert [each["rank"] for each in in_file(klass)] == [
            str(each["rank"]) for each in read(klass)["essays"]
        ]
        assert not any(name.startswith("chance_") for name in in_file(klass)[0])


def in_file(klass: Klass) -> list[dict[str, str]]:
    body = grade_files.written(klass.batch, owner_id=klass.owner.id, deps=klass.deps)
    return list(csv.DictReader(StringIO(body, newline="")))
