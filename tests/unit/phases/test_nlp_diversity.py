import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.phases.nlp.diversity import mattr, mtld, ovix, ttr

WORDS = st.lists(st.sampled_from("abcdefgh"), max_size=120)


def test_ttr_is_the_share_of_different_words():
    assert ttr(list("abac")) == 0.75
    assert ttr([]) is None


def test_ovix_follows_its_formula():
    words = list("abac")

    # ln 4 / ln(2 - ln 3 / ln 4) = 1.3863 / ln(1.20752) = 1.3863 / 0.18857
    assert ovix(words) == pytest.approx(7.3516, abs=1e-3)
    assert ovix(["a"] * 8) == pytest.approx(math.log(8) / math.log(2))


@pytest.mark.parametrize("words", [[], ["a"], ["a", "b", "c"]])
def test_ovix_is_undefined_where_no_word_comes_back(words):
    assert ovix(words) is None


def test_mattr_is_the_mean_over_all_windows():
    words = list("abaac")

    # windows of 3: aba 2/3, baa 2/3, aac 2/3
    assert mattr(words, window=3) == pytest.approx(2 / 3)
    # windows of 2: ab 1, ba 1, aa 1/2, ac 1
    assert mattr(words, window=2) == pytest.approx(3.5 / 4)


def test_mattr_is_undefined_below_one_window():
    assert mattr(["a"] * 49) is None
    assert mattr(["a"] * 50) == pytest.approx(1 / 50)


def test_mtld_is_words_per_factor_read_both_ways():
    words = list("ababab")

    # Either way: a b a → 2/3 < 0.72, one factor of three words; twice, nothing left over.
    assert mtld(words, least_words=1) == pytest.approx(3.0)


def test_mtld_counts_what_is_left_over_as_part_of_a_factor():
    words = list("abacdce")

    # Forwards aba | cdc | e: 2 factors and nothing, 3.5. Backwards e c d c: 3/4, no factor yet;
    # then a: 4/5, b: 5/6, a: 5/7 < 0.72: one factor, 7.
    assert mtld(words, least_words=1) == pytest.approx((7 / 2 + 7 / 1) / 2)


def test_mtld_takes_the_part_of_a_factor_from_its_ratio():
    words = list("abca")

    # 3/4 is left over: (1 - 0.75) / (1 - 0.72) of a factor, both ways.
    assert mtld(words, least_words=1) == pytest.approx(4 / (0.25 / 0.28))


def test_mtld_is_undefined_for_short_texts_and_where_no_word_comes_back():
    assert mtld(["a", "b"] * 24) is None
    assert mtld([str(number) for number in range(60)]) is None


@given(WORDS)
def test_ratios_lie_between_0_and_1_and_are_1_only_without_repeats(words):
    for ratio in (ttr(words), mattr(words, window=5)):
        assert ratio is None or 0 < ratio <= 1
    assert (ttr(words) == 1) == (0 < len(words) == len(set(words)))


@given(WORDS)
def test_mattr_equals_its_definition(words):
    stretches = [words[at : at + 7] for at in range(len(words) - 6)]
    expected = [len(set(stretch)) / 7 for stretch in stretches]

    found = mattr(words, window=7)

    assert found == (pytest.approx(sum(expected) / len(expected)) if expected else None)


@given(WORDS)
def test_mtld_is_the_same_read_backwards_and_positive(words):
    forwards, backwards = mtld(words, least_words=2), mtld(words[::-1], least_words=2)

    assert forwards == (pytest.approx(backwards) if backwards is not None else None)
    assert forwards is None or forwards >= 1


@given(WORDS, st.permutations("abcdefgh"))
def test_no_measure_depends_on_which_words_they_are(words, other):
    renamed = [dict(zip("abcdefgh", other, strict=True))[word] for word in words]

    for measure in (ttr, ovix, mattr, mtld):
        assert measure(renamed) == measure(words)
