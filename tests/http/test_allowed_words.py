"""Words that are no errors in a class, over HTTP."""

from collections.abc import Callable
from urllib.parse import quote

import pytest

from app.services import allowed_words
from tests.factories import a_registration
from tests.http.conftest import Caller

KEY = {"Idempotency-Key": "the-key"}


@pytest.fixture
def words(caller: Caller) -> str:
    """The address of a batch's allowed words."""
    return f"/v1/batches/{caller.registers(a_registration(1))}/allowed-words"


def listed(caller: Caller, words: str) -> list[str]:
    return [row["word"] for row in caller.gets(words)["items"]]


class TestAllowing:
    def test_answers_with_the_word_and_lists_it(self, caller, words):
        answer = caller.asks("POST", words, json={"word": "kollis"})

        assert answer.status_code == 200
        assert answer.json["word"] == "kollis"
        assert caller.gets(words)["items"] == [answer.json]

    def test_again_in_another_case_answers_with_what_was_allowed(self, caller, words):
        first = caller.asks("POST", words, json={"word": "Kollis"})

        again = caller.asks("POST", words, json={"word": "KOLLIS"})

        assert again.json == first.json
        assert listed(caller, words) == ["Kollis"]

    def test_keeps_composed_characters_and_single_blanks(self, caller, words):
        caller.asks("POST", words, json={"word": " a\u030akte  hem "})

        assert listed(caller, words) == ["åkte hem"]

    def test_under_a_key_is_done_once(self, caller, words):
        first = caller.asks("POST", words, json={"word": "kollis"}, headers=KEY)
        again = caller.asks("POST", words, json={"word": "kollis"}, headers=KEY)

        assert again.data == first.data
        assert again.headers["Idempotent-Replayed"] == "true"

    @pytest.mark.parametrize(
        "word",
        [
            "",
            " ",
            "\t",
            "a\nb",
            "a\u0000b",
            "a\u0085",
            "ab\n",
            "\u00ad",
            "x" * 101,
            "\ud800",
            7,
            None,
        ],
    )
    def test_refuses_what_is_no_word_and_says_where(self, caller, words, word):
        answer = caller.asks("POST", words, json={"word": word})

        assert answer.status_code == 400
        assert answer.content_type == "application/problem+json"
        assert {fault["field"] for fault in answer.json["errors"]} == {"/word"}

    def test_is_refused_when_there_are_as_many_as_may_be(self, caller, words, monkeypatch):
        monkeypatch.setattr(allowed_words, "MOST_WORDS", 1)
        caller.asks("POST", words, json={"word": "one"})

        answer = caller.asks("POST", words, json={"word": "two"})

        assert (answer.status_code, answer.json["type"]) == (
            409,
            "/problems/too-many-allowed-words",
        )
        assert answer.json["most_words"] == 1
        assert caller.asks("POST", words, json={"word": "One"}).status_code == 200


class TestTakingItBack:
    @pytest.mark.parametrize("word", ["kollis", "KOLLIS", "Åkte", "don’t", "sjuk hus", "100 %?#"])
    def test_takes_the_word_in_the_address(self, caller, words, word):
        caller.asks("POST", words, json={"word": word.title()})

        answer = caller.asks("DELETE", f"{words}/{quote(word, safe='')}")

        assert (answer.status_code, answer.data) == (204, b"")
        assert listed(caller, words) == []

    def test_twice_is_no_fault(self, caller, words):
        answers = [caller.asks("DELETE", f"{words}/kollis").status_code for _ in range(2)]

        assert answers == [204, 204]

    def test_of_what_no_word_can_be_is_no_fault_either(self, caller, words):
        assert caller.asks("DELETE", f"{words}/%00").status_code == 204

    def test_of_another_with_a_nul_behind_it_leaves_that(self, caller, words):
        caller.asks("POST", words, json={"word": "kollis"})

        assert caller.asks("DELETE", f"{words}/kollis%00").status_code == 204
        assert listed(caller, words) == ["kollis"]


class TestTheList:
    def test_is_not_sent_again_until_it_changes(self, caller, words):
        tag = {"If-None-Match": caller.asks("GET", words).headers["ETag"]}
        assert caller.asks("GET", words, headers=tag).status_code == 304

        caller.asks("POST", words, json={"word": "kollis"})

        assert caller.asks("GET", words, headers=tag).status_code == 200

    def test_goes_with_its_batch(self, caller, words, deps):
        caller.asks("POST", words, json={"word": "kollis"})

        assert caller.asks("DELETE", words.removesuffix("/allowed-words")).status_code == 204

        assert caller.asks("GET", words).status_code == 404
        with deps.uow("look") as uow:
            assert not uow.session.connection().exec_driver_sql("select * from allowed_words").all()


@pytest.mark.parametrize(
    ("method", "more", "body"),
    [("GET", "", None), ("POST", "", {"word": "kollis"}), ("DELETE", "/kollis", None)],
)
def test_somebody_elses_are_not_found(words, a_caller: Callable[[], Caller], method, more, body):
    answer = a_caller().asks(method, words + more, json=body)

    assert (answer.status_code, answer.json["type"]) == (404, "/problems/batch-not-found")
