"""Essays in another language than their course: what is said of them, and reading them in their own."""

from dataclasses import replace

import pytest

from app.errors import EssayNotFound, RunActive
from app.projections import rebuild
from app.services import describing, projecting, results
from app.services.deps import Deps
from pipelines import catalogue
from tests.drivers import Klass, a_checked_class, a_class, drain, one, rows
from tests.fakes import FakePublisher

SWEDISH = (
    "är på svenska. Jag gick till skolan och träffade mina vänner, som inte hade läst sina lexor."
    " Vi satt där hela dagen och pratade om sommaren, och om allt som vi skulle göra tillsammans när vi"
    " var lediga. Sedan regnade det, så att vi måste springa hem genom skogen, och alla blev våta"
)
ESSAYS = ("is short. I have a freind", SWEDISH, "is short. All is well")


@pytest.fixture
def deps(deps: Deps) -> Deps:
    """With the phases as they are shipped."""
    return replace(deps, catalogue=catalogue.load())


@pytest.fixture
def klass(deps: Deps, publisher: FakePublisher) -> Klass:
    """An English class, checked, in which one has written in Swedish."""
    return a_checked_class(deps, publisher, *ESSAYS)


def say(klass: Klass, number: int, language: str | None) -> dict:
    return describing.describe(
        klass.batch,
        f"essay-{number}",
        {"language": language},
        owner_id=klass.owner.id,
        deps=klass.deps,
    )


def check_again(klass: Klass, publisher: FakePublisher) -> None:
    klass.start("spellcheck")
    drain(klass.deps, publisher)


def shown(klass: Klass, number: int) -> dict:
    return results.essay(klass.batch, f"essay-{number}", owner_id=klass.owner.id, deps=klass.deps)


class TestAnEssayInAnotherLanguage:
    def test_has_no_errors_and_says_so_in_its_row_and_its_result(self, klass):
        essay = shown(klass, 2)

        for said in (essay["spelling"], essay["results"]["spellcheck"]):
            assert (said["language"], said["mismatch"]) == ("en", "sv")
            assert (said["error_count"], said["error_rate"]) == (0, None)
        assert essay["language"] is None


class TestSayingItsLanguage:
    def test_has_it_read_in_that_language_by_the_next_run(self, klass, publisher):
        row = say(klass, 2, "sv")
        check_again(klass, publisher)

        assert row["language"] == "sv"
        spelling = shown(klass, 2)["spelling"]
        assert (spelling["language"], spelling["mismatch"]) == ("sv", None)
        assert [e["text"] for e in shown(klass, 2)["results"]["spellcheck"]["errors"]] == ["lexor"]

    def test_leaves_the_others_as_they_are(self, klass, publisher):
        say(klass, 2, "sv")
        check_again(klass, publisher)

        phase = klass.phase("spellcheck")
        assert (phase.done, phase.reused) == (1, 2)
        assert shown(klass, 1)["spelling"]["language"] == "en"

    def test_makes_what_was_found_out_of_date(self, klass):
        row = say(klass, 2, "sv")

        assert row["status"] == "ready_for_processing"
        status = results.status(klass.batch, owner_id=klass.owner.id, deps=klass.deps)
        assert status["action_required"] == "start_pipeline"

    def test_counts_for_its_metrics_too(self, klass, publisher):
        klass.start("nlp")
        drain(klass.deps, publisher)
        say(klass, 2, "sv")

        klass.start("nlp")
        drain(klass.deps, publisher)

        assert shown(klass, 2)["results"]["nlp"]["language"] == "sv"
        assert klass.phase("nlp").reused == 2

    def test_can_be_taken_back_and_brings_its_results_back(self, klass, publisher):
        before = shown(klass, 2)
        say(klass, 2, "sv")
        check_again(klass, publisher)

        say(klass, 2, None)

        assert shown(klass, 2)["results"] == before["results"]
        assert klass.start("spellcheck").skipped == ("spellcheck",)

    def test_of_the_course_is_the_same_as_taking_it_back(self, klass):
        say(klass, 2, "sv")

        assert say(klass, 2, "en")["language"] is None

    def test_again_changes_nothing(self, klass):
        say(klass, 2, "sv")
        before = klass.row().event_no

        say(klass, 2, "sv")

        assert klass.row().event_no == before

    def test_is_an_event_of_that_essay(self, klass, deps):
        after = klass.row().event_no

        say(klass, 2, "sv")
        projecting.project(klass.batch, deps)

        event = one(
            deps,
            "select event_data from event_outbox where event_type = 'EssayLanguageChangedV1'",
        ).event_data
        assert (event["data"]["essay_id"], event["data"]["language"]) == ("essay-2", "sv")
        changed = results.changes(klass.batch, after=after, owner_id=klass.owner.id, deps=deps)
        assert [row["essay_id"] for row in changed["items"]] == ["essay-2"]

    def test_leaves_the_rows_that_a_rebuild_makes(self, klass, deps, publisher):
        say(klass, 2, "sv")
        before = rows(deps, "select * from essay_report order by essay_pk")

        drain(deps, publisher)

        assert rows(deps, "select * from essay_report order by essay_pk") == before
        with deps.uow("compare") as uow:
            assert rebuild.differences(uow.session) == []

    def test_before_any_run_moves_nothing(self, deps, publisher):
        klass = a_class(deps, *ESSAYS)

        assert say(klass, 2, "sv")["status"] == "ready_for_processing"
        check_again(klass, publisher)

        assert shown(klass, 2)["spelling"]["language"] == "sv"

    def test_is_refused_while_a_run_reads_it(self, klass, deps):
        say(klass, 1, "sv")
        klass.start("spellcheck")

        with pytest.raises(RunActive):
            say(klass, 2, "sv")

        assert say(klass, 1, "sv")["language"] == "sv"  # which changes nothing

    def test_of_no_essay_is_refused(self, klass):
        with pytest.raises(EssayNotFound):
            say(klass, 9, "sv")
