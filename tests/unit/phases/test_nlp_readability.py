import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.phases.nlp.readability import characters, letters, lix, long_word_share, mean

WORDS = st.lists(st.text(alphabet="abcåäö'-", min_size=1, max_size=12), min_size=1)


@pytest.mark.parametrize(
    ("word", "count"),
    [("skola", 5), ("o'clock", 6), ("well-known", 9), ("e.g.", 2), ("ångström", 8), ("", 0)],
)
def test_letters_leave_out_hyphens_apostrophes_and_points(word, count):
    assert letters(word) == count


def test_characters_count_a_letter_with_its_accent_once_and_no_line_breaks():
    assert characters("a\u030a b\r\nc\n") == len("å bc")


@pytest.mark.parametrize(
    ("words", "sentences", "expected"),
    [
        (["vi", "ses", "snart"], 1, 3.0),  # 3 words in a sentence, none long
        (["hunden", "springer"], 1, 52.0),  # 2 + 100 · 1/2
        (["a", "b", "c", "läsbarhet"], 2, 27.0),  # 4/2 + 100 · 1/4
        (["sixlet", "sevenle"], 2, 51.0),  # 6 letters are not long, 7 are
    ],
)
def test_lix_is_sentence_length_plus_percentage_of_long_words(words, sentences, expected):
    assert lix(words, sentences) == pytest.approx(expected)


def test_nothing_is_measured_without_words():
    assert lix([], 0) is None
    assert long_word_share([]) is None
    assert mean(0, 0) is None


@given(WORDS, st.integers(min_value=1, max_value=50))
def test_lix_is_at_least_the_sentence_length_and_at_most_100_more(words, sentences):
    length = len(words) / sentences

    assert length <= lix(words, sentences) <= length + 100
