"""Words that a teacher has allowed: neither found in the next run, nor counted in this one's result."""

import uuid
from dataclasses import replace

import pytest

from pipelines.phase import BatchContext, Done, ItemRef, Unit
from pipelines.phases.spellcheck import Spellcheck, undo
from pipelines.phases.spellcheck.allowed import without
from pipelines.vocabulary import Language
from tests.unit.phases.conftest import an_item

TEXT = "I beleive that my freind likes it. Beleive me, my freind is quite anouther one."
BATCH = BatchContext(uuid.UUID(int=1), Language.ENGLISH, "ENG5")


def allowing(*forms: str) -> BatchContext:
    return replace(BATCH, allowed=frozenset(forms))


@pytest.fixture(scope="module")
def found(check):
    return check(TEXT)


class TestTheNextRun:
    def run(self, spellcheck: Spellcheck, batch: BatchContext) -> list[str]:
        (outcome,) = spellcheck.run_many(batch, [Unit(0, (an_item(TEXT),))])
        assert isinstance(outcome, Done)
        return [error["text"] for error in outcome.result["errors"]]

    def test_does_not_find_them_in_whatever_case(self, spellcheck):
        before = self.run(spellcheck, BATCH)

        after = self.run(spellcheck, allowing("beleive"))

        assert {"beleive", "Beleive"} <= set(before)
        assert after == [word for word in before if word.lower() != "beleive"]

    def test_checks_again_because_its_input_is_another(self, spellcheck):
        item = ItemRef(uuid.UUID(int=2), "0" * 64)
        hashes = [
            spellcheck.input_hash(batch, item)
            for batch in (BATCH, allowing("freind"), allowing("freind", "beleive"))
        ]

        assert len(set(hashes)) == 3
        assert spellcheck.input_hash(allowing("beleive", "freind"), item) == hashes[2]


class TestWithout:
    def test_nothing_left_out_is_the_same(self, found):
        assert without(found, ()) == found
        assert without(found, {"elephant"}) == found

    def test_leaves_out_every_occurrence_and_keeps_the_ids_of_the_others(self, found):
        left = without(found, {"beleive"})

        gone = [error["id"] for error in found["errors"] if error["text"].lower() == "beleive"]
        assert len(gone) == 2
        assert [error["id"] for error in left["errors"]] == [
            error["id"] for error in found["errors"] if error["id"] not in gone
        ]

    def test_gives_the_pupils_word_back_in_the_corrected_text(self, found):
        left = without(found, {"beleive"})

        assert left["corrected_text"].startswith("I beleive that my friend")
        assert "Beleive me" in left["corrected_text"]
        assert undo(left["corrected_text"], left["errors"]) == TEXT
        for error in left["errors"]:
            shown = left["corrected_text"][error["corrected_start"] : error["corrected_end"]]
            assert shown == (error["correction"] if error["applied"] else error["text"])

    def test_counts_as_if_it_had_not_been_found(self, found):
        left = without(found, {"beleive", "freind"})

        assert left["error_count"] == len(left["errors"]) == found["error_count"] - 4
        assert left["error_types"] == found["error_types"] - 2
        assert sum(left["counts_by_kind"].values()) == left["error_count"]
        assert left["counts_by_kind"].keys() == found["counts_by_kind"].keys()
        assert left["error_rate"] == round(left["error_count"] / found["checked_count"], 4)
        assert 0 < left["type_rate"] < found["type_rate"]

    def test_of_everything_leaves_the_text_as_it_was(self, found):
        left = without(found, {error["text"].lower() for error in found["errors"]})

        assert left["corrected_text"] == TEXT
        assert (left["errors"], left["error_count"]) == ([], 0)
        assert (left["error_rate"], left["type_rate"]) == (0.0, 0.0)
