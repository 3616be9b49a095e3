"""What an essay looks like by itself."""

import json
import random
from collections.abc import Mapping, Sequence

import pytest

from pipelines.phases.cj_assessment import features, grammar
from pipelines.phases.cj_assessment.clauses import clauses
from pipelines.phases.text import read
from pipelines.vocabulary import Language

EN, SV = Language.ENGLISH, Language.SWEDISH

ESSAY = (
    "Last summer my grandmother taught me how to bake bread. At first I was impatient, because the dough has to rest"
    " for hours and I wanted to eat. She laughed at me and said that waiting is the most important ingredient. While"
    " the kitchen slowly filled with the smell of yeast, she told me stories about the village where she grew up.\n\n"
    "When the loaves finally came out of the oven, they were uneven and a little burnt. Still, nothing I have bought in"
    " a shop has ever tasted better. Since then I have baked every Sunday, and I understand what she meant: some things"
    " cannot be hurried."
)
SVENSK = (
    "Förra sommaren lärde min mormor mig att baka bröd. Först var jag otålig, eftersom degen måste vila i flera timmar"
    " och jag ville äta. Hon skrattade åt mig och sa att väntan är den viktigaste ingrediensen. Medan köket långsamt"
    " fylldes av doften av jäst berättade hon om byn där hon växte upp."
)


def described(text: str, language: Language = EN) -> Mapping[str, float]:
    return features.describe(text, language)


def grammar_slips(text: str, language: Language = EN) -> int:
    return grammar.slips(list(clauses(read(text, language))), language)


def test_a_description_is_plain_numbers_and_always_the_same() -> None:
    assert json.loads(json.dumps(described(ESSAY))) == described(ESSAY)


@pytest.mark.parametrize("text", ["", " \n", "?!", "14 15", "http://example.com", "\ud800"])
def test_a_text_without_words_has_nothing_of_anything(text: str) -> None:
    assert not any(described(text).values())


def test_a_clean_text_has_no_errors() -> None:
    for text, language in ((ESSAY, EN), (SVENSK, SV)):
        about = described(text, language)

        assert about["misspelt"] == about["slips"] == about["grammar"] == 0.0
        assert about["repeated"] == about["heaped"] == about["torn"] == 0.0


class TestErrors:
    @pytest.mark.parametrize(
        "text",
        [
            "I like it becouse it is fun.",
            "It is more then enough for us.",
            "My freind lives there.",
        ],
    )
    def test_misspelt_words_are_counted_in_100(self, text: str) -> None:
        assert described(text)["misspelt"] == pytest.approx(100 / len(text.split()))

    def test_names_are_not_misspelt(self) -> None:
        assert described("We met Tesfaye and Zahra. Tesfaye was late.")["misspelt"] == 0.0

    def test_swedish_compounds_are_words_unless_they_are_split(self) -> None:
        assert described("Det är ett mobilberoende på skolgården.", SV)["misspelt"] == 0.0
        assert described("Han har ett stort ord förråd.", SV)["misspelt"] > 0.0

    @pytest.mark.parametrize(
        "text",
        [
            "He came,and he left.",
            "He came and left.Then he slept.",
            "He came and left .",
            "he came and left.",
            "She thinks that i left.",
            "We learn english at school.",
            "He came and and left.",
            "He came and left",
        ],
    )
    def test_slips_of_the_pen(self, text: str) -> None:
        assert described(text)["slips"] == pytest.approx(
            100 / len(text.replace(",", " ").replace(".T", ". T").split()), rel=0.35
        )

    @pytest.mark.parametrize(
        "text",
        [
            "He have a car.",
            "They was late.",
            "People is tired.",
            "She can goes there.",
            "He should to go.",
            "We didn't went there.",
            "It is more easier.",
            "It is more easy.",
            "I need informations.",
            "There are many student.",
            "There is too much people.",
            "I saw this things.",
            "It is one of the problem of our time.",
            "You should of told me.",
            "It is better then that.",
            "I am agree with you.",
            "This is for make it better.",
            "I want be a doctor.",
            "He doesn't know nothing.",
            "It is a example of that.",
            "It is an problem.",
            "I have problem with that.",
        ],
    )
    def test_slips_of_grammar(self, text: str) -> None:
        assert grammar_slips(text) == 1

    @pytest.mark.parametrize(
        "text",
        [
            "Does he have a car?",
            "The number of people is small.",
            "It is a two year old child.",
            "He is an hour late and a university student.",
            "Many student unions disagree.",
            "Much of what he did was to have been expected.",
            "You, and only you, know it.",
            "Of course, many people think so.",
        ],
    )
    def test_what_is_right_is_no_slip(self, text: str) -> None:
        assert grammar_slips(text) == 0

    @pytest.mark.parametrize(
        "text",
        [
            "Jag lärde mig att går.",
            "Han kan inte är här.",
            "Det är en problem.",
            "Det är ett bok.",
            "Därför jag tycker det.",
            "Dem är snälla.",
            "Jag tror att han vara trött.",
        ],
    )
    def test_swedish_slips_of_grammar(self, text: str) -> None:
        assert grammar_slips(text, SV) == 1

    def test_words_that_do_not_go_together_fit_worse(self) -> None:
        words = ESSAY.split()
        articles_lost = " ".join(word for word in words if word not in ("the", "a", "to", "of"))

        assert described(articles_lost)["fit"] < described(ESSAY)["fit"]


