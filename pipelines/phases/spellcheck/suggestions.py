"""What may have been meant by a word that is not right, best first."""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import regex

from pipelines.phases.spellcheck import edits
from pipelines.phases.spellcheck.common_words import JOINED
from pipelines.phases.spellcheck.lexicon import Lexicon
from pipelines.phases.spellcheck.neighbours import Neighbours, limit_for
from pipelines.vocabulary import Language

_SHORTLIST = 24
_OFFERED = 5
_EDIT = 5.5  # nats an edit of cost 1 weighs against ln of the frequency
_TEMPERATURE = 1.6
_NOTHING_MEANT = -22.0  # score of "none of these": an unlisted word written as meant

_SPACE = 1.1  # cost of a missing space
_SURE = 4.0  # how far a correction that is known beforehand is put ahead, in temperatures
_TOGETHER = 5.0  # nats by which two words meant together are likelier than by chance

# Contractions without their apostrophe. Before `s` only these words: `companys` is a plural.
_CONTRACTION = regex.compile(
    r"(\p{L}+n)(t)|(\p{L}+)(m|ve|re|ll|d)|(that|there|here|what|who|where|how|he|she|it|let)(s)"
)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A word that may have been meant.

    Attributes:
        text: as the dictionary writes it, or two such words with a space.
        score: its share of all that may have been meant, 0 to 1; the shares of all suggestions and
            of "none of these" add up to 1. It is a rank made readable, not a measured probability.
    """

    text: str
    score: float


class Suggester:
    """Finds and ranks candidates for one language, by frequency and cost of the edits alone.

    The neighbouring words are not looked at; that belongs to ranking in context.
    """

    def __init__(self, lexicon: Lexicon, neighbours: Neighbours) -> None:
        self._lexicon = lexicon
        self._neighbours = neighbours

    def suggest(self, word: str) -> tuple[Suggestion, ...]:
        """Candidates for a misspelt word, at most five.

        Args:
            word: in lower case, normalised.
        """
        scores = dict(self._listed(word))
        for pair, score in self._split(word):
            scores[pair] = max(score, scores.get(pair, score))
        sure = JOINED[self._lexicon.language].get(word) or self.contraction(word)
        if sure is not None:
            scores[sure] = max([*scores.values(), _NOTHING_MEANT]) + _SURE * _TEMPERATURE
        return _shares(scores)

    def outnumbered(self, word: str, ratio: float) -> bool:
        """Whether a dictionary word one edit away is that many times as frequent."""
        least = self._lexicon.frequency(word) * ratio
        return any(
            self._lexicon.frequency(near) >= least for near in self._neighbours.near(word, 1)
        )

    def contraction(self, word: str) -> str | None:
        """The usual English contraction whose apostrophe was left out: `didnt` → `didn't`."""
        if self._lexicon.language is not Language.ENGLISH or "'" in word:
            return None
        found = _CONTRACTION.fullmatch(word)
        form = "'".join(filter(None, found.groups())) if found else ""
        return self._lexicon.in_its_case(form) if form else None

    def _listed(self, word: str) -> Iterator[tuple[str, float]]:
        found = self._neighbours.near(word, limit_for(word))
        log = {near: math.log(self._lexicon.frequency(near)) for near in found}
        for near in sorted(found, key=lambda n: (found[n] * 4.0 - log[n], n))[:_SHORTLIST]:
            proper = self._lexicon.in_its_case(near)
            if proper is not None:
                yield proper, log[near] - _EDIT * edits.cost(word, near)
        itself = self._lexicon.in_its_case(word)
        frequency = self._lexicon.frequency(word)
        if itself is not None and frequency:
            yield itself, math.log(frequency) - _EDIT * edits.APOSTROPHE

    def _split(self, word: str) -> Iterator[tuple[str, float]]:
        frequency = self._lexicon.frequency
        for at in range(1, len(word)):
            left, right = word[:at], word[at:]
            likely = frequency(left) * frequency(right)
            if likely and self._stand_alone(left, right):
                yield f"{left} {right}", math.log(likely) + _TOGETHER - _EDIT * _SPACE

    def _stand_alone(self, left: str, right: str) -> bool:
        return all(_is_plain_word(part) and self._lexicon.knows(part) for part in (left, right))


def _is_plain_word(part: str) -> bool:
    return part.isalpha() and (len(part) > 1 or part in "aiåö")


def _shares(scores: dict[str, float]) -> tuple[Suggestion, ...]:
    best = sorted(scores, key=lambda text: (-scores[text], text))
    if not best:
        return ()
    top = max(scores[best[0]], _NOTHING_MEANT)
    weight = {text: math.exp((scores[text] - top) / _TEMPERATURE) for text in best}
    total = sum(weight.values()) + math.exp((_NOTHING_MEANT - top) / _TEMPERATURE)
    return tuple(Suggestion(text, round(weight[text] / total, 4)) for text in best[:_OFFERED])
