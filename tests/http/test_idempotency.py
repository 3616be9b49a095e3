"""A request that is sent twice with one key is done once."""

from collections.abc import Callable
from functools import partial
from io import BytesIO
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy.exc import OperationalError
from werkzeug.test import TestResponse

from app.services import idempotency, sweeping
from app.services.idempotency import Answer
from app.unit_of_work import COMMIT_UNCERTAIN, UnitOfWork
from tests.drivers import Klass, a_class, at_once, change, drain, one, rows
from tests.factories import a_registration
from tests.http.conftest import Caller

KEY = {"Idempotency-Key": "the-key"}
REGISTER = "/v1/batches/register"


def kept(deps: Any) -> list[Any]:
    return rows(deps, "select * from idempotent_requests")


class TestTheSameRequestAgain:
    def test_gets_the_same_answer_to_the_byte_and_is_not_done(self, caller):
        request = {"json": a_registration(2), "headers": KEY}

        first = caller.asks("POST", REGISTER, **request)
        again = caller.asks("POST", REGISTER, **request)

        assert (again.status_code, again.data) == (first.status_code, first.data)
        assert again.content_type == first.content_type
        assert "Idempotent-Replayed" not in first.headers
        assert again.headers["Idempotent-Replayed"] == "true"
        assert caller.gets("/v1/batches")["total"] == 1

    def test_counts_for_files_whatever_divides_them(self, caller):
        batch = caller.registers(a_registration(2))
        answers = [
            caller.asks(
                "POST",
                f"/v1/batches/{batch}/files",
                data={"files": [(BytesIO(b"words"), "a.txt")]},
                headers=KEY,
            )
            for _ in range(2)
        ]

        assert answers[0].data == answers[1].data
        assert len(caller.gets(f"/v1/batches/{batch}/files")["items"]) == 1

    def test_starts_cancels_and_retries_once(self, deps, caller):
        klass = a_class(deps, "")
        teacher = Caller(deps, klass.owner, caller.client)
        for path, body in (
            ("pipelines", {"requested_pipeline": "all"}),
            ("cancel", None),
            ("retry", None),
        ):
            request = {"headers": {"Idempotency-Key": path}, **({"json": body} if body else {})}
            answers = [
                teacher.asks("POST", f"/v1/batches/{klass.batch}/{path}", **request)
                for _ in range(2)
            ]

            assert answers[0].status_code == 202, answers[0].text
            assert answers[0].data == answers[1].data
        assert one(deps, "select count(*) as n from runs").n == 2

    def test_at_the_same_moment_is_done_once(self, app, caller):
        clients = [Caller(caller.deps, caller.user, app.test_client()) for _ in range(4)]
        asks = [
            partial(each.asks, "POST", REGISTER, json=a_registration(1), headers=KEY)
            for each in clients
        ]

        answers = at_once(*asks)

        assert {answer.status_code for answer in answers} <= {202, 409}
        assert len({answer.data for answer in answers if answer.status_code == 202}) == 1
        assert caller.gets("/v1/batches")["total"] == 1

    def test_of_somebody_else_is_another_request(self, caller, a_caller):
        for each in (caller, a_caller()):
            each.registers(a_registration(1), headers=KEY)

            assert each.gets("/v1/batches")["total"] == 1

    def test_gets_a_refusal_again_too(self, caller):
        request = {"json": a_registration(2, course_code="FR1"), "headers": KEY}

        answers = [caller.asks("POST", REGISTER, **request) for _ in range(2)]

        assert answers[0].status_code == 400
        assert answers[0].data == answers[1].data
        assert answers[1].content_type == "application/problem+json"

    def test_may_succeed_where_the_first_said_not_now(self, deps, caller):
        klass = a_class(deps, "")
        teacher = Caller(deps, klass.owner, caller.client)
        path = f"/v1/batches/{klass.batch}/retry"
        assert teacher.asks("POST", path, headers=KEY).status_code == 409
        klass.start()
        teacher.asks("POST", f"/v1/batches/{klass.batch}/cancel")

        assert teacher.asks("POST", path, headers=KEY).status_code == 202


