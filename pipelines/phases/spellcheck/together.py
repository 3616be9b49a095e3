"""What the texts of one batch write, counted, so that each can be read beside the others."""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cached_property
from itertools import chain, pairwise

import regex

from pipelines.forms import normalise
from pipelines.phases.remembered import Remembered
from pipelines.phases.spellcheck.context import NOTHING, Gap
from pipelines.phases.spellcheck.slips import Trait
from pipelines.vocabulary import Language

Form = str | tuple[str, str]
"""A word in lower case, or two that follow each other."""

_MOST_LETTERS = 1_500_000
"""How much is counted: some 600 essays. What a word is likely to be does not hang on the next thousand."""
_WORD = regex.compile(r"[\p{L}\p{M}]++(?:['-][\p{L}\p{M}]++)*+")
_CAPITALISED = regex.compile(r"(?<=[\p{Ll},] )\p{Lu}[\p{L}\p{M}]++(?:['-][\p{L}\p{M}]++)*+")
_SHARED = 2


class Together:
    """Texts that are context to each other.

    In English no words are counted: measured over learners' sentences, they add nothing to what the trigrams know.

    Args:
        texts: of the whole batch.
        language: of all of them.
    """

    def __init__(self, texts: Sequence[str], language: Language) -> None:
        self._texts = texts
        self._counts: Counter[Form] = Counter()
        self._counted = 0
        self._capitalised: Counter[str] = Counter()
        letters = 0
        for text in texts:
            if letters >= _MOST_LETTERS:
                break
            letters += len(text)
            self._counted += 1
            plain = normalise(text)
            self._capitalised.update(set(_CAPITALISED.findall(plain)))
            if language is Language.SWEDISH:
                self._counts.update(_forms(plain))

    def others(self, but: int | None = None) -> "Others":
        """All of them, or all but one of these texts, by its number."""
        own = self._texts[but] if but is not None and but < self._counted else ""
        return Others(self._counts, own)

    @cached_property
    def capitalised(self) -> frozenset[str]:
        """Words that two of them and more write with a capital inside a sentence."""
        return frozenset(word for word, texts in self._capitalised.items() if texts >= _SHARED)


class Others:
    """The other texts of a batch, and in how many of them a word is.

    Args:
        counts: form → in how many texts of the batch it is.
        own: the text that they are read beside, if it is counted among them.
    """

    def __init__(self, counts: Mapping[Form, int], own: str) -> None:
        self.counts = counts
        self._text = own

    def __bool__(self) -> bool:
        """Whether they have anything to say."""
        return bool(self.counts)

    def between(self, before: Sequence[str], after: Sequence[str]) -> Gap:
        """As `Context.between`: how many others write a word, and how many next to the same neighbours.

        It weighs as much for a word as it is written as for what else may have been meant: a slip that many make is
        outweighed by the right word, which more of them write.
        """
        return _Between(self, before, after) if self else NOTHING

    def writing(self, form: Form) -> int:
        """How many of them write a form."""
        texts = self.counts.get(form, 0)
        return texts - (form in self._own) if texts else 0

    @cached_property
    def _own(self) -> frozenset[Form]:
        return frozenset(_forms(normalise(self._text)))


class _Between:
    def __init__(self, others: Others, before: Sequence[str], after: Sequence[str]) -> None:
        self._writing = others.writing
        self._counts = others.counts
        self._before = before[-1:]
        self._after = after[:1]

    def traits(self, meant: str) -> Sequence[Trait]:
        first, _, second = meant.partition(" ")
        form: Form = (first, second) if second else first
        found, counts = [], self._counts  # most of it nobody writes, which costs least to see here
        if form in counts and (texts := self._writing(form)):
            found.append(("others write", math.log1p(texts)))
        if self._before:
            form = self._before[0], first
            if form in counts and (texts := self._writing(form)):
                found.append(("others write after what is before", math.log1p(texts)))
        if self._after:
            form = second or first, self._after[0]
            if form in counts and (texts := self._writing(form)):
                found.append(("others write before what is after", math.log1p(texts)))
        return found


NOBODY = Others({}, "")
"""Whoever a text is read beside that is read alone."""


# No word has a space in it, and most of what is between two has been met before.
_words_of: Remembered[tuple[str, ...]] = Remembered(lambda piece: tuple(_WORD.findall(piece)))


def _forms(plain: str) -> set[Form]:
    words = list(chain.from_iterable(map(_words_of.__getitem__, plain.lower().split(" "))))
    return {*words, *pairwise(words)}
