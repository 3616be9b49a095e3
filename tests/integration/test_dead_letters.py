"""What nobody could handle: kept, played again with fresh attempts, put away; and harmless to everybody else."""

from pathlib import Path
from uuid import UUID, uuid4

import pytest

from app.errors import DeadLetterNotFound, DeadLetterResolved, NothingToRetry, RunActive
from app.services import dead_letters, invariants, reconciler, results, retrying
from app.services.dead_letters import Resolution
from app.services.deps import Deps
from pipelines import catalogue
from tests import catalogues
from tests.catalogues import CHAIN
from tests.drivers import (
    Klass,
    Meeting,
    a_class,
    at_once,
    change,
    drain,
    finish,
    let_time_pass,
    over,
    relay,
    rows,
)
from tests.engines import Scripted
from tests.fakes import FakePublisher

OPERATOR = Resolution("an operator", "mended")


class Planless(Scripted):
    """Cannot plan until it is mended."""

    def __init__(self, name: str, mended: str) -> None:
        super().__init__(name)
        self.mended = Path(mended)

    def plan(self, batch, so_far):
        if not self.mended.exists():
            raise RuntimeError("told to")
        return super().plan(batch, so_far)


@pytest.fixture
def deps(deps: Deps) -> Deps:
    return over(deps, catalogues.of(CHAIN), worker_slots=1)


@pytest.fixture
def mended(tmp_path: Path) -> Path:
    """A file; with it what failed would succeed."""
    return tmp_path / "mended"


@pytest.fixture
def poisoned(deps, publisher, mended) -> Klass:
    """A run that has ended, in which two essays were given up in the first phase and one in the second."""
    klass = a_class(
        deps,
        "",
        f"[first:raise_until={mended}]",
        f"[first:raise_until={mended}]",
        f"[second:raise_until={mended}]",
    )
    klass.start()
    finish(deps, publisher)
    return klass


@pytest.fixture(autouse=True)
def sound(deps, publisher):
    """Whatever a test does, the ledger's invariants hold after it."""
    yield
    drain(deps, publisher)
    assert invariants.check(deps) == []


def letter_of(klass: Klass, phase: str, essay: int = 0) -> UUID:
    """The dead letter of a phase about an essay; with 0, the only one of the phase."""
    wanted = [None] if essay == 0 else [klass.essays()[essay - 1].id]
    found = [
        letter
        for letter in klass.dead_letters()
        if letter.phase == phase and (essay == 0 or letter.item_id in wanted)
    ]
    assert len(found) == 1, found
    return found[0].id


def replay(klass: Klass, letter: UUID) -> dict:
    shown = dead_letters.replay(letter, OPERATOR, deps=klass.deps)
    if shown["replayed_as"] is not None:
        klass.runs.append(shown["replayed_as"])
    return shown


def done_in(klass: Klass) -> list[str]:
    """What the latest run has done: phase and essay."""
    essays = {essay.id: essay.essay_id for essay in klass.essays()}
    return [f"{r.phase} {essays[r.item_id]}" for r in klass.results()]


class TestALetter:
    def test_has_the_form_that_was_agreed_on(self, deps, poisoned):
        message = dead_letters.letter(letter_of(poisoned, "second"), deps=deps)["message"]

        assert set(message) == {
            "schema_version",
            "failed_event_envelope",
            "dlq_reason",
            "timestamp",
            "service",
        }
        asked = message["failed_event_envelope"]
        assert asked["event_type"] == "BatchPhaseStartedV1"
        assert asked["correlation_id"] == str(poisoned.run().correlation_id)
        assert asked["data"]["entity_id"] == str(poisoned.essays()[3].id)
        assert asked["data"]["phase_run_id"] == str(poisoned.phase("second").id)

    def test_says_what_was_wrong_and_whose_it_is(self, deps, poisoned):
        shown = dead_letters.letter(letter_of(poisoned, "second"), deps=deps)

        assert (shown["reason"], shown["phase"]) == ("attempts_exhausted", "second")
        assert (shown["batch_id"], shown["run_id"]) == (poisoned.batch, poisoned.runs[0])
        assert shown["essay_id"] == "essay-4"
        assert shown["error"] == "RuntimeError('told to')"
        assert shown["done_since"] is False

    def test_says_when_a_retry_has_done_it_meanwhile(self, deps, publisher, poisoned, mended):
        mended.touch()
        retrying.retry(poisoned.batch, owner_id=poisoned.owner.id, deps=deps)
        finish(deps, publisher)

        shown = dead_letters.letter(letter_of(poisoned, "second"), deps=deps)

        assert (shown["status"], shown["done_since"]) == ("open", True)

    def test_nobody_wrote_is_not_found(self, deps):
        for ask in (dead_letters.replay, dead_letters.discard):
            with pytest.raises(DeadLetterNotFound):
                ask(uuid4(), OPERATOR, deps=deps)


