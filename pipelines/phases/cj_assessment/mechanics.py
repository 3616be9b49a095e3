"""Slips that are seen without understanding a word: spaces, capital letters, full stops."""

from itertools import pairwise

import regex

from pipelines.phases.text import Reading, TokenKind
from pipelines.vocabulary import Language

_STUCK = regex.compile(
    r"(?<=[\p{L}\p{N}][\"”’')]?)[,;!?](?=\p{L})|(?<=\p{Ll})\.(?=\p{Lu}\p{Ll})|(?<=\p{Ll}{2}),(?=\p{L})"
)
_LOOSE = regex.compile(r"(?<=\p{L})[ \t]+[,.;!?](?!\.)")
_CLOSED = regex.compile(r"[.!?…:][\"”’'»)\]]*\s*$")


def slips(reading: Reading, language: Language) -> int:
    """How many slips a text has.

    Counted are marks with no space after them or one before them, sentences that begin with a small letter, the English
    `i`, a word twice in a row, and an end without a mark.
    """
    text = reading.text
    words = reading.words
    stuck = len(_STUCK.findall(text)) + len(_LOOSE.findall(text))
    openings = sum(
        reading.tokens.words[sentence.start][:1].islower() for sentence in reading.sentences
    )
    is_english = language is Language.ENGLISH
    small_i = sum(
        is_english and (token.word == "i" or token.word.startswith("i'")) for token in words
    )
    twice = sum(
        one.word.lower() == other.word.lower()
        and one.kind is other.kind is TokenKind.WORD
        and one.word.lower() not in ("that", "had", "very", "so", "det", "är", "som", "om")
        for one, other in pairwise(words)
    )
    return stuck + openings + small_i + twice + (not _CLOSED.search(text))
