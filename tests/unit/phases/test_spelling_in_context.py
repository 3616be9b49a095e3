"""What tells a slip from another: its letters, the words around it, and what was learned of both."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import OSA, Levenshtein

from bench.spelling.data import Gold, Row
from pipelines.phases.spellcheck import Kind, context, endings, irregular, slips, weights
from pipelines.vocabulary import Language
from training.spelling import Choice, Misspelling, learn, misspellings, pairs_besides

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

    def test_takes_a_misspelling_without_a_sentence_for_wrong(self):
        (given,) = misspellings([("Recieve", "Receive"), ("house", "horse")], Language.ENGLISH)

        assert given.texts[given.right.index(True)] == "receive"
        assert len(given.outcomes) == len(given.texts) + 1
        assert Misspelling([[]], [], "unheard").right == [True]

    def test_leaves_out_misspellings_that_a_sentence_has(self, tmp_path):
        path = tmp_path / "en_toefl_pairs_dev.tsv"
        path.write_text(
            "recieve\treceive\nWritin\twriting\nwritin\twriting\nteh\tthe\nalot\ta lot\n"
        )
        kept = Row("1", "en", "Teh end.", (Gold(0, 3, "The", "spell"),))

        assert list(pairs_besides(tmp_path, Language.ENGLISH, [kept])) == [
            ("recieve", "receive"),
            ("Writin", "writing"),
        ]
        assert not list(pairs_besides(tmp_path, Language.SWEDISH, []))


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


class TestIrregularForms:
    @pytest.mark.parametrize(
        ("text", "right"),
        [
            ("She teached us French.", "taught"),
            ("He has choosed the wrong one.", "chosen"),
            ("We runned all the way home.", "ran"),
            ("She buyed a car.", "bought"),
            ("They spended a week in Rome.", "spent"),
            ("It misleaded everybody.", "misled"),
        ],
    )
    def test_with_the_regular_ending_are_put_right(self, check, text, right):
        (error,) = check(text)["errors"]

        assert right in [suggestion["text"] for suggestion in error["suggestions"]]

    @pytest.mark.parametrize(
        ("text", "right"),
        [
            ("All the childs were at school.", "children"),
            ("He is a gooder man than I am.", "better"),
        ],
    )
    def test_of_the_nearest_words_may_be_meant(self, check, text, right):
        (error,) = check(text)["errors"]

        assert right in [suggestion["text"] for suggestion in error["suggestions"]]

    def test_of_a_word_are_all_but_itself(self):
        assert irregular.forms("went") == ("go", "gone")
        assert irregular.forms("walked") == ()


class TestEndings:
    @pytest.mark.parametrize(
        ("written", "meant"),
        [
            ("approvation", "approval"),
            ("philosophist", "philosopher"),
            ("philosophists", "philosophers"),
            ("courageable", "courageous"),
            ("similarness", "similarity"),
            ("interpretate", "interpret"),
        ],
    )
    def test_that_make_the_same_of_a_word_are_taken_for_each_other(self, written, meant):
        assert meant in set(endings.exchanged(written))

    def test_of_stems_of_three_letters_are_not(self):
        assert not set(endings.exchanged("catness"))

    @pytest.mark.parametrize(
        ("text", "right"),
        [
            ("The plan needs the approvation of the council.", "approval"),
            ("She was a great philosophist of her time.", "philosopher"),
            ("It was the most succese film of the year.", "successful"),
        ],
    )
    def test_that_are_wrong_are_put_right(self, check, text, right):
        (error,) = check(text)["errors"]

        assert right in [suggestion["text"] for suggestion in error["suggestions"]]

    @given(st.text("aeinostyl'", max_size=12))
    def test_may_be_asked_of_any_word(self, word):
        assert word not in set(endings.exchanged(word))
        assert word not in set(endings.forms(word))


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
