"""The newest assessment of a batch, as its teacher and services read it."""

from typing import Any
from uuid import UUID, uuid4

import pytest

from app.errors import AssessmentNotFound, BatchNotFound
from app.services import assessments
from app.services.deps import Deps
from tests import catalogues
from tests.drivers import Klass, a_class, an_owner, change, drain, one, over

ESSAYS = ("a", "four", "seven chars")


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


def read(klass: Klass) -> dict[str, Any]:
    return assessments.of_batch(klass.batch, owner_id=klass.owner.id, deps=klass.deps)


def test_ranks_essays_by_the_names_their_teacher_knows(klass):
    found = read(klass)

    best, *_, last = found["essays"]
    assert [each["rank"] for each in found["essays"]] == [1, 2, 3]
    assert (best["essay_id"], best["file_name"]) == ("essay-3", "pupil-3.txt")
    assert last["essay_id"] == "essay-1"
    assert [sorted(each) for each in found["components"]] == [["essay-1", "essay-2", "essay-3"]]
    assert (found["decision_count"], found["stop_reason"]) == (4, "budget")
    assert UUID(found["assessment_job_id"]) == klass.phase("cj_assessment").id


def test_says_which_essay_was_left_out_and_why(deps, publisher):
    klass = a_class(deps, *ESSAYS)
    klass.start()
    drain(deps, publisher)
    change(
        deps,
        "update assessment_results set detail = jsonb_set(detail, '{essays}', (detail -> 'essays') - 0)",
        "update results set failure_code = 'no_words' where item_id ="
        " (select id from essays where essay_id = 'essay-3')",
    )

    [left_out] = read(klass)["left_out"]

    assert (left_out["essay_id"], left_out["failure_code"]) == ("essay-3", "no_words")


def test_says_of_which_essays_the_text_is_another_by_now(klass, deps):
    change(deps, "update essays set text_sha256 = 'other' where essay_id = 'essay-2'")

    others = {each["essay_id"]: each["has_other_text"] for each in read(klass)["essays"]}

    assert others == {"essay-1": False, "essay-2": True, "essay-3": False}


def test_names_persons_who_have_an_account(klass, deps):
    change(
        deps,
        "update assessment_results set detail = jsonb_set(jsonb_set(detail, '{judges,0,judge}',"
        " to_jsonb(cast(:judge as text))), '{judges,0,kind}', '\"person\"')",
        judge=str(klass.owner.id),
    )

    [judge] = read(klass)["judges"]

    assert (judge["judge"], judge["name"]) == (str(klass.owner.id), "T. Eacher")


def test_of_two_runs_the_newer_one_counts(klass, deps, publisher):
    first = read(klass)["run_id"]
    klass.start()
    drain(deps, publisher)

    assert read(klass)["run_id"] == str(klass.runs[-1]) != first


def test_can_be_read_by_its_job(klass, deps):
    job = klass.phase("cj_assessment").id

    assert assessments.detailed(job, deps=deps) == read(klass)


def test_in_short_is_where_everybody_stands(klass, deps):
    found = assessments.summary(klass.batch, deps=deps)

    assert [each["essay_id"] for each in found["rankings"]] == ["essay-3", "essay-2", "essay-1"]
    assert found["reliability"] == read(klass)["reliability"]


class TestIsNotFound:
    def test_where_nothing_was_compared(self, deps):
        klass = a_class(deps, *ESSAYS)

        with pytest.raises(AssessmentNotFound):
            read(klass)
        with pytest.raises(AssessmentNotFound):
            assessments.summary(klass.batch, deps=deps)

    def test_of_a_job_that_is_none(self, klass, deps):
        with pytest.raises(AssessmentNotFound):
            assessments.detailed(uuid4(), deps=deps)

    def test_of_somebody_elses_batch(self, klass, deps):
        with pytest.raises(BatchNotFound):
            assessments.of_batch(klass.batch, owner_id=an_owner(deps).id, deps=deps)

    def test_of_no_batch(self, deps):
        with pytest.raises(BatchNotFound):
            assessments.summary(uuid4(), deps=deps)


def test_goes_with_its_batch(klass, deps):
    change(deps, "delete from batches where id = :id", id=klass.batch)

    assert one(deps, "select count(*) as n from assessment_results").n == 0
