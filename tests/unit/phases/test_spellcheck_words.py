import math

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from pipelines.phases.spellcheck.building import build
from pipelines.phases.spellcheck.image import DamagedImageError, pack, unpack
from pipelines.phases.spellcheck.neighbours import Neighbours, limit_for
from pipelines.phases.spellcheck.words import Case, Words
from pipelines.vocabulary import Language

SMALL = st.text("abcé'", min_size=1, max_size=9)
FREQUENCIES = st.sampled_from((1e-2, 1e-4, 1e-6))
LISTS = st.dictionaries(SMALL, FREQUENCIES, min_size=1, max_size=40)


def words(frequencies, case_of=lambda word: Case.LOWER, language=Language.ENGLISH, **how):
    return Words(build(language, frequencies, case_of, made_from="test", **how), "test")


def spelt(index, candidates):
    return {index.word(each): int(d) for each, d in zip(*candidates, strict=True)}


LISTED = {"a": 1e-2, "london": 1e-5, "nato": 1e-6, "zqx": 1e-6, "rare": 1e-9}
CASES = {"a": Case.LOWER, "london": Case.CAPITALISED, "nato": Case.CAPITALS}
SOUNDING = dict.fromkeys(("elephant", "physically", "enough", "knight", "night"), 1e-5)
ARRAYS = {"one": np.arange(5, dtype="<u4"), "two": np.array([b"ab", b"c"]), "none": np.zeros(0)}


@pytest.fixture(scope="module")
def index():
    return words(LISTED, lambda word: CASES.get(word, Case.NONE))


@pytest.fixture(scope="module")
def small_index():
    return words({"colour": 1e-4, "naïve": 1e-5, "don't": 1e-3, "well-known": 1e-5})


class TestListedWords:
    def test_are_numbered_by_how_frequent_they_are_and_then_by_their_letters(self, index):
        assert [index.word(number) for number in range(len(index))] == [
            *("a", "london", "nato", "zqx", "rare")
        ]

    def test_are_found_with_their_frequency_and_case(self, index):
        for word, frequency in LISTED.items():
            found = index.find(word)

            assert index.frequency(found) == frequency
            assert index.case(found) is CASES.get(
                word, Case.NOT_ASKED if word == "rare" else Case.NONE
            )

    @pytest.mark.parametrize("word", ["", "b", "londo", "London", "\ud800", "å" * 10_000])
    def test_do_not_include_others(self, index, word):
        assert index.find(word) is None

    @given(LISTS, st.text())
    def test_are_found_and_no_others(self, frequencies, other):
        index = words(frequencies)

        assert {word: index.frequency(index.find(word)) for word in frequencies} == frequencies
        assert (index.find(other) is None) == (other not in frequencies)

    def test_are_asked_for_in_the_dictionary_once_and_not_if_rare(self):
        asked = []

        words(LISTED, lambda word: asked.append(word) or Case.LOWER)

        assert asked == ["a", "london", "nato", "zqx"]

    def test_make_equal_bytes_each_time(self):
        again = dict(reversed(LISTED.items()))

        made = [
            build(Language.ENGLISH, each, lambda _: Case.LOWER, made_from="")
            for each in (LISTED, again)
        ]

        assert made[0] == made[1]

    def test_tell_how_far_their_index_is_made(self):
        told = []

        words(LISTED, progress=lambda done, of: told.append((done, of)))

        assert told == [(0, 4), (4, 4)]


