"""What goes with every answer: limits, tags, compression, origins, headers, and the log of who did what."""

import gc
import gzip
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.exc import DBAPIError

from app import metrics
from app.factory import create_app
from app.projections import rebuild
from app.services import projecting
from app.services.deps import Deps
from tests.drivers import a_class, an_owner, change, drain, rows
from tests.factories import a_registration, a_teacher
from tests.http.conftest import Caller


@pytest.fixture
def caller_with(deps: Deps, app: Flask) -> Callable[..., Caller]:
    """Somebody signed in at an application with settings of the test's own."""

    def make(**settings: Any) -> Caller:
        changed = replace(deps, settings=replace(deps.settings, **settings))
        client = create_app(changed).test_client()
        gc.collect()  # a process that serves for long lets go of whatever nothing holds
        return Caller(changed, an_owner(deps), client)

    return make


def signs_in(client: FlaskClient, email: str, password: str = "wrong", **request: Any) -> Any:
    return client.post("/v1/auth/login", json={"email": email, "password": password}, **request)


class TestLimits:
    def test_are_told_in_every_answer(self, caller):
        answer = caller.asks("GET", "/v1/me")

        assert int(answer.headers["X-RateLimit-Limit"]) == 60
        assert int(answer.headers["X-RateLimit-Remaining"]) == 59
        assert "Retry-After" not in answer.headers

    def test_refuse_with_a_problem_that_says_how_long_to_wait(self, caller_with):
        caller = caller_with(rate_limit="2/minute")
        before = metrics.RATE_LIMITED.labels("account.me")._value.get()

        answers = [caller.asks("GET", "/v1/me") for _ in range(3)]

        assert [answer.status_code for answer in answers] == [200, 200, 429]
        assert answers[2].json["type"] == "/problems/too-many-requests"
        assert 0 < int(answers[2].headers["Retry-After"]) <= 60
        assert "2 per 1 minute" in answers[2].json["detail"]
        assert metrics.RATE_LIMITED.labels("account.me")._value.get() == before + 1

    def test_are_each_persons_own(self, caller_with, deps):
        caller = caller_with(rate_limit="1/minute")
        other = Caller(caller.deps, an_owner(deps), caller.client)

        answers = [each.asks("GET", "/v1/me").status_code for each in (caller, other, caller)]

        assert answers == [200, 200, 429]

    def test_cannot_be_escaped_with_tokens_that_are_none(self, caller_with):
        client = caller_with(rate_limit="2/minute").client
        address = {"REMOTE_ADDR": f"10.0.{uuid4().int % 256}.{uuid4().int % 256}"}

        answers = [
            client.get(
                "/v1/me", headers={"Authorization": f"Bearer {n}"}, environ_base=address
            ).status_code
            for n in range(3)
        ]

        assert answers == [401, 401, 429]

    def test_hold_guesses_at_one_persons_password_up(self, caller_with, deps):
        client = caller_with(login_limit="3/minute").client
        victim, other = a_teacher(deps), a_teacher(deps)

        guesses = [signs_in(client, victim.email.upper()).status_code for _ in range(4)]

        assert guesses == [401, 401, 401, 429]
        assert signs_in(client, other.email, "correct horse").status_code == 200

    def test_can_be_switched_off(self, caller_with):
        caller = caller_with(rate_limits=False, rate_limit="1/minute")

        assert [caller.asks("GET", "/v1/me").status_code for _ in range(3)] == [200] * 3

    def test_leave_operators_alone(self, caller_with):
        caller = caller_with(rate_limit="1/minute")

        assert [caller.client.get("/healthz").status_code for _ in range(3)] == [200] * 3

    def test_hold_nobody_up_while_redis_is_down_and_say_so(self, caller_with, tmp_path: Path):
        caller = caller_with(redis_url=f"unix://{tmp_path}/nobody.sock", rate_limit="1/minute")
        before = metrics.LIMITS_UNCHECKED._value.get()

        assert [caller.asks("GET", "/v1/me").status_code for _ in range(3)] == [200] * 3
        assert metrics.LIMITS_UNCHECKED._value.get() >= before + 3

    def test_believe_a_proxy_only_if_told_to(self, caller_with, deps):
        teacher = a_teacher(deps)
        forwarded = [{"X-Forwarded-For": f"203.0.113.{n}"} for n in range(3)]
        believing = caller_with(login_limit="1/minute", trusted_proxies=1).client
        careful = caller_with(login_limit="1/minute").client

        for client, expected in ((believing, [401, 401, 401]), (careful, [401, 429, 429])):
            answers = [signs_in(client, teacher.email, headers=each) for each in forwarded]

            assert [answer.status_code for answer in answers] == expected