class TestAnotherRequest:
    @pytest.mark.parametrize("what", ["body", "address"])
    def test_with_a_used_key_is_refused(self, caller, what):
        batch = caller.registers(a_registration(1), headers=KEY)

        answer = {
            "body": partial(caller.asks, "POST", REGISTER, json=a_registration(2), headers=KEY),
            "address": partial(caller.asks, "POST", f"/v1/batches/{batch}/cancel", headers=KEY),
        }[what]()

        assert answer.status_code == 422
        assert answer.json["type"] == "/problems/idempotency-key-reused"

    def test_with_other_bytes_in_the_file_is_refused(self, caller):
        batch = caller.registers(a_registration(2))
        answers = [
            caller.asks(
                "POST",
                f"/v1/batches/{batch}/files",
                data={"files": [(BytesIO(body), "a.txt")]},
                headers=KEY,
            )
            for body in (b"words", b"other")
        ]

        assert [answer.status_code for answer in answers] == [202, 422]


class TestAClaim:
    def claim(self, caller: Caller, sha: str = "a") -> Any:
        return idempotency.claim(caller.user.id, "key", sha, deps=caller.deps)

    def test_holds_the_key_while_it_is_worked_on(self, caller):
        self.claim(caller)

        with pytest.raises(idempotency.IdempotencyInProgress):
            self.claim(caller)

    def test_of_somebody_who_died_lapses_after_some_seconds(self, caller, deps):
        died = self.claim(caller)
        change(deps, "update idempotent_requests set claimed_at = now() - interval '6 seconds'")

        second = self.claim(caller)
        idempotency.keep(died, Answer(202, "text/plain", b"late"), None, deps=deps)
        idempotency.keep(second, Answer(202, "text/plain", b"second"), None, deps=deps)

        assert self.claim(caller).body == b"second"

    def test_is_forgotten_after_a_day(self, caller, deps):
        self.claim(caller)
        change(deps, "update idempotent_requests set expires_at = now() - interval '1 second'")

        assert isinstance(self.claim(caller, "another request"), idempotency.Claim)

    def test_is_given_back_when_something_went_wrong_here(self, caller, deps, monkeypatch):
        monkeypatch.setattr("app.services.batches.register", _raise)
        request = {"json": a_registration(1), "headers": KEY}
        assert caller.asks("POST", REGISTER, **request).status_code == 500
        monkeypatch.undo()

        assert caller.asks("POST", REGISTER, **request).status_code == 202

    def test_goes_with_its_batch(self, caller, deps):
        batch = caller.registers(a_registration(1), headers=KEY)

        caller.asks("DELETE", f"/v1/batches/{batch}")

        assert kept(deps) == []

    def test_is_swept_when_it_has_run_out(self, caller, deps):
        self.claim(caller)
        change(deps, "update idempotent_requests set expires_at = now() - interval '1 second'")

        assert sweeping.sweep(deps)["idempotent_requests"] == 1
        assert kept(deps) == []


