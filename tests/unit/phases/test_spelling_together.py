"""What the other texts of a batch say of a word: where they are one batch, and only there."""

from itertools import permutations

import pytest

from pipelines.phase import Done, GaveUp, Unit
from pipelines.phases.spellcheck.together import Together
from pipelines.vocabulary import Language
from tests.unit.phases.conftest import a_batch, an_item

BOAT = "Han lagade båten hela våren. Vi rodde ut med båten."
HERO = "Merilla is big."


@pytest.fixture
def found(spellcheck):
    """Form → what may have been meant, in the first of some texts that are one batch."""

    def found(*texts, language="sv", **batch):
        items = list(map(an_item, texts))
        first = next(spellcheck.run_as_one(a_batch(language, **batch), items))
        assert isinstance(first, Done)
        return {e["text"]: [s["text"] for s in e["suggestions"]] for e in first.result["errors"]}

    return found


class TestInSwedish:
    def test_what_others_write_is_likelier_meant(self, found):
        alone, beside = found("Vi rodde ut med bten."), found("Vi rodde ut med bten.", BOAT)

        assert alone["bten"][:2] == ["biten", "båten"]
        assert beside["bten"][0] == "båten"

    def test_so_is_what_the_assignment_says(self, found):
        assert found("De åt en gd middag.")["gd"][0] == "gud"
        assert found("De åt en gd middag.", instructions="En god middag.")["gd"][0] == "god"

    def test_a_text_does_not_speak_for_itself(self, found):
        twice = "Vi rodde ut med bten. Hon rodde ut med båten."

        assert found(twice) == found(twice, "Något annat.")

    def test_a_slip_that_many_make_is_one(self, found):
        many = ["Det var intresant."] * 9

        assert found(*many)["intresant"][0] == "intressant"

    def test_the_order_of_the_others_is_nothing_to_it(self, found):
        others = (BOAT, "Vi fick byten.", "En biten hund, en bit av den.")

        assert len({str(found("Vi tog bten.", *each)) for each in permutations(others)}) == 1


class TestNames:
    def test_are_what_two_write_with_a_capital(self, found):
        once = found(HERO, "I saw Merilla.", language="en")
        twice = found(HERO, "I saw Merilla.", "And Merilla's hat was like Merilla.", language="en")

        assert list(once) == ["Merilla"]
        assert twice == {}

    def test_are_names_in_the_genitive_and_at_the_beginning_of_a_sentence_too(self, found):
        others = ("I saw Merilla.", "They saw Merilla.")

        assert found("Merilla's hat. Merilla!", *others, language="en") == {}

    def test_are_none_in_small_letters(self, found):
        assert "merilla" in found(
            "A tall merilla sang.", "I saw Merilla.", "They saw Merilla.", language="en"
        )

    def test_are_not_what_two_misspell(self, found):
        errors = found("We went to Sweeden.", "I love Sweeden.", language="en")

        assert errors["Sweeden"][0] == "Sweden"


def test_every_text_has_its_outcome_in_the_order_of_the_batch(spellcheck):
    texts = [f"They have {'very ' * number}teh." if number % 7 else "" for number in range(80)]

    outcomes = list(spellcheck.run_as_one(a_batch("en"), list(map(an_item, texts))))

    assert len(outcomes) == len(texts)
    for text, outcome in zip(texts, outcomes, strict=True):
        if text:
            assert [error["start"] for error in outcome.result["errors"]] == [text.index("teh")]
        else:
            assert isinstance(outcome, GaveUp)


class TestEssaysOfARun:
    def test_depend_on_no_other_essay(self, spellcheck):
        batch = a_batch("sv", "En god middag.")
        units = [
            Unit(number, (an_item(text),))
            for number, text in enumerate(("Vi rodde ut med bten.", BOAT, "De åt en gd middag."))
        ]

        together = spellcheck.run_many(batch, units)
        alone = [spellcheck.run_many(batch, [unit])[0] for unit in units]

        assert [each.result for each in together] == [each.result for each in alone]
        assert together[0].result["errors"][0]["correction"] == "biten"
        assert together[2].result["errors"][0]["correction"] == "god"


class TestCounting:
    def test_ends_where_more_says_nothing_new(self):
        huge = "ord " * 500_000
        together = Together([huge, "båten", "båten"], Language.SWEDISH)

        assert together.others().told(["ord"], [], [])
        assert not together.others().told(["båten"], [], [])
        assert not together.others(but=1).told(["båten"], [], [])
