import json
import unicodedata
import uuid
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.phase import BatchContext, Done, GaveUp, ItemRef, SoFar
from pipelines.phases.spellcheck import Kind, Spellcheck, undo
from pipelines.phases.spellcheck.dictionaries import DictionaryMissingError
from pipelines.phases.spellcheck.speller import speller
from pipelines.vocabulary import Language
from tests.fuzz import spelling

BATCH = BatchContext(uuid.UUID(int=1), Language.ENGLISH, "ENG5")
ESSAY_LIKE = st.lists(
    st.sampled_from(
        (
            *(
                "alot",
                "becuase",
                "i",
                "dont",
                "friend",
                "Åsa",
                "väg",
                "e\u0301t",
                "well-knwon",
                "HTE",
            ),
            *("’", "''", "\n", "😀", "12", "\u00ad", "a", ".", "http://a.se", "x" * 70),
        )
    )
).map(" ".join)


def flagged(found):
    return [error["text"] for error in found["errors"]]


class TestEnglish:
    @pytest.mark.parametrize(
        ("wrong", "right"),
        [
            ("definately", "definitely"),
            ("becuase", "because"),
            ("recieve", "receive"),
            ("tommorow", "tomorrow"),
            ("Enviroment", "Environment"),
            ("DIFFRENT", "DIFFERENT"),
            ("untill", "until"),
            ("dont", "don't"),
            ("couldnt", "couldn't"),
            ("im", "I'm"),
        ],
    )
    def test_finds_a_misspelt_word_and_what_was_meant(self, check, wrong, right):
        (error,) = check(f"{wrong} it was.")["errors"]

        assert (error["text"], error["correction"]) == (wrong, right)
        assert error["kind"] == Kind.NONWORD

    @pytest.mark.parametrize(
        "text",
        [
            "My favourite colour is grey, and I realised that the theatre organised travelling.",
            "The neighbour practised her behaviour in the centre and analysed the programme.",
            "I don't, you’re, she'll, they could've, it's the teacher's and the teachers' o'clock.",
            "A well-known mother-in-law had self-esteem, co-operated and wrote an e-mail.",
            "The café was naïve, etc., e.g. in the U.S.A. at 10 p.m., B2, 14-year-olds, 10th.",
            "Write to anna@skola.se or see www.skolverket.se and https://huleedu.se/hjlp #skolna.",
            "We watched YouTube, used TikTok and visited NATO and Östersund with Xzqwy.",
            "Pre- and post-war English on Monday, and on Facebook.",
            "An encyclopaedia of archaeology, paediatrics, leukaemia and mediaeval haemorrhages.",
            "He saw it on tv in the usa and the uk, on a pc.",
        ],
    )
    def test_leaves_right_words_and_what_is_no_word_alone(self, check, text):
        assert flagged(check(text)) == []

    @pytest.mark.parametrize(
        ("text", "wrong"),
        [
            ("It can be amplifiaed.", "amplifiaed"),  # only some stems have ae in British English
            ("She amd her brother went home.", "amd"),  # though there is an AMD
        ],
    )
    def test_a_rare_name_or_a_british_look_excuses_no_slip(self, check, text, wrong):
        assert flagged(check(text)) == [wrong]

    def test_a_small_i_is_a_matter_of_case(self, check):
        found = check("Then i said that i'm from sweden.")

        assert [(e["text"], e["correction"], e["kind"]) for e in found["errors"]] == [
            ("i", "I", "case"),
            ("i'm", "I'm", "case"),
            ("sweden", "Sweden", "case"),
        ]
        assert found["corrected_text"] == "Then I said that I'm from Sweden."

    @pytest.mark.parametrize(
        "text", ["We sell zorb- and apples", "We sell apples -\r\nzorb and", "zorb-"]
    )
    def test_half_a_word_beside_a_hyphen_is_not_checked(self, check, text):
        assert "zorb" not in flagged(check(text))
        assert flagged(check(text.replace("-", ""))) == ["zorb"]

    def test_only_the_wrong_part_of_a_hyphenated_word_is_an_error(self, check):
        found = check("A well-knwon story.")

        assert flagged(found) == ["knwon"]
        assert found["errors"][0]["correction"] == "known"

    def test_a_correction_takes_over_curly_apostrophes(self, check):
        assert check("It isn’t so, and i dont care.")["errors"][1]["correction"] == "don’t"


