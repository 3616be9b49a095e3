"""Essays go from phase to phase one by one where nothing needs the whole class."""

import pytest

from app.services import cancelling, invariants, ledger, reconciler, waves
from app.services.deps import Deps
from pipelines import catalogue
from tests import catalogues
from tests.catalogues import CHAIN, DIAMOND, STREAMING
from tests.drivers import (
    Klass,
    a_class,
    change,
    deliver,
    drain,
    finish,
    let_time_pass,
    over,
    relay,
    rows,
    slices_of,
)
from tests.integration.test_ledger import hand_in_again

LONG = {"first": [], "second": ["first"], "third": ["second"]}


@pytest.fixture
def deps(deps: Deps) -> Deps:
    """One worker slot, so that a wave of four units is two slices of two."""
    return streaming(deps, CHAIN)


def streaming(deps: Deps, graph: dict[str, list[str]], **settings: object) -> Deps:
    return over(deps, catalogues.of(graph, options=STREAMING), worker_slots=1, **settings)


def work_on(klass: Klass, phase: str, lo: int, hi: int) -> None:
    """Work on one slice, as if its message had come."""
    ledger.run_slice(klass.phase(phase).id, lo, hi, worker="w", deps=klass.deps)


def statuses(klass: Klass, phase: str) -> list[str]:
    return [unit.status for unit in klass.units(phase)]


class TestStarting:
    def test_opens_the_next_phase_with_the_first(self, deps):
        klass = a_class(deps, "", "", "", "")

        klass.start()

        assert statuses(klass, "second") == ["waiting"] * 4
        second = klass.phase("second")
        assert (second.status, second.total, second.remaining, second.waiting) == (
            "in_progress",
            4,
            4,
            4,
        )

    def test_sends_slices_that_go_on_from_phase_to_phase(self, deps, publisher):
        klass = a_class(streaming(deps, LONG), "", "", "", "")

        klass.start()

        relay(klass.deps, publisher)
        (canvas,) = publisher.canvases
        assert canvas["slices"] == [[0, 2], [2, 4]]
        assert [step["phase_run_id"] for step in canvas["then"]] == [
            str(klass.phase("second").id),
            str(klass.phase("third").id),
        ]

    def test_does_not_open_a_phase_that_waits_for_two(self, deps):
        klass = a_class(streaming(deps, DIAMOND), "", "")

        klass.start()

        opened = {name: klass.phase(name).status for name in DIAMOND}
        assert opened == {
            "root": "in_progress",
            "left": "in_progress",
            "right": "in_progress",
            "join": "pending",
        }

    def test_waits_for_the_class_where_a_phase_plans_more_than_once(self, deps):
        klass = a_class(over(deps, catalogues.of(CHAIN)), "", "")

        klass.start()

        assert klass.phase("second").status == "pending"


