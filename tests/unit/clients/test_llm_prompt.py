"""What a model is asked: essays are data, and the same question is always the same."""

import re
from dataclasses import replace
from uuid import uuid4

import pytest

from app.clients.llm import prompt
from pipelines.phase import BatchContext
from pipelines.phases.cj_assessment.decisions import Pair
from pipelines.phases.cj_assessment.judges import Task
from pipelines.vocabulary import Language
from tests import injections

BATCH = BatchContext(uuid4(), Language.SWEDISH, "SV1", names=frozenset({"Alma Lindqvist"}))
TASK = Task(Pair("a", "b"), "Det var en gång.", "Det var två gånger.", "Berätta!", Language.SWEDISH)


def mark(asked: prompt.Prompt) -> str:
    found = re.search(r"^<<<first essay (\w+)$", asked.user, re.M)
    assert found
    return found[1]


def test_the_left_essay_is_the_first():
    asked = prompt.of(TASK, BATCH).user

    assert asked.index("Berätta!") < asked.index("en gång") < asked.index("två gånger")


def test_the_language_is_said_and_the_instructions_hold_nothing_of_a_pupils():
    asked = prompt.of(TASK, BATCH)

    assert "in Swedish" in asked.system
    assert "[namn]" in asked.system
    assert "gång" not in asked.system


def test_the_assignment_may_be_unknown():
    asked = prompt.of(replace(TASK, instructions="  "), BATCH)

    assert "The assignment is not known" in asked.user


def test_the_same_question_is_the_same_words_and_digest():
    one, two = prompt.of(TASK, BATCH), prompt.of(TASK, replace(BATCH, batch_id=uuid4()))

    assert one == two
    assert one.digest("judge") == two.digest("judge") != one.digest("another")


@pytest.mark.parametrize("change", ["left_text", "right_text", "instructions"])
def test_another_question_has_another_digest_and_marker(change):
    one, two = prompt.of(TASK, BATCH), prompt.of(replace(TASK, **{change: "Annat."}), BATCH)

    assert one.digest("judge") != two.digest("judge")
    assert mark(one) != mark(two)


def test_a_digest_tells_nothing():
    assert re.fullmatch(r"[0-9a-f]{64}", prompt.of(TASK, BATCH).digest("judge"))


def test_a_second_try_has_the_same_question_and_says_what_was_wrong():
    asked = prompt.of(TASK, BATCH)

    again = asked.repaired("it is no JSON")

    assert again.asked.startswith(asked.user)
    assert "it is no JSON" in again.asked
    assert again.digest("judge") == asked.digest("judge")


@pytest.mark.parametrize("language", list(Language))
def test_there_are_six_markers_whatever_an_essay_says(language):
    batch = replace(BATCH, language=language)
    for injection in injections.CORPUS[language]:
        for task in (
            replace(TASK, left_text=injection, language=language),
            replace(TASK, right_text=injection, language=language),
        ):
            asked = prompt.of(task, batch)
            lines = [line for line in asked.user.split("\n") if line.endswith(mark(asked))]

            assert [line[:3] for line in lines] == ["<<<", ">>>"] * 3
            assert injections.WORD not in asked.system


def test_both_languages_are_tried():
    assert {language: len(each) >= 16 for language, each in injections.CORPUS.items()} == {
        Language.ENGLISH: True,
        Language.SWEDISH: True,
    }
