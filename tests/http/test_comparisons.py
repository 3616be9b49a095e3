"""A person as judge, and decisions in and out, over HTTP."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from werkzeug.test import TestResponse

from app.services.deps import Deps
from tests import catalogues
from tests.drivers import Klass, change, drain, over, rows
from tests.factories import a_batch, an_essay
from tests.fakes import FakePublisher
from tests.http.conftest import Caller

FILE = "judge,candidate_chosen,candidate_not_chosen\nAnna,essay-1,essay-3\nBo,essay-3,essay-1\n"
LEFT = {"choice": "left", "reasons": ["content", "style"], "duration_ms": 4000}


@pytest.fixture
def deps(deps: Deps) -> Deps:
    """With a phase that compares neighbours in two rounds; the longer one wins."""
    return over(deps, catalogues.rounds())


@pytest.fixture
def klass(caller: Caller, deps: Deps, publisher: FakePublisher) -> Klass:
    """A class of the caller's that has been compared."""
    batch = a_batch(deps, caller.user, [an_essay(letter * n) for n, letter in enumerate("abcd")])
    klass = Klass(deps, caller.user, batch)
    klass.start()
    drain(deps, publisher)
    return klass


@pytest.fixture
def path(klass: Klass) -> str:
    return f"/v1/batches/{klass.batch}"


def lent(caller: Caller, path: str) -> Any:
    return caller.gets(f"{path}/comparisons/next")


def decide(caller: Caller, pair: Any, wanted: Any = LEFT) -> TestResponse:
    return caller.asks("POST", f"/v1/comparisons/{pair['comparison_id']}/decision", json=wanted)


def bring_in(caller: Caller, path: str, body: str = FILE, **request: Any) -> TestResponse:
    request = {"content_type": "text/csv"} | request
    return caller.asks("POST", f"{path}/decisions", data=body.encode(), **request)


class TestJudging:
    def test_shows_two_texts_and_keeps_no_copy_of_them(self, caller, path):
        answer = caller.asks("GET", f"{path}/comparisons/next")

        assert answer.status_code == 200
        assert answer.headers["Cache-Control"] == "no-store"
        assert set(answer.json["left"]) == {"text", "language"}
        assert "pupil-" not in answer.text

    def test_ends_with_no_content(self, caller, path):
        pairs = []
        while (answer := caller.asks("GET", f"{path}/comparisons/next")).status_code == 200:
            pairs.append(answer.json)
            assert decide(caller, answer.json).status_code == 200

        assert (answer.status_code, answer.data) == (204, b"")
        assert len(pairs) == 6
        assert [pair["decided"] for pair in pairs] == list(range(6))

    def test_takes_a_decision_once(self, caller, path):
        pair = lent(caller, path)

        first, second = decide(caller, pair), decide(caller, pair)

        assert (first.status_code, first.json["is_new"]) == (200, True)
        assert second.json == first.json | {"is_new": False}

    def test_refuses_another_decision_and_says_which_there_is(self, caller, path):
        pair = lent(caller, path)
        decided = decide(caller, pair).json

        answer = decide(caller, pair, LEFT | {"choice": "right"})

        assert (answer.status_code, answer.json["type"]) == (409, "/problems/comparison-decided")
        assert answer.json["decision_id"] == decided["decision_id"]

    def test_says_clearly_that_somebody_else_has_the_pair(self, caller, path, deps):
        pair = lent(caller, path)
        change(deps, "update comparisons set judge = 'other' where judge is not null")

        answer = decide(caller, pair)

        assert (answer.status_code, answer.json["type"]) == (409, "/problems/comparison-taken")
        assert answer.json["reason"] == "lease_ended"

    @pytest.mark.parametrize(
        ("wanted", "field"),
        [
            ({}, "/choice"),
            ({"choice": "both"}, "/choice"),
            ({"choice": "left", "reasons": ["because"]}, "/reasons/0"),
            ({"choice": "left", "reasons": ["style", "style"]}, "/reasons"),
            ({"choice": "left", "reasons": ["unreadable"]}, "/reasons"),
            ({"choice": "invalid", "reasons": ["style"]}, "/reasons"),
            ({"choice": "left", "duration_ms": -1}, "/duration_ms"),
            ({"choice": "left", "duration_ms": "4"}, "/duration_ms"),
        ],
    )
    def test_refuses_by_field_what_is_no_decision(self, caller, path, wanted, field):
        answer = decide(caller, lent(caller, path), wanted)

        assert answer.status_code == 400
        assert field in {fault["field"] for fault in answer.json["errors"]}

    def test_can_be_taken_back_twice_and_lends_the_pair_again(self, caller, path):
        pair = lent(caller, path)
        undo = f"/v1/decisions/{decide(caller, pair).json['decision_id']}"

        answers = [caller.asks("DELETE", undo) for _ in range(2)]

        assert [answer.status_code for answer in answers] == [200, 200]
        assert answers[1].json["comparison"]["comparison_id"] == pair["comparison_id"]

    def test_is_in_the_log_of_who_did_what_by_ids(self, caller, path, klass, deps):
        pair = lent(caller, path)
        decided = decide(caller, pair).json

        [row] = rows(deps, "select * from audit_log where action = 'comparisons.decide'")

        assert row.batch_id == klass.batch
        assert row.object_ids == {
            "comparison_id": pair["comparison_id"],
            "decision_id": decided["decision_id"],
        }


