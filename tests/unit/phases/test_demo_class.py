from pathlib import Path

import pytest

import app.cli
from pipelines.phase import Done, GaveUp
from pipelines.phases.spellcheck import undo
from pipelines.vocabulary import Language

FOLDER = Path(app.cli.__file__).parent / "demo_class"
MISSPELT = {
    *("Adam", "Arvid", "Axel", "Elias", "Filip", "Kian"),
    *("Liam", "Melvin", "Omar", "Signe", "Wilma", "Zahra"),
}


def essays(folder):
    files = sorted((FOLDER / folder).glob("*.txt"))
    return {file.name.split(" - ")[0]: file.read_text("utf-8") for file in files}


@pytest.fixture(scope="module")
def checked(spellcheck, run):
    texts = essays("english")
    instructions = (FOLDER / "assignment_en.txt").read_text("utf-8")
    found = run(spellcheck, *texts.values(), instructions=instructions, names=tuple(texts))
    return dict(zip(texts, found, strict=True))


def test_it_has_thirty_essays_an_empty_file_and_one_that_is_too_short():
    lengths = sorted(len(text) for text in essays("english").values())

    assert len(lengths) == 32
    assert lengths[0] == 0
    assert lengths[1] < 50 < lengths[2]


def test_it_has_a_dozen_essays_in_swedish_of_the_length_asked_for():
    counts = [len(text.split()) for text in essays("swedish").values()]

    assert len(counts) == 12
    assert all(120 <= count <= 220 for count in counts)


def test_only_essays_with_misspellings_are_corrected(checked):
    done = {name: outcome.result for name, outcome in checked.items() if isinstance(outcome, Done)}

    corrected = {name for name, found in done.items() if any(e["applied"] for e in found["errors"])}

    assert {name.split()[0] for name in corrected} <= MISSPELT
    assert len(corrected) >= 10


def test_no_pupil_and_hardly_any_right_word_is_flagged(checked):
    flagged = [
        error["text"]
        for name, outcome in checked.items()
        if isinstance(outcome, Done) and name.split()[0] not in MISSPELT
        for error in outcome.result["errors"]
    ]

    assert set(flagged) <= {"unglamorous"}


def test_the_empty_file_is_given_up(checked):
    assert [name for name, outcome in checked.items() if isinstance(outcome, GaveUp)] == [
        "Tage Sundin"
    ]


def test_swedish_corrections_can_be_undone(spellcheck, run):
    texts = essays("swedish")

    found = run(spellcheck, *texts.values(), language=Language.SWEDISH, names=tuple(texts))

    for text, outcome in zip(texts.values(), found, strict=True):
        assert undo(outcome.result["corrected_text"], outcome.result["errors"]) == text