class TestReplayingAUnit:
    def test_does_just_that_unit_and_what_depends_on_it(self, deps, publisher, poisoned, mended):
        mended.touch()

        replay(poisoned, letter_of(poisoned, "first", 2))
        finish(deps, publisher)

        assert done_in(poisoned) == ["first essay-2", "second essay-2"]
        assert [essay.status for essay in poisoned.essays()] == [
            "processed",
            "processed",
            "failed",
            "partly_processed",
        ]

    def test_is_a_run_of_its_own_with_fresh_attempts(self, deps, publisher, poisoned):
        shown = replay(poisoned, letter_of(poisoned, "second"))

        assert (poisoned.run().parent_run_id, poisoned.run().status) == (poisoned.runs[0], "active")
        assert [(u.attempts, u.claims) for u in poisoned.units("second")] == [(0, 0)]
        assert shown["replayed_as"] == poisoned.runs[-1]

    def test_says_who_when_and_why(self, deps, poisoned):
        shown = replay(poisoned, letter_of(poisoned, "second"))

        assert (shown["status"], shown["resolved_by"], shown["note"]) == (
            "replayed",
            "an operator",
            "mended",
        )
        assert shown["resolved_at"] is not None

    def test_twice_is_done_once(self, deps, poisoned):
        letter = letter_of(poisoned, "second")
        first = replay(poisoned, letter)

        again = dead_letters.replay(letter, Resolution("somebody else"), deps=deps)

        assert again == first
        assert len(rows(deps, "select 1 from runs")) == 2

    def test_twice_at_once_is_done_once(self, deps, poisoned):
        letter = letter_of(poisoned, "second")
        meeting = Meeting(deps, "replay_dead_letter")

        first, second = at_once(
            *[lambda: dead_letters.replay(letter, OPERATOR, deps=meeting.deps())] * 2
        )

        assert first == second
        assert len(rows(deps, "select 1 from runs")) == 2

    def test_that_fails_again_leaves_another_letter(self, deps, publisher, poisoned):
        letter = letter_of(poisoned, "second")
        replay(poisoned, letter)
        finish(deps, publisher)

        again = [each for each in poisoned.dead_letters() if each.phase == "second"]

        assert {each.status for each in again} == {"open", "replayed"}
        assert {each.run_id for each in again} == set(poisoned.runs)

    def test_is_refused_while_a_run_is_active_and_leaves_it_open(self, deps, poisoned, mended):
        mended.touch()
        replay(poisoned, letter_of(poisoned, "second"))

        with pytest.raises(RunActive):
            replay(poisoned, letter_of(poisoned, "first", 2))

        assert dead_letters.letter(letter_of(poisoned, "first", 2), deps=deps)["status"] == "open"

    def test_that_has_its_result_by_now_is_refused(self, deps, publisher, poisoned, mended):
        mended.touch()
        retrying.retry(poisoned.batch, owner_id=poisoned.owner.id, deps=deps)
        finish(deps, publisher)

        with pytest.raises(NothingToRetry, match="by now"):
            replay(poisoned, letter_of(poisoned, "second"))

    def test_of_a_phase_the_catalogue_has_no_more_is_refused(self, deps, poisoned):
        letter = letter_of(poisoned, "second")
        poisoned.deps = over(deps, catalogues.of({"first": []}))

        with pytest.raises(NothingToRetry, match="catalogue has changed"):
            replay(poisoned, letter)

    def test_over_the_whole_batch_does_the_phase(self, deps, publisher, mended):
        poisoned = a_class(deps, "", f"[second:raise_until={mended}]")
        poisoned.start()
        finish(deps, publisher)
        change(deps, "update dead_letters set item_id = batch_id")
        mended.touch()

        replay(poisoned, poisoned.dead_letters()[0].id)
        finish(deps, publisher)

        assert done_in(poisoned) == ["second essay-2"]


class TestReplayingAPlan:
    def test_does_the_phase_and_what_depends_on_it(self, deps, publisher, mended):
        text = catalogues.text(CHAIN, options=f", mended: {mended}")
        text = text.replace("tests.engines:Scripted", f"{__name__}:Planless")
        deps = over(deps, catalogue.parse(text, file="test.yaml"))
        klass = a_class(deps, "", "")
        klass.start()
        for _ in range(4):
            reconciler.reconcile(deps, publisher)
            let_time_pass(deps)
        assert klass.run().status == "failed"
        mended.touch()

        replay(klass, letter_of(klass, "first"))
        finish(deps, publisher)

        assert len(klass.results()) == 4
        assert klass.row().status == "completed_successfully"
        shown = dead_letters.letter(letter_of(klass, "first"), deps=deps)
        assert (shown["reason"], shown["essay_id"], shown["done_since"]) == (
            "planning_failed",
            None,
            True,
        )


class Choosy(FakePublisher):
    """Has no way to send canvases, however often it is asked."""

    is_broken = True

    def canvas(self, canvas):
        if self.is_broken:
            raise ValueError("told to")
        super().canvas(canvas)


