import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.phases.nlp.frequency import BANDS, band_shares, words, zipf
from pipelines.phases.spellcheck.speller import speller
from pipelines.vocabulary import Language

EN, SV = Language.ENGLISH, Language.SWEDISH


def test_common_words_are_higher_than_rare_ones_in_either_language():
    assert zipf("the", EN) > 7 > zipf("school", EN) > zipf("resilience", EN) > 3
    assert zipf("och", SV) > 7 > zipf("skola", SV) > zipf("förnedring", SV) > 3


def test_a_word_counts_as_its_rarest_part_and_without_its_genitive():
    assert zipf("well-known", EN) == zipf("known", EN)
    assert zipf("coordinator's", EN) == zipf("coordinator", EN)
    assert zipf("zorblax", EN) == 0
    assert zipf("zorblax-school", EN) == 0


def test_words_are_in_memory_once_for_spelling_and_for_this():
    assert words(EN) is speller(EN).lexicon.words


def test_each_band_has_its_lower_limit_and_not_its_upper():
    shares = band_shares([0.0, 1.99, 2.0, 3.0, 3.5, 4.0, 5.0, 7.7])

    assert list(shares.values()) == pytest.approx([0.25, 0.125, 0.25, 0.125, 0.25])
    assert tuple(shares) == BANDS


def test_there_are_no_shares_without_words():
    assert band_shares([]) is None


@given(st.lists(st.floats(min_value=0, max_value=8), min_size=1))
def test_shares_add_up_to_1(zipfs):
    assert sum(band_shares(zipfs).values()) == pytest.approx(1)
