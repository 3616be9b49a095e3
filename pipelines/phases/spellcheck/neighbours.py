"""The listed words that are a few letters away from a given one."""

from collections.abc import Collection, Sequence
from typing import NamedTuple

from pipelines.phases.spellcheck.dictionaries import forms
from pipelines.phases.spellcheck.words import Candidates, Case, Words

_ONE_EDIT = 3  # letters; of up to so many, one edit makes another word already
_TWO_EDITS = 6


class Near(NamedTuple):
    """A listed word near another one.

    Attributes:
        word: in lower case.
        distance: in edits.
        log_frequency: ln of its share of all running words.
        written: as the dictionary writes it.
        word_id: its rank by frequency.
    """

    word: str
    distance: int
    log_frequency: float
    written: str
    word_id: int


class Alike(NamedTuple):
    """Listed words that are said like a given one.

    Attributes:
        likeliest: the few for which most speaks, those first.
        ids: of all of them.
    """

    likeliest: Sequence[Near]
    ids: Collection[int]


NONE_ALIKE = Alike((), ())


class Neighbours:
    """Listed words that the dictionary has, by how they are spelt."""

    def __init__(self, words: Words) -> None:
        self._words = words

    def near(self, word: str, limit: int) -> dict[str, int]:
        """Every such word at most `limit` edits away, with its distance; never the word itself.

        Args:
            word: in lower case.
            limit: insertions, deletions, substitutions and swaps of neighbouring letters (optimal
                string alignment), 1 to 3.

        Returns:
            The nearest first, and of equally near ones the most frequent.
        """
        return self._spelt(self._words.near(word, limit))

    def likeliest(self, word: str, limit: int, *, per_edit: float, count: int) -> list[Near]:
        """The same, but not more than so many: those for which most speaks, the likeliest first.

        Args:
            word: in lower case.
            limit: as for `near`.
            per_edit: nats that an edit weighs against ln of the frequency.
            count: how many at most.
        """
        return self._likeliest(self._words.near(word, limit), per_edit, count)

    def sounding_like(self, word: str, limit: int, *, per_edit: float, count: int) -> Alike:
        """English words that are said alike; none in Swedish, which is written as it is said.

        Args:
            word: in lower case.
            limit: edits, beyond which alike sound is taken as an accident.
            per_edit, count: as for `likeliest`.
        """
        found = self._words.sounding_like(word, limit)
        return Alike(self._likeliest(found, per_edit, count), frozenset(found.ids.tolist()))

    def _likeliest(self, found: Candidates, per_edit: float, count: int) -> list[Near]:
        ids, distances = self._words.likeliest(found, per_edit=per_edit, count=count)
        return [self._near(*each) for each in zip(ids.tolist(), distances.tolist(), strict=True)]

    def _near(self, word_id: int, distance: int) -> Near:
        word, log_frequency = self._words.word(word_id), self._words.log_frequencies.item(word_id)
        case = self._words.case(word_id)
        written = word if case is Case.LOWER else forms(word)[case - 1]
        return Near(word, distance, log_frequency, written, word_id)

    def _spelt(self, found: Candidates) -> dict[str, int]:
        words = map(self._words.word, found.ids.tolist())
        return dict(zip(words, found.distances.tolist(), strict=True))


def limit_for(word: str) -> int:
    """How many edits away a candidate may be: 1 in words of up to 3 letters, 2 up to 6, else 3."""
    return 1 if len(word) <= _ONE_EDIT else 2 if len(word) <= _TWO_EDITS else 3