class TestReplayingAMessage:
    @pytest.fixture
    def publisher(self) -> Choosy:
        return Choosy()

    def test_sends_it_again(self, deps, publisher):
        klass = a_class(deps, "", "")
        klass.start()
        relay(deps, publisher)
        (letter,) = klass.dead_letters()
        publisher.is_broken = False

        shown = replay(klass, letter.id)
        relay(deps, publisher)

        assert (shown["status"], shown["reason"], shown["replayed_as"]) == (
            "replayed",
            "unsendable",
            None,
        )
        assert [canvas["phase_run_id"] for canvas in publisher.canvases] == [
            str(klass.phase("first").id)
        ]
        finish(deps, publisher)
        assert klass.row().status == "completed_successfully"

    def test_works_when_the_row_it_was_is_gone(self, deps, publisher):
        klass = a_class(deps, "", "")
        klass.start()
        relay(deps, publisher)
        change(deps, "delete from event_outbox where event_type = 'canvas'")
        publisher.is_broken = False

        replay(klass, klass.dead_letters()[0].id)
        relay(deps, publisher)

        assert len(publisher.canvases) == 1

    def test_twice_at_once_sends_it_once(self, deps, publisher):
        klass = a_class(deps, "", "")
        klass.start()
        relay(deps, publisher)
        publisher.is_broken = False
        letter = klass.dead_letters()[0].id
        meeting = Meeting(deps, "replay_dead_letter")

        at_once(*[lambda: dead_letters.replay(letter, OPERATOR, deps=meeting.deps())] * 2)
        relay(deps, publisher)

        assert len(publisher.canvases) == 1

    def test_of_the_first_release_says_that_it_has_none(self, deps, publisher):
        klass = a_class(deps, "", "")
        klass.start()
        relay(deps, publisher)
        change(
            deps,
            "update dead_letters set message = jsonb_set(message, '{failed_event_envelope}',"
            ' \'{"outbox_id": "1", "kind": "canvas", "error": "told to"}\')',
        )
        (letter,) = klass.dead_letters()

        assert dead_letters.letter(letter.id, deps=deps)["error"] == "told to"
        with pytest.raises(NothingToRetry, match="earlier release"):
            replay(klass, letter.id)
        publisher.is_broken = False


class TestDiscarding:
    def test_puts_it_away_with_who_when_and_why(self, deps, poisoned):
        letter = letter_of(poisoned, "second")

        shown = dead_letters.discard(letter, OPERATOR, deps=deps)

        assert (shown["status"], shown["resolved_by"], shown["note"]) == (
            "discarded",
            "an operator",
            "mended",
        )
        assert len(rows(deps, "select 1 from runs")) == 1

    def test_twice_is_done_once(self, deps, poisoned):
        letter = letter_of(poisoned, "second")
        first = dead_letters.discard(letter, OPERATOR, deps=deps)

        assert dead_letters.discard(letter, Resolution("somebody else"), deps=deps) == first

    def test_what_was_replayed_is_refused(self, deps, poisoned):
        letter = letter_of(poisoned, "second")
        replay(poisoned, letter)

        with pytest.raises(DeadLetterResolved, match="replayed before"):
            dead_letters.discard(letter, OPERATOR, deps=deps)

    def test_is_final(self, deps, poisoned):
        letter = letter_of(poisoned, "second")
        dead_letters.discard(letter, OPERATOR, deps=deps)

        with pytest.raises(DeadLetterResolved, match="discarded before"):
            replay(poisoned, letter)


class TestAPoisonousEssay:
    """Its neighbours are done while it is still being tried, one attempt after the other, alone."""

    @pytest.fixture
    def klass(self, deps, publisher) -> Klass:
        klass = a_class(deps, "", "[first:raise]", "", "")
        klass.start()
        drain(deps, publisher)
        return klass

    def test_is_tried_alone(self, klass):
        poison = klass.units("first")[1]

        assert (poison.status, poison.alone, poison.attempts) == ("queued", True, 1)
        assert klass.run().status == "active"

    def test_leaves_the_others_their_results(self, klass, deps):
        assert [unit.status for unit in klass.units("first")] == ["done", "queued", "done", "done"]

        body = results.results(klass.batch, owner_id=klass.owner.id, deps=deps)

        assert [row["phases"].get("first", {}).get("status") for row in body["essays"]] == [
            "done",
            None,
            "done",
            "done",
        ]

    def test_is_seen_by_its_teacher_as_not_done_yet(self, klass, deps):
        (phase, _) = results.status(klass.batch, owner_id=klass.owner.id, deps=deps)["phases"]

        assert (phase["status"], phase["done"], phase["failed"], phase["total"]) == (
            "in_progress",
            3,
            0,
            4,
        )

    def test_is_given_up_after_as_many_attempts_as_allowed(self, klass, deps, publisher):
        finish(deps, publisher)

        body = results.results(klass.batch, owner_id=klass.owner.id, deps=deps)

        assert body["status"] == "completed_with_failures"
        assert body["essays"][1]["phases"]["first"]["failure_code"] == "attempts_exhausted"
        assert [row["status"] for row in body["essays"]] == [
            "processed",
            "failed",
            "processed",
            "processed",
        ]
