"""The commonest spelling errors of a class."""

from dataclasses import replace
from typing import Any

import pytest

from app.errors import BatchNotFound
from app.services import allowed_words, results, spelling_summary
from app.services.deps import Deps
from pipelines import catalogue
from pipelines.phases.spellcheck import Kind
from tests.drivers import Klass, a_checked_class, a_class, an_owner, change
from tests.fakes import FakePublisher

ESSAYS = (
    "is short. Beleive me, we beleive in a freind",
    "is short. We beleive in a freind",
    "is short. All is well",
)


@pytest.fixture
def deps(deps: Deps) -> Deps:
    """With the phases as they are shipped."""
    return replace(deps, catalogue=catalogue.load())


@pytest.fixture
def klass(deps: Deps, publisher: FakePublisher) -> Klass:
    """A class whose spelling has been checked."""
    return a_checked_class(deps, publisher, *ESSAYS)


def summary(klass: Klass) -> dict[str, Any]:
    return spelling_summary.summary(klass.batch, owner_id=klass.owner.id, deps=klass.deps)


def test_says_what_was_written_and_meant_how_often_and_in_how_many_essays(klass):
    assert summary(klass)["items"] == [
        {
            "form": "beleive",
            "kind": "nonword",
            "correction": "believe",
            "error_count": 3,
            "essay_count": 2,
        },
        {
            "form": "freind",
            "kind": "nonword",
            "correction": "friend",
            "error_count": 2,
            "essay_count": 2,
        },
    ]


def test_counts_what_the_rows_of_the_class_count(klass):
    found = summary(klass)

    rows = results.results(klass.batch, owner_id=klass.owner.id, deps=klass.deps)["essays"]
    assert found["essay_count"] == len(rows) == 3
    assert found["error_count"] == sum(row["spelling"]["error_count"] for row in rows) == 5
    assert found["counts_by_kind"] == {str(kind): 5 * (kind is Kind.NONWORD) for kind in Kind}


def test_leaves_out_what_the_teacher_allows(klass):
    summary(klass)

    allowed_words.allow(klass.batch, "Beleive", owner_id=klass.owner.id, deps=klass.deps)

    found = summary(klass)
    assert [item["form"] for item in found["items"]] == ["freind"]
    assert (found["error_count"], found["counts_by_kind"]["nonword"]) == (2, 2)


def test_has_the_commonest_twenty_and_those_in_more_essays_first(klass, deps):
    change(
        deps,
        "update essay_report set findings = (select jsonb_agg(jsonb_build_object("
        "'form', 'w' || lpad(n::text, 2, '0'), 'kind', 'nonword', 'correction', null))"
        " from generate_series(case when position = 0 then 5 else 1 end, 30) n) where batch_id = :batch",
        batch=klass.batch,
    )

    items = summary(klass)["items"]

    assert len(items) == spelling_summary.MOST_ITEMS
    assert [item["form"] for item in items[:2]] == ["w05", "w06"]
    assert {(item["error_count"], item["essay_count"]) for item in items} == {(3, 3)}
    assert items[0]["correction"] is None


def test_of_a_class_that_was_not_checked_is_empty(deps):
    klass = a_class(deps, "")

    assert summary(klass) == {
        "essay_count": 0,
        "error_count": 0,
        "counts_by_kind": {str(kind): 0 for kind in Kind},
        "items": [],
    }


def test_of_somebody_elses_class_is_not_found(klass, deps):
    with pytest.raises(BatchNotFound):
        spelling_summary.summary(klass.batch, owner_id=an_owner(deps).id, deps=deps)
