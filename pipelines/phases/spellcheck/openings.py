"""Sentences that begin with a small letter."""

from collections.abc import Iterable, Iterator, Sequence

import regex

from pipelines.phases.spellcheck import function_words
from pipelines.phases.spellcheck.findings import Finding, Kind
from pipelines.phases.spellcheck.lexicon import Lexicon
from pipelines.phases.spellcheck.spared import is_checkable
from pipelines.phases.spellcheck.suggestions import Suggestion
from pipelines.phases.text import Reading, TokenKind
from pipelines.vocabulary import Language

_REASON = "A sentence begins with a capital letter."
_SURE, _FRAGMENT, _ODD = 0.95, 0.8, 0.7  # how likely each is to be right

_STOP = regex.compile(r"[.!?]")
_AFTER_STOP = regex.compile(r"[\"”’'»]*+ ?[.!?]++[\"”’'»]*+\s++[\"“”„«»'‘]*+")
_WAITS = regex.compile(r"\.\.|[…()\[\]–—•*:;\-]")  # after these a small letter may stand
# A text that is one sentence and begins with one of these goes on with one that is not there.
_GOING_ON = frozenset("och eller samt utan medan än som av på med till".split())
_LONGEST_ABBREVIATION = 5
_ABBREVIATED = frozenset(
    """
    ang art avd bil co corp enl ev exkl forts fre inc inkl jan feb kap kr lör ltd max milj min motsv mån obs okt ons
    red sept sid st sön tel tis tor tr utg vol övers aug nov dec
    """.split()
)


def small_openings(reading: Reading, lexicon: Lexicon) -> Sequence[Finding]:
    """First words of sentences that lack their capital letter, in the order of the text.

    A sentence counts only between two full stops or the like: lines without one may be headings or
    parts of lists. A text of a single sentence is often a piece of one, and is left alone in
    English, and in Swedish if it looks like that.

    Args:
        reading: the text.
        lexicon: of the text's language.
    """
    words = reading.tokens.words
    small = [
        (number, sentence)
        for number, sentence in enumerate(reading.sentences)
        if words[sentence.start].islower() and len(sentence) > 1
    ]
    return list(_found(reading, small, lexicon)) if small else ()


def _found(
    reading: Reading, small: Iterable[tuple[int, range]], lexicon: Lexicon
) -> Iterator[Finding]:
    for number, sentence in small:
        token = reading.tokens[sentence.start]
        if is_checkable(token, reading.text) and (sure := _how_sure(reading, sentence, lexicon)):
            capitalised = token.word[:1].upper() + token.word[1:]
            yield Finding(
                token.start,
                token.end,
                token.word,
                Kind.CASE,
                number,
                (Suggestion(capitalised, sure),),
                _REASON,
            )


def _how_sure(reading: Reading, sentence: range, lexicon: Lexicon) -> float:
    """How sure it is that a capital is missing; 0 if the small letter may stand."""
    around = (_gap(reading, sentence.start), _gap(reading, sentence.start + 1))
    if any(map(_WAITS.search, around)) or not _STOP.search(_gap(reading, sentence.stop)):
        return 0.0
    if sentence.start:
        return _how_sure_after(reading, sentence.start, lexicon)
    if sentence.stop < len(reading.tokens):
        return _SURE
    goes_on = reading.tokens[sentence.start].word in _GOING_ON
    return _FRAGMENT if lexicon.language is Language.SWEDISH and not goes_on else 0.0


def _how_sure_after(reading: Reading, index: int, lexicon: Lexicon) -> float:
    """How sure it is that a token comes after the end of a sentence."""
    before = reading.tokens[index - 1]
    low = before.word.lower()
    is_short = len(low) <= _LONGEST_ABBREVIATION and not lexicon.knows(before.word)
    is_point_of_word = before.kind is not TokenKind.WORD or is_short or low in _ABBREVIATED
    if is_point_of_word or not _AFTER_STOP.fullmatch(_gap(reading, index)):
        return 0.0
    # A stop before a word that joins sentences may itself be the slip, and one after a name a part of it.
    is_odd = reading.tokens[index].word in function_words.JOINING or before.word[:1].isupper()
    return _ODD if is_odd else _SURE


def _gap(reading: Reading, index: int) -> str:
    """What stands before a token; behind the last one, the rest of the text."""
    tokens = reading.tokens
    start = tokens.ends[index - 1] if index else 0
    return reading.text[start : tokens.starts[index] if index < len(tokens) else None]
