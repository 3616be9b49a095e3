"""English months and languages in small letters that are common words, too, where their neighbours tell."""

from collections.abc import Iterator
from itertools import compress

import regex

from pipelines.phases.spellcheck.findings import Finding, Kind
from pipelines.phases.spellcheck.spared import Spared
from pipelines.phases.spellcheck.suggestions import Suggestion
from pipelines.phases.text import Reading, TokenKind

_REASON = "This word is written with a capital letter."
_SURE = 0.9

_MONTHS = frozenset({"march", "may", "august"})
_BEFORE_MONTHS = frozenset({"in", "since", "until", "of", "last", "next", "by", "early", "late"})
_LANGUAGES = frozenset({"danish", "dutch", "french", "polish"})
_BEFORE_LANGUAGES = frozenset(
    {"speak", "speaks", "speaking", "spoke", "learn", "learning", "study", "studying", "studied"}
)
_BOTH = _MONTHS | _LANGUAGES
_ENDS = regex.compile(r"\s*+[.,;!?)]")


def where_wrong(word: str) -> bool:
    """Whether a word is one of those that are told by their neighbours."""
    return word in _BOTH


def small_months(reading: Reading, where: bytes, spared: Spared) -> Iterator[Finding]:
    """Months between a preposition or a day and a number or a stop (`in may.`); languages spoken or learned.

    Args:
        reading: an English text; Swedish writes them so.
        where: one of them may stand.
        spared: words that may be written as they are.
    """
    tokens = reading.tokens
    for index, number, sentence in reading.within(compress(range(len(where)), where)):
        word = tokens.words[index]
        if index == sentence.start or word in spared:
            continue
        if _is_month(reading, index) if word in _MONTHS else _is_language(reading, index):
            start, end = tokens.starts[index], tokens.ends[index]
            right = (Suggestion(word.capitalize(), _SURE),)
            yield Finding(start, end, word, Kind.CASE, number, right, _REASON)


def _is_month(reading: Reading, index: int) -> bool:
    before, token = reading.tokens[index - 1], reading.tokens[index]
    after = reading.tokens[index + 1] if index + 1 < len(reading.tokens) else None
    is_dated = before.kind is TokenKind.NUMBER or before.word.lower() in _BEFORE_MONTHS
    is_year = after is not None and after.kind is TokenKind.NUMBER
    return is_dated and (is_year or _ENDS.match(reading.text, token.end) is not None)


def _is_language(reading: Reading, index: int) -> bool:
    return reading.tokens[index - 1].word.lower() in _BEFORE_LANGUAGES