class TestDecisions:
    def test_are_listed_and_not_sent_again_until_there_are_others(self, caller, path):
        answer = caller.asks("GET", f"{path}/decisions?kind=builtin,person")
        assert answer.json["total"] == 6
        tag = {"If-None-Match": answer.headers["ETag"]}
        assert caller.asks("GET", f"{path}/decisions", headers=tag).status_code == 304

        decide(caller, lent(caller, path))

        mine = caller.asks("GET", f"{path}/decisions?mine=true", headers=tag)
        assert (mine.status_code, mine.json["total"]) == (200, 1)
        assert mine.json["items"][0]["reasons"] == ["content", "style"]

    def test_come_in_pages(self, caller, path):
        first = caller.gets(f"{path}/decisions?limit=4&sort=decided_at")
        second = caller.gets(
            f"{path}/decisions?limit=4&sort=decided_at&cursor={first['next_cursor']}"
        )

        ids = [row["decision_id"] for row in first["items"] + second["items"]]
        assert len(set(ids)) == first["total"] == 6

    def test_are_given_as_a_file(self, caller, path):
        answer = caller.asks("GET", f"{path}/decisions.csv")

        assert answer.content_type == "text/csv; charset=utf-8"
        assert answer.text.splitlines()[0] == "judge,candidate_chosen,candidate_not_chosen"
        assert len(answer.text.splitlines()) == 7

    def test_on_which_persons_and_machines_differ_are_listed(self, caller, path):
        assert caller.gets(f"{path}/disagreements") == {"items": []}


class TestAFile:
    def test_is_brought_in_once_under_a_key(self, caller, path):
        key = {"Idempotency-Key": "the-key"}

        first, again = (bring_in(caller, path, headers=key) for _ in range(2))

        assert (first.status_code, first.json["imported"]) == (200, 2)
        assert again.data == first.data
        assert caller.gets(f"{path}/decisions?kind=person")["total"] == 2

    def test_with_bad_rows_is_refused_with_the_lines(self, caller, path):
        answer = bring_in(caller, path, FILE + "Bo,essay-1\nBo,essay-9,essay-1\n")

        assert (answer.status_code, answer.json["type"]) == (400, "/problems/bad-decision-file")
        assert [(fault["line"], fault["field"]) for fault in answer.json["errors"]] == [
            (4, "/"),
            (5, "/candidate_chosen"),
        ]
        assert answer.json["bad_rows"] == 2
        assert caller.gets(f"{path}/decisions?kind=person")["total"] == 0

    def test_of_another_kind_is_refused(self, caller, path):
        answer = bring_in(caller, path, content_type="application/json")

        assert (answer.status_code, answer.json["type"]) == (
            415,
            "/problems/unsupported-media-type",
        )

    def test_can_be_taken_back(self, caller, path):
        brought_in = bring_in(caller, path).json["import_id"]

        answer = caller.asks("DELETE", f"{path}/decisions/imports/{brought_in}")

        assert (answer.status_code, answer.json) == (200, {"withdrawn": 2})
        assert caller.gets(f"{path}/decisions?kind=person")["total"] == 0


def test_the_ranking_follows(caller, path):
    before = caller.gets(f"{path}/assessment")

    decide(caller, lent(caller, path))
    bring_in(caller, path)

    after = caller.gets(f"{path}/assessment")
    assert after["decision_count"] == before["decision_count"] + 3
    assert after["is_current"]


@pytest.mark.parametrize(
    ("method", "more"),
    [
        ("GET", "/comparisons/next"),
        ("GET", "/decisions"),
        ("GET", "/decisions.csv"),
        ("GET", "/disagreements"),
        ("POST", "/decisions"),
        ("DELETE", f"/decisions/imports/{uuid4()}"),
    ],
)
def test_somebody_elses_are_not_found(path, a_caller: Callable[[], Caller], method, more):
    answer = a_caller().asks(method, path + more, content_type="text/csv")

    assert (answer.status_code, answer.json["type"]) == (404, "/problems/batch-not-found")


def test_somebody_elses_pair_and_decision_are_not_found(
    caller, path, a_caller: Callable[[], Caller]
):
    pair = lent(caller, path)
    decision = decide(caller, pair).json["decision_id"]
    other = a_caller()

    assert decide(other, pair).json["type"] == "/problems/comparison-not-found"
    undone = other.asks("DELETE", f"/v1/decisions/{decision}")
    assert (undone.status_code, undone.json["type"]) == (404, "/problems/decision-not-found")
