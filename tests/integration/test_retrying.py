"""Doing again what has no result: everything of the last pipeline, one phase of it, one unit."""

from pathlib import Path

import pytest

from app.errors import BatchNotFound, NothingToRetry, RunActive, UnknownPipeline
from app.services import cancelling, invariants, retrying
from app.services.deps import Deps
from app.services.runs import Started
from pipelines import catalogue
from tests import catalogues
from tests.catalogues import CHAIN, DIAMOND
from tests.drivers import Klass, a_class, an_owner, drain, finish, over, relay, rows


@pytest.fixture
def deps(deps: Deps) -> Deps:
    return over(deps, catalogues.of(CHAIN), worker_slots=1)


@pytest.fixture
def diamond(deps: Deps) -> Deps:
    return over(deps, catalogues.of(DIAMOND))


@pytest.fixture
def ranked(deps: Deps) -> Deps:
    """`rank` is over the whole batch and depends on `spell`, as `measure` does; `feedback` depends on both."""
    graph = {
        "spell": [],
        "measure": ["spell"],
        "rank": ["spell"],
        "feedback": ["measure", "rank"],
    }
    before, rank, after = catalogues.text(graph).partition("\n  rank:\n")
    after = after.replace("tests.engines:Scripted", "pipelines.phases.noop:Once", 1)
    after = after.replace("scope: essay", "scope: batch", 1)
    after = after.replace("options: {name: rank}", "options: {}")
    return over(deps, catalogue.parse(before + rank + after, file="test.yaml"))


@pytest.fixture(autouse=True)
def sound(deps, publisher):
    """Whatever a test does, the ledger's invariants hold after it."""
    yield
    drain(deps, publisher)
    assert invariants.check(deps) == []


def retry(klass: Klass, phase: str | None = None) -> Started:
    started = retrying.retry(klass.batch, phase=phase, owner_id=klass.owner.id, deps=klass.deps)
    klass.runs.append(started.run_id)
    return started


def a_class_that_can_be_mended(deps: Deps, mended: Path, *phases: str) -> Klass:
    """A good essay, and one for each phase that fails there until it is mended."""
    return a_class(deps, "", *(f"[{phase}:raise_until={mended}]" for phase in phases))


def done_in(klass: Klass) -> list[str]:
    """What the latest run has done: phase and essay, or the batch."""
    found = rows(
        klass.deps,
        "select r.phase, coalesce(e.essay_id, 'all') as essay from results r"
        " left join essays e on e.id = r.item_id where r.run_id = :run order by 1, 2",
        run=klass.runs[-1],
    )
    return [f"{row.phase} {row.essay}" for row in found]


class TestARetry:
    def test_does_only_what_failed_and_what_depends_on_it(self, deps, publisher, tmp_path):
        klass = a_class_that_can_be_mended(deps, tmp_path / "mended", "first", "second")
        klass.start()
        finish(deps, publisher)
        (tmp_path / "mended").touch()

        retry(klass)
        finish(deps, publisher)

        assert done_in(klass) == [
            "first essay-2",
            "second essay-2",
            "second essay-3",
        ]
        assert klass.row().status == "completed_successfully"

    def test_does_what_a_cancelled_run_left(self, deps, publisher):
        klass = a_class(deps, "", "")
        klass.start()
        cancelling.cancel_run(klass.batch, owner_id=klass.owner.id, deps=deps)

        retry(klass)
        finish(deps, publisher)

        assert klass.row().status == "completed_successfully"

    def test_is_refused_where_nothing_failed(self, deps, publisher):
        klass = a_class(deps, "", "")
        klass.start()
        finish(deps, publisher)

        with pytest.raises(NothingToRetry, match="has all its results"):
            retry(klass)

        assert len(rows(deps, "select 1 from runs")) == 1
        assert klass.row().status == "completed_successfully"

    def test_is_refused_before_any_run(self, deps, publisher):
        with pytest.raises(NothingToRetry, match="Start a pipeline first"):
            retry(a_class(deps, ""))

    def test_is_refused_when_its_pipeline_is_gone(self, deps, publisher):
        klass = a_class(deps, "[first:give_up]")
        klass.start("second")
        finish(deps, publisher)
        klass.deps = over(deps, catalogues.of({"first": []}))

        with pytest.raises(NothingToRetry, match="'second' is no longer known"):
            retry(klass)

    def test_is_refused_while_a_run_is_active(self, deps, publisher):
        klass = a_class(deps, "")
        klass.start()

        with pytest.raises(RunActive):
            retry(klass)

    def test_of_somebody_elses_batch_finds_none(self, deps, publisher):
        klass = a_class(deps, "")

        with pytest.raises(BatchNotFound):
            retrying.retry(klass.batch, owner_id=an_owner(deps).id, deps=deps)

    def test_leaves_a_phase_over_the_whole_batch_that_nothing_changed(
        self, ranked, publisher, tmp_path
    ):
        klass = a_class_that_can_be_mended(ranked, tmp_path / "mended", "measure")
        klass.start()
        finish(ranked, publisher)
        (tmp_path / "mended").touch()

        retry(klass)
        finish(ranked, publisher)

        assert done_in(klass) == ["feedback essay-2", "measure essay-2"]
        assert klass.phase("rank").reason == "not_asked_for"
        assert [essay.status for essay in klass.essays()] == ["processed", "processed"]

    def test_ranks_again_when_an_essay_has_come_as_far(self, ranked, publisher, tmp_path):
        klass = a_class_that_can_be_mended(ranked, tmp_path / "mended", "spell")
        klass.start()
        finish(ranked, publisher)
        (tmp_path / "mended").touch()

        retry(klass)
        finish(ranked, publisher)

        assert "rank all" in done_in(klass)
        assert [essay.status for essay in klass.essays()] == ["processed", "processed"]


