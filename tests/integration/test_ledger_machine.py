"""Messages come twice, late, never and in any order, workers die, a teacher cancels: the ledger does not mind.

Hypothesis makes up what happens; after each step the ledger must add up, and in the end every run must end.
"""

from uuid import UUID

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from app.errors import NoActiveRun
from app.services import cancelling, claims, invariants, ledger, reconciler, relaying, waves
from app.services.deps import Deps
from models import User
from tests import catalogues
from tests.drivers import (
    Klass,
    an_owner,
    change,
    finish,
    let_time_pass,
    over,
    project,
    relay,
    rows,
)
from tests.factories import a_batch, an_essay
from tests.fakes import FakePublisher

PHASES = tuple(catalogues.DIAMOND)
# What must hold at every moment; the others allow for messages on their way.
AT_EVERY_MOMENT = {"I2", "I3", "I4", "I5", "I9", "I10"}
ORDERS = st.sampled_from(
    ["", "", "", "[root:give_up]", "[left:give_up]", "[right:raise]", "[join:raise]"]
)
ANY = st.integers(0, 1000)
WITHOUT_PARENT = ("results", "batches", "event_outbox")
READS = st.sampled_from([frozenset(), frozenset({"spellcheck"}), frozenset({"spellcheck", "nlp"})])


class LedgerMachine(RuleBasedStateMachine):
    """One class on its way through a diamond of phases."""

    deps: Deps
    owner: User

    def __init__(self) -> None:
        super().__init__()
        self.publisher = FakePublisher()
        self.at_work: list[claims.Claimed] = []
        self.steps = 0
        # What an earlier example has left is none of this one's business.
        change(self.deps, *(f"delete from {table}" for table in WITHOUT_PARENT))

    @initialize(orders=st.lists(ORDERS, min_size=1, max_size=4), cancels_after=st.integers(0, 60))
    def hand_in_and_start(self, orders: list[str], cancels_after: int) -> None:
        texts = [an_essay(f"Essay {n} {order}.") for n, order in enumerate(orders)]
        self.cancels_after = cancels_after
        self.klass = Klass(self.deps, self.owner, a_batch(self.deps, self.owner, texts))
        self.klass.start()

    def pick(self, number: int) -> tuple[UUID, int, int]:
        """A slice that is on its way, and the canvas it is in."""
        canvas = self.publisher.canvases[number % len(self.publisher.canvases)]
        lo, hi = canvas["slices"][number % len(canvas["slices"])]
        steps = (canvas, *canvas.get("then", ()))
        return UUID(steps[number % len(steps)]["phase_run_id"]), lo, hi

    def take(self, number: int) -> tuple[UUID, int, int]:
        """The same, no longer on its way."""
        slice_ = self.pick(number)
        canvas = self.publisher.canvases[number % len(self.publisher.canvases)]
        canvas["slices"] = [s for s in canvas["slices"] if tuple(s) != slice_[1:]]
        self.publisher.canvases = [c for c in self.publisher.canvases if c["slices"]]
        return slice_

    def has_messages(self) -> bool:
        return bool(self.publisher.canvases)

    @rule()
    def the_relay_sends(self) -> None:
        relaying.relay(self.deps, self.publisher)

    @rule()
    def the_projector_projects(self) -> None:
        project(self.deps, self.publisher)

    @precondition(has_messages)
    @rule(number=ANY, reads=READS)
    def a_slice_is_delivered(self, number: int, reads: frozenset[str]) -> None:
        ledger.run_slice(*self.take(number), worker="w", deps=self.deps, reads=reads)

    @precondition(has_messages)
    @rule(number=ANY)
    def a_slice_is_delivered_and_will_be_again(self, number: int) -> None:
        ledger.run_slice(*self.pick(number), worker="w", deps=self.deps)

    @precondition(has_messages)
    @rule(number=ANY)
    def a_message_is_lost(self, number: int) -> None:
        self.take(number)

    @precondition(has_messages)
    @rule(number=ANY)
    def a_worker_claims_and_is_not_heard_of(self, number: int) -> None:
        claimed = ledger.claim(*self.take(number), worker="silent", deps=self.deps)
        if claimed is not None:
            self.at_work.append(claimed)

    @precondition(lambda self: self.at_work)
    @rule(number=ANY, again=st.booleans(), reads=READS)
    def a_silent_worker_settles_after_all(
        self, number: int, again: bool, reads: frozenset[str]
    ) -> None:
        claimed = self.at_work[number % len(self.at_work)]
        if not again:
            self.at_work.remove(claimed)
        by = claims.Worker("silent", reads)
        settled = ledger.settle(claimed, ledger.work(claimed), self.deps, by=by)
        if number % 2:
            # What it keeps it works on later, or it has died.
            self.at_work.extend(ledger.follow_up(settled, self.deps, by=by))

    @rule(phase=st.sampled_from(PHASES), wave_no=st.integers(0, 2))
    def the_end_of_a_wave_is_said(self, phase: str, wave_no: int) -> None:
        waves.wave_done(self.klass.phase(phase).id, wave_no, self.deps)

    @rule(follows=st.booleans())
    def somebody_advances_the_run(self, follows: bool) -> None:
        with self.deps.uow("advance") as uow:
            opened = waves.advance(uow, self.klass.runs[0])
            uow.commit()
        if follows:
            waves.plan(opened, self.deps)

    @rule()
    def an_hour_passes(self) -> None:
        let_time_pass(self.deps)

    @rule()
    def the_reconciler_looks(self) -> None:
        reconciler.reconcile(self.deps, self.publisher)

    @precondition(lambda self: self.steps >= self.cancels_after)
    @rule()
    def the_teacher_cancels(self) -> None:
        try:
            cancelling.cancel_run(self.klass.batch, owner_id=self.owner.id, deps=self.deps)
        except NoActiveRun:
            assert self.klass.run().status != "active"

    @invariant()
    def the_ledger_adds_up(self) -> None:
        self.steps += 1
        with self.deps.uow("look") as uow:
            broken = {
                each.name: each.find(uow)
                for each in invariants.INVARIANTS
                if each.name in AT_EVERY_MOMENT
            }
        assert not any(broken.values()), broken

    def teardown(self) -> None:
        if not hasattr(self, "klass"):
            return
        finish(self.deps, self.publisher)
        relay(self.deps, self.publisher)
        project(self.deps, self.publisher)
        assert invariants.check(self.deps) == []
        self.the_outcome_is_told_by_the_texts()

    def the_outcome_is_told_by_the_texts(self) -> None:
        """Whatever happened on the way: what a text says decides what became of it."""
        if self.klass.run().status == "cancelled":
            return
        gave_up = rows(
            self.deps,
            "select r.phase from results r where r.status = 'failed' and r.failure_code = 'told_to'",
        )
        assert {row.phase for row in gave_up} <= {"root", "left"}
        assert {row.status for row in self.klass.results("root")} <= {"done", "failed"}
        assert len(self.klass.results("root")) == len(self.klass.essays())


@pytest.mark.parametrize("options", ["", catalogues.STREAMING], ids=["in waves", "streaming"])
def test_whatever_happens_to_messages_and_workers_every_run_ends_and_adds_up(deps, options):
    deps = over(deps, catalogues.of(catalogues.DIAMOND, options=options), worker_slots=1)
    machine = type("Machine", (LedgerMachine,), {"deps": deps, "owner": an_owner(deps)})

    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=25,
            stateful_step_count=30,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
