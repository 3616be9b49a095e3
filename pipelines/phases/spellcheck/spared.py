"""Words that are left alone whatever the dictionary says."""

from collections.abc import Collection, Iterable
from functools import lru_cache

import regex

from pipelines.forms import form_of
from pipelines.phase import BatchContext
from pipelines.phases.text import HYPHENS, Reading, Token, TokenKind, tokenise

_LATIN_ONLY = regex.compile(r"[\p{Latin}\p{M}'\-]+")
_CAPITAL_INSIDE = regex.compile(r"\p{Ll}\p{Lu}")
_OPENS_SPEECH = regex.compile(r"[\"“”„«»:(\[–—•*]|(?<!\p{L})'")
_LONGEST_ACRONYM = 5
_REMEMBERED = 1000
_GENITIVES = ("'s", "s'", "s", "'")


class Spared:
    """What one batch leaves alone: its pupils' names, the words of its assignment, and what its teacher allows.

    Names count in the genitive too, with or without an apostrophe.

    Args:
        batch: what is known of it beforehand.
        names: that its texts give away, with their capitals; in small letters they are not left alone.
    """

    def __init__(self, batch: BatchContext, names: Collection[str] = frozenset()) -> None:
        self._forms = _with_genitives(_forms(batch.names)) | _forms((batch.instructions,))
        self._written = _with_genitives(names)
        self._allowed = batch.allowed

    def __contains__(self, word: str) -> bool:
        return word in self._written or word.casefold() in self._forms or self.allows(word)

    def __bool__(self) -> bool:
        """Whether it spares anything at all."""
        return bool(self._forms or self._written or self._allowed)

    def spares_none(self, words: Collection[str]) -> bool:
        """Whether it plainly spares none of some words: it has no more than names, and they have none of these."""
        has_forms = bool(self._forms or self._allowed)
        return not has_forms and self._written.isdisjoint(words)

    def allows(self, form: str) -> bool:
        """Whether the teacher allows a form, which may be of several words, whatever is said to be wrong with it."""
        return bool(self._allowed) and form_of(form) in self._allowed


def _with_genitives(names: Collection[str]) -> frozenset[str]:
    return frozenset(name + ending for name in names for ending in ("", *_GENITIVES))


def _forms(texts: Iterable[str]) -> frozenset[str]:
    tokens = (token for text in texts for token in tokenise(text))
    return frozenset(token.word.casefold() for token in tokens if token.is_word)


def is_checkable(token: Token, text: str) -> bool:
    """Whether a token is a word that a dictionary of English or Swedish could have, and no half of one."""
    return (
        token.kind is TokenKind.WORD
        and looks_checkable(token.word)
        and not is_half(token.start, token.end, text)
    )


def looks_checkable(word: str) -> bool:
    """Whether a word looks like one that a dictionary of English or Swedish could have.

    Not so: other scripts; names written as `YouTube`.
    """
    return (
        len(word) > 1 - (word == "i")
        and _LATIN_ONLY.fullmatch(word) is not None
        and _CAPITAL_INSIDE.search(word) is None
    )


def is_half(start: int, end: int, text: str) -> bool:
    """Whether what stands there is a first half (`för-` in `för- och nackdelar`) or broken at the end of a line."""
    before, after = text[max(0, start - 3) : start], text[end : end + 2]
    return (after[:1] in HYPHENS and after[1:].strip() == "") or (
        before.strip() == "-" and before.endswith(("\n", "\r"))
    )


def is_acronym(word: str) -> bool:
    """Whether a word is all capitals and short: `NATO`."""
    return word.isupper() and len(word) <= _LONGEST_ACRONYM


def opens_sentence(reading: Reading, index: int, first: int) -> bool:
    """Whether a capital letter says nothing here: first in a sentence, a quotation or a bracket.

    Args:
        reading: the text.
        index: the token.
        first: the first token of its sentence.
    """
    if index == first:
        return True
    return _opens(reading.text[reading.tokens.ends[index - 1] : reading.tokens.starts[index]])


@lru_cache(maxsize=_REMEMBERED)
def _opens(gap: str) -> bool:
    return _OPENS_SPEECH.search(gap) is not None


def names_in(reading: Reading) -> frozenset[str]:
    """Words that the text writes with a capital inside a sentence, and never without one."""
    words = reading.tokens.words
    capital, small = set(), set()
    for sentence in reading.sentences:
        for index in sentence:
            word = words[index]
            if not word[:1].isupper():
                small.add(word)
            elif not opens_sentence(reading, index, sentence.start):
                capital.add(word)
    return frozenset(word for word in capital if word.lower() not in small)