class TestARetryOfAPhase:
    def test_leaves_what_failed_elsewhere(self, deps, publisher, tmp_path):
        klass = a_class_that_can_be_mended(deps, tmp_path / "mended", "first", "second")
        klass.start()
        finish(deps, publisher)
        (tmp_path / "mended").touch()

        started = retry(klass, "second")
        finish(deps, publisher)

        assert started.skipped == ("first",)
        assert klass.phase("first").reason == "not_asked_for"
        assert done_in(klass) == ["second essay-3"]
        assert [e.status for e in klass.essays()] == ["processed", "failed", "processed"]
        assert klass.row().status == "completed_with_failures"

    def test_brings_what_depends_on_it(self, deps, publisher, tmp_path):
        klass = a_class_that_can_be_mended(deps, tmp_path / "mended", "first", "second")
        klass.start()
        finish(deps, publisher)
        (tmp_path / "mended").touch()

        retry(klass, "first")
        finish(deps, publisher)

        assert done_in(klass) == ["first essay-2", "second essay-2"]
        assert [e.status for e in klass.essays()] == ["processed", "processed", "partly_processed"]

    def test_names_the_run_before_and_its_pipeline(self, deps, publisher):
        klass = a_class(deps, "", "[second:give_up]")
        klass.start()
        finish(deps, publisher)

        retry(klass, "second")

        assert (klass.run().parent_run_id, klass.run().pipeline) == (klass.runs[0], "all")

    def test_does_not_reach_the_join_without_the_other_branch(self, diamond, publisher, tmp_path):
        mended = tmp_path / "mended"
        klass = a_class(
            diamond,
            "",
            f"[left:raise_until={mended}]",
            f"[left:raise_until={mended}][right:give_up]",
        )
        klass.start()
        finish(diamond, publisher)
        mended.touch()

        retry(klass, "left")
        finish(diamond, publisher)

        assert done_in(klass) == ["join essay-2", "left essay-2", "left essay-3"]
        assert [e.status for e in klass.essays()] == ["processed", "processed", "partly_processed"]

    def test_that_fails_again_says_so(self, deps, publisher):
        klass = a_class(deps, "", "[second:raise]")
        klass.start()
        finish(deps, publisher)

        retry(klass, "second")
        finish(deps, publisher)

        assert klass.phase("second").status == klass.run().status == "failed"
        assert klass.row().status == "completed_with_failures"
        assert [e.status for e in klass.essays()] == ["processed", "partly_processed"]

    def test_can_be_cancelled_and_takes_nothing_from_anybody(self, deps, publisher):
        klass = a_class(deps, "", "[first:give_up]", "[second:give_up]")
        klass.start()
        finish(deps, publisher)
        before = [essay.status for essay in klass.essays()]

        retry(klass, "first")
        cancelling.cancel_run(klass.batch, owner_id=klass.owner.id, deps=deps)

        assert [essay.status for essay in klass.essays()] == before
        assert klass.row().status == "cancelled"

    def test_has_the_whole_batch_ranked_again(self, ranked, publisher, tmp_path):
        klass = a_class_that_can_be_mended(ranked, tmp_path / "mended", "spell")
        klass.start()
        finish(ranked, publisher)
        (tmp_path / "mended").touch()

        retry(klass, "spell")
        finish(ranked, publisher)

        assert done_in(klass) == [
            "feedback essay-2",
            "measure essay-2",
            "rank all",
            "spell essay-2",
        ]
        assert klass.row().status == "completed_successfully"

    def test_over_the_whole_batch_that_has_its_result_is_refused(self, ranked, publisher):
        klass = a_class(ranked, "", "")
        klass.start()
        finish(ranked, publisher)

        with pytest.raises(NothingToRetry, match="'rank' has its result"):
            retry(klass, "rank")

    def test_in_which_nothing_failed_is_refused(self, deps, publisher):
        klass = a_class(deps, "", "[second:give_up]")
        klass.start()
        finish(deps, publisher)

        with pytest.raises(NothingToRetry, match="as far as the phase 'first'"):
            retry(klass, "first")

    def test_of_a_phase_nobody_came_as_far_as_is_refused(self, deps, publisher):
        klass = a_class(deps, "[first:give_up]")
        klass.start()
        finish(deps, publisher)

        with pytest.raises(NothingToRetry, match="as far as the phase 'second'"):
            retry(klass, "second")

    def test_nobody_knows_is_refused_by_name(self, deps, publisher):
        klass = a_class(deps, "[first:give_up]")
        klass.start("first")
        finish(deps, publisher)

        with pytest.raises(UnknownPipeline, match="no phase 'second'; it has first") as refused:
            retry(klass, "second")

        assert [fault["field"] for fault in refused.value.faults] == ["/phase"]
        assert refused.value.extra["known"] == ["first"]

    def test_is_not_touched_by_a_message_of_the_run_before(self, deps, publisher):
        klass = a_class(deps, "", "[second:give_up]")
        klass.start()
        relay(deps, publisher)
        late = [dict(canvas) for canvas in publisher.canvases]
        finish(deps, publisher)
        retry(klass, "second")
        old = "select * from units where phase_run_id in (select id from phase_runs where run_id = :run)"
        before = rows(deps, f"{old} order by 1, 2", run=klass.runs[0])

        publisher.canvases = late
        drain(deps, publisher)

        assert rows(deps, f"{old} order by 1, 2", run=klass.runs[0]) == before