class TestAnEssay:
    def test_goes_on_while_others_are_still_in_the_phase_before(self, deps):
        klass = a_class(deps, "", "", "", "")
        klass.start()

        work_on(klass, "first", 0, 2)
        work_on(klass, "second", 0, 2)

        assert statuses(klass, "first") == ["done", "done", "queued", "queued"]
        assert statuses(klass, "second") == ["done", "done", "waiting", "waiting"]

    def test_cannot_be_worked_on_before_its_turn(self, deps):
        klass = a_class(deps, "", "")
        klass.start()

        work_on(klass, "second", 0, 2)

        assert statuses(klass, "second") == ["waiting", "waiting"]

    def test_that_failed_does_not_go_on_and_is_not_counted_there(self, deps, publisher):
        klass = a_class(deps, "", "[first:give_up]", "", "")
        klass.start()

        work_on(klass, "first", 0, 2)

        assert statuses(klass, "second")[:2] == ["queued", "cancelled"]
        second = klass.phase("second")
        assert (second.total, second.remaining, second.waiting) == (3, 3, 2)
        finish(deps, publisher)
        assert klass.row().status == "completed_with_failures"
        assert (klass.phase("second").status, klass.phase("second").done) == ("completed", 3)
        assert [essay.status for essay in klass.essays()] == [
            "processed",
            "failed",
            "processed",
            "processed",
        ]

    def test_that_failed_in_the_middle_goes_no_further(self, deps, publisher):
        klass = a_class(streaming(deps, LONG), "", "[first:give_up]", "[second:give_up]")

        klass.start()
        finish(klass.deps, publisher)

        assert len(klass.results("third")) == 1
        assert statuses(klass, "third") == ["done", "cancelled", "cancelled"]
        assert invariants.check(klass.deps) == []

    def test_that_is_tried_again_goes_on_when_it_is_done(self, deps, publisher, tmp_path):
        klass = a_class(deps, "", f"[first:later={tmp_path / 'once'}]")
        klass.start()

        work_on(klass, "first", 0, 2)
        assert statuses(klass, "second") == ["queued", "waiting"]

        finish(deps, publisher)
        assert klass.row().status == "completed_successfully"
        assert len(klass.results("second")) == 2

    def test_whose_worker_is_lost_every_time_is_given_up_in_both(self, deps, publisher):
        klass = a_class(deps, "", "")
        klass.start()
        while "failed" not in statuses(klass, "first"):
            ledger.claim(klass.phase("first").id, 1, 2, worker="w", deps=deps)
            let_time_pass(deps)
            reconciler.lapsed_leases(deps, publisher)

        assert statuses(klass, "second") == ["waiting", "cancelled"]
        finish(deps, publisher)
        assert klass.row().status == "completed_with_failures"


class TestAPhase:
    def test_of_which_no_essay_is_left_is_skipped_and_says_why(self, deps, publisher):
        klass = a_class(streaming(deps, LONG), "[first:give_up]", "[first:give_up]")

        klass.start()
        finish(klass.deps, publisher)

        assert klass.row().status == "failed"
        phases = {name: (klass.phase(name).status, klass.phase(name).reason) for name in LONG}
        assert phases == {
            "first": ("failed", None),
            "second": ("skipped", "no_essay_passed:first"),
            "third": ("skipped", "no_essay_passed:second"),
        }

    def test_ends_with_the_last_essay_and_not_before(self, deps):
        klass = a_class(deps, "", "")
        klass.start()
        work_on(klass, "first", 0, 1)
        work_on(klass, "second", 0, 1)

        assert klass.phase("second").status == "in_progress"
        work_on(klass, "first", 1, 2)
        assert klass.phase("first").status == "completed"
        work_on(klass, "second", 1, 2)
        assert klass.phase("second").status == "completed"
        assert klass.row().status == "completed_successfully"

    def test_beside_another_gets_its_essays_in_a_canvas_of_its_own(self, deps, publisher):
        klass = a_class(streaming(deps, DIAMOND), "", "")
        klass.start()
        relay(klass.deps, publisher)
        publisher.lose_everything()

        work_on(klass, "root", 0, 2)

        relay(klass.deps, publisher)
        (canvas,) = publisher.canvases
        assert canvas["phase_run_id"] == str(klass.phase("right").id)
        assert slices_of(publisher) == [(0, 2)]

    def test_after_another_gets_its_failures_too(self, deps, publisher):
        text = catalogues.text(CHAIN, options=STREAMING).replace(
            "depends_on: [first]", "after: [first]"
        )
        klass = a_class(
            over(deps, catalogue.parse(text, file="f"), worker_slots=1), "[first:give_up]", ""
        )

        klass.start()
        finish(klass.deps, publisher)

        assert [result.status for result in klass.results("second")] == ["done", "done"]

    def test_that_is_slow_holds_back_the_one_before(self, deps):
        unit_by_unit = over(deps, deps.catalogue, slice_s=1e-9)
        klass = a_class(unit_by_unit, *[""] * 20)
        klass.start()

        lo = 0
        while lo < klass.phase("first").next_position:  # and nothing in the second
            work_on(klass, "first", lo, lo + 1)
            lo += 1

        assert lo < 20
        work_on(klass, "second", 0, lo)
        assert klass.phase("first").next_position > lo