class TestSwedish:
    @pytest.mark.parametrize(
        ("wrong", "right"),
        [
            ("intresant", "intressant"),
            ("skillnadd", "skillnad"),
            ("mycke", "mycket"),
            ("kosntigt", "konstigt"),
            ("ursäckt", "ursäkt"),
            ("tillsamans", "tillsammans"),
            ("påväg", "på väg"),
            ("iblan", "ibland"),
        ],
    )
    def test_finds_a_misspelt_word_and_what_was_meant(self, check, wrong, right):
        (error,) = check(f"Det var {wrong} igår.", "sv")["errors"]

        assert (error["text"], error["correction"]) == (wrong, right)

    @pytest.mark.parametrize(
        "text",
        [
            "Åsa och Östen åkte över ån på våren.",
            "Skoluniformsdebatten och mobilberoendet diskuterades på klassrådet.",
            "Det finns för- och nackdelar, t.ex. bl.a. och d.v.s. osv.",
            "Nån sa nåt till dom, sen gick vi hem till Kalles.",
            "Min 14-åriga kusin har en idé om en kafé-lunch.",
        ],
    )
    def test_leaves_right_words_and_compounds_alone(self, check, text):
        assert flagged(check(text, "sv")) == []

    def test_words_with_decomposed_letters_are_whole_words(self, check):
        text = unicodedata.normalize("NFD", "På ön åt vi ärtor intresant nog.")

        (error,) = check(text, "sv")["errors"]

        assert text[error["start"] : error["end"]] == "intresant"


class TestNames:
    def test_names_of_the_batch_are_left_alone_in_any_case_and_in_the_genitive(self, check):
        names = ("Tuvalina Qvarnbrink", "Abdirizaq")

        text = "Tuvalina met abdirizaq. Qvarnbrink's dog and Abdirizaqs cat ran."

        assert flagged(check(text, names=names)) == []

    def test_a_name_known_from_inside_a_sentence_may_open_one(self, check):
        assert flagged(check("Qvarnbrink ran. We saw Qvarnbrink again.")) == []
        assert flagged(check("Freindship is good.")) == ["Freindship"]

    @pytest.mark.parametrize(
        ("text", "said"),
        [
            ("Det är en uppsats av Annika Baude.", []),
            ("Lars Baude-Qvist skrev den.", []),
            ("Det är en uppsats av Annika baude.", ["baude"]),
            ("Hon läser vid Stockholms Univeristet.", ["Univeristet"]),
            ("Så sa Annika. Universtetet teg.", ["Universtetet"]),
        ],
    )
    def test_what_follows_a_first_name_in_swedish_is_a_surname(self, check, text, said):
        assert flagged(check(text, language="sv")) == said

    def test_what_may_be_a_name_is_only_changed_if_that_is_surer_than_elsewhere(self, check):
        found = check("Thord and I went to the shop.")

        (error,) = found["errors"]
        assert error["confidence"] > 0.85
        assert found["corrected_text"].startswith("Thord and")
        assert check("Freindship is good.")["corrected_text"] == "Friendship is good."

    def test_words_of_the_assignment_are_left_alone(self, check):
        text = "The zorblax is a fluffle."

        assert flagged(check(text)) == ["zorblax", "fluffle"]
        assert flagged(check(text, instructions="Write about a Zorblax.")) == ["fluffle"]


