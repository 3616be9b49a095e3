"""What tells a slip from another: its letters, the words around it, and what was learned of both."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import OSA, Levenshtein

from pipelines.phases.spellcheck import Kind, context, slips, weights
from pipelines.vocabulary import Language
from training.spelling import Choice, learn

WORD = st.text("abcdeå'", min_size=1, max_size=9)


class TestSlips:
    @pytest.mark.parametrize(
        ("written", "meant", "name"),
        [
            ("teh", "the", "swap"),
            ("becuase", "because", "swap:ua"),
            ("untill", "until", "extra double"),
            ("comited", "committed", "missing double"),
            ("definately", "definitely", "vowel for vowel"),
            ("definately", "definitely", "for:ai"),
            ("hjarta", "hjärta", "for:aä"),
            ("dont", "don't", "apostrophe"),
            ("kwick", "quick", "first letter"),
            ("freind", "friend", "same letters"),
            ("jordans", "jordens", "same consonants"),
        ],
    )
    def test_have_the_names_that_weights_are_learned_for(self, written, meant, name):
        assert name in dict(slips.traits(written, meant))

    @given(WORD, WORD)
    def test_are_as_few_as_letters_can_be_changed_and_swapped(self, written, meant):
        count = dict(slips.traits(written, meant))["slips"]

        assert OSA.distance(written, meant) <= count <= Levenshtein.distance(written, meant)

    @given(WORD)
    def test_are_none_between_a_word_and_itself(self, word):
        assert dict(slips.traits(word, word))["slips"] == 0


class TestContext:
    def gain(self, meant, before, after):
        traits = dict(context.of(Language.ENGLISH).between(before, after).traits(meant))
        return sum(value for name, value in traits.items() if name != "said")

    def test_prefers_the_word_that_goes_with_its_neighbours(self):
        around = (["i", "want"], ["go", "home"])
        by_gain = sorted(("two", "to", "too"), key=lambda word: -self.gain(word, *around))

        assert by_gain[0] == "to"

    def test_knows_nothing_of_words_at_the_edge_or_unheard_of(self):
        assert dict(context.of(Language.ENGLISH).between([], []).traits("home")).keys() == {"said"}
        assert "never said" in dict(context.of(Language.ENGLISH).between([], []).traits("qzxv"))

    def test_knows_how_sentences_begin_and_end(self):
        at_the_end = (["be", "great"], [context.END])

        assert self.gain("too", *at_the_end) > self.gain("to", *at_the_end)
        assert self.gain("and", [context.START], []) > self.gain("of", [context.START], [])

    def test_is_not_there_in_swedish(self):
        assert list(context.of(Language.SWEDISH).between(["gå"], ["nu"]).traits("hem")) == []


class TestLearning:
    def choice(self, *values, meant):
        outcomes = [[("frequency", value), ("slips", 1.0)] for value in values]
        rest = [[("something else", 1.0)], [("as written", 1.0)]]
        return Choice([*outcomes, *rest], [f"word{n}" for n in range(len(values))], meant)

    def test_gives_weight_to_what_tells_right_from_wrong(self):
        given = [self.choice(1.0, 0.0, meant="word0")] * 20
        given += [self.choice(0.0, 1.0, meant="word1")] * 20

        learned = learn(given, class_prior=0.1, letter_prior=1.0)

        assert learned["frequency"] > 1
        assert learned["as written"] < 0

    def test_takes_what_is_in_no_list_for_something_else(self):
        assert self.choice(1.0, meant="unheard").right == [False, True, False]
        assert self.choice(1.0, meant=None).right == [False, False, True]


@pytest.mark.parametrize("language", list(Language))
def test_weights_were_learned_for_every_language(language):
    learned = weights.of(language)

    assert {"as written", "something else", "swap"} < learned.keys()
    assert list(learned) == sorted(learned)  # so that a difference shows what has changed


class TestRealWords:
    @pytest.mark.parametrize(
        ("text", "wrong", "right"),
        [
            ("We lost all of there money.", "there", "their"),
            ("He is taller then his brother.", "then", "than"),
            ("I do not know weather it is true.", "weather", "whether"),
            ("It was a waist of time.", "waist", "waste"),
            ("There country is far away.", "There", "Their"),
            ("Send us a story, that would be great to!", "to", "too"),
            ("We will see you than.", "than", "then"),
            ("I have money fro them.", "fro", "from"),
        ],
    )
    def test_that_were_not_meant_are_found_where_another_fits_far_better(
        self, check, text, wrong, right
    ):
        (error,) = check(text)["errors"]

        assert (error["text"], error["correction"], error["kind"]) == (wrong, right, Kind.REALWORD)

    @pytest.mark.parametrize(
        "text",
        [
            "Their house is over there, and they're at home.",
            "The weather was fine, then we went to see two of them.",
            "You are right, it's quite quiet here.",
            "You find it, with an information form, is what they wrote.",
        ],
    )
    def test_that_fit_are_left_alone(self, check, text):
        assert check(text)["errors"] == []

    def test_alone_in_a_line_say_nothing(self, check):
        assert check("Weather\n\nThen")["errors"] == []


class TestNeighbours:
    def test_count_as_what_was_surely_meant_by_them(self, check):
        alone, among_slips = check("I recieve the letters."), check("I recieve alot of letters.")

        assert among_slips["errors"][0]["correction"] == "receive"
        assert among_slips["errors"][0]["confidence"] > 0.9 * alone["errors"][0]["confidence"]


class TestIrregularVerbs:
    @pytest.mark.parametrize(
        ("text", "right"),
        [
            ("She teached us French.", "taught"),
            ("He has choosed the wrong one.", "chosen"),
            ("We runned all the way home.", "ran"),
            ("She buyed a car.", "bought"),
            ("They spended a week in Rome.", "spent"),
        ],
    )
    def test_with_the_regular_ending_are_put_right(self, check, text, right):
        (error,) = check(text)["errors"]

        assert right in [suggestion["text"] for suggestion in error["suggestions"]]


class TestCompounds:
    @pytest.mark.parametrize(
        ("wrong", "right"),
        [
            ("busshålplatsen", "busshållplatsen"),
            ("vattenbol", "vattenboll"),
            ("jättespannande", "jättespännande"),
        ],
    )
    def test_are_put_right_by_one_of_their_parts(self, check, wrong, right):
        (error,) = check(f"Det var en {wrong} där.", "sv")["errors"]

        assert right in [each["text"] for each in error["suggestions"]]


def test_an_english_word_written_as_it_sounds_is_understood(check):
    (error,) = check("It is a filosofic question.")["errors"]

    assert error["suggestions"][0]["text"] == "philosophic"
