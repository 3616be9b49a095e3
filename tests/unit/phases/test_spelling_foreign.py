"""Words and passages of the other language: what is reported, what is offered, what is left alone."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.phases.spellcheck import Kind, undo
from pipelines.phases.spellcheck.foreign import elsewhere
from pipelines.phases.spellcheck.speller import speller
from pipelines.phases.text import read
from pipelines.vocabulary import Language

EN, SV = Language.ENGLISH, Language.SWEDISH


@pytest.fixture
def found(check):
    """What is found in a text, as pairs of what is written and its kind."""
    return lambda text, language, **batch: [
        (error["text"], error["kind"]) for error in check(text, language, **batch)["errors"]
    ]


@pytest.fixture
def foreign():
    """The passages in the other language that a text has."""

    def ask(text, language):
        return [text[span.start : span.end] for span in passages(text, language)]

    return ask


def passages(text, language):
    reading, other = read(text, language), speller(language).other
    return elsewhere(reading, other, bytes(map(other.standing, reading.tokens.words))).passages


class TestForeignWords:
    @pytest.mark.parametrize(
        "word", ["family", "because", "really", "people", "children", "different", "something"]
    )
    def test_are_reported_in_swedish(self, found, word):
        assert found(f"Vi tycker att {word} är bra.", SV) == [(word, "foreign")]

    @pytest.mark.parametrize(
        "word", ["familj", "kompis", "procent", "kanske", "svenska", "mycket", "människor", "hund"]
    )
    def test_are_reported_in_english(self, found, word):
        assert found(f"I like my {word} because it is good.", EN) == [(word, "foreign")]

    def test_are_not_put_right_though_what_looks_like_them_is_offered(self, check):
        result = check("Jag älskar min family.", SV)

        (error,) = result["errors"]
        assert [each["text"] for each in error["suggestions"]] == ["familj"]
        assert error["confidence"] > 0.9
        assert (error["correction"], error["applied"]) == (None, False)
        assert result["corrected_text"] == "Jag älskar min family."
        assert result["counts_by_kind"]["foreign"] == 1

    def test_are_not_guessed_at_where_nothing_looks_like_them(self, check):
        (error,) = check("Jag kom because jag ville.", SV)["errors"]

        assert error["suggestions"] == []

    @pytest.mark.parametrize(
        ("text", "language", "wrong", "right"),
        [
            ("The numer of people grew.", EN, "numer", "number"),
            ("It was a beter day.", EN, "beter", "better"),
            ("He had a good reson for it.", EN, "reson", "reason"),
            ("Det finns en bra plat här.", SV, "plat", "plats"),
            ("Vi satt pa en sten.", SV, "pa", "på"),
            ("Hon vill inte ge up än.", SV, "up", "upp"),
        ],
    )
    def test_are_none_where_a_slip_is_likelier(self, check, text, language, wrong, right):
        (error,) = check(text, language)["errors"]

        assert (error["text"], error["kind"]) == (wrong, "nonword")
        assert error["suggestions"][0]["text"] == right

    @pytest.mark.parametrize(
        ("text", "language"),
        [
            ("Vi har weekend och shopping med random musik och gaming.", SV),  # borrowed
            ("I saw a smorgasbord and an ombudsman, and hiphop with wifi.", EN),
            ("Hon jobbar på Family i stan.", SV),  # a name
            ("Ordet ”because” är engelskt, och ’really’ också.", SV),  # spoken of
            ('The word "kompis" is short.', EN),
        ],
    )
    def test_are_none_where_they_may_be_meant(self, found, text, language):
        assert found(text, language) == []

    @pytest.mark.parametrize(
        "batch", [{"names": ("Family",)}, {"allowed": ("family",)}, {"instructions": "My family"}]
    )
    def test_are_none_where_the_class_knows_them(self, found, batch):
        assert found("Jag älskar min family.", SV, **batch) == []


class TestPassages:
    @pytest.mark.parametrize(
        ("text", "language", "passage"),
        [
            ("Hon sa ”I will never go there” och gick.", SV, "I will never go there"),
            ("Det står 'no refunds' på skylten.", SV, "no refunds"),
            ("Jag såg filmen the lord of the rings igår.", SV, "the lord of the rings"),
            ("Jag bor här. I really love this place! Det är bra.", SV, "I really love this place"),
            ("My mother said ”jag kommer inte hem” and left.", EN, "jag kommer inte hem"),
            ("We live here. Det är mycket bra. It is good.", EN, "Det är mycket bra"),
        ],
    )
    def test_are_left_alone(self, foreign, found, text, language, passage):
        assert foreign(text, language) == [passage]
        assert found(text, language) == []

    def test_are_left_alone_with_what_is_misspelt_in_them(self, found):
        assert found("Hon skrev: I lovee this place becuase it is beautiful. Jag log.", SV) == []

    def test_leave_the_rest_of_the_text_to_be_checked(self, found):
        text = "Hon sa ”I will never go there” och var intresant."

        assert found(text, SV) == [("intresant", "nonword")]

    @pytest.mark.parametrize(
        ("text", "language"),
        [
            ("Jag kom because jag really ville.", SV),
            ("Min family och min brother bor i stan.", SV),
            ("Her name is Anna Lind, and she lives in Lund with Per Berg.", EN),
            ("alot of freinds becuase teh intresting wich", EN),
            ("Jag satt pa en sten, ma ni tro, och sag tree bare barn.", SV),
        ],
    )
    def test_are_no_scattered_words_and_no_slips(self, foreign, text, language):
        assert foreign(text, language) == []

    def test_may_hold_abbreviations_and_numbers(self, foreign):
        text = "We live here. Det var t.ex. 1990-talet då. It is good."

        assert foreign(text, EN) == ["Det var t.ex. 1990-talet då"]

    def test_are_not_looked_up(self, check):
        result = check("Hon sa ”I will never go there” och gick.", SV)

        assert (result["word_count"], result["checked_count"]) == (9, 4)

    @settings(max_examples=100, deadline=None)
    @given(
        st.lists(
            st.sampled_from(
                (
                    *("because", "really", "the", "people", "och", "inte", "family", "intresant"),
                    *(".", "”", "'", "\n", "Anna", "x", "😀", "\u00ad", "12", "t.ex."),
                )
            )
        ).map(" ".join),
        st.sampled_from(Language),
    )
    def test_lie_in_order_inside_the_text_and_share_nothing_with_errors(
        self, spellcheck, run, text, language
    ):
        text = "hej " + text
        spans = passages(text, language)

        (outcome,) = run(spellcheck, text, language=language)

        ends = [0, *(span.end for span in spans)]
        assert all(end <= span.start < span.end for end, span in zip(ends, spans, strict=False))
        errors = outcome.result["errors"]
        assert not any(e["start"] < s.end and e["end"] > s.start for e in errors for s in spans)
        assert undo(outcome.result["corrected_text"], errors) == text


ENGLISH = (
    "I think that school is very important for young people because we learn many things. My teacher"
    " is kind, and always helps us with our homwork."
)
SWEDISH = (
    "Jag tycker att skolan är väldigt viktig för unga människor eftersom vi lär oss många saker. Min"
    " lärare är snäll, och hjälper oss alltid med lexorna."
)
FRENCH = (
    "Je pense que l'école est très importante pour les jeunes parce que nous apprenons beaucoup de"
    " choses. Mon professeur est gentil et il nous aide toujours avec nos devoirs."
)
SLIPS = {
    EN: "becuase freinds definately tommorow recieve wich beleive diffrent enviroment knowlege"
    " goverment happend untill intresting langauge peopel shoud wether begining neccessary",
    SV: "intresant skillnadd kosntigt ursäckt tillsamans iblan mycke fråm alltså menisker vädligt"
    " viktit eftersomm oftta hjäper skrivver lärrare skollan kompissar bräd",
}


class TestAText:
    @pytest.mark.parametrize(
        ("text", "language", "seen"),
        [
            (ENGLISH, SV, "en"),
            (SWEDISH, EN, "sv"),
            (FRENCH, EN, "unknown"),
            (FRENCH, SV, "unknown"),
            ("Ωκεανός και θάλασσα " * 10, SV, "unknown"),
        ],
    )
    def test_plainly_in_another_language_is_not_checked(self, check, text, language, seen):
        result = check(text, language)

        assert (result["mismatch"], result["language"]) == (seen, str(language))
        assert (result["errors"], result["error_count"], result["checked_count"]) == ([], 0, 0)
        assert result["error_rate"] is None
        assert result["corrected_text"] == text
        assert result["word_count"] > 20

    @pytest.mark.parametrize(("text", "language"), [(ENGLISH, EN), (SWEDISH, SV)])
    def test_in_its_language_is_checked(self, check, text, language):
        result = check(text, language)

        assert (result["mismatch"], len(result["errors"])) == (None, 1)

    @pytest.mark.parametrize("language", Language)
    def test_of_nothing_but_misspellings_is_checked(self, check, language):
        result = check(SLIPS[language], language)

        assert result["mismatch"] is None
        assert len(result["errors"]) > 15

    def test_in_both_languages_is_checked_where_it_is_in_its_own(self, check):
        result = check(f"{SWEDISH} {ENGLISH}", SV)

        assert (result["mismatch"], [e["text"] for e in result["errors"]]) == (None, ["lexorna"])

    def test_of_few_words_does_not_tell_its_language(self, check):
        assert check("I like my dog.", SV)["mismatch"] is None


def test_kinds_are_all_counted(check):
    assert set(check("Hello.")["counts_by_kind"]) == set(Kind)