class TestTheResult:
    def test_each_correction_is_placed_where_it_is_in_both_texts(self, check):
        found = check("alot of friends and alot of books")

        assert found["corrected_text"] == "a lot of friends and a lot of books"
        places = ("start", "end", "corrected_start", "corrected_end", "occurrence_of")
        assert [[error[key] for key in places] for error in found["errors"]] == [
            [0, 4, 0, 5, None],
            [20, 24, 21, 26, 0],
        ]

    def test_counts_words_checks_errors_and_kinds(self, check):
        found = check("Alot of books. i read alot 24 times e.g. today.")

        assert (found["word_count"], found["checked_count"]) == (9, 8)
        assert (found["error_count"], found["error_types"]) == (3, 2)
        assert (found["error_rate"], found["type_rate"]) == (0.375, 0.2857)
        assert (found["counts_by_kind"]["join"], found["counts_by_kind"]["case"]) == (2, 1)
        assert set(found["counts_by_kind"]) == set(Kind)
        assert [error["sentence_index"] for error in found["errors"]] == [0, 1, 1]

    def test_an_unsure_correction_is_listed_but_not_applied(self, spellcheck, check):
        text = "The film was enterening."

        found = check(text)

        assert found["corrected_text"] == text
        assert not found["errors"][0]["applied"]
        assert "entertaining" in [s["text"] for s in found["errors"][0]["suggestions"]]

    def test_is_json_and_the_same_every_time(self, spellcheck, check):
        text = "Beleive me, freinds: teh intresting wich was alot."

        first, again = check(text), check(text)

        assert json.dumps(first) == json.dumps(again)
        assert "elapsed_ms" not in first

    def test_says_which_engine_and_dictionaries_judged(self, check):
        engine = check("Hello.", "sv")["engine"]

        assert engine["dictionaries"].startswith("sv_SE@")
        assert set(engine) == {"name", "version", "dictionaries"}

    @given(ESSAY_LIKE)
    @settings(deadline=None)
    def test_undoing_the_corrections_gives_the_original_back(self, spellcheck, run, text):
        for language in Language:
            (outcome,) = run(spellcheck, "hello " + text, language=language)

            found = outcome.result
            assert undo(found["corrected_text"], found["errors"]) == "hello " + text

    @given(ESSAY_LIKE)
    @settings(deadline=None)
    def test_offsets_count_code_points_of_both_texts(self, spellcheck, run, text):
        (outcome,) = run(spellcheck, "hello " + text)

        for error in outcome.result["errors"]:
            after = outcome.result["corrected_text"][error["corrected_start"] :]
            shown = error["correction"] if error["applied"] else error["text"]
            assert ("hello " + text)[error["start"] : error["end"]] == error["text"]
            assert after.startswith(shown)


class TestAnyText:
    @given(spelling.TEXTS)
    @settings(deadline=None, max_examples=40)
    def test_gives_a_sound_result(self, spellcheck, text):
        for language in Language:
            spelling.check(spellcheck, text, language, frozenset({"Lou"}))

    @given(st.text())
    @settings(deadline=None, max_examples=60)
    def test_has_an_outcome(self, spellcheck, run, text):
        for language in Language:
            (outcome,) = run(spellcheck, text, language=language)

            assert isinstance(outcome, Done | GaveUp)

    @given(st.text(st.characters()))
    @settings(deadline=None)
    def test_may_be_looked_up_as_if_it_were_a_word(self, spellcheck, text):
        for language in Language:
            lexicon = speller(language).lexicon

            assert lexicon.frequency(text.lower()) >= 0
            assert lexicon.zipf(text) >= 0
            proper = lexicon.in_its_case(text.lower())
            assert proper is None or lexicon.knows(proper)

    @pytest.mark.parametrize("text", ["", " \n\t", "12 + 3,5 = 15.5", "?! …", "😀"])
    def test_without_words_is_given_up(self, spellcheck, run, text):
        (outcome,) = run(spellcheck, text)

        assert outcome == GaveUp("no_words", "The essay has no words to check.")

    def test_in_another_alphabet_has_words_but_no_rate(self, check):
        found = check("Привет, мир!")

        assert (found["word_count"], found["checked_count"], found["error_rate"]) == (2, 0, None)

    def test_may_be_one_letter_a_million_times(self, check):
        found = check("å" * 1_000_000, "sv")

        assert found["word_count"] == 1
        assert found["errors"][0]["suggestions"] == []


