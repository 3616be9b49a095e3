"""Words that are no errors in one class, in the read model and in the runs that follow."""

from dataclasses import replace
from functools import partial

import pytest

from app.projections import rebuild
from app.services import allowed_words, projecting, results
from app.services.deps import Deps
from pipelines import catalogue
from tests.drivers import Klass, a_checked_class, a_class, at_once, drain, one, rows
from tests.fakes import FakePublisher

ESSAYS = (
    "I beleive in my freind",
    "It is short. Beleive me, a freind is fun",
    "We beleive and they beleive",
    "All is well",
)


@pytest.fixture
def deps(deps: Deps) -> Deps:
    """With the phases as they are shipped."""
    return replace(deps, catalogue=catalogue.load())


@pytest.fixture
def klass(deps: Deps, publisher: FakePublisher) -> Klass:
    """A class whose spelling has been checked."""
    return a_checked_class(deps, publisher, *ESSAYS)


def allow(klass: Klass, word: str) -> None:
    allowed_words.allow(klass.batch, word, owner_id=klass.owner.id, deps=klass.deps)


def disallow(klass: Klass, word: str) -> None:
    allowed_words.disallow(klass.batch, word, owner_id=klass.owner.id, deps=klass.deps)


def counted(klass: Klass) -> list[int]:
    """How many errors the list says each essay has."""
    body = results.results(klass.batch, owner_id=klass.owner.id, deps=klass.deps)
    return [row["spelling"]["error_count"] for row in body["essays"]]


def shown(klass: Klass, number: int) -> dict:
    return results.essay(klass.batch, f"essay-{number}", owner_id=klass.owner.id, deps=klass.deps)


def differences(deps: Deps) -> list:
    with deps.uow("compare") as uow:
        return rebuild.differences(uow.session)


class TestAllowing:
    def test_counts_at_once_in_every_essay_and_in_whatever_case(self, klass):
        assert counted(klass) == [2, 2, 2, 0]

        allow(klass, "Beleive")

        assert counted(klass) == [1, 1, 0, 0]

    def test_list_and_essay_say_the_same(self, klass):
        allow(klass, "beleive")

        for number in range(1, len(ESSAYS) + 1):
            essay = shown(klass, number)
            whole, row = essay["results"]["spellcheck"], essay["spelling"]
            assert [error["text"].lower() for error in whole["errors"]].count("beleive") == 0
            assert {key: whole[key] for key in row} == row

    def test_the_projector_leaves_the_same_rows(self, klass, deps, publisher):
        allow(klass, "beleive")
        before = rows(deps, "select * from essay_report order by essay_pk")

        drain(deps, publisher)

        assert rows(deps, "select * from essay_report order by essay_pk") == before
        assert differences(deps) == []

    def test_is_an_event_that_does_not_say_the_word(self, klass, deps):
        allow(klass, "beleive")

        event = one(
            deps,
            "select event_data from event_outbox where event_type = 'BatchAllowedWordsChangedV1'",
        ).event_data
        assert event["data"]["allowed_count"] == 1
        assert "beleive" not in str(event)

    def test_marks_only_the_essays_it_is_in_as_changed(self, klass, deps):
        after = klass.row().event_no

        allow(klass, "beleive")
        projecting.project(klass.batch, deps)

        changed = results.changes(klass.batch, after=after, owner_id=klass.owner.id, deps=deps)
        assert [row["essay_id"] for row in changed["items"]] == ["essay-1", "essay-2", "essay-3"]

    def test_again_changes_nothing(self, klass):
        allow(klass, "beleive")
        before = klass.row().event_no

        allow(klass, "BELEIVE")

        assert klass.row().event_no == before

    def test_by_two_at_once_is_done_once(self, klass, deps):
        at_once(partial(allow, klass, "beleive"), partial(allow, klass, "Beleive"))

        assert len(rows(deps, "select * from allowed_words")) == 1
        assert counted(klass) == [1, 1, 0, 0]

    def test_concerns_no_other_class(self, klass, deps, publisher):
        other = a_checked_class(deps, publisher, *ESSAYS)

        allow(klass, "beleive")

        assert counted(other) == [2, 2, 2, 0]

    def test_before_the_check_counts_when_it_comes(self, deps, publisher):
        klass = a_class(deps, *ESSAYS)
        klass.start("spellcheck")

        allow(klass, "beleive")  # the run has started without it
        drain(deps, publisher)

        assert counted(klass) == [1, 1, 0, 0]
        assert differences(deps) == []

    def test_a_result_without_findings_is_shown_as_it_is(self, klass, deps):
        with deps.uow("as_an_earlier_release") as uow:
            uow.session.connection().exec_driver_sql(
                "update spellcheck_results set findings = null"
            )
            uow.session.commit()

        allow(klass, "beleive")
        with deps.uow("rebuild") as uow:
            rebuild.rebuild(uow.session)
            uow.commit()

        assert counted(klass) == [2, 2, 2, 0]


class TestTakingItBack:
    def test_marks_the_words_again(self, klass):
        before = [shown(klass, number) for number in range(1, 5)]
        allow(klass, "beleive")

        disallow(klass, "Beleive")

        assert [shown(klass, number) for number in range(1, 5)] == before

    def test_of_what_nobody_allowed_does_nothing(self, klass):
        before = klass.row().event_no

        disallow(klass, "nobody")

        assert klass.row().event_no == before


class TestTheNextRun:
    def test_checks_again_with_the_word_allowed(self, klass, deps, publisher):
        allow(klass, "beleive")

        klass.start("spellcheck")
        drain(deps, publisher)

        assert klass.phase("spellcheck").done == len(ESSAYS)
        found = [row.findings for row in rows(
            deps,
            "select s.findings from spellcheck_results s join essays e on e.id = s.essay_id"
            " where s.run_id = :run order by e.position",
            run=klass.runs[-1],
        )]  # fmt: skip
        assert [[each["form"] for each in findings] for findings in found] == [
            ["freind"], ["freind"], [], [],
        ]  # fmt: skip
        assert counted(klass) == [1, 1, 0, 0]

    def test_has_nothing_to_do_where_no_word_was_allowed(self, klass):
        assert klass.start("spellcheck").skipped == ("spellcheck",)

    def test_keeps_to_the_words_of_its_start(self, klass, deps):
        allow(klass, "beleive")
        klass.start("spellcheck")

        allow(klass, "freind")

        assert klass.run().context["allowed"] == ["beleive"]


def test_pupils_of_the_class_are_known_by_their_names(deps, publisher):
    klass = a_class(
        deps, "is short. We met freind and beleives too", student_names=["Freind Beleive"]
    )

    klass.start("spellcheck")
    drain(deps, publisher)

    assert counted(klass) == [0]
