"""The API's description, served with everything it needs from here."""

import re

import pytest

from app.api.description import PROBLEMS
from tests.http.conftest import Caller

PAGES = sorted(page.stem for page in PROBLEMS.glob("*.md") if page.stem != "README")


class TestRedoc:
    def test_asks_nothing_of_other_places(self, caller: Caller):
        page = caller.client.get("/redoc")

        assert page.status_code == 200
        assert "//" not in re.sub(r"<!doctype html>", "", page.text)
        assert "default-src 'none'" in page.headers["Content-Security-Policy"]
        for address in re.findall(r'(?:src|spec-url)="([^"]+)"', page.text):
            with caller.client.get(address) as answer:
                assert answer.status_code == 200, address

    def test_has_no_script_in_the_page(self, caller: Caller):
        page = caller.client.get("/redoc").text

        assert re.findall(r"<script[^>]*>([^<]*)</script>", page) == [""]


class TestProblems:
    @pytest.mark.parametrize("name", PAGES)
    def test_have_a_page_at_the_address_of_their_type(self, caller: Caller, name: str):
        page = caller.client.get(f"/problems/{name}")

        assert page.status_code == 200
        assert f"/problems/{name}" in page.text

    def test_lead_there_from_a_refusal(self, caller: Caller):
        refusal = caller.client.get("/v1/me").json

        assert refusal["title"] in caller.client.get(refusal["type"]).text

    @pytest.mark.parametrize("name", ["README", "..%2F..%2Findex", "nothing", "run-active.md"])
    def test_show_nothing_else(self, caller: Caller, name: str):
        assert caller.client.get(f"/problems/{name}").status_code == 404