class TestPlanning:
    def test_sends_by_itself_what_has_left_the_phase_before_already(self, deps, publisher):
        klass = a_class(deps, "", "", "", "")
        klass.start()
        self.forget_the_second(klass)
        work_on(klass, "first", 0, 2)

        let_time_pass(deps)
        reconciler.missed_wave_ends(deps, publisher)

        assert [(u.position, u.status) for u in klass.units("second")] == [
            (2, "waiting"),
            (3, "waiting"),
            (4, "queued"),
            (5, "queued"),
        ]
        finish(deps, publisher)
        assert klass.row().status == "completed_successfully"
        assert len(klass.results("second")) == 4

    def forget_the_second(self, klass: Klass) -> None:
        """As if whoever opened the phase had died before planning it."""
        phase_run_id = klass.phase("second").id
        change(
            klass.deps,
            "delete from units where phase_run_id = :id",
            "update phase_runs set wave_no = 0, total = 0, remaining = 0, waiting = 0,"
            " next_position = 0, end_position = 0 where id = :id",
            id=phase_run_id,
        )

    def test_an_end_that_is_said_of_a_phase_that_still_waits_changes_nothing(self, deps):
        klass = a_class(deps, "", "")
        klass.start()

        waves.wave_done(klass.phase("second").id, 1, deps)

        assert klass.phase("second").status == "in_progress"

    def test_does_only_what_a_changed_text_makes_necessary(self, deps, publisher):
        klass = a_class(deps, "", "", "")
        klass.start()
        finish(deps, publisher)
        hand_in_again(klass, "essay-2", an_essay_of("another text"))

        klass.start()
        finish(deps, publisher)

        changed = klass.essays()[1].id
        for phase in CHAIN:
            assert [result.item_id for result in klass.results(phase)] == [changed]
        assert invariants.check(deps) == []


def an_essay_of(words: str) -> str:
    return words + " Once upon a time there was a pupil who wrote an essay just about long enough."


def test_a_run_that_is_cancelled_takes_what_waits_with_it(deps):
    klass = a_class(deps, "", "", "", "")
    klass.start()
    work_on(klass, "first", 0, 2)

    cancelling.cancel_run(klass.batch, owner_id=klass.owner.id, deps=deps)

    assert statuses(klass, "second") == ["cancelled"] * 4
    assert klass.phase("second").waiting == 0
    assert invariants.check(deps, is_running=False) == []


@pytest.mark.parametrize("graph", [CHAIN, LONG, DIAMOND], ids=["chain", "long", "diamond"])
def test_a_run_completes_through_its_chord_bodies_alone(deps, publisher, graph):
    deps = streaming(deps, graph, settle_closes_wave=False)
    klass = a_class(deps, "", "[first:give_up]", "", "")
    klass.start()

    while klass.run().status == "active":
        relay(deps, publisher)
        bodies = [
            step
            for canvas in publisher.canvases
            for step in (canvas, *({**step, "wave_no": 1} for step in canvas.get("then", ())))
        ]
        assert bodies, "the run stands still"
        deliver(deps, publisher)
        for body in bodies:
            waves.wave_done(body["phase_run_id"], body["wave_no"], deps)

    assert klass.row().status in {"completed_successfully", "completed_with_failures"}
    assert not rows(deps, "select 1 from units where status not in ('done', 'failed', 'cancelled')")


def test_breaks_no_invariant_at_any_moment(deps, publisher):
    klass = a_class(streaming(deps, LONG), "", "[first:give_up]", "[second:raise]", "")
    klass.start()

    drain(klass.deps, publisher)
    assert invariants.check(klass.deps) == []
    finish(klass.deps, publisher)
    assert invariants.check(klass.deps) == []
