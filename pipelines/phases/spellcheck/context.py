"""How well a word goes with the words around it.

Source of the English model: the trigrams of US English that come with the package pocketsphinx (CMU Sphinx).
"""

import math
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Protocol

import pocketsphinx

from pipelines.phases.spellcheck.slips import Trait
from pipelines.vocabulary import Language

_BASE = 1.0001  # of the logarithms the model answers in
_NATS = math.log(_BASE)
_NO_WORD = "zzqqxv"
_LEAST = -8.0  # nats: what is unheard of may happen all the same
_REACH = 2  # words on each side


class Context(Protocol):
    """Knows which words follow each other."""

    def traits(self, meant: str, before: Sequence[str], after: Sequence[str]) -> Iterator[Trait]:
        """How well a word goes between others, as traits.

        Args:
            meant: a word in lower case, or two with a space.
            before, after: the two nearest words on each side, in lower case and in the order of the text; fewer at
                the edges of a sentence.
        """
        ...


class NoContext:
    """Knows nothing of that."""

    def traits(self, *_: object) -> Iterator[Trait]:
        """Nothing."""
        return iter(())


class Trigrams:
    """Three words at a time, by how often they are said in English."""

    def __init__(self) -> None:
        self._model = pocketsphinx.NGramModel(
            pocketsphinx.Config(),
            pocketsphinx.LogMath(_BASE),
            pocketsphinx.get_model_path("en-us/en-us.lm.bin"),
        )
        self._unknown = self._log(_NO_WORD)
        self._alone = lru_cache(maxsize=100_000)(self._log)

    def traits(self, meant: str, before: Sequence[str], after: Sequence[str]) -> Iterator[Trait]:
        """See the protocol. All in nats: the word by itself, and what each neighbour adds to that."""
        first, _, second = meant.partition(" ")
        behind = list(reversed(before[-_REACH:]))
        alone = self._alone(first)
        yield "said", alone
        if alone <= self._unknown:
            yield "never said", 1.0
        gain = self._log(first, *behind) - alone if behind else 0.0
        if second:
            gain += self._log(second, first, *behind[:1]) - self._alone(second)
            behind = [first]
        if behind:
            yield "after what is before", max(_LEAST, gain)
        last = second or first
        if after and self._is_known(after[0]):
            gain = self._log(after[0], last, *behind[:1]) - self._alone(after[0])
            yield "before what is after", max(_LEAST, gain)
            if len(after) > 1 and self._is_known(after[1]):
                gain = self._log(after[1], after[0], last) - self._log(after[1], after[0])
                yield "before the one behind that", max(_LEAST, gain)

    def gains(self, words: Sequence[str]) -> Iterator[float]:
        """What the two words before it add to each word that is known, in nats; nothing for the first.

        Args:
            words: of one sentence, in lower case.
        """
        for at in range(1, len(words)):
            if self._is_known(words[at]):
                behind = reversed(words[max(0, at - _REACH) : at])
                yield max(_LEAST, self._log(words[at], *behind) - self._alone(words[at]))

    def _is_known(self, word: str) -> bool:
        return self._alone(word) > self._unknown

    def _log(self, *words: str) -> float:
        """Log probability of the first word given those before it, the nearest first."""
        return float(self._model.prob(list(words))) * _NATS


@lru_cache(maxsize=2)
def of(language: Language) -> Context:
    """What there is of a language, loaded once in a process."""
    return Trigrams() if language is Language.ENGLISH else NoContext()
