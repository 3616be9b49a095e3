"""Rankings over HTTP."""

import codecs
from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest

from app.services.deps import Deps
from tests import catalogues
from tests.drivers import Klass, drain, over
from tests.factories import a_batch
from tests.fakes import FakePublisher
from tests.http.conftest import Caller

SERVICE = {"X-Service-Key": "k" * 40}


@pytest.fixture
def deps(deps: Deps) -> Deps:
    """With a phase that compares neighbours in two rounds; the longer one wins."""
    return over(deps, catalogues.rounds())


@pytest.fixture
def klass(caller: Caller, deps: Deps, publisher: FakePublisher) -> Klass:
    """A class of the caller's that has been compared."""
    batch = a_batch(deps, caller.user, ["A text of pupils." * n for n in (5, 4, 6)])
    klass = Klass(deps, caller.user, batch)
    klass.start()
    drain(deps, publisher)
    return klass


def get(caller: Caller, path: str, **headers: str) -> Any:
    return caller.asks("GET", path, headers=headers)


def test_a_teacher_reads_it_and_is_not_sent_it_again_until_it_changes(caller, klass):
    path = f"/v1/batches/{klass.batch}/assessment"

    answer = get(caller, path)

    assert answer.status_code == 200
    assert [each["essay_id"] for each in answer.json["essays"]] == ["essay-3", "essay-1", "essay-2"]
    tag = {"If-None-Match": answer.headers["ETag"]}
    assert get(caller, path, **tag).status_code == 304
    named = {"student_name": "P. Upil"}
    caller.asks("PATCH", f"/v1/batches/{klass.batch}/essays/essay-1", json=named)
    assert get(caller, path, **tag).json["essays"][1]["student_name"] == "P. Upil"


def test_a_service_reads_it_by_its_job_and_in_short(caller, klass):
    whole = get(caller, f"/v1/batches/{klass.batch}/assessment").json
    root = "/internal/v1/assessments"

    detailed = get(caller, f"{root}/{whole['assessment_job_id']}/detailed", **SERVICE)
    summary = get(caller, f"{root}/{klass.batch}/summary", **SERVICE)

    assert detailed.json == whole
    assert summary.json["rankings"][0] == {
        name: whole["essays"][0][name] for name in ("essay_id", "rank", "score", "se")
    }


def test_before_any_comparison_there_is_none(caller, deps):
    batch = a_batch(deps, caller.user, ["A text of pupils." * 3])

    answer = get(caller, f"/v1/batches/{batch}/assessment")

    assert (answer.status_code, answer.json["type"]) == (404, "/problems/assessment-not-found")


@pytest.mark.parametrize("path", ["{}/detailed", "{}/summary"])
def test_of_what_does_not_exist_there_is_none(caller, path):
    answer = get(caller, f"/internal/v1/assessments/{path.format(uuid4())}", **SERVICE)

    assert answer.status_code == 404


def test_somebody_elses_is_not_found(klass, a_caller: Callable[[], Caller]):
    answer = get(a_caller(), f"/v1/batches/{UUID(str(klass.batch))}/assessment")

    assert (answer.status_code, answer.json["type"]) == (404, "/problems/batch-not-found")


def test_its_grades_are_given_as_a_file_for_spreadsheets(caller, klass):
    answer = get(caller, f"/v1/batches/{klass.batch}/grades.csv")

    assert answer.content_type == "text/csv; charset=utf-8"
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert answer.data.startswith(codecs.BOM_UTF8)
    header, *rows = answer.data.decode("utf-8-sig").splitlines()
    assert header.startswith("rank,essay_id,student_name,")
    assert len(rows) == 3


def test_there_is_no_file_of_grades_before_it_was_compared(caller, deps):
    batch = a_batch(deps, caller.user, ["A text."])

    answer = get(caller, f"/v1/batches/{batch}/grades.csv")

    assert (answer.status_code, answer.json["type"]) == (404, "/problems/assessment-not-found")


def test_a_file_of_somebody_elses_grades_is_not_found(klass, a_caller: Callable[[], Caller]):
    answer = get(a_caller(), f"/v1/batches/{klass.batch}/grades.csv")

    assert (answer.status_code, answer.json["type"]) == (404, "/problems/batch-not-found")
