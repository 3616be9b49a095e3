"""What the texts of one batch write, counted, so that each can be read beside the others."""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from itertools import accumulate, chain, pairwise
from typing import NamedTuple

import regex

from pipelines.forms import normalise
from pipelines.phases.remembered import Remembered
from pipelines.phases.spellcheck.slips import Trait
from pipelines.vocabulary import Language

Form = str | tuple[str, str]
"""A word in lower case, or two that follow each other."""

_MOST_LETTERS = 1_500_000
"""How much is counted: some 600 essays. What a word is likely to be does not hang on the next thousand."""
_WORD = regex.compile(r"[\p{L}\p{M}]++(?:['-][\p{L}\p{M}]++)*+")
_CAPITALISED = regex.compile(r"(?<=[\p{Ll},] )\p{Lu}[\p{L}\p{M}]++(?:['-][\p{L}\p{M}]++)*+")
_SHARED = 2
_NO_WORD = ""


class Together:
    """Texts that are context to each other.

    In English no words are counted: measured over learners' sentences, they add nothing to what the trigrams know.

    Args:
        texts: of the whole batch.
        language: of all of them.
    """

    def __init__(self, texts: Sequence[str], language: Language) -> None:
        before = accumulate(map(len, texts), initial=0)
        counted = [
            normalise(text)
            for text, letters in zip(texts, before, strict=False)
            if letters < _MOST_LETTERS
        ]
        is_swedish = language is Language.SWEDISH
        self._words = list(map(_words_in, counted)) if is_swedish else []
        self._counts = Counter(chain.from_iterable(map(_forms, self._words)))
        capitalised = (set(_CAPITALISED.findall(text)) for text in counted)
        self._capitalised = Counter(chain.from_iterable(capitalised))

    def others(self, but: int | None = None) -> "Others":
        """All of them, or all but one of these texts, by its number."""
        own = self._words[but] if but is not None and but < len(self._words) else ()
        return Others(self._counts, own)

    @cached_property
    def capitalised(self) -> frozenset[str]:
        """Words that two of them and more write with a capital inside a sentence."""
        return frozenset(word for word, texts in self._capitalised.items() if texts >= _SHARED)


class Told(NamedTuple):
    """What other texts say of a word where it stands.

    Attributes:
        form: the word in lower case, or two with a space.
        texts: how many of them write it.
        after_left, before_right: how many write it behind the same word, and before the same.
    """

    form: str
    texts: int
    after_left: int
    before_right: int

    def traits(self) -> list[Trait]:
        """The same as what tells words apart."""
        _, *counts = self
        return [
            (name, math.log1p(texts)) for name, texts in zip(_TOLD, counts, strict=True) if texts
        ]


_TOLD = (
    "others write",
    "others write after what is before",
    "others write before what is after",
)


class Others:
    """The other texts of a batch, and in how many of them a word is.

    Args:
        counts: form → in how many texts of the batch it is.
        own: words of the text that they are read beside, if it is counted among them, in lower case.
    """

    def __init__(self, counts: Mapping[Form, int], own: Sequence[str]) -> None:
        self._counts = counts
        self._own = own

    def __bool__(self) -> bool:
        """Whether they have anything to say."""
        return bool(self._counts)

    def told(
        self, forms: Iterable[str], before: Sequence[str], after: Sequence[str]
    ) -> tuple[Told, ...]:
        """What they say of some words between others; nothing of what none of them writes.

        It weighs as much for a word as it is written as for what else may have been meant: a slip that many make is
        outweighed by the right word, which more of them write.

        Args:
            forms: words in lower case, or two with a space.
            before, after: as for `Context.between`.
        """
        if not self._counts:
            return ()
        told, count_of, own = [], self._counts.get, self._own_words
        left = before[-1] if before else _NO_WORD
        right = after[0] if after else _NO_WORD
        for form in forms:
            texts = count_of(form, 0)
            if texts:
                first = last = form
                texts -= form in own
                if not texts:
                    continue
            elif " " in form:
                first, _, last = form.partition(" ")
                if texts := count_of((first, last), 0):
                    texts -= first in own and (first, last) in self._own_pairs
            else:  # as most of them, which nobody writes
                continue
            if after_left := count_of((left, first), 0):
                after_left -= first in own and (left, first) in self._own_pairs
            if before_right := count_of((last, right), 0):
                before_right -= last in own and (last, right) in self._own_pairs
            if texts or after_left or before_right:
                told.append(Told(form, texts, after_left, before_right))
        return tuple(told)

    @cached_property
    def _own_words(self) -> set[str]:
        return set(self._own)

    @cached_property
    def _own_pairs(self) -> set[Form]:
        return set(pairwise(self._own))


NOBODY = Others({}, ())
"""Whoever a text is read beside that is read alone."""


# No word has a space in it, and most of what is between two has been met before.
_words_of: Remembered[tuple[str, ...]] = Remembered(lambda piece: tuple(_WORD.findall(piece)))


def _forms(words: Sequence[str]) -> set[Form]:
    return {*words, *pairwise(words)}


def _words_in(plain: str) -> list[str]:
    return list(chain.from_iterable(map(_words_of.__getitem__, plain.lower().split(" "))))