class TestThePhase:
    def test_gives_one_outcome_per_unit_in_their_order(self, spellcheck, run):
        first, second, third = run(spellcheck, "alot", "", "fine")

        assert isinstance(second, GaveUp)
        assert (first.result["error_count"], third.result["error_count"]) == (1, 0)
        assert first.elapsed_ms > 0

    def test_a_result_depends_on_no_other_essay(self, spellcheck, run):
        alone = run(spellcheck, "Freindship with zorblax.")[0].result
        among = run(spellcheck, "We met Freindship.", "Freindship with zorblax.")[1].result

        assert alone == among

    def test_plans_each_essay_once(self, spellcheck):
        items = tuple(ItemRef(uuid.uuid4(), digest) for digest in "ab")

        wave = spellcheck.plan(BATCH, SoFar(0, items))

        assert [unit.item_ids for unit in wave.units] == [(item.item_id,) for item in items]
        assert len({unit.input_hash for unit in wave.units}) == 2

    @pytest.mark.parametrize(
        "change",
        [
            {"language": Language.SWEDISH},
            {"instructions": "Write."},
            {"names": frozenset({"Alma"})},
        ],
    )
    def test_an_input_hash_covers_what_is_left_alone(self, spellcheck, change):
        item = ItemRef(uuid.uuid4(), "a" * 64)

        before = spellcheck.input_hash(BATCH, item)

        assert spellcheck.input_hash(replace(BATCH, **change), item) != before

    def test_an_input_hash_is_the_same_wherever_it_is_taken(self, spellcheck):
        batch = replace(BATCH, names=frozenset({"Alma", "Bo", "Cleo"}))
        other = replace(batch, batch_id=uuid.uuid4(), names=frozenset({"Cleo", "Bo", "Alma"}))
        item = ItemRef(uuid.uuid4(), "a" * 64)

        assert spellcheck.input_hash(batch, item) == spellcheck.input_hash(other, item)

    def test_an_engine_version_covers_rules_settings_and_dictionaries(self, spellcheck):
        version = spellcheck.engine_version

        assert "en_US@" in version
        assert "sv_SE@" in version
        assert Spellcheck(apply_at=0.5).engine_version != version


class TestDictionaries:
    def test_a_given_folder_comes_first_and_changes_the_version(self, spellcheck, tmp_path, run):
        (tmp_path / "en_US.aff").write_text("SET UTF-8\n")
        (tmp_path / "en_US.dic").write_text("2\nhello\nzorblax\n")

        own = Spellcheck(tmp_path)

        assert own.engine_version != spellcheck.engine_version
        assert run(own, "hello zorblax")[0].result["error_count"] == 0

    def test_another_dictionary_of_the_language_widens_it(self, spellcheck, tmp_path, run):
        (tmp_path / "en_GB.aff").write_text("SET UTF-8\n")
        (tmp_path / "en_GB.dic").write_text("1\nzorblax\n")

        wider = Spellcheck(tmp_path)

        assert "+en_GB@" in wider.engine_version
        assert run(wider, "A friendly zorblax.")[0].result["error_count"] == 0

    def test_none_at_all_is_said_in_a_sentence(self, tmp_path, monkeypatch):
        monkeypatch.setattr("pipelines.phases.spellcheck.dictionaries.find_spec", lambda name: None)

        with pytest.raises(DictionaryMissingError, match=r"No en_US.aff and en_US.dic in .+"):
            Spellcheck(tmp_path).prepare()
