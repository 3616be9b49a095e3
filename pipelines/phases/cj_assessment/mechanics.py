"""Slips that are seen without understanding a word: spaces, capital letters, full stops."""

from collections.abc import Mapping
from itertools import pairwise

import regex

from pipelines.phases.text import Reading
from pipelines.vocabulary import Language

_SPACES = regex.compile(
    r"""
    (?<=\p{L})[,;!?](?=\p{L})                                        # one,two
  | (?<=\p{Ll})\.(?=\p{Lu}\p{Ll})                                    # end.Then
  | (?<=\p{Ll}{2})\.(?=\p{Ll}{2})(?!(?:com|org|net|edu|gov|info|se|nu|uk|eu)\b)
  | (?<=\p{L})[ \t]++[,.;!?](?![.\p{N}])                             # one ,two
    """,
    regex.VERBOSE,
)
_STOP = regex.compile(r"[.!?]")
_ENDS = regex.compile(r"[.!?…:][\"”’'»)\]]*+\s*+\Z")
_TYPED: Mapping[Language, frozenset[str]] = {
    Language.ENGLISH: frozenset(
        [
            "i",
            "i'm",
            "i've",
            "i'll",
            "i'd",
            "u",
            "r",
            "ur",
            "n",
            "b",
            "c",
            "y",
            "cant",
            "wont",
            "whats",
            "hes",
            "shes",
            "gonna",
            "wanna",
            "gotta",
            "kinda",
        ]
    ),
    Language.SWEDISH: frozenset({"va", "oxå"}),
}
_MAY_BE_TWICE = frozenset(
    [
        "that",
        "had",
        "very",
        "so",
        "really",
        "det",
        "är",
        "som",
        "om",
        "på",
        "att",
        "den",
        "så",
        "i",
        "av",
        "till",
    ]
)


def slips(reading: Reading, language: Language) -> int:
    """How many slips a text has.

    Counted are marks with no space after them or one before them, sentences that begin with a small letter, words as
    they are typed on a phone, the English `i` among them, a word twice in a row, and an end without a mark.
    """
    text, words, typed = reading.text, reading.tokens.words, _TYPED[language]
    return (
        sum(1 for _ in _SPACES.finditer(text))
        + sum(_opens_small(reading, sentence.start) for sentence in reading.sentences)
        + sum(word in typed for word in words)
        + sum(one == other and _is_slip_twice(one) for one, other in pairwise(words))
        + (_ENDS.search(text, max(0, len(text) - 20)) is None)
    )


def _opens_small(reading: Reading, index: int) -> bool:
    tokens = reading.tokens
    if not tokens.words[index][:1].islower():
        return False
    return not index or bool(
        _STOP.search(reading.text, tokens.ends[index - 1], tokens.starts[index])
    )


def _is_slip_twice(word: str) -> bool:
    return word.isalpha() and word.lower() not in _MAY_BE_TWICE
