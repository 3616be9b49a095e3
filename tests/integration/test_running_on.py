"""What follows a slice is planned where it ended, and worked on at once where a message would take longer."""

from dataclasses import replace

import pytest
from sqlalchemy import text

from app.services import invariants, ledger, reconciler
from app.services.claims import Worker
from app.services.deps import Deps
from app.unit_of_work import UnitOfWork
from pipelines import catalogue
from pipelines.phase import BatchContext, Finished, SoFar, Wave
from tests import catalogues
from tests.drivers import Klass, a_class, finish, let_time_pass, over, relay, rows
from tests.engines import Scripted
from tests.fakes import FakePublisher

# The second waits for the whole class, as the third does; each has one unit.
PHASES = {"first": [], "second": ["first"], "third": ["second"]}
READS = frozenset({"spellcheck", "nlp"})


class Stumbling(Scripted):
    """Cannot plan what comes after the first phase."""

    def plan(self, batch: BatchContext, so_far: SoFar) -> Wave | Finished:
        if self.name != "first":
            raise RuntimeError("told to")
        return super().plan(batch, so_far)


def over_the_batch(engine: str = "pipelines.phases.noop:Once") -> catalogue.Catalogue:
    """A first phase over essays, and two over the whole batch."""
    given = catalogues.text(PHASES, options=catalogues.STREAMING)
    head, *rest = given.split("\n  second:")
    tail = "\n  second:" + "".join(rest)
    tail = tail.replace("scope: essay", "scope: batch").replace("tests.engines:Scripted", engine)
    if engine.startswith("pipelines"):
        tail = "\n".join(line for line in tail.split("\n") if "options:" not in line)
    return catalogue.parse(head + tail, file="test.yaml")


@pytest.fixture
def deps(deps: Deps) -> Deps:
    return over(deps, over_the_batch(), worker_slots=1)


def work_on(klass: Klass, lo: int, hi: int, *, reads: frozenset[str] = READS) -> None:
    ledger.run_slice(klass.phase("first").id, lo, hi, worker="w", deps=klass.deps, reads=reads)


def canvases(klass: Klass, publisher: FakePublisher) -> int:
    relay(klass.deps, publisher)
    return len(publisher.canvases)


class TestAWaveOfOneUnit:
    def test_is_worked_on_by_whoever_planned_it(self, deps, publisher):
        klass = a_class(deps, "", "")
        klass.start()

        work_on(klass, 0, 2)

        assert klass.row().status == "completed_successfully"
        assert canvases(klass, publisher) == 1  # that of the first phase
        assert [row.worker for row in rows(deps, "select worker from every_attempt")] == ["w"] * 4
        assert invariants.check(deps, is_running=False) == []

    def test_is_sent_to_its_queue_if_the_worker_does_not_read_that(self, deps, publisher):
        klass = a_class(deps, "", "")
        klass.start()

        work_on(klass, 0, 2, reads=frozenset({"spellcheck"}))

        assert klass.phase("second").status == "in_progress"
        assert canvases(klass, publisher) == 2

    def test_is_sent_if_it_takes_long(self, deps, publisher):
        slow = catalogues.text(PHASES, options=catalogues.STREAMING, unit_s=3)
        klass = a_class(over(deps, catalogue.parse(slow, file="f"), worker_slots=1), "")
        klass.start()

        work_on(klass, 0, 1)

        assert klass.units("second")[0].status == "queued"

    def test_is_taken_back_if_its_worker_dies_before_it_begins(self, deps, publisher):
        klass = a_class(deps, "", "")
        klass.start()
        claimed = ledger.claim(klass.phase("first").id, 0, 2, worker="w", deps=deps)
        settled = ledger.settle(claimed, ledger.work(claimed), deps, by=Worker("w", READS))
        assert [kept.phase for kept in settled.onward.kept] == ["second"]
        assert canvases(klass, publisher) == 1
        publisher.lose_everything()

        let_time_pass(deps)
        reconciler.reconcile(deps, publisher)

        assert canvases(klass, publisher) == 1
        finish(deps, publisher)
        assert klass.row().status == "completed_successfully"


