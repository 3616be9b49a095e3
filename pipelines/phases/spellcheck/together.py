"""What the texts of one batch write, counted, so that each can be read beside the others."""

import math
from collections import Counter
from collections.abc import Mapping, Sequence, Set
from functools import cached_property
from itertools import accumulate, chain, pairwise

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


class Others:
    """The other texts of a batch, and in how many of them a word is.

    Args:
        counts: form → in how many texts of the batch it is.
        own: words of the text that they are read beside, if it is counted among them, in lower case.
    """

    def __init__(self, counts: Mapping[Form, int], own: Sequence[str]) -> None:
        self.counts = counts
        self._own = own

    def __bool__(self) -> bool:
        """Whether they have anything to say."""
        return bool(self.counts)

    def between(self, before: Sequence[str], after: Sequence[str]) -> Gap:
        """As `Context.between`: how many others write a word, and how many next to the same neighbours.

        It weighs as much for a word as it is written as for what else may have been meant: a slip that many make is
        outweighed by the right word, which more of them write.
        """
        return _Between(self, before, after) if self else NOTHING

    def write_any(self, words: Set[str]) -> bool:
        """Whether any of them writes any of some words in lower case, and so may write one next to another."""
        counts, own = self.counts, self.own_words
        return any(counts[word] > (word in own) for word in counts.keys() & words)

    def writing(self, form: Form) -> int:
        """How many of them write a form."""
        texts = self.counts.get(form, 0)
        if not texts:
            return 0
        return texts - (form in (self.own_words if isinstance(form, str) else self.own_pairs))

    @cached_property
    def own_words(self) -> frozenset[str]:
        """All that the text has."""
        return frozenset(self._own)

    @cached_property
    def own_pairs(self) -> frozenset[tuple[str, str]]:
        """All that the text has of two that follow each other."""
        return frozenset(pairwise(self._own))


class _Between:
    def __init__(self, others: Others, before: Sequence[str], after: Sequence[str]) -> None:
        self._others = others
        self._counts = others.counts
        self._before = before[-1] if before else _NO_WORD
        self._after = after[0] if after else _NO_WORD

    def traits(self, meant: str) -> Sequence[Trait]:
        if " " in meant:
            first, last = meant.split(" ")
            texts = self._others.writing((first, last))
            found = [("others write", math.log1p(texts))] if texts else []
        else:
            # Most of it nobody writes, alone or beside another word, which costs least to see here.
            texts = self._counts.get(meant, 0)
            if not texts or not (texts := texts - (meant in self._others.own_words)):
                return ()
            first = last = meant
            found = [("others write", math.log1p(texts))]
        pair = self._before, first
        if pair in self._counts and (texts := self._others.writing(pair)):
            found.append(("others write after what is before", math.log1p(texts)))
        pair = last, self._after
        if pair in self._counts and (texts := self._others.writing(pair)):
            found.append(("others write before what is after", math.log1p(texts)))
        return found


NOBODY = Others({}, ())
"""Whoever a text is read beside that is read alone."""


# No word has a space in it, and most of what is between two has been met before.
_words_of: Remembered[tuple[str, ...]] = Remembered(lambda piece: tuple(_WORD.findall(piece)))


def _forms(words: Sequence[str]) -> set[Form]:
    return {*words, *pairwise(words)}


def _words_in(plain: str) -> list[str]:
    return list(chain.from_iterable(map(_words_of.__getitem__, plain.lower().split(" "))))