class TestACommitWithoutAReply:
    @pytest.fixture
    def lost(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """The first batch is registered, and the database never says so."""
        commit = UnitOfWork.commit

        def losing(uow: UnitOfWork) -> None:
            commit(uow)
            if uow.name == "register":
                monkeypatch.undo()
                exc = OperationalError("commit", {}, Exception("connection reset"))
                exc.add_note(COMMIT_UNCERTAIN)
                raise exc

        monkeypatch.setattr(UnitOfWork, "commit", losing)

    @pytest.mark.parametrize("headers", [KEY, {}], ids=["with a key", "without"])
    def test_is_found_out_at_once(self, caller, lost, headers):
        answer = caller.asks("POST", REGISTER, json=a_registration(1), headers=headers)

        assert answer.status_code == 202
        (batch,) = caller.gets("/v1/batches")["items"]
        assert answer.json["batch_id"] == batch["batch_id"]


class TestADeathBetweenTheWorkAndItsAnswer:
    """The web process is killed when the work is committed and nobody has been told."""

    class Killed(BaseException):
        """What no handler catches."""

    @pytest.fixture
    def asks_twice(self, deps: Any, monkeypatch: pytest.MonkeyPatch) -> Callable[..., TestResponse]:
        """Send a request whose process dies, and the same again when the key is free."""

        def asks(caller: Caller, path: str, request: Callable[[], Any]) -> TestResponse:
            with monkeypatch.context() as patch:
                patch.setattr(idempotency, "keep", self.dies)
                with pytest.raises(self.Killed):
                    caller.asks("POST", path, headers=KEY, **request())
            change(deps, "update idempotent_requests set claimed_at = now() - interval '6 s'")
            answer = caller.asks("POST", path, headers=KEY, **request())
            assert answer.status_code == 202, answer.text
            return answer

        return asks

    def dies(self, *_: Any, **__: Any) -> None:
        raise self.Killed

    def test_leaves_one_batch(self, caller, asks_twice):
        answer = asks_twice(caller, REGISTER, lambda: {"json": a_registration(1)})

        (batch,) = caller.gets("/v1/batches")["items"]
        assert answer.json["batch_id"] == batch["batch_id"]

    def test_leaves_each_file_in_its_slot(self, caller, asks_twice):
        batch = caller.registers(a_registration(4))

        answer = asks_twice(
            caller,
            f"/v1/batches/{batch}/files",
            lambda: {
                "data": {
                    "files": [(BytesIO(b"words"), "a.txt"), (BytesIO(b"words"), "b.txt")],
                    "files[essay-9]": [(BytesIO(b"words"), "c.txt")],
                }
            },
        )

        rows = answer.json["items"]
        assert [row["essay_id"] for row in rows] == ["essay-1", "essay-2", None]
        assert [row["status"] for row in rows] == ["received", "received", "refused"]
        kept = caller.gets(f"/v1/batches/{batch}/files")["items"]
        assert {row["file_id"] for row in kept} == {row["file_id"] for row in rows[:2]}

    @pytest.mark.parametrize("path", ["pipelines", "retry"])
    def test_leaves_one_run(self, deps, caller, asks_twice, path):
        klass = a_class(deps, "")
        teacher = Caller(deps, klass.owner, caller.client)
        if path == "retry":
            klass.start()
            teacher.asks("POST", f"/v1/batches/{klass.batch}/cancel")
        body = {"json": {"requested_pipeline": "all"}} if path == "pipelines" else {}

        answer = asks_twice(teacher, f"/v1/batches/{klass.batch}/{path}", lambda: body)

        (run,) = rows(deps, "select id from runs where status = 'active'")
        assert answer.json["run_id"] == str(run.id)
        assert one(deps, "select count(*) as n from runs").n == (2 if path == "retry" else 1)


def _raise(*_: Any, **__: Any) -> None:
    raise RuntimeError("told to")


@pytest.mark.parametrize("key", ["", " ", "å", "a b", "x" * 256])
def test_a_key_that_is_none_is_refused_by_name(caller, key):
    answer = caller.asks(
        "POST",
        REGISTER,
        json=a_registration(1),
        headers={"Idempotency-Key": key.encode().decode("latin-1")},
    )

    assert answer.status_code == 400
    assert answer.json["errors"][0]["field"] == "headers:/Idempotency-Key"


def test_without_a_key_every_request_is_done(caller, deps):
    for _ in range(2):
        caller.registers(a_registration(1))

    assert caller.gets("/v1/batches")["total"] == 2
    assert kept(deps) == []


class TestSweeping:
    def test_deletes_what_is_old_and_leaves_the_history(self, deps, caller, publisher):
        klass: Klass = a_class(deps, "")
        klass.start()
        drain(deps, publisher)
        events = len(klass.events())
        change(
            deps,
            "update event_outbox set published_at = now() - interval '2 days'",
            "insert into worker_heartbeats values ('w', '{}', 1, now(), now() - interval '2 days')",
        )

        swept = sweeping.sweep(deps)

        assert swept["worker_heartbeats"] == 1
        assert swept["event_outbox"] > 0
        assert not rows(deps, "select 1 from event_outbox where event_no is null")
        assert len(klass.events()) == events

    def test_takes_a_bounded_piece_at_a_time(self, deps, caller, monkeypatch):
        monkeypatch.setattr(sweeping, "MOST_ROWS", 2)
        for _ in range(3):
            idempotency.claim(caller.user.id, str(uuid4()), "a", deps=deps)
        change(deps, "update idempotent_requests set expires_at = now() - interval '1 second'")

        assert [sweeping.sweep(deps)["idempotent_requests"] for _ in range(3)] == [2, 1, 0]

    def test_leaves_hints_that_were_not_sent(self, deps):
        a_class(deps, "")
        change(deps, "update event_outbox set published_at = null")

        assert sweeping.sweep(deps)["event_outbox"] == 0