class TestTags:
    PATHS = ("", "/status", "/results", "/essays", "/essays/essay-1")

    def tagged(self, caller: Caller, path: str) -> Any:
        answer = caller.asks("GET", path)
        assert answer.status_code == 200
        return {"If-None-Match": answer.headers["ETag"]}

    def test_spare_whoever_has_the_answer(self, caller):
        batch = caller.registers(a_registration(1))

        for path in (
            *("/v1/batches", "/v1/pipelines", "/v1/courses"),
            *(f"/v1/batches/{batch}{end}" for end in self.PATHS),
        ):
            answer = caller.asks("GET", path, headers=self.tagged(caller, path))

            assert (answer.status_code, answer.data) == (304, b""), path
            assert "ETag" in answer.headers

    def test_read_no_rows_for_it(self, caller, deps, monkeypatch):
        batch = caller.registers(a_registration(1))
        tags = {end: self.tagged(caller, f"/v1/batches/{batch}{end}") for end in self.PATHS}
        change(deps, "alter table batch_overview rename to hidden")
        change(deps, "alter table essay_report rename to hidden_too")

        for end, tag in tags.items():
            assert caller.asks("GET", f"/v1/batches/{batch}{end}", headers=tag).status_code == 304

    def test_change_with_every_write(self, deps, caller, publisher):
        klass = a_class(deps, "")
        teacher = Caller(deps, klass.owner, caller.client)
        paths = ["/v1/batches", *(f"/v1/batches/{klass.batch}{end}" for end in self.PATHS)]
        for write in (
            lambda: projecting.project(klass.batch, deps),
            klass.start,
            lambda: drain(deps, publisher),
            lambda: teacher.asks(
                "PATCH", f"/v1/batches/{klass.batch}", json={"class_designation": "new"}
            ),
        ):
            tags = {path: self.tagged(teacher, path) for path in paths}

            write()

            for path, tag in tags.items():
                assert teacher.asks("GET", path, headers=tag).status_code == 200, path

    def test_of_the_list_change_when_a_batch_comes_or_goes(self, caller):
        empty = self.tagged(caller, "/v1/batches")
        batch = caller.registers(a_registration(1))
        full = caller.asks("GET", "/v1/batches", headers=empty)

        caller.asks("DELETE", f"/v1/batches/{batch}")

        assert full.status_code == 200
        again = caller.asks("GET", "/v1/batches", headers={"If-None-Match": full.headers["ETag"]})
        assert again.status_code == 200

    def test_of_somebody_elses_batch_tell_nothing(self, caller, a_caller):
        batch = caller.registers(a_registration(1))
        path = f"/v1/batches/{batch}/status"

        answer = a_caller().asks("GET", path, headers=self.tagged(caller, path))

        assert answer.status_code == 404


class TestTheCache:
    def test_never_shows_less_than_the_read_model_whatever_redis_missed(
        self, deps, caller, publisher
    ):
        klass = a_class(deps, "")
        teacher = Caller(deps, klass.owner, caller.client)
        klass.start()
        deaf = replace(deps, cache=_Deaf(deps.cache))
        teacher.gets(f"/v1/batches/{klass.batch}/status")

        drain(deaf, publisher)

        status = teacher.gets(f"/v1/batches/{klass.batch}/status")
        assert status["status"] == "completed_successfully"

    def test_is_asked_again_after_a_rebuild(self, deps, caller):
        batch = caller.registers(a_registration(1))
        change(deps, "update batch_overview set class_designation = 'wrong'")
        assert caller.gets(f"/v1/batches/{batch}/status")["class_designation"] == "wrong"

        with deps.uow("rebuild") as uow:
            rebuild.rebuild(uow.session)
            uow.session.commit()

        assert caller.gets(f"/v1/batches/{batch}/status")["class_designation"] == "Class 9A"


class _Deaf:
    """A cache that never hears that something is outdated."""

    def __init__(self, cache: Any) -> None:
        self._cache = cache
        self.get, self.put = cache.get, cache.put

    def outdate(self, batch_id: UUID) -> None:
        pass


class TestCompression:
    def test_is_for_json_of_some_size_and_whoever_takes_it(self, caller):
        batch = caller.registers(a_registration(50))
        path = f"/v1/batches/{batch}/essays"
        plain = caller.asks("GET", path)

        packed = caller.asks("GET", path, headers={"Accept-Encoding": "gzip"})
        small = caller.asks("GET", "/v1/me", headers={"Accept-Encoding": "gzip"})
        refused = caller.asks("GET", path, headers={"Accept-Encoding": "gzip;q=0"})

        assert packed.headers["Content-Encoding"] == "gzip"
        assert gzip.decompress(packed.data) == plain.data
        assert int(packed.headers["Content-Length"]) < len(plain.data) / 2
        assert "Accept-Encoding" in packed.headers["Vary"]
        for answer in (plain, small, refused):
            assert "Content-Encoding" not in answer.headers


