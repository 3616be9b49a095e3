import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.phase import Done, GaveUp
from pipelines.phases.nlp import METRICS
from pipelines.phases.nlp.frequency import BANDS
from pipelines.vocabulary import Language

ESSAY = """My dog

I have a dog. His name is Max, and he is three years old!
Every morning we go to the forest together."""


def test_a_small_essay_is_measured_as_by_hand(measure):
    found = measure(ESSAY)

    # Words 2 + 4 + 10 + 8, sentences 4 with the title, paragraphs 3; long: morning, together.
    assert [found[key] for key in ("words", "sentences", "paragraphs")] == [24, 4, 3]
    assert found["mean_sentence_length"] == 6.0
    assert found["long_word_share"] == round(2 / 24, 4)
    assert found["lix"] == round(24 / 4 + 200 / 24, 4)


def test_case_makes_no_new_word(measure):
    assert measure("Dog dog DOG.")["ttr"] == 0.3333


def test_swedish_letters_make_long_words(measure):
    assert measure("Å, trädgården är öde.", "sv")["long_word_share"] == 0.25


def test_what_a_short_text_does_not_define_is_none(measure):
    found = measure("One two.")

    assert [found[key] for key in ("ovix", "mattr", "mtld")] == [None, None, None]


def test_words_are_counted_as_the_spelling_check_counts_them(measure, check):
    text = "Well-known, e.g. 24 alot of http://a.se don’t… A\u030asa!"

    assert measure(text)["words"] == check(text)["word_count"] == 6


def test_every_metric_is_listed_with_its_meaning(measure):
    found = measure(ESSAY)

    listed = {metric.id for metric in METRICS}
    assert listed == {*found, *BANDS} - {"language", "text_sha256", "zipf_bands"}
    assert all(metric.title and metric.meaning.endswith(".") for metric in METRICS)


def test_a_result_is_json_and_the_same_every_time(measure):
    assert json.dumps(measure(ESSAY)) == json.dumps(measure(ESSAY))


@pytest.mark.parametrize("text", ["", "\n", "12 + 3,5", "…"])
def test_without_words_is_given_up(nlp, run, text):
    (outcome,) = run(nlp, text)

    assert outcome == GaveUp("no_words", "The essay has no words to measure.")


@given(st.text())
@settings(deadline=None)
def test_any_text_has_an_outcome_without_nan(nlp, run, text):
    for language in Language:
        (outcome,) = run(nlp, text, language=language)

        if isinstance(outcome, Done):
            json.dumps(outcome.result, allow_nan=False)
            assert outcome.result["words"] >= outcome.result["sentences"]


def test_a_letter_a_million_times_is_one_word(measure):
    assert measure("å" * 1_000_000, "sv")["words"] == 1