class TestNearWords:
    @given(LISTS, st.text("abcdé' ", min_size=1, max_size=13), st.integers(1, 3))
    @settings(max_examples=400)
    def test_are_all_within_the_limit_and_only_those(self, frequencies, word, limit):
        index = words(frequencies)
        lookalikes = {each for each in frequencies if is_plain(each)}

        found = spelt(index, index.near(word, limit))

        assert found == {
            each: distance
            for each in lookalikes
            if 0 < (distance := OSA.distance(word, each)) <= limit
        }

    @given(st.data(), st.integers(1, 3))
    @settings(max_examples=200)
    def test_are_found_whatever_the_edits(self, data, limit):
        word = data.draw(st.text("abcdefghij", min_size=1, max_size=32))
        changed = word
        for _ in range(limit):
            changed = edited(changed, data.draw)
        assume(changed)
        index = words({word: 1e-3, "other": 1e-4})

        found = spelt(index, index.near(changed, limit))

        assert (word in found) == (0 < OSA.distance(changed, word) <= limit)

    @given(LISTS, SMALL, st.integers(1, 3))
    def test_come_nearest_and_most_frequent_first(self, frequencies, word, limit):
        found = Neighbours(words(frequencies)).near(word, limit)

        order = [(distance, -frequencies[each], each) for each, distance in found.items()]
        assert order == sorted(order)

    @given(LISTS, SMALL, st.integers(0, 10))
    def test_can_be_had_by_what_speaks_for_them(self, frequencies, word, count):
        neighbours = Neighbours(words(frequencies))

        found = neighbours.likeliest(word, 3, per_edit=4.5, count=count)

        near = neighbours.near(word, 3)
        ranked = sorted(near, key=lambda w: (near[w] * 4.5 - math.log(frequencies[w]), w))
        assert [each.word for each in found] == ranked[:count]
        assert all(each.log_frequency == math.log(frequencies[each.word]) for each in found)

    def test_come_as_the_dictionary_writes_them(self):
        cases = {"sweden": Case.CAPITALISED, "nato": Case.CAPITALS, "swede": Case.LOWER}
        neighbours = Neighbours(words(dict.fromkeys(cases, 1e-4), cases.get))

        (near,) = neighbours.likeliest("natto", 2, per_edit=1.0, count=9)

        assert near.written == "NATO"
        assert {
            each.written for each in neighbours.likeliest("swedn", 2, per_edit=1.0, count=9)
        } == {*("Sweden", "swede")}

    @given(st.text(), st.integers(1, 3))
    def test_may_be_asked_of_any_text(self, small_index, text, limit):
        small_index.near(text, limit)
        small_index.sounding_like(text, limit)

    @pytest.mark.parametrize("letters", ["å" * 1_000_000, "ab" * 500_000])
    def test_are_not_sought_of_what_is_longer_than_any(self, small_index, letters):
        assert not len(small_index.near(letters, 3).ids)
        assert not len(small_index.sounding_like(letters, 3).ids)

    def test_are_known_to_the_dictionary_usual_and_shaped_like_words(self):
        frequencies = {"house": 1e-4, "housr": 1e-4, "houses": 1e-9, "hous3": 1e-4, "h" * 40: 1e-4}

        index = words(frequencies, lambda word: Case(word != "housr"))

        assert spelt(index, index.near("hous", 3)) == {"house": 1}
        assert spelt(index, index.near("h" * 39, 3)) == {}

    def test_may_have_more_letters_than_an_index_has_codes(self):
        usual = {"abc": 1e-3, "aaaa": 1e-4, "bbbb": 1e-4, "cccc": 1e-4}
        frequencies = {chr(0x1E00 + at) * 3: 1e-4 for at in range(256)} | usual

        index = words(frequencies)

        assert spelt(index, index.near("abd", 1)) == {"abc": 1}
        assert len(index) == len(frequencies)

    def test_of_no_words_at_all_are_none(self):
        assert spelt(words({}), words({}).near("a", 1)) == {}


class TestWordsThatSoundAlike:
    @pytest.mark.parametrize(
        ("written", "meant"),
        [
            ("elefant", "elephant"),
            ("fisicly", "physically"),
            ("enuf", "enough"),
            ("nite", "night"),
            ("nite", "knight"),
        ],
    )
    def test_are_found_in_english(self, written, meant):
        index = words(SOUNDING)

        assert meant in spelt(index, index.sounding_like(written, 6))

    def test_are_not_sought_in_swedish(self):
        index = words(SOUNDING, language=Language.SWEDISH)

        assert spelt(index, index.sounding_like("elefant", 6)) == {}

    def test_are_offered_by_what_speaks_for_them_and_all_known(self):
        index = words({"not": 1e-2, "night": 1e-4, "knight": 1e-6})

        likeliest, ids = Neighbours(index).sounding_like("nighte", 5, per_edit=9.0, count=1)

        assert [near.word for near in likeliest] == ["night"]
        assert {index.word(each) for each in ids} == {"not", "night", "knight"}

    def test_are_no_further_than_the_limit(self):
        index = words(SOUNDING)

        assert spelt(index, index.sounding_like("nite", 3)) == {"night": 3}


class TestAnImage:
    def test_gives_back_what_went_in(self):
        arrays, texts = unpack(pack("x", ARRAYS, {"letters": "åäö"}), "x")

        assert texts == {"letters": "åäö"}
        assert {name: array.tolist() for name, array in arrays.items()} == {
            name: array.tolist() for name, array in ARRAYS.items()
        }

    @given(st.data())
    def test_with_one_byte_changed_is_refused(self, data):
        content = bytearray(pack("x", ARRAYS, {}))
        content[data.draw(st.integers(0, len(content) - 1))] ^= data.draw(st.integers(1, 255))

        with pytest.raises(DamagedImageError):
            unpack(bytes(content), "x")

    @pytest.mark.parametrize("kept", [0, 1, 15, 16, 64, -1, -64])
    def test_cut_short_is_refused(self, kept):
        with pytest.raises(DamagedImageError):
            unpack(pack("x", ARRAYS, {})[:kept], "x")

    def test_of_something_else_is_refused(self):
        with pytest.raises(DamagedImageError, match="made from something else"):
            unpack(pack("x", ARRAYS, {}), "y")
        with pytest.raises(DamagedImageError, match="another kind"):
            unpack(b"GIF89a" + bytes(100), "x")


@pytest.mark.parametrize(("word", "limit"), [("a", 1), ("abc", 1), ("abcdef", 2), ("abcdefg", 3)])
def test_longer_words_are_sought_further_away(word, limit):
    assert limit_for(word) == limit


def is_plain(word):
    parts = word.split("'")
    return all(parts)


def edited(word, draw):
    at = draw(st.integers(0, len(word)))
    letter = draw(st.sampled_from("abcxyz"))
    return draw(
        st.sampled_from(
            (
                word[:at] + letter + word[at:],
                word[:at] + word[at + 1 :],
                word[:at] + letter + word[at + 1 :],
                word[:at] + word[at : at + 2][::-1] + word[at + 2 :],
            )
        )
    )