class TestGaming:
    def test_saying_it_twice_says_no_more(self) -> None:
        once, twice = described(ESSAY), described(f"{ESSAY}\n\n{ESSAY}")

        for code in (
            "distinct_words",
            "distinct_uncommon",
            "distinct_trigrams",
            "guiraud",
            "connectives",
        ):
            assert twice[code] == once[code]
        assert twice["repeated"] == pytest.approx(0.5)

    def test_a_heap_of_words_adds_nothing(self, rare_words: Sequence[str]) -> None:
        padded = described(f"{ESSAY} {' '.join(rare_words)}")

        assert padded["distinct_words"] <= described(ESSAY)["distinct_words"]
        assert padded["heaped"] > 0.4

    def test_rare_words_strewn_over_a_text_are_noticed(self, rare_words: Sequence[str]) -> None:
        words = ESSAY.split()
        strewn = " ".join(f"{word} {rare}" for word, rare in zip(words, rare_words, strict=False))

        assert described(strewn)["rare"] > 0.2

    @pytest.mark.parametrize(("text", "language"), [(ESSAY, EN), (SVENSK, SV)])
    def test_shuffled_words_are_torn(self, text: str, language: Language) -> None:
        orders = [random.Random(seed).sample(text.split(), len(text.split())) for seed in range(20)]
        torn = [described(" ".join(words), language)["torn"] for words in orders]

        assert sum(torn) / len(torn) > 0.1 > described(text, language)["torn"]


@pytest.fixture(scope="module")
def rare_words() -> Sequence[str]:
    """Words that the language has, and hardly anybody uses."""
    return [
        "abeyance",
        "acrimony",
        "alacrity",
        "amalgam",
        "anathema",
        "antipathy",
        "apostate",
        "ardor",
        "artifice",
        "ascetic",
        "atrophy",
        "avarice",
        "banal",
        "bellicose",
        "bombast",
        "bovine",
        "brusque",
        "bucolic",
        "cacophony",
        "cajole",
        "calumny",
        "candor",
        "capitulate",
        "castigate",
        "caustic",
        "celerity",
        "censure",
        "chicanery",
        "circumspect",
        "clemency",
        "coalesce",
        "cogent",
        "complicit",
        "conflagration",
        "contrite",
        "convivial",
        "cupidity",
        "cursory",
        "dearth",
        "debacle",
        "deference",
        "deleterious",
        "demagogue",
        "denigrate",
        "deride",
        "desiccate",
        "despot",
        "diaphanous",
        "didactic",
        "diffident",
        "dilatory",
        "dirge",
        "dogmatic",
        "dour",
        "duplicity",
        "ebullient",
        "effusive",
        "egregious",
        "elegy",
        "elucidate",
        "emollient",
        "enervate",
        "ephemeral",
        "equanimity",
        "erudite",
        "eschew",
        "esoteric",
        "evanescent",
        "exacerbate",
        "exculpate",
        "execrable",
        "exigent",
        "expedient",
        "extol",
        "facetious",
        "fallacious",
        "fastidious",
        "fatuous",
        "fecund",
        "feral",
        "fetid",
        "florid",
        "foment",
        "forlorn",
        "fractious",
        "furtive",
        "garrulous",
        "germane",
        "gratuitous",
        "gregarious",
        "guile",
        "hackneyed",
        "hapless",
        "harangue",
        "hiatus",
        "iconoclast",
        "idyllic",
    ]
