"""Decisions of others brought in as a file, and all of them taken out."""

from typing import Any
from uuid import UUID, uuid4

import pytest

from app.errors import AssessmentNotFound, BadDecisionFile, BatchNotFound, DecisionNotFound
from app.paging import Page
from app.services import assessments, comparisons, decision_files, decision_lists
from app.services.decision_files import Imported
from app.services.decision_lists import Wanted
from app.services.deps import Deps
from tests import catalogues
from tests.drivers import Klass, a_class, an_owner, drain, one, over, rows

HEADER = "judge,candidate_chosen,candidate_not_chosen\r\n"
FILE = HEADER + "Anna,essay-1,essay-4\r\nAnna,essay-1,essay-3\r\nBo,essay-4,essay-1\r\n"


@pytest.fixture
def deps(deps: Deps) -> Deps:
    """With a phase that compares neighbours in two rounds; the longer one wins."""
    return over(deps, catalogues.rounds())


@pytest.fixture
def klass(deps, publisher) -> Klass:
    """A class whose essays have been compared."""
    klass = a_class(deps, "a", "bb", "ccc", "dddd")
    klass.start()
    drain(deps, publisher)
    return klass


def bring_in(klass: Klass, body: str | bytes, **more: Any) -> Imported:
    body = body if isinstance(body, bytes) else body.encode()
    return decision_files.bring_in(
        klass.batch, body, owner_id=klass.owner.id, deps=klass.deps, **more
    )


def written(klass: Klass) -> str:
    return decision_files.written(klass.batch, owner_id=klass.owner.id, deps=klass.deps)


def decision_count(klass: Klass) -> int:
    found = assessments.of_batch(klass.batch, owner_id=klass.owner.id, deps=klass.deps)
    return int(found["decision_count"])


def listed(klass: Klass, **wanted: Any) -> dict[str, Any]:
    page = Page(
        wanted.pop("sort", "-decided_at"), wanted.pop("limit", 50), wanted.pop("after", None)
    )
    return decision_lists.decisions_of(
        klass.batch, Wanted(**wanted), page, owner_id=klass.owner.id, deps=klass.deps
    )


class TestBringingIn:
    def test_lets_decisions_count_as_those_of_persons(self, klass):
        before = decision_count(klass)

        done = bring_in(klass, FILE)

        assert (done.imported, done.known) == (3, 0)
        assert decision_count(klass) == before + 3
        assert [row["judge"] for row in listed(klass, kinds=["person"])["items"]].count("Anna") == 2

    def test_again_changes_nothing(self, klass):
        bring_in(klass, FILE)
        count = decision_count(klass)

        again = bring_in(klass, FILE)

        assert (again.imported, again.known) == (0, 3)
        assert decision_count(klass) == count

    def test_takes_what_is_new_of_a_file_that_has_grown(self, klass):
        bring_in(klass, FILE)

        more = bring_in(klass, FILE + "Anna,essay-4,essay-1\r\nAnna,essay-1,essay-4\r\n")

        assert (more.imported, more.known) == (2, 3)

    def test_under_an_id_that_is_there_says_what_was_imported(self, klass):
        first = bring_in(klass, FILE, import_id=UUID(int=7))

        assert bring_in(klass, FILE, import_id=UUID(int=7)) == first

    def test_keeps_which_file_it_was(self, klass):
        done = bring_in(klass, FILE)

        found = listed(klass, kinds=["person"])["items"]

        assert {row["import_id"] for row in found} == {str(done.import_id)}

    def test_of_a_file_with_a_bad_row_imports_nothing_and_says_which(self, klass, deps):
        body = FILE + "Bo,essay-9,essay-1\r\n"

        with pytest.raises(BadDecisionFile) as refused:
            bring_in(klass, body)

        assert refused.value.faults == [
            {"field": "/candidate_chosen", "line": 5, "reason": "There is no essay 'essay-9'."}
        ]
        assert refused.value.extra == {"bad_rows": 1}
        assert (
            one(deps, "select count(*) as n from judge_decisions where judge_kind = 'person'").n
            == 0
        )

    def test_of_what_is_no_utf_8_says_the_line(self, klass):
        with pytest.raises(BadDecisionFile) as refused:
            bring_in(klass, FILE.encode() + "Åsa,essay-1,essay-2".encode("latin-1"))

        assert refused.value.faults[0]["line"] == 5

    def test_refuses_new_decisions_of_a_machine(self, klass):
        with pytest.raises(BadDecisionFile, match="'length' is a machine"):
            bring_in(klass, HEADER + "length,essay-1,essay-4\r\n")

    def test_is_refused_before_essays_were_compared(self, deps):
        with pytest.raises(AssessmentNotFound):
            bring_in(a_class(deps, "a", "bb"), FILE)

    def test_is_refused_for_somebody_elses_batch(self, klass, deps):
        with pytest.raises(BatchNotFound):
            decision_files.bring_in(
                klass.batch, FILE.encode(), owner_id=an_owner(deps).id, deps=deps
            )


