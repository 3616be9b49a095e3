"""What is used up by being asked for is made anew for each request: a batch to erase, a file to take out, a session."""

import os
from typing import Any
from uuid import uuid4

import httpx
import schemathesis

ANEW = "00000000-0000-4000-8000-000000000000"
"""Stands in schemathesis.toml where something new belongs."""

_http = httpx.Client(
    base_url=os.environ["CONTRACT_URL"],
    headers={"Authorization": f"Bearer {os.environ['CONTRACT_TOKEN']}"},
    trust_env=False,
)


@schemathesis.hook
def before_call(context: Any, case: Any, kwargs: Any) -> None:
    ids = case.path_parameters or {}
    if ids.get("batch_id") == ANEW:
        ids["batch_id"] = _batch()
        if ids.get("file_id") == ANEW:
            ids["file_id"] = _file(ids["batch_id"])
    if case.operation.path == "/v1/auth/refresh":
        case.cookies = dict(_signed_in())


def _batch() -> str:
    wanted = {
        "expected_essay_count": 1,
        "essay_ids": ["essay-1"],
        "course_code": "ENG5",
        "class_designation": str(uuid4()),
        "essay_instructions": "",
        "teacher_name": "T. Eacher",
    }
    return str(_http.post("/v1/batches/register", json=wanted).json()["batch_id"])


def _file(batch_id: str) -> str:
    part = ("files", ("a.txt", b"A text that is long enough to be an essay of somebody's."))
    answer = _http.post(f"/v1/batches/{batch_id}/files", files=[part])
    return str(answer.json()["items"][0]["file_id"])


def _signed_in() -> httpx.Cookies:
    wanted = {"email": os.environ["CONTRACT_EMAIL"], "password": "correct horse"}
    with httpx.Client(base_url=os.environ["CONTRACT_URL"], trust_env=False) as browser:
        browser.post("/v1/auth/login", json=wanted)
        return browser.cookies
