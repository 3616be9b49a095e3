"""How well a word goes with the words around it.

Source of the English model: the trigrams of US English that come with the package pocketsphinx (CMU Sphinx).
"""

import math
from collections.abc import Sequence
from functools import lru_cache
from typing import Protocol

import pocketsphinx

from pipelines.phases.spellcheck.slips import Trait
from pipelines.vocabulary import Language

START, END = "<s>", "</s>"
"""What stands before the first word of a sentence, and behind the last."""

NEVER_SAID = "never said"
TOLD = (
    *("said", NEVER_SAID, "after the start", "after what is before"),
    *("before the end", "before what is after", "before the one behind that"),
)
"""The traits of a word between others."""

_BASE = 1.0001  # of the logarithms the model answers in
_NATS = math.log(_BASE)
_NO_WORD = "zzqqxv"
_LEAST = -8.0  # nats: what is unheard of may happen all the same
_LEAST_SAID = -15.0  # nats
_REACH = 2  # words on each side
_REMEMBERED = 1 << 17


class Gap(Protocol):
    """A place for a word between others."""

    def traits(self, meant: str) -> Sequence[Trait]:
        """How well a word goes there, as traits.

        Args:
            meant: a word in lower case, or two with a space.
        """
        ...


class Context(Protocol):
    """Knows which words follow each other."""

    def between(self, before: Sequence[str], after: Sequence[str]) -> Gap:
        """The place between words.

        Args:
            before, after: the two nearest words on each side, in lower case and in the order of the text. At the
                edges of a sentence it is `START`, and `END` if there is a full stop or the like.
        """
        ...


class NoContext:
    """Knows nothing of that."""

    def between(self, *_: object) -> Gap:
        """Any place."""
        return NOTHING


class _Nothing:
    def traits(self, _: str) -> Sequence[Trait]:
        return ()


NOTHING = _Nothing()
"""A place of which nothing is known."""

NONE = NoContext()
"""Of a language of which nobody knows which words follow each other."""


class Trigrams:
    """Three words at a time, by how often they are said in English."""

    def __init__(self) -> None:
        model = pocketsphinx.NGramModel(
            pocketsphinx.Config(),
            pocketsphinx.LogMath(_BASE),
            pocketsphinx.get_model_path("en-us/en-us.lm.bin"),
        )

        def log(*words: str) -> float:
            return float(model.prob(words)) * _NATS

        self.log = lru_cache(maxsize=_REMEMBERED)(log)
        """Log probability of the first word given those before it, the nearest first, in nats."""
        self.unknown = log(_NO_WORD)
        """What it is of a word that the model does not have."""

    def between(self, before: Sequence[str], after: Sequence[str]) -> "_Between":
        """See the protocol."""
        return _Between(self, before, after)

    def gain(self, word: str, before: Sequence[str]) -> tuple[float, float] | None:
        """What the words before it add to a word, and the word by itself, in nats; None if it is never said.

        Args:
            word: in lower case.
            before: one or two words, in lower case and in the order of the text.
        """
        alone = self.log(word)
        return None if alone <= self.unknown else (self.log(word, *reversed(before)) - alone, alone)


class _Between:
    def __init__(self, model: Trigrams, before: Sequence[str], after: Sequence[str]) -> None:
        self._log, self._unknown = log, unknown = model.log, model.unknown
        self._behind = tuple(before[: -_REACH - 1 : -1])
        # Words that the model does not have say nothing of those before them.
        self._next = after[0] if after and log(after[0]) > unknown else None
        self._second = after[1] if self._next and after[1:] and log(after[1]) > unknown else None
        # What they are by themselves, whatever stands before them.
        self._next_alone = log(self._next) if self._next else 0.0
        self._second_alone = log(self._second, self._next) if self._second else 0.0

    def traits(self, meant: str) -> Sequence[Trait]:
        """All in nats: the word by itself, and what each neighbour adds to that."""
        log, behind, following, second = self._log, self._behind, self._next, self._second
        first, _, last = meant.partition(" ")
        alone = log(first)
        found = [("said", max(_LEAST_SAID, alone))]
        if alone <= self._unknown:
            found.append((NEVER_SAID, 1.0))
        gain = log(first, *behind) - alone if behind else 0.0
        if last:
            gain += log(last, first, *behind[:1]) - log(last)
            behind = (first,)
        if behind:
            name = "after the start" if behind[0] == START else "after what is before"
            found.append((name, max(_LEAST, gain)))
        last = last or first
        if following:
            gain = log(following, last, *behind[:1]) - self._next_alone
            name = "before the end" if following == END else "before what is after"
            found.append((name, max(_LEAST, gain)))
            if second:
                gain = log(second, following, last) - self._second_alone
                found.append(("before the one behind that", max(_LEAST, gain)))
        return found


@lru_cache(maxsize=2)
def of(language: Language) -> Context:
    """What there is of a language, loaded once in a process."""
    return Trigrams() if language is Language.ENGLISH else NONE
