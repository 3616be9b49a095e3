from collections import Counter

import pytest

from app.cli import classes
from pipelines import matching
from pipelines.extraction import Extracted, Refused, extract
from pipelines.phase import Done
from pipelines.phases.spellcheck import undo
from pipelines.vocabulary import Language
from tests.demo_class import make

MISSPELT = {
    *("Adam", "Arvid", "Axel", "Elias", "Filip", "Kian"),
    *("Liam", "Melvin", "Omar", "Signe", "Wilma", "Zahra"),
}
ENGLISH, SWEDISH = classes.both()


def read(a_class) -> dict[str, Extracted | Refused]:
    """What comes of each pupil's file."""
    return {pupil: extract(path.name, path.read_bytes()) for pupil, path in a_class.pupils.items()}


def essays(a_class) -> dict[str, str]:
    return {
        pupil: each.text for pupil, each in read(a_class).items() if isinstance(each, Extracted)
    }


@pytest.fixture(scope="module")
def checked(spellcheck, run):
    texts = essays(ENGLISH)
    found = run(spellcheck, *texts.values(), instructions=ENGLISH.instructions, names=tuple(texts))
    return dict(zip(texts, found, strict=True))


def test_its_documents_are_what_the_texts_make():
    for path, body in make.made().items():
        assert path.read_bytes() == body, f"{path.name}: run python -m tests.demo_class.make"


def test_documents_have_the_texts_that_they_were_made_from():
    for folder, a_class in (("english", ENGLISH), ("swedish", SWEDISH)):
        for pupil, text in essays(a_class).items():
            source = make.TEXTS / folder / f"{pupil}.txt"
            if source.exists():
                assert text == "\n\n".join(make.paragraphs_of(source.read_text("utf-8"))), pupil


def test_it_has_thirty_essays_and_three_bad_files_each_with_its_reason():
    refused = {
        pupil: each.code for pupil, each in read(ENGLISH).items() if isinstance(each, Refused)
    }

    assert len(essays(ENGLISH)) == 30
    assert refused == classes.BAD_FILES


def test_it_has_a_dozen_essays_in_swedish_of_the_length_asked_for():
    counts = [len(text.split()) for text in essays(SWEDISH).values()]

    assert len(counts) == 12
    assert all(120 <= count <= 220 for count in counts)


@pytest.mark.parametrize("a_class", [ENGLISH, SWEDISH], ids=["english", "swedish"])
def test_it_is_a_mix_of_files_each_of_which_names_its_pupil(a_class):
    files = {pupil: [path.stem] for pupil, path in a_class.pupils.items()}

    kinds = Counter(path.suffix for path in a_class.files)
    assert set(kinds) == {".txt", ".docx", ".pdf"}
    assert min(kinds.values()) > len(a_class.files) / 8
    assert matching.match(files, list(a_class.pupils)) == {pupil: pupil for pupil in files}


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


def test_swedish_corrections_can_be_undone(spellcheck, run):
    texts = essays(SWEDISH)

    found = run(spellcheck, *texts.values(), language=Language.SWEDISH, names=tuple(texts))

    for text, outcome in zip(texts.values(), found, strict=True):
        assert undo(outcome.result["corrected_text"], outcome.result["errors"]) == text
