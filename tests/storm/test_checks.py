"""What is checked of a storm would be seen if it were wrong."""

from collections.abc import Sequence
from random import Random
from types import SimpleNamespace as Row
from typing import Any

import pytest

from pipelines import catalogue
from tests.storm import checks, graphs
from tests.storm.checks import Kind

BATCH = "b-1"
EXPECTED = {"essay-1": {"a": "done", "b": "failed"}, "essay-2": {"a": "done", "b": "done"}}


def seen(t: float, **more: Any) -> dict[str, Any]:
    """What a teacher saw of a batch."""
    line = {"type": "seen", "t": t, "batch": BATCH, "status": "processing", "event_no": 5}
    return line | {"run": "r-1", "done": 3} | more


class TestWhatATeacherSees:
    def test_may_go_forward_and_stay(self):
        lines = [seen(1), seen(2), seen(3, event_no=6, done=4, status="completed_successfully")]

        assert checks.nothing_seen_was_taken_back(lines) == []

    @pytest.mark.parametrize(
        ("later", "said"),
        [
            ({"event_no": 4}, "event 5, then 4"),
            ({"done": 2}, "3 units ended, then 2"),
            ({"run": None}, "its run is gone"),
        ],
    )
    def test_may_not_go_back(self, later, said):
        (wrong,) = checks.nothing_seen_was_taken_back([seen(1), seen(2, **later)])

        assert said in wrong.what

    def test_may_not_leave_an_end(self):
        lines = [seen(1, status="cancelled"), seen(2, status="processing")]

        (wrong,) = checks.nothing_seen_was_taken_back(lines)

        assert "cancelled, then processing" in wrong.what

    def test_may_begin_anew_with_another_run(self):
        lines = [seen(1, status="failed", done=8), seen(2, run="r-2", done=0)]

        assert checks.nothing_seen_was_taken_back(lines) == []


class TestBatches:
    LINES = ({"type": "class", "batch": BATCH},)

    @pytest.mark.parametrize(
        ("there", "kind", "said"),
        [
            ([], Kind.LOST, "batch b-1"),
            ([(BATCH, 1, 2), ("b-2", 0, 2)], Kind.DOUBLED, "batch b-2"),
            ([(BATCH, 2, 2)], Kind.DOUBLED, "has 2 runs"),
            ([(BATCH, 1, 3)], Kind.DOUBLED, "has 3 files"),
            ([(BATCH, 1, 1)], Kind.LOST, "has 1 files"),
        ],
    )
    def test_that_are_lost_or_doubled_are_named(self, there, kind, said):
        batches = [Row(id=i, runs=runs, files=files, essays=2) for i, runs, files in there]

        (wrong,) = checks.every_request_was_done_once(self.LINES, batches)

        assert wrong.kind == kind
        assert said in wrong.what

    def test_that_are_there_once_are_right(self):
        batches = [Row(id=BATCH, runs=1, files=2, essays=2)]

        assert checks.every_request_was_done_once(self.LINES, batches) == []


class TestRuns:
    @pytest.mark.parametrize(
        ("status", "endings", "said", "kind"),
        [
            ("active", 0, 0, Kind.NOT_ENDED),
            ("failed", 2, 1, Kind.DOUBLED),
            ("cancelled", 1, 2, Kind.DOUBLED),
            ("failed", 1, 0, Kind.LOST),
        ],
    )
    def test_that_do_not_end_once_are_named(self, status, endings, said, kind):
        run = Row(id="r-1", status=status, endings=endings, said=said)

        (wrong,) = checks.every_run_ended_once([run])

        assert wrong.kind == kind

    def test_that_end_once_are_right(self):
        run = Row(id="r-1", status="cancelled", endings=1, said=1)

        assert checks.every_run_ended_once([run]) == []


