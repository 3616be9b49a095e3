"""Grades over HTTP."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from werkzeug.test import TestResponse

from app.services.deps import Deps
from tests.factories import a_batch, an_essay
from tests.http.conftest import Caller


@pytest.fixture
def path(caller: Caller, deps: Deps) -> str:
    batch: UUID = a_batch(deps, caller.user, [an_essay(), an_essay("Another")])
    return f"/v1/batches/{batch}"


def put(caller: Caller, path: str, body: Any) -> TestResponse:
    return caller.asks("PUT", path, json=body)


def set_scale(caller: Caller, path: str, scale: str = "eng5_national", **more: Any) -> TestResponse:
    return put(caller, f"{path}/grade-scale", {"scale": scale, **more})


class TestAScale:
    @pytest.mark.parametrize(
        ("scale", "lowest", "highest"), [("swedish_a_f", "F", "A"), ("eng5_national", "1", "9")]
    )
    def test_may_be_one_that_everybody_knows(self, caller, path, scale, lowest, highest):
        answer = set_scale(caller, path, scale)

        assert answer.status_code == 200
        assert (answer.json["grades"][0], answer.json["grades"][-1]) == (lowest, highest)

    def test_may_be_ones_own(self, caller, path):
        answer = set_scale(caller, path, "custom", grades=["under", "godkänd", "mer än det"])

        assert answer.json == {"name": "custom", "grades": ["under", "godkänd", "mer än det"]}

    @pytest.mark.parametrize(
        ("body", "field"),
        [
            ({}, "/scale"),
            ({"scale": "letters"}, "/scale"),
            ({"scale": "custom"}, "/grades"),
            ({"scale": "custom", "grades": ["only"]}, "/grades"),
            ({"scale": "custom", "grades": ["a", "a"]}, "/grades"),
            ({"scale": "custom", "grades": ["a", " b"]}, "/grades/1"),
            ({"scale": "custom", "grades": ["a", ""]}, "/grades/1"),
            ({"scale": "custom", "grades": ["a", "x" * 21]}, "/grades/1"),
            ({"scale": "swedish_a_f", "grades": ["a", "b"]}, "/grades"),
        ],
    )
    def test_that_is_none_is_refused_by_field(self, caller, path, body, field):
        answer = put(caller, f"{path}/grade-scale", body)

        assert answer.status_code == 400
        assert {fault["field"] for fault in answer.json["errors"]} == {field}

    def test_without_grades_that_are_in_use_is_refused(self, caller, path):
        set_scale(caller, path)
        put(caller, f"{path}/anchors/essay-1", {"grade": "9"})

        answer = set_scale(caller, path, "swedish_a_f")

        assert (answer.status_code, answer.json["type"]) == (409, "/problems/grades-in-use")
        assert answer.json["grades"] == ["9"]


class TestSeveralGrades:
    def test_are_given_at_once(self, caller, path):
        set_scale(caller, path)
        put(caller, f"{path}/grades/essay-1", {"grade": "2"})

        answer = give(caller, path, ("essay-1", "8"), ("essay-2", "7"))

        assert answer.status_code == 200
        assert [(each["essay_id"], each["grade"]) for each in answer.json["items"]] == [
            ("essay-1", "8"),
            ("essay-2", "7"),
        ]
        assert caller.gets(f"{path}/grading")["grades"] == answer.json["items"]

    @pytest.mark.parametrize(
        ("pairs", "status", "problem", "field"),
        [
            ([("essay-1", "8"), ("essay-2", "C")], 400, "unknown-grade", "/grades/1/grade"),
            ([("essay-1", "8"), ("essay-9", "7")], 404, "essay-not-found", None),
            ([], 400, "validation", "/grades"),
        ],
    )
    def test_are_given_all_or_none(self, caller, path, pairs, status, problem, field):
        set_scale(caller, path)

        answer = give(caller, path, *pairs)

        assert (answer.status_code, answer.json["type"]) == (status, f"/problems/{problem}")
        assert field in {None, *(each["field"] for each in answer.json.get("errors", []))}
        assert caller.gets(f"{path}/grading")["grades"] == []


def give(caller: Caller, path: str, *pairs: tuple[str, str]) -> TestResponse:
    grades = [{"essay_id": essay, "grade": grade} for essay, grade in pairs]
    return caller.asks("PATCH", f"{path}/grades", json={"grades": grades})


@pytest.mark.parametrize(("what", "listed"), [("anchors", "anchors"), ("grades", "grades")])
class TestAGrade:
    def test_is_given_listed_and_taken_back(self, caller, path, what, listed):
        set_scale(caller, path)
        tag = caller.asks("GET", f"{path}/grading").headers["ETag"]

        given = put(caller, f"{path}/{what}/essay-2", {"grade": "7"})
        found = caller.asks("GET", f"{path}/grading", headers={"If-None-Match": tag})

        assert (given.status_code, found.status_code) == (200, 200)
        assert found.json[listed] == [given.json]
        assert (given.json["essay_id"], given.json["grade"]) == ("essay-2", "7")
        for _ in range(2):
            assert caller.asks("DELETE", f"{path}/{what}/essay-2").status_code == 204
        assert caller.gets(f"{path}/grading")[listed] == []

    def test_needs_a_scale(self, caller, path, what, listed):
        answer = put(caller, f"{path}/{what}/essay-1", {"grade": "C"})

        assert (answer.status_code, answer.json["type"]) == (409, "/problems/no-grade-scale")

    def test_is_one_of_the_scale(self, caller, path, what, listed):
        set_scale(caller, path)

        answer = put(caller, f"{path}/{what}/essay-1", {"grade": "C"})

        assert (answer.status_code, answer.json["type"]) == (400, "/problems/unknown-grade")
        assert answer.json["errors"][0]["field"] == "/grade"

    @pytest.mark.parametrize("essay_id", ["essay-9", "%00", "essay-1%00"])
    def test_is_of_an_essay_that_is_there(self, caller, path, what, listed, essay_id):
        set_scale(caller, path)

        answer = put(caller, f"{path}/{what}/{essay_id}", {"grade": "7"})

        assert (answer.status_code, answer.json["type"]) == (404, "/problems/essay-not-found")

    def test_of_somebody_elses_class_is_not_found(
        self, path, a_caller: Callable[[], Caller], what, listed
    ):
        answer = put(a_caller(), f"{path}/{what}/essay-1", {"grade": "7"})

        assert (answer.status_code, answer.json["type"]) == (404, "/problems/batch-not-found")
