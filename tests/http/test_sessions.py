"""Signing in, staying so, and signing out."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.errors import SessionEnded
from app.services import sessions
from app.services.deps import Deps
from app.services.sessions import AGAIN_WITHIN, Session
from models import User
from tests.drivers import change
from tests.factories import a_teacher

OURS = {"X-Requested-With": "huleedu"}


@pytest.fixture
def teacher(deps: Deps) -> User:
    return a_teacher(deps)


@pytest.fixture
def browser(app: Flask) -> FlaskClient:
    return app.test_client()


def signs_in(browser: FlaskClient, teacher: User) -> dict[str, Any]:
    wanted = {"email": teacher.email, "password": "correct horse"}
    answer = browser.post("/v1/auth/login", json=wanted)
    assert answer.status_code == 200
    return answer.json


def refreshes(browser: FlaskClient) -> Any:
    return browser.post("/v1/auth/refresh", headers=OURS)


def cookie(browser: FlaskClient) -> Any:
    return browser.get_cookie("huleedu_refresh", path="/v1/auth")


@dataclass
class SetClock:
    """A clock that stands until it is set."""

    at: datetime

    def __call__(self) -> datetime:
        return self.at


def used_twice(deps: Deps, teacher: User, later: timedelta) -> tuple[Session, Session]:
    """What one token gives, and gives again so much later."""
    clock = SetClock(deps.clock())
    deps = replace(deps, clock=clock)
    token = sessions.begin(teacher, deps=deps).refresh_token
    first = sessions.renew(token, arrived_at=clock(), deps=deps)
    clock.at += later
    return first, sessions.renew(token, arrived_at=clock(), deps=deps)


def used_earlier(deps: Deps, by: timedelta) -> None:
    """Let the tokens that were used have been used longer ago."""
    change(deps, "update refresh_tokens set used_at = used_at - :by", by=by)


def me(browser: FlaskClient, token: str) -> Any:
    return browser.get("/v1/me", headers={"Authorization": f"Bearer {token}"})


class TestSigningIn:
    def test_gives_a_token_for_a_quarter_of_an_hour_and_a_cookie_no_script_can_read(
        self, browser, teacher
    ):
        answer = signs_in(browser, teacher)

        assert answer["expires_in"] == 900
        assert me(browser, answer["access_token"]).json["email"] == teacher.email
        kept = cookie(browser)
        assert (kept.http_only, kept.same_site, kept.path) == (True, "Strict", "/v1/auth")
        assert not kept.secure

    def test_over_https_the_cookie_never_goes_elsewhere(self, browser, teacher):
        wanted = {"email": teacher.email, "password": "correct horse"}

        answer = browser.post("/v1/auth/login", json=wanted, base_url="https://localhost")

        assert "Secure" in answer.headers["Set-Cookie"]


class TestRefreshing:
    def test_gives_another_token_and_exchanges_the_cookie(self, browser, teacher):
        signs_in(browser, teacher)
        before = cookie(browser).value

        answer = refreshes(browser)

        assert me(browser, answer.json["access_token"]).status_code == 200
        assert cookie(browser).value != before
        assert refreshes(browser).status_code == 200

    def test_a_cookie_that_was_exchanged_ends_everything_that_came_of_it(
        self, browser, teacher, deps
    ):
        signs_in(browser, teacher)
        stolen = cookie(browser).value
        refreshes(browser)
        newest = cookie(browser).value
        used_earlier(deps, AGAIN_WITHIN)

        browser.set_cookie("huleedu_refresh", stolen, path="/v1/auth")
        assert refreshes(browser).json["type"] == "/problems/session-ended"

        browser.set_cookie("huleedu_refresh", newest, path="/v1/auth")
        assert refreshes(browser).status_code == 401

    def test_another_sign_in_of_the_same_person_goes_on(self, app, browser, teacher, deps):
        elsewhere = app.test_client()
        signs_in(elsewhere, teacher)
        signs_in(browser, teacher)
        stolen = cookie(browser).value
        refreshes(browser)
        used_earlier(deps, AGAIN_WITHIN)

        browser.set_cookie("huleedu_refresh", stolen, path="/v1/auth")
        assert refreshes(browser).status_code == 401

        assert refreshes(elsewhere).status_code == 200

    @pytest.mark.parametrize("later", [timedelta(0), AGAIN_WITHIN])
    def test_a_second_window_and_a_page_that_lost_the_answer_go_on(self, deps, teacher, later):
        first, second = used_twice(deps, teacher, later)

        for each in (first, second):
            assert sessions.renew(each.refresh_token, arrived_at=deps.clock(), deps=deps)

    def test_that_is_counted_from_the_first_use(self, deps, teacher):
        clock = SetClock(deps.clock())
        deps = replace(deps, clock=clock)
        token = sessions.begin(teacher, deps=deps).refresh_token
        for _ in range(2):
            sessions.renew(token, arrived_at=clock(), deps=deps)
            clock.at += AGAIN_WITHIN * 0.6

        with pytest.raises(SessionEnded, match="used before"):
            sessions.renew(token, arrived_at=clock(), deps=deps)

    def test_a_moment_more_ends_it(self, deps, teacher):
        with pytest.raises(SessionEnded, match="used before"):
            used_twice(deps, teacher, AGAIN_WITHIN + timedelta(milliseconds=1))

    def test_a_cookie_runs_out(self, browser, teacher, deps):
        signs_in(browser, teacher)
        change(deps, "update refresh_tokens set expires_at = now() - interval '1 second'")

        assert refreshes(browser).status_code == 401

    def test_without_the_header_of_our_own_pages_it_is_refused(self, browser, teacher):
        signs_in(browser, teacher)

        answer = browser.post("/v1/auth/refresh")

        assert answer.status_code == 400
        assert answer.json["errors"][0]["field"] == "headers:/X-Requested-With"

    @pytest.mark.parametrize("value", ["", "nonsense", str(uuid4())])
    def test_a_cookie_that_is_none_is_refused(self, browser, value):
        browser.set_cookie("huleedu_refresh", value, path="/v1/auth")

        assert refreshes(browser).status_code == 401

    def test_what_is_kept_signs_nobody_in(self, browser, teacher, deps):
        signs_in(browser, teacher)

        with deps.uow("look") as uow:
            kept = uow.session.connection().exec_driver_sql("select * from refresh_tokens").all()

        assert cookie(browser).value not in str(kept)


class TestSigningOut:
    def test_ends_the_session_and_takes_the_cookie(self, browser, teacher):
        signs_in(browser, teacher)
        kept = cookie(browser).value

        answer = browser.post("/v1/auth/logout")

        assert answer.status_code == 204
        assert cookie(browser) is None
        browser.set_cookie("huleedu_refresh", kept, path="/v1/auth")
        assert refreshes(browser).status_code == 401

    def test_twice_is_no_error(self, browser):
        assert browser.post("/v1/auth/logout").status_code == 204


class TestOnesOwnAccount:
    def test_has_no_language_until_one_is_chosen(self, caller):
        assert caller.gets("/v1/me")["locale"] is None

    def test_has_a_language_and_a_name_to_choose(self, caller):
        answer = caller.asks("PATCH", "/v1/me", json={"locale": "sv", "display_name": "Å. Ö"})

        assert (answer.json["locale"], answer.json["display_name"]) == ("sv", "Å. Ö")
        assert caller.gets("/v1/me") == answer.json

    def test_has_no_other_language(self, caller):
        answer = caller.asks("PATCH", "/v1/me", json={"locale": "fi"})

        assert answer.json["errors"][0]["field"] == "/locale"

    def test_once_erased_comes_in_nowhere(self, app, caller, deps):
        change(deps, "delete from users where id = :id", id=caller.user.id)

        with app.test_request_context():
            paths = [
                (method, rule.build({name: uuid4() for name in rule.arguments})[1])
                for rule in app.url_map.iter_rules()
                if rule.rule.startswith("/v1/") and not rule.rule.startswith("/v1/auth")
                for method in rule.methods - {"OPTIONS", "HEAD"}
            ]
        answers = {(m, p): caller.asks(m, p, json={}).status_code for m, p in paths}
        assert set(answers.values()) == {401}, answers


def test_a_session_does_not_outlive_its_account(browser, teacher, deps):
    signs_in(browser, teacher)
    change(deps, "delete from users where id = :id", id=teacher.id)

    assert refreshes(browser).status_code == 401


def test_each_refresh_starts_the_time_anew(teacher, deps):
    first = sessions.begin(teacher, deps=deps)

    sessions.renew(first.refresh_token, arrived_at=deps.clock(), deps=deps)

    with deps.uow("look") as uow:
        ends = uow.session.connection().exec_driver_sql(
            "select expires_at - created_at from refresh_tokens"
        )
        assert {row[0] for row in ends} == {timedelta(days=14)}
