"""Every kind of bad request gets a problem that names the field and the reason."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.acceptance.conftest import Teacher
from tests.acceptance.test_a_class_from_files_to_results import GOOD
from tests.factories import a_registration

REGISTER = "/v1/batches/register"
_JSON = {"Content-Type": "application/json"}


@dataclass(frozen=True)
class Bad:
    """A request, and what its refusal must say."""

    what: str
    send: Callable[[Teacher], httpx.Response]
    status: int
    problem: str
    names: str | None = None
    says: str = ""
    extra: dict[str, Any] = field(default_factory=dict)


def _register(**wrong: object) -> Callable[[Teacher], httpx.Response]:
    body = json.dumps(a_registration(2, **wrong))
    return lambda teacher: teacher.http.post(REGISTER, content=body, headers=_JSON)


def _without(name: str) -> Callable[[Teacher], httpx.Response]:
    registration = {k: v for k, v in a_registration(2).items() if k != name}
    return lambda teacher: teacher.http.post(REGISTER, json=registration)


def _start_twice(teacher: Teacher) -> httpx.Response:
    texts: dict[str, str | bytes] = {f"{n}.txt": f"{GOOD} {n} " * 200 for n in range(20)}
    batch = teacher.hands_in(texts)
    teacher.waits_until(batch, "ready")
    wanted = {"requested_pipeline": "comprehensive"}
    answers = [teacher.http.post(f"/v1/batches/{batch}/pipelines", json=wanted) for _ in range(2)]
    assert answers[0].status_code == 202
    return answers[1]


def _start_unready(teacher: Teacher) -> httpx.Response:
    batch = teacher.api.register(a_registration(3))
    wanted = {"requested_pipeline": "comprehensive"}
    return teacher.http.post(f"/v1/batches/{batch}/pipelines", json=wanted)


def _start_unknown(teacher: Teacher) -> httpx.Response:
    batch = teacher.hands_in({"kim.txt": GOOD})
    teacher.waits_until(batch, "ready")
    return teacher.http.post(
        f"/v1/batches/{batch}/pipelines", json={"requested_pipeline": "everything"}
    )


def _somebody_elses(_: Teacher) -> httpx.Response:
    return _.http.get(f"/v1/batches/{uuid4()}/status")


def _with_token(token: str) -> Callable[[Teacher], httpx.Response]:
    return lambda teacher: teacher.http.get(
        "/v1/batches", headers={"Authorization": f"Bearer {token}"}
    )


def _post(path: str, **request: Any) -> Callable[[Teacher], httpx.Response]:
    return lambda teacher: teacher.http.post(path, **request)


def _too_large(teacher: Teacher) -> httpx.Response:
    batch = teacher.api.register(a_registration(1))
    return teacher.sends(batch, {"large.txt": b"x" * 50 * 1024 * 1024})


def _no_files(teacher: Teacher) -> httpx.Response:
    batch = teacher.api.register(a_registration(1))
    return teacher.http.post(f"/v1/batches/{batch}/files", data={"files": "not a file"})


def _cancel_idle(teacher: Teacher) -> httpx.Response:
    return teacher.http.post(f"/v1/batches/{teacher.api.register(a_registration(1))}/cancel")


def _retry_nothing(teacher: Teacher) -> httpx.Response:
    return teacher.http.post(f"/v1/batches/{teacher.api.register(a_registration(1))}/retry")


def _essay_by_nul(teacher: Teacher) -> httpx.Response:
    batch = teacher.api.register(a_registration(1))
    return teacher.http.get(f"/v1/batches/{batch}/essays/%00")


VALIDATION = "/problems/validation"

BAD = (
    Bad("an unknown course", _register(course_code="FR1"), 400, "/problems/unknown-course", "/course_code", "ENG5"),
    Bad("the same id twice", _register(essay_ids=["a", "a"]), 400, VALIDATION, "/essay_ids", "a stands here"),
    Bad("a count that is not that of the ids", _register(expected_essay_count=3), 400, VALIDATION, "/expected_essay_count", "2 ids"),
    Bad("no essays at all", _register(expected_essay_count=0, essay_ids=[]), 400, VALIDATION, "/essay_ids"),
    Bad("a missing field", _without("teacher_name"), 400, VALIDATION, "/teacher_name", "required"),
    Bad("a field nobody knows", _register(course="ENG5"), 400, VALIDATION, "/course", "Unknown"),
    Bad("a word for a number", _register(expected_essay_count="two"), 400, VALIDATION, "/expected_essay_count", "integer"),
    Bad("a number for a text", _register(class_designation=9), 400, VALIDATION, "/class_designation", "string"),
    Bad("a text with a NUL", _register(class_designation="9\0A"), 400, VALIDATION, "/class_designation", "NUL"),
    Bad("half a character", _register(teacher_name="\ud800"), 400, VALIDATION, "/teacher_name", "surrogates"),
    Bad("an e-mail address with a NUL", _post("/v1/auth/login", json={"email": "a\0", "password": "x"}), 400, VALIDATION, "/email", "NUL"),
    Bad("an essay by a NUL", _essay_by_nul, 404, "/problems/essay-not-found"),
    Bad("an id with spaces", _register(essay_ids=["a b", "c"]), 400, VALIDATION, "/essay_ids/0", "letters"),
    Bad("a pipeline to start by itself that does not exist", _register(pipeline="all"), 400, "/problems/unknown-pipeline", "/pipeline", "comprehensive"),
    Bad("JSON that is none", _post(REGISTER, content=b"{not json", headers=_JSON), 400, VALIDATION, "/", "Invalid JSON"),
    Bad("a list for an object", _post(REGISTER, json=[1, 2]), 400, VALIDATION, "/", "Invalid"),
    Bad("no body", _post(REGISTER), 400, VALIDATION, "/essay_ids", "required"),
    Bad("another teacher's batch", _somebody_elses, 404, "/problems/batch-not-found"),
    Bad("a second run while one is active", _start_twice, 409, "/problems/run-active", says="cancel"),
    Bad("a run before the texts are there", _start_unready, 409, "/problems/batch-not-ready", says="3 of 3", extra={"essays_missing": 3}),
    Bad("an unknown pipeline", _start_unknown, 400, "/problems/unknown-pipeline", "/requested_pipeline", "comprehensive"),
    Bad("nothing to cancel", _cancel_idle, 409, "/problems/no-active-run"),
    Bad("nothing to retry", _retry_nothing, 409, "/problems/nothing-to-retry"),
    Bad("no token", lambda t: httpx.get(f"{t.http.base_url}/v1/batches"), 401, "/problems/not-signed-in", says="Bearer"),
    Bad("a token that is none", _with_token("abc"), 401, "/problems/not-signed-in"),
    Bad("a token signed by nobody", _with_token("eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4In0."), 401, "/problems/not-signed-in"),
    Bad("a wrong password", _post("/v1/auth/login", json={"email": "a@b.example", "password": "x"}), 401, "/problems/wrong-credentials"),
    Bad("a person's token at a service's door", lambda t: t.http.get(f"/internal/v1/batches/{uuid4()}/status"), 403, "/problems/not-a-service"),
    Bad("a file of 50 MB", _too_large, 413, "/problems/request-entity-too-large", "/files", "40 MB"),
    Bad("a large body where no file goes", _post("/v1/auth/login", content=b"{%s}" % (b" " * 2_000_000), headers=_JSON), 413, "/problems/request-entity-too-large", "/", "1 MB"),
    Bad("a body nested too deeply", _post("/v1/auth/login", content=b"[" * 200_000, headers=_JSON), 400, "/problems/bad-request"),
    Bad("an id that ends a line", _register(essay_ids=["a", "b\n"]), 400, VALIDATION, "/essay_ids/1", "letters"),
    Bad("no file", _no_files, 400, "/problems/no-files", "/files"),
    Bad("an id that is none", lambda t: t.http.get("/v1/batches/17/status"), 404, "/problems/not-found"),
    Bad("a method that is not taken", lambda t: t.http.delete("/v1/courses"), 405, "/problems/method-not-allowed"),
    Bad("a query that is no number", lambda t: t.http.get(f"/v1/batches/{uuid4()}/events?after=x"), 400, VALIDATION, "query:/after", "integer"),
)  # fmt: skip


@pytest.mark.parametrize("bad", BAD, ids=lambda bad: bad.what)
def test_a_bad_request_is_told_what_is_wrong(bad: Bad, teacher: Teacher) -> None:
    answer = bad.send(teacher)

    problem = answer.json()
    assert answer.status_code == problem["status"] == bad.status, problem
    assert answer.headers["content-type"] == "application/problem+json"
    assert problem["type"] == bad.problem
    assert problem["title"]
    assert problem["detail"]
    assert problem["correlation_id"] == answer.headers["X-Correlation-ID"]
    assert bad.says.lower() in answer.text.lower()
    assert bad.extra.items() <= problem.items()
    if bad.names:
        assert bad.names in [fault["field"] for fault in problem["errors"]]
        assert all(fault["reason"] for fault in problem["errors"])


def test_a_file_that_cannot_be_taken_holds_up_none_of_the_others(teacher: Teacher) -> None:
    batch = teacher.api.register(a_registration(1))

    rows = teacher.sends(batch, {"kim.txt": GOOD, "one-too-many.txt": GOOD}).json()["items"]
    named = teacher.sends(batch, {"kim.txt": GOOD}, "files[essay-9]").json()["items"]
    picture = teacher.sends(batch, {"kim.png": b"\x89PNG"}, "files[essay-1]").json()["items"]

    assert [row["status"] for row in rows] == ["received", "refused"]
    assert rows[1]["failure_code"] == "no_free_slot"
    assert named[0]["failure_code"] == "unknown_essay"
    assert picture[0]["status"] == "received"
    status = teacher.waits_until(batch, "failed", "ready")
    assert status["essay_counts"] == {"content_failed": 1} or status["status"] == "ready"