class TestTakingOut:
    def test_has_who_chose_which_essay_before_which(self, klass):
        assert written(klass).startswith(HEADER)
        assert sorted(written(klass).splitlines()[1:]) == [
            "length,essay-2,essay-1",
            "length,essay-2,essay-1",
            "length,essay-3,essay-2",
            "length,essay-3,essay-2",
            "length,essay-4,essay-3",
            "length,essay-4,essay-3",
        ]

    def test_what_was_taken_out_can_be_brought_in_and_is_known(self, klass):
        bring_in(klass, FILE)
        for choice in ("left", "right", "tie"):
            pair = comparisons.next_pair(klass.batch, judge_id=klass.owner.id, deps=klass.deps)
            comparisons.decide(
                pair.comparison_id,
                {"choice": choice, "reasons": []},
                judge_id=klass.owner.id,
                deps=klass.deps,
            )

        done = bring_in(klass, written(klass))

        assert (done.imported, done.known) == (0, 11)


class TestTakingAFileBack:
    def test_withdraws_all_it_brought_in(self, klass):
        before = decision_count(klass)
        done = bring_in(klass, FILE)

        withdrawn = decision_files.take_back(
            klass.batch, done.import_id, owner_id=klass.owner.id, deps=klass.deps
        )

        assert withdrawn == 3
        assert decision_count(klass) == before

    def test_lets_it_be_brought_in_again(self, klass):
        done = bring_in(klass, FILE)
        for _ in range(2):
            decision_files.take_back(
                klass.batch, done.import_id, owner_id=klass.owner.id, deps=klass.deps
            )

        assert bring_in(klass, FILE).imported == 3

    def test_of_no_file_is_refused(self, klass, deps):
        with pytest.raises(DecisionNotFound):
            decision_files.take_back(klass.batch, uuid4(), owner_id=klass.owner.id, deps=deps)


class TestTheList:
    def test_names_essays_and_judges(self, klass):
        pair = comparisons.next_pair(klass.batch, judge_id=klass.owner.id, deps=klass.deps)
        comparisons.decide(
            pair.comparison_id,
            {"choice": "right", "reasons": ["style"], "duration_ms": 5},
            judge_id=klass.owner.id,
            deps=klass.deps,
        )

        found = listed(klass, is_mine=True)

        [row] = found["items"]
        assert found["total"] == 1
        assert (row["name"], row["kind"], row["reasons"]) == ("T. Eacher", "person", ["style"])
        assert row["left"]["file_name"].startswith("pupil-")

    def test_comes_in_pages_the_newest_first(self, klass):
        first = listed(klass, limit=4)
        assert (len(first["items"]), first["total"]) == (4, 6)
        assert first["next_cursor"] is not None

    def test_can_be_of_one_essay(self, klass):
        found = listed(klass, essay_id="essay-1")["items"]

        assert len(found) == 2
        assert all(
            "essay-1" in {row["left"]["essay_id"], row["right"]["essay_id"]} for row in found
        )

    def test_of_an_essay_there_is_none_of_is_empty(self, klass):
        assert listed(klass, essay_id="essay-9")["items"] == []


def test_pairs_that_persons_and_machines_decided_differently_come_with_who_said_what(klass, deps):
    bring_in(klass, HEADER + "Anna,essay-1,essay-2\r\n")
    essays = {row.essay_id: str(row.id) for row in klass.essays()}
    assessments.of_batch(klass.batch, owner_id=klass.owner.id, deps=deps)
    with deps.uow("disagree") as uow:
        found = uow.assessments.newest(klass.batch)
        differ = {"left": essays["essay-1"], "right": essays["essay-2"]}
        found.detail = found.detail | {
            "disagreements": [{**differ, "persons": 1, "machines": 2, "gap": -0.5}]
        }
        uow.session.flush()
        uow.session.commit()

    [pair] = decision_lists.disagreements_of(klass.batch, owner_id=klass.owner.id, deps=deps)

    assert pair["persons_prefer"]["essay_id"] == "essay-1"
    assert pair["machines_prefer"]["essay_id"] == "essay-2"
    assert [row["judge"] for row in pair["decisions"]].count("length") == 2
    assert [row["judge"] for row in pair["decisions"]].count("Anna") == 1


def test_where_nobody_differs_the_list_is_empty(klass, deps):
    assert decision_lists.disagreements_of(klass.batch, owner_id=klass.owner.id, deps=deps) == []


def test_everything_goes_with_the_batch(klass, deps):
    bring_in(klass, FILE)
    comparisons.next_pair(klass.batch, judge_id=klass.owner.id, deps=deps)
    with deps.uow("erase") as uow:
        uow.batches.erase(UUID(str(klass.batch)))
        uow.session.commit()

    assert rows(deps, "select 1 from judge_decisions union all select 1 from comparisons") == []
