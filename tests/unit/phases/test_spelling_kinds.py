"""Capital letters and words written apart: what is found in a text, what is left alone, and how both go together."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.phase import Done
from pipelines.phases.spellcheck import Kind, undo
from pipelines.phases.spellcheck.findings import Finding, first_of_each
from pipelines.phases.spellcheck.speller import kind_of, speller
from pipelines.phases.spellcheck.splits import Splits
from pipelines.phases.spellcheck.suggestions import Suggestion
from pipelines.phases.text import read
from pipelines.vocabulary import Language


@pytest.fixture
def found(check):
    """What is found of one kind, as pairs of what is written and what was meant."""

    def ask(kind, text, language="sv", **batch):
        errors = check(text, language, **batch)["errors"]
        return [(e["text"], e["suggestions"][0]["text"]) for e in errors if e["kind"] == kind]

    return ask


class TestBeginningsOfSentences:
    @pytest.mark.parametrize(
        ("text", "wrong"),
        [
            ("det är bra. Vi går hem.", "det"),
            ("Vi går hem. sedan äter vi.", "sedan"),
            ("Går vi hem? vi äter.", "vi"),
            ("Hon sa ”hej”. sedan gick hon.", "sedan"),
        ],
    )
    def test_need_a_capital(self, found, text, wrong):
        assert found("case", text) == [(wrong, wrong.capitalize())]

    def test_need_one_in_english_too(self, found):
        assert found("case", "We went home. then we ate.", "en") == [("then", "Then")]

    @pytest.mark.parametrize(
        "text",
        [
            "mjölk\nsmör\nbröd",  # a list
            "skolan i framtiden\n\nVi går hem.",  # a heading
            "Vi köpte detta: mjölk. Och sedan: bröd.",
            "- mjölk.\n- bröd.",
            "Vi ses kl. tre, t.ex. på torget, ev. hemma.",
            "Vi väntade ... och väntade. Sedan gick vi.",
            "”Kom!” ropade hon. Vi kom.",
            "Vi bor på Storg. tre. Det är bra.",
        ],
    )
    def test_may_have_a_small_letter_where_they_are_none(self, found, text):
        assert found("case", text) == []

    def test_are_surest_where_another_sentence_stands_beside_them(self, check):
        alone, beside = "vi går hem.", "vi går hem. Vi äter."

        (unsure,), (sure,) = check(alone, "sv")["errors"], check(beside, "sv")["errors"]

        assert (unsure["applied"], sure["applied"]) == (False, True)

    def test_are_passed_over_in_an_english_text_of_one_sentence(self, found):
        assert found("case", "great food at a good price.", "en") == []


class TestCapitalsInsideSwedishSentences:
    @pytest.mark.parametrize(
        ("text", "wrong"),
        [
            ("Vi ses på Måndag i skolan.", "Måndag"),
            ("Hon fyller år i Augusti i år.", "Augusti"),
            ("Jag talar Svenska hemma.", "Svenska"),
            ("Många Svenskar dricker kaffe.", "Svenskar"),
            ("Jag var trött, Alltså gick jag hem.", "Alltså"),
            ("Jag stannar hemma Eftersom det regnar.", "Eftersom"),
            ("De Flesta tycker om kaffe.", "Flesta"),
            ("Jag Plockade vilda blommor.", "Plockade"),
        ],
    )
    def test_are_one_too_many_on_words_that_are_no_names(self, found, text, wrong):
        assert found("case", text) == [(wrong, wrong.lower())]

    @pytest.mark.parametrize(
        "text",
        [
            "Hon heter Björn och bor hos Per i Sund.",
            "Vi läste boken Den allvarsamma leken.",
            "Vi såg Svenska Dagbladet och tidningen Vi.",
            "Hon läser Svenska 2 och Engelska 6.",
            "Svaret är: Alla får komma.",
            "Hon sa: ”Vi går.” Alla gick (De var trötta).",
            "Jag hoppas att Du mår bra och att Ni kommer.",
            "Vi åkte till EU och NATO med SJ.",
            "Mina vänner\nAlla är snälla.",
            "Diskussion Jag tycker att det är bra.",  # a heading that lost its line break
            "Här är 1 En bok och 2 Ett hus.",
        ],
    )
    def test_are_left_alone_where_they_may_be_meant(self, found, text):
        assert found("case", text) == []

    def test_stay_on_names_of_the_class_and_words_of_the_assignment(self, found):
        text = "Jag bor nära Plockade i stan, Alltså nära."

        assert found("case", text, instructions="Skriv om Plockade.") == [("Alltså", "alltså")]

    def test_stay_on_what_the_text_always_writes_with_one(self, found):
        text = "Vi mötte Morgonrock igår. I dag kom Morgonrock igen."

        assert found("case", text) == []


class TestEnglishMonthsAndLanguages:
    @pytest.mark.parametrize(
        ("text", "wrong"),
        [
            ("We met in may.", "may"),
            ("It was the 5 march 2020 then.", "march"),
            ("We went there last august, and stayed.", "august"),
            ("They speak french at home.", "french"),
            ("He is learning polish now.", "polish"),
        ],
    )
    def test_need_a_capital_where_their_neighbours_tell(self, found, text, wrong):
        assert found("case", text, "en") == [(wrong, wrong.capitalize())]

    @pytest.mark.parametrize(
        "text",
        [
            "You may. In may ways they march in step.",
            "We ate french fries and used polish on the august march of men.",
            "He has 5 may trees.",
        ],
    )
    def test_are_left_alone_where_they_may_be_common_words(self, found, text):
        assert found("case", text, "en") == []

    def test_are_written_so_in_swedish(self, found):
        assert found("case", "Vi ses i august.", "sv") == []


class TestNamesInSmallLetters:
    @pytest.mark.parametrize(
        ("wrong", "right"),
        [("sverige", "Sverige"), ("norrland", "Norrland"), ("skatteverket", "Skatteverket")],
    )
    def test_are_found_if_the_word_is_nothing_else(self, found, wrong, right):
        assert found("case", f"Vi arbetar mycket i {wrong} nu.") == [(wrong, right)]

    def test_of_several_words_are_found_word_by_word(self, found):
        assert found("case", "Ordboken är från svenska akademien.") == [
            ("svenska", "Svenska"),
            ("akademien", "Akademien"),
        ]

    def test_that_are_common_words_too_are_left_alone(self, found):
        assert found("case", "Vi såg en björn på berg och sund, och en sten.") == []


class TestCompoundsWrittenApart:
    @pytest.mark.parametrize(
        ("text", "wrong", "right"),
        [
            ("Skolan ligger jätte nära.", "jätte nära", "jättenära"),
            ("Det är en jätte bra plats.", "jätte bra", "jättebra"),
            ("Hon är sjuk sköterska.", "sjuk sköterska", "sjuksköterska"),
            ("Det handlar om narkotika brott.", "narkotika brott", "narkotikabrott"),
            ("Hon har ett stort ord förråd.", "ord förråd", "ordförråd"),
            ("Vi var på en klass utflykt.", "klass utflykt", "klassutflykt"),
            ("Många utbildnings platser finns.", "utbildnings platser", "utbildningsplatser"),
            ("Vi bor till sammans.", "till sammans", "tillsammans"),
            ("Det var på 1800 talet.", "1800 talet", "1800-talet"),
            ("Jag går på Sfi skolan nu.", "Sfi skolan", "Sfi-skolan"),
            ("Vi bor i stan och utan för.", "utan för", "utanför"),
            ("Jätte många kom.", "Jätte många", "Jättemånga"),
        ],
    )
    def test_are_found_as_one(self, found, text, wrong, right):
        assert found("compound_split", text) == [(wrong, right)]

    @pytest.mark.parametrize(
        "text",
        [
            "En jätte bodde i berget. Det var en jätte som åt allt.",
            "Det var en lång tid sedan, i en stor stad, i ett stort hus.",
            "Hon drack en kopp kaffe och ett glas vatten.",
            "I dag går vi i stället hem efter middagen, över huvud taget.",
            "Det kan ske utan för mycket arbete, var för sig.",
            "Många små barn har en liten bror och en god vän.",
            "En regerings politik är ingen regeringspolitik.",
            "Det är 10 tal, sju hundra kronor.",
            "Vi åkte med Anna Lind till Nya Zeeland.",
            "Jag köpte mjölk, bröd. Sommar, lovet är här.",
        ],
    )
    def test_are_not_seen_in_words_that_belong_apart(self, found, text):
        assert found("compound_split", text) == []

    @pytest.mark.parametrize(
        ("text", "wrong", "right"),
        [
            ("I did it my self.", "my self", "myself"),
            ("How ever, it rained.", "How ever", "However"),
            ("Is some body there?", "some body", "somebody"),
            ("We met an other wise man.", "an other", "another"),
        ],
    )
    def test_are_found_in_english_where_they_hardly_stand_apart(self, found, text, wrong, right):
        assert found("compound_split", text, "en") == [(wrong, right)]

    @pytest.mark.parametrize(
        "text",
        [
            "I can not see every one in to it.",
            "It may be that some times are better, from day to day.",
            "The word my, self and all; she read My Self.",
            "No body was found, and there was no where-abouts.",
        ],
    )
    def test_are_not_seen_in_english_words_that_stand_apart(self, found, text):
        assert found("compound_split", text, "en") == []

    @pytest.mark.parametrize("between", ["  ", "\n", ", ", "-", "\t"])
    def test_are_parted_by_one_space(self, found, between):
        assert found("compound_split", f"Det är jätte{between}nära.") == []

    @given(st.lists(st.sampled_from(("jätte", "nära", "ord", "förråd", "till", "sammans", "."))))
    def test_never_share_a_word(self, words):
        reading = read(" ".join(words), Language.SWEDISH)
        splits = Splits(speller(Language.SWEDISH).lexicon)
        found = list(splits.found(reading, bytes(map(splits.part, reading.tokens.words))))

        assert all(a.end <= b.start for a, b in pairwise(found))


class TestWordsWrittenTogether:
    @pytest.mark.parametrize(
        ("text", "wrong", "right"),
        [
            ("I read alot.", "alot", "a lot"),
            ("Infact it is so.", "Infact", "In fact"),
            ("We met inthe house.", "inthe", "in the"),
            ("They like eachother.", "eachother", "each other"),
        ],
    )
    def test_are_found_in_english(self, found, text, wrong, right):
        assert found("join", text, "en") == [(wrong, right)]

    @pytest.mark.parametrize(
        ("text", "wrong", "right"),
        [
            ("Vi är påväg hem.", "påväg", "på väg"),
            ("Han åt tillochmed det.", "tillochmed", "till och med"),
            ("Vi gick iskolan igår.", "iskolan", "i skolan"),
        ],
    )
    def test_are_found_in_swedish(self, found, text, wrong, right):
        assert found("join", text) == [(wrong, right)]

    def test_are_found_each_time_and_counted(self, check):
        result = check("alot of friends and alot of books")

        assert [(e["text"], e["kind"], e["applied"]) for e in result["errors"]] == [
            ("alot", "join", True),
            ("alot", "join", True),
        ]
        assert result["counts_by_kind"]["join"] == 2

    def test_are_unknown_words_where_the_best_way_to_part_them_is_a_guess(self):
        def suggestions(*scores):
            return tuple(Suggestion(f"o{'f' * n} the", s) for n, s in enumerate(scores, 1))

        assert kind_of("ofthe", suggestions(0.5, 0.1)) is Kind.JOIN
        assert kind_of("ofthe", suggestions(0.1, 0.1, 0.1, 0.1)) is Kind.NONWORD
        assert kind_of("ofthe", ()) is Kind.NONWORD

    @pytest.mark.parametrize(
        "text", ["I cannot go into it, although I always may.", "Everyone is outside."]
    )
    def test_are_not_seen_in_words_that_are_one(self, found, text):
        assert found("join", text, "en") == []


class TestTogether:
    def test_kinds_come_in_the_order_of_the_text(self, check):
        text = "det är intresant. Vi ses på Måndag, jätte nära sverige."

        errors = check(text, "sv")["errors"]

        assert [error["text"] for error in errors] == [
            "det",
            "intresant",
            "Måndag",
            "jätte nära",
            "sverige",
        ]
        assert all(text[e["start"] : e["end"]] == e["text"] for e in errors)

    def test_an_unknown_word_is_that_first_and_not_a_matter_of_case(self, check):
        (error,) = check("Vi går hem. intresant är det inte.", "sv")["errors"]

        assert (error["text"], error["kind"]) == ("intresant", Kind.NONWORD)

    def test_a_compound_wins_over_its_parts(self, check):
        (error,) = check("Vi bor till sammans.", "sv")["errors"]

        assert (error["text"], error["kind"]) == ("till sammans", Kind.COMPOUND_SPLIT)

    @pytest.mark.parametrize("form", ["måndag", "jätte nära"])
    def test_what_the_teacher_allows_is_no_error_of_any_kind(self, check, form):
        found = check("Vi ses på Måndag, jätte nära.", "sv", allowed=(form,))

        assert form not in [error["text"].lower() for error in found["errors"]]
        assert len(found["errors"]) == 1

    def test_the_earlier_source_wins_where_two_overlap(self):
        def at(start, end, kind):
            return Finding(start, end, "", kind, 0, (), "")

        splits = [at(4, 9, Kind.COMPOUND_SPLIT)]
        words = [at(0, 3, Kind.NONWORD), at(7, 9, Kind.NONWORD), at(9, 11, Kind.NONWORD)]
        cases = [at(0, 3, Kind.CASE), at(12, 14, Kind.CASE)]

        assert first_of_each(splits, words, cases) == (words[0], splits[0], words[2], cases[1])

    @settings(max_examples=150, deadline=None)
    @given(
        st.lists(
            st.sampled_from(
                (
                    *("det", "Alltså", "jätte", "nära", "Måndag", "sverige", "till", "sammans"),
                    *(
                        "svenska",
                        "akademien",
                        "1800",
                        "talet",
                        "intresant",
                        "I",
                        "EU",
                        "parlamentet",
                    ),
                    *(
                        ".",
                        "!",
                        ",",
                        ":",
                        "”",
                        "\n",
                        "\u00a0",
                        "\u00ad",
                        "😀",
                        "e\u0301",
                        "(",
                        "-",
                        "t.ex.",
                    ),
                )
            )
        ).map(" ".join)
    )
    def test_corrections_can_be_undone_and_never_overlap(self, spellcheck, run, text):
        text = "hej " + text

        (outcome,) = run(spellcheck, text, language="sv")

        assert isinstance(outcome, Done)
        errors = outcome.result["errors"]
        assert undo(outcome.result["corrected_text"], errors) == text
        assert all(a["end"] <= b["start"] for a, b in pairwise(errors))
