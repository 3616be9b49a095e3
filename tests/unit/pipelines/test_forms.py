"""Two words are the same word, however they were typed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.forms import form_of


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("kollis", "KOLLIS"),
        ("Åkte", "åkte"),
        ("a\u030akte", "åkte"),
        ("don’t", "don't"),
        ("e\u2011post", "e-post"),
        ("kol\u00adlis", "kollis"),
        ("sjuk  hus", "sjuk\nhus"),
        (" kollis ", "kollis"),
        ("straße", "STRASSE"),
    ],
)
def test_a_word_has_one_form(one, other):
    assert form_of(one) == form_of(other)


@pytest.mark.parametrize(
    ("one", "other"), [("kollis", "kolis"), ("sjuk hus", "sjukhus"), ("ö", "o")]
)
def test_different_words_have_different_forms(one, other):
    assert form_of(one) != form_of(other)


@pytest.mark.parametrize("nothing", ["", " ", "\u00ad", "\u200d\u2060", "\u00a0\n"])
def test_what_cannot_be_seen_has_none(nothing):
    assert form_of(nothing) == ""


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_any_text_has_a_form_and_upper_case_of_letters_is_no_other(text):
    assert "\n" not in form_of(text)
    assert form_of(text) == form_of(f" {text}\t")