class TestResults:
    LINES = ({"type": "class", "batch": BATCH, "expected": EXPECTED},)

    def results(self) -> dict[tuple[str, str], Row]:
        return {
            (essay, phase): Row(
                batch_id=BATCH, essay_id=essay, phase=phase, status=status, failure_code=None
            )
            for essay, phases in EXPECTED.items()
            for phase, status in phases.items()
        }

    def wrong(
        self, ended_as: str, *leave_out: tuple[str, str], more: Sequence[Row] = ()
    ) -> list[checks.Wrong]:
        results = [row for place, row in self.results().items() if place not in leave_out]
        results += more
        return checks.every_unit_has_its_result(
            self.LINES, results, [Row(id=BATCH, status=ended_as)]
        )

    def test_that_are_all_there_are_right(self):
        assert self.wrong("completed_with_failures") == []

    def test_that_are_missing_are_named(self):
        (wrong,) = self.wrong("completed_with_failures", ("essay-2", "b"))

        assert wrong.kind == Kind.LOST
        assert "essay-2" in wrong.what
        assert "essay-1" not in wrong.what

    def test_that_are_there_twice_are_named(self):
        again = self.results()["essay-1", "a"]

        (wrong,) = self.wrong("completed_with_failures", more=[again])

        assert wrong.kind == Kind.DOUBLED

    def test_that_nobody_asked_for_are_named_of_what_was_cancelled_too(self):
        other = Row(batch_id=BATCH, essay_id="essay-2", phase="c", status="done", failure_code=None)

        (wrong,) = self.wrong("cancelled", more=[other])

        assert wrong.kind == Kind.OTHER

    def test_may_be_missing_of_what_was_cancelled(self):
        assert self.wrong("cancelled", ("essay-2", "b")) == []

    def test_of_units_that_nothing_was_wrong_with_may_not_be_given_up(self):
        given_up = Row(
            batch_id=BATCH,
            essay_id="essay-1",
            phase="a",
            status="failed",
            failure_code="attempts_exhausted",
        )

        (wrong,) = checks.every_unit_has_its_result(
            self.LINES, [given_up], [Row(id=BATCH, status="failed")]
        )

        assert wrong.kind == Kind.LOST
        assert "given up as poison" in wrong.what


class TestNotifications:
    @pytest.mark.parametrize(
        ("row", "kind"),
        [
            ({"number_of": 3, "numbers": 3, "last": 4, "asked": 3}, Kind.LOST),
            ({"number_of": 3, "numbers": 2, "last": 2, "asked": 3}, Kind.DOUBLED),
            ({"number_of": 3, "numbers": 3, "last": 3, "asked": 4}, Kind.LOST),
            ({"number_of": 3, "numbers": 3, "last": 3, "asked": 2}, Kind.DOUBLED),
        ],
        ids=["a gap", "a number twice", "one was never told", "one was told twice"],
    )
    def test_that_are_lost_or_doubled_are_seen(self, row, kind):
        (wrong,) = checks.every_teacher_was_told_once([Row(user_id="u-1", **row)])

        assert wrong.kind == kind

    def test_that_are_told_once_each_are_right(self):
        row = Row(user_id="u-1", number_of=3, numbers=3, last=3, asked=3)

        assert checks.every_teacher_was_told_once([row]) == []


def test_the_graphs_are_a_catalogue_that_can_be_loaded():
    loaded = catalogue.parse(graphs.catalogue(0.1), file="storm.yaml")

    assert set(loaded.pipelines) == set(graphs.PIPELINES)


def test_an_essay_that_is_given_up_goes_no_further():
    klass = graphs.Klass("diamond", {}, {"essay-1": "left", "essay-2": None})

    assert klass.expected() == {
        "essay-1": {"root": "done", "left": "failed", "right": "done"},
        "essay-2": dict.fromkeys(("root", "left", "right", "join"), "done"),
    }


def test_the_same_seed_makes_the_same_class():
    classes = [graphs.make(Random("7"), 5, 0.1) for _ in range(2)]

    assert classes[0] == classes[1]