class TestOrigins:
    def asks(self, caller: Caller, origin: str, method: str = "GET") -> Any:
        wanted = {"Origin": origin, "Access-Control-Request-Method": "POST"}
        return caller.asks(method, "/v1/me", headers=wanted)

    def test_of_others_are_told_nothing_by_default(self, caller):
        answer = self.asks(caller, "https://elsewhere.example")

        assert "Access-Control-Allow-Origin" not in answer.headers

    def test_that_are_named_may_call(self, caller_with):
        caller = caller_with(origins=("https://school.example",))

        good = self.asks(caller, "https://school.example")
        preflight = self.asks(caller, "https://school.example", "OPTIONS")
        bad = self.asks(caller, "https://elsewhere.example")

        assert good.headers["Access-Control-Allow-Origin"] == "https://school.example"
        assert good.headers["Access-Control-Allow-Credentials"] == "true"
        assert "ETag" in good.headers["Access-Control-Expose-Headers"]
        assert "POST" in preflight.headers["Access-Control-Allow-Methods"]
        assert "Access-Control-Allow-Origin" not in bad.headers


class TestHeaders:
    @pytest.mark.parametrize("path", ["/v1/me", "/v1/nothing", "/healthz", "/docs/"])
    def test_protect_every_answer(self, caller, path):
        found = caller.asks("GET", path).headers

        assert found["X-Content-Type-Options"] == "nosniff"
        assert found["X-Frame-Options"] == "DENY"
        assert "frame-ancestors 'none'" in found["Content-Security-Policy"]
        assert "Strict-Transport-Security" not in found

    def test_keep_to_https_whoever_came_by_it(self, caller):
        answer = caller.asks("GET", "/v1/me", base_url="https://localhost")

        assert "max-age=31536000" in answer.headers["Strict-Transport-Security"]

    def test_leave_no_copies_of_what_pupils_wrote(self, caller):
        assert caller.asks("GET", "/v1/me").headers["Cache-Control"] == "no-store"


class TestTheLog:
    @pytest.fixture
    def logged(self, capsys: pytest.CaptureFixture[str], app: Flask) -> Callable[[], str]:
        """What the application has written; it is asked for first, as it takes hold of the stream."""
        return lambda: capsys.readouterr().err

    def test_names_an_error_of_the_database_and_repeats_no_value(self, logged, app, deps):
        app.add_url_rule("/broken", view_func=lambda: self.fails(deps))

        answer = app.test_client().get("/broken")

        written = logged()
        assert answer.status_code == 500
        assert "database_error" in written
        assert "SQLSTATE 23505, table users, constraint uq_users_email" in written
        assert "maja@school.example" not in written + answer.text

    def fails(self, deps: Deps) -> None:
        for _ in range(2):
            change(
                deps,
                "insert into users (id, email, display_name, password_hash, role, created_at)"
                " values (:id, :email, 'Maja', '', 'teacher', now())",
                id=uuid4(),
                email="maja@school.example",
            )


def audited(deps: Deps) -> list[Any]:
    return rows(deps, "select * from audit_log order by id")


class TestTheAuditLog:
    def test_says_who_changed_what_and_how_it_ended(self, caller, deps):
        correlation = str(uuid4())
        batch = caller.registers(
            a_registration(1, class_designation="Secret 9A"),
            headers={"X-Correlation-ID": correlation},
        )
        caller.asks("POST", f"/v1/batches/{batch}/cancel")
        caller.gets("/v1/me")

        registered, cancelled = audited(deps)

        assert (registered.actor_id, registered.action) == (caller.user.id, "batches.register")
        assert (registered.batch_id, registered.status) == (batch, 202)
        assert str(registered.correlation_id) == correlation
        assert (cancelled.action, cancelled.batch_id, cancelled.status) == (
            *("runs.cancel", batch, 409),
        )
        assert "Secret" not in str(audited(deps))

    def test_has_every_sign_in_and_every_attempt(self, caller, deps):
        teacher = a_teacher(deps)

        for password in ("correct horse", "wrong"):
            signs_in(caller.client, teacher.email, password)

        assert [(row.action, row.actor_id, row.status) for row in audited(deps)] == [
            ("auth.login", teacher.id, 200),
            ("auth.login", None, 401),
        ]
        assert teacher.email not in str(audited(deps))

    @pytest.mark.parametrize(
        "statement",
        [
            "update audit_log set status = 200",
            "delete from audit_log",
            "truncate audit_log",
        ],
    )
    def test_is_only_ever_added_to(self, caller, deps, statement):
        caller.registers(a_registration(1))

        with pytest.raises(DBAPIError, match="only ever added to"):
            change(deps, statement)

    def test_outlives_the_batch_with_its_id_alone(self, caller, deps):
        batch = caller.registers(a_registration(1))

        caller.asks("DELETE", f"/v1/batches/{batch}")

        assert [row.batch_id for row in audited(deps)] == [batch, batch]

    def test_does_not_undo_what_was_done_when_it_cannot_be_written(self, caller, deps):
        change(deps, "alter table audit_log rename to away")
        before = metrics.AUDIT_LOST._value.get()

        caller.registers(a_registration(1))

        assert metrics.AUDIT_LOST._value.get() == before + 1