class TestAWaveThatIsSoonDone:
    """Of several units, which together are not worth a message."""

    @pytest.fixture
    def deps(self, deps: Deps) -> Deps:
        """The first phase over the batch, the second over its essays, whose units take next to nothing."""
        given = catalogues.text({"first": [], "second": ["first"]}, unit_s=0.001)
        for of_essays, of_batch in (
            ("engine: tests.engines:Scripted", "engine: pipelines.phases.noop:Once"),
            ("scope: essay", "scope: batch"),
            ("options: {name: first}", ""),
        ):
            given = given.replace(of_essays, of_batch, 1)
        return over(deps, catalogue.parse(given, file="test.yaml"), worker_slots=2)

    def test_is_worked_on_as_one_slice_by_whoever_planned_it(self, deps, publisher):
        klass = a_class(deps, *[""] * 8)
        klass.start()

        work_on(klass, 0, 1)

        assert klass.row().status == "completed_successfully"
        assert canvases(klass, publisher) == 1
        attempts = rows(deps, "select distinct alone from every_attempt where position > 0")
        assert [each.alone for each in attempts] == [False]

    def test_is_taken_back_and_tried_one_by_one_if_its_worker_dies(self, deps, publisher):
        klass = a_class(deps, *[""] * 3)
        klass.start()
        claimed = ledger.claim(klass.phase("first").id, 0, 1, worker="w", deps=deps)
        by = Worker("w", READS)
        ledger.follow_up(ledger.settle(claimed, ledger.work(claimed), deps, by=by), deps, by=by)
        assert {unit.status for unit in klass.units("second")} == {"running"}

        let_time_pass(deps)
        reconciler.reconcile(deps, publisher)
        finish(deps, publisher)

        assert klass.row().status == "completed_successfully"
        outcomes = rows(
            deps, "select outcome, count(*) as n from every_attempt group by 1 order by 1"
        )
        assert [tuple(each) for each in outcomes] == [("done", 4), ("lost", 3)]

    def test_is_cut_if_it_is_worth_several_messages(self, deps, publisher):
        klass = a_class(deps, *[""] * 100)
        klass.start()

        work_on(klass, 0, 1)

        assert canvases(klass, publisher) == 2


class TestPlanningWhereAPhaseEnds:
    def test_that_raises_takes_nothing_from_what_was_found(self, deps, publisher):
        engine = f"{__name__}:Stumbling"
        klass = a_class(over(deps, over_the_batch(engine), worker_slots=1), "", "")
        klass.start()

        work_on(klass, 0, 2)

        assert [result.status for result in klass.results("first")] == ["done", "done"]
        assert klass.phase("first").status == "completed"
        finish(klass.deps, publisher)
        assert klass.phase("second").reason == "planning_failed"

    def test_that_the_database_refuses_is_done_by_itself_afterwards(self, deps, publisher):
        klass = a_class(deps, "", "")
        klass.start()
        refusing = replace(deps, uow=_refusing_once(deps))

        ledger.run_slice(klass.phase("first").id, 0, 2, worker="w", deps=refusing, reads=READS)

        assert [result.status for result in klass.results("first")] == ["done", "done"]
        finish(deps, publisher)
        assert klass.row().status == "completed_successfully"


def _refusing_once(deps: Deps):
    """Transactions of which the first settling cannot open what follows."""
    refused: list[str] = []

    def opened(name: str) -> UnitOfWork:
        uow = deps.uow(name)
        if name != "settle" or refused:
            return uow
        enter = uow.__enter__

        class Refusing:
            def __enter__(self) -> UnitOfWork:
                entered = enter()
                begin = entered.runs.begin_phase

                def refuse(*given: object, **more: object) -> None:
                    refused.append(name)
                    entered.session.execute(text("select 1 / 0"))
                    begin(*given, **more)  # type: ignore[arg-type]

                entered.runs.begin_phase = refuse  # type: ignore[method-assign]
                return entered

            def __exit__(self, *given: object) -> None:
                uow.__exit__(*given)  # type: ignore[arg-type]

        return Refusing()  # type: ignore[return-value]

    return opened
