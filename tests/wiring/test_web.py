"""The web application is served as built: one page for all its addresses, files that browsers keep."""

import gzip
import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app import problems
from app.api import web
from app.cli import openapi
from tests.wiring.conftest import ROOT
from tests.wiring.test_package import kinds

ANY = "11111111-1111-4111-8111-111111111111"
ROUTER = ROOT / "frontend" / "src" / "app" / "router.tsx"


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def built(app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An application that was built: a page, a script with both packings and one without."""
    assets = tmp_path / "assets"
    assets.mkdir()
    (tmp_path / "index.html").write_text("<!doctype html><title>HuleEdu</title>", "utf-8")
    (assets / "index-abc.js").write_text("console.log('plain')", "utf-8")
    (assets / "index-abc.js.br").write_bytes(b"brotli")
    (assets / "index-abc.js.gz").write_bytes(gzip.compress(b"console.log('plain')"))
    (assets / "small-abc.css").write_text("a{}", "utf-8")
    (tmp_path / "secret.js").write_text("no", "utf-8")
    monkeypatch.setitem(app.config, "WEB_FILES", str(tmp_path))
    return tmp_path


@pytest.mark.usefixtures("built")
class TestThePage:
    @pytest.mark.parametrize("rule", web.PAGES)
    def test_is_the_answer_for_every_address_of_the_application(self, client, rule):
        answer = client.get(re.sub(r"<\w+>", ANY, rule))

        assert (answer.status_code, answer.mimetype) == (200, "text/html")
        assert b"HuleEdu" in answer.data

    def test_is_asked_for_each_time_but_sent_once(self, client):
        first = client.get("/batches")

        again = client.get("/batches", headers={"If-None-Match": first.headers["ETag"]})

        assert first.headers["Cache-Control"] == "no-cache"
        assert (again.status_code, again.data) == (304, b"")

    def test_allows_nothing_inline_and_nothing_from_elsewhere(self, client):
        policy = client.get("/").headers["Content-Security-Policy"]

        assert policy.startswith("default-src 'none'")
        assert "unsafe" not in policy
        assert "http" not in policy
        assert "connect-src 'self';" in policy

    def test_lets_sockets_be_opened_where_they_are_served(self, app, client, monkeypatch):
        settings = replace(app.extensions["deps"].settings, ws_url="ws://127.0.0.1:8001/ws")
        deps = replace(app.extensions["deps"], settings=settings)
        monkeypatch.setitem(app.extensions, "deps", deps)

        policy = client.get("/").headers["Content-Security-Policy"]

        assert "connect-src 'self' ws://127.0.0.1:8001;" in policy

    @pytest.mark.parametrize("url", ["/nothing", "/batches/x/nothing", "/assets", "/v1/nothing"])
    def test_is_not_the_answer_for_anything_else(self, client, url):
        answer = client.get(url)

        assert (answer.status_code, answer.mimetype) == (404, "application/problem+json")

    def test_says_itself_that_an_address_opened_in_a_browser_is_none(self, client):
        visit = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}

        assert (client.get("/nothing", headers=visit).mimetype) == "text/html"
        assert client.get("/nothing", headers=visit).status_code == 404
        assert client.get("/v1/nothing", headers=visit).mimetype == "application/problem+json"
        assert client.post("/nothing", headers=visit).mimetype == "application/problem+json"


@pytest.mark.usefixtures("built")
class TestAnAsset:
    def test_is_kept_for_good(self, client):
        control = client.get("/assets/small-abc.css").cache_control

        assert (control.public, control.immutable, control.max_age) == (True, True, web.A_YEAR_S)

    @pytest.mark.parametrize(
        ("accepts", "encoding"),
        [
            ("gzip, deflate, br, zstd", "br"),
            ("gzip", "gzip"),
            ("br;q=0, gzip", "gzip"),
            ("identity", None),
            ("*", None),
            ("", None),
        ],
    )
    def test_is_sent_packed_as_the_browser_likes(self, client, accepts, encoding):
        answer = client.get("/assets/index-abc.js", headers={"Accept-Encoding": accepts})

        assert answer.headers.get("Content-Encoding") == encoding
        assert answer.headers["Vary"] == "Accept-Encoding"
        assert answer.content_type == "text/javascript; charset=utf-8"

    def test_that_was_not_worth_packing_is_sent_as_it_is(self, client):
        answer = client.get("/assets/small-abc.css", headers={"Accept-Encoding": "br"})

        assert (answer.data, answer.headers.get("Content-Encoding")) == (b"a{}", None)

    @pytest.mark.parametrize(
        "name",
        ["gone-abc.js", "../secret.js", "..%2fsecret.js", "index-abc.js.br", "", "%00.js"],
    )
    def test_that_is_none_is_not_found(self, client, name):
        answer = client.get(f"/assets/{name}")

        assert (answer.status_code, answer.mimetype) == (404, "application/problem+json")
        assert "immutable" not in answer.headers.get("Cache-Control", "")


def test_without_a_build_it_says_how_to_make_one(app, client, tmp_path, monkeypatch):
    monkeypatch.setitem(app.config, "WEB_FILES", str(tmp_path))

    answer = client.get("/")

    assert answer.status_code == 503
    assert "make web" in answer.text


def test_the_built_page_names_only_files_that_are_there():
    page = (web.BUILT / "index.html").read_text("utf-8")
    named = re.findall(r'(?:src|href)="(/[^"]+)"', page)

    assert any(name.endswith(".js") for name in named)
    assert all((web.BUILT / name.removeprefix("/")).is_file() for name in named)
    assert not re.search(r"<script(?![^>]*\bsrc=)|<style|style=", page)


def test_server_and_browser_know_the_same_addresses():
    in_browser = re.findall(r'^  path: "([^"]+)"', ROUTER.read_text("utf-8"), re.MULTILINE)
    in_words_of_flask = {
        re.sub(r"\$(\w)(\w*)Id", lambda m: f"<{m[1]}{m[2]}_id>", path) for path in in_browser
    }

    assert in_words_of_flask == set(web.PAGES)


def test_the_description_the_client_is_typed_by_is_current():
    """If not: `make openapi`."""
    kept = (ROOT / "frontend" / "openapi.json").read_text("utf-8")

    assert kept == openapi.text()


@pytest.mark.parametrize("language", ["en", "sv"])
def test_every_problem_has_words_and_a_next_step_in_both_languages(language):
    kept = ROOT / "frontend" / "src" / "components" / "messages" / f"{language}.json"
    words = json.loads(kept.read_text("utf-8"))
    slugs = {problems.slug(kind) for kind in kinds()}

    missing = [
        slug for slug in slugs if not {f"problem.{slug}", f"problem.{slug}.do"} <= set(words)
    ]

    assert missing == []


@pytest.mark.parametrize("language", ["en", "sv"])
def test_every_failure_of_a_file_has_words_and_a_next_step_in_both_languages(language):
    kept = ROOT / "frontend" / "src" / "features" / "hand-in" / "messages" / f"{language}.json"
    words = json.loads(kept.read_text("utf-8"))
    told = (ROOT / "docs" / "reference" / "failure-codes.md").read_text("utf-8")
    of_files = told[: told.index("## A phase has no result")]
    codes = set(re.findall(r"^\| `(\w+)`", of_files, re.MULTILINE))

    assert codes
    assert [
        code for code in codes if not {f"failure.{code}", f"failure.{code}.do"} <= set(words)
    ] == []


def test_no_registry_is_named_in_the_lock_file():
    assert '"resolved"' not in (ROOT / "frontend" / "package-lock.json").read_text("utf-8")
