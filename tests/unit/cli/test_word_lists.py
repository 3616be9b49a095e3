import io

import pytest
from rich.console import Console

from app.cli import word_lists
from app.local.errors import LocalError
from pipelines.phases.spellcheck import Spellcheck
from pipelines.phases.spellcheck.dictionaries import DictionaryMissingError
from pipelines.vocabulary import Language


def printed(*, is_terminal=False):
    written = io.StringIO()
    word_lists.make_ready(Console(file=written, force_terminal=is_terminal, width=100))
    return written.getvalue()


@pytest.fixture
def made(monkeypatch):
    """What is told of while the index is made."""
    told = []

    def make_ready(phase, progress):
        for each in told:
            progress(*each)

    monkeypatch.setattr(Spellcheck, "make_ready", make_ready)
    return told


def test_nothing_is_said_where_everything_is_there(made):
    assert printed() == printed(is_terminal=True) == ""


def test_what_is_waited_for_is_said_in_a_line(made):
    made += [(Language.ENGLISH, 0, 2), (Language.ENGLISH, 2, 2), (Language.SWEDISH, 0, 2)]

    assert printed().strip() == word_lists.SAID


def test_a_terminal_shows_how_far_each_language_is(made):
    made += [(Language.ENGLISH, 0, 2), (Language.ENGLISH, 2, 2), (Language.SWEDISH, 1, 2)]

    shown = printed(is_terminal=True)

    assert "English words" in shown
    assert "Swedish words" in shown


def test_a_missing_dictionary_is_said_in_a_sentence(monkeypatch):
    def missing(phase, progress):
        raise DictionaryMissingError("No en_US.aff and en_US.dic in /nowhere.")

    monkeypatch.setattr(Spellcheck, "make_ready", missing)

    with pytest.raises(LocalError, match=r"No en_US\.aff"):
        printed()
