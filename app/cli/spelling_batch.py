"""Texts that belong together, checked by the spellcheck phase as one batch."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from app import garbage
from pipelines.phase import BatchContext, Done, GaveUp, Item, Outcome
from pipelines.phases.spellcheck import Spellcheck
from pipelines.phases.spellcheck.building import Progress
from pipelines.phases.spellcheck.speller import speller
from pipelines.vocabulary import Language

Result = Mapping[str, Any]
"""What the phase stores of one text but for its digest, or the part of it that a text without words has."""

_NOBODY = UUID(int=0)
"""Of the batch and of each text: nobody asks for them by an id."""

_NO_WORDS = "no_words"


class NotChecked(Exception):
    """The phase has no result for a text; the message is its sentence for the teacher."""


class Batch:
    """Checks texts of one language; needs nothing but the words that come along.

    Args:
        language: of all the texts.
        names: never flagged, nor are their genitives.
    """

    def __init__(self, language: Language, names: Iterable[str] = ()) -> None:
        self._language = language
        self._names = frozenset(names)
        self._phase = Spellcheck()

    def prepare(self, progress: Progress) -> None:
        """Open the language's words, which otherwise happens with the first text.

        Args:
            progress: told how many are done, and of how many, only where they have to be made first.

        Raises:
            DictionaryMissingError: the language has no dictionary here.
        """
        speller(self._language, progress=progress)
        garbage.look_seldom()

    def check(
        self, texts: Sequence[str], names: Iterable[str] = ()
    ) -> Iterator[Result | NotChecked]:
        """Check texts that are context to each other, each when its result is asked for.

        Args:
            texts: any number, of any length.
            names: known of these texts only.

        Returns:
            One for each text, in their order. A text without words is right as it is.

        Raises:
            DictionaryMissingError: the language has no dictionary here.
        """
        context = BatchContext(
            batch_id=_NOBODY,
            language=self._language,
            course_code="",
            names=self._names.union(names),
        )
        outcomes = self._phase.run_as_one(context, [Item(_NOBODY, text, "") for text in texts])
        return map(_result, texts, outcomes)


def _result(text: str, outcome: Outcome) -> Result | NotChecked:
    if isinstance(outcome, Done):
        return outcome.result
    if isinstance(outcome, GaveUp) and outcome.code == _NO_WORDS:
        return {
            "corrected_text": text,
            "word_count": 0,
            "checked_count": 0,
            "error_count": 0,
            "errors": [],
        }
    return NotChecked(outcome.reason)
