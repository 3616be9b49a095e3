"""Swedish words inside a sentence that have a capital and should not, or the other way round."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from itertools import compress

import regex

from pipelines.phases.spellcheck import capitalised, function_words
from pipelines.phases.spellcheck.findings import Finding, Kind
from pipelines.phases.spellcheck.lexicon import Lexicon
from pipelines.phases.spellcheck.spared import Spared
from pipelines.phases.spellcheck.suggestions import Suggestion
from pipelines.phases.text import Reading, Token, TokenKind

_HAS_ONE = "This name is written with a capital letter."
_HAS_NONE = "This word has no capital letter inside a sentence."

# How likely each is to be right.
_NAME, _NAME_OF_WORDS, _AUTHORITY = 0.95, 0.8, 0.8
_CALENDAR, _AFTER_COMMA, _FUNCTION_WORD, _COMMON = 0.9, 0.9, 0.8, 0.5

# Inside a sentence, but for its first word; wherever a name of several words may begin.
_NOWHERE, _INSIDE, _BEGINS = range(3)
_GAP = regex.compile(r",?[ \t\u00a0]+")
_QUOTES = frozenset("\"”“„«»'’")
_NAME_ZIPF, _NAME_LETTERS = 4.0, 5
_COMMON_ZIPF, _COMMON_LETTERS = 3.5, 6
_LONGEST_HEADING = 5  # words
_DEFINITE = ("en", "et", "an", "na", "s")  # as authorities and works are called


class Capitals:
    """Finds words inside Swedish sentences that are right but for their first letter.

    A capital is one too many on days, months, peoples and languages, on function words, and on common words that are
    no names. It is missing where the dictionary knows a common word only as a name, and in well-known names of
    several words. English words that are never without one are told by `Speller.judge`.

    Left alone are words all in capitals, what follows a colon, a bracket, a dash, a quotation mark or a line break,
    and what may be a title or come after a heading.

    Args:
        lexicon: of the language of the texts.
    """

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon

    def found(self, reading: Reading, where: bytes, spared: Spared) -> Iterator[Finding]:
        """The words of a text, in its order.

        Args:
            reading: the text.
            where: a rule may say something of each word.
            spared: names, and words of the assignment, which may be written as they are.
        """
        opening = {sentence.start for sentence in reading.sentences}
        indices = [
            index
            for index in compress(range(len(where)), where)
            if where[index] == _BEGINS or index not in opening
        ]
        if not indices:  # as in most sentences
            return
        rules = _Rules(reading, self._lexicon, spared)
        named = rules.named(indices) if _BEGINS in where else {}
        for index, number, sentence in reading.within(
            sorted({*indices, *named}) if named else indices
        ):
            if found := rules.found(index, number, sentence, named):
                yield found

    def where_wrong(self, word: str) -> int:
        """Where a rule may say something of a word, or of a name that it begins: a number below three."""
        if word in capitalised.FIRST_WORDS:
            return _BEGINS
        if word[:1].isupper():
            may_be_wrong = _may_be_needless(word, self._lexicon)
        else:
            may_be_wrong = bool(_missing(word, self._lexicon))
        return _INSIDE if may_be_wrong else _NOWHERE


def _may_be_needless(word: str, lexicon: Lexicon) -> bool:
    """Whether the capital that a word begins with may be one too many."""
    low = word.lower()
    is_told = low in capitalised.NEVER or low in function_words.ALL
    return word[1:] == low[1:] and (is_told or _is_common(low, lexicon))


def _is_common(low: str, lexicon: Lexicon) -> bool:
    """Whether a word is so common and so long that it is no name, unless a text always writes it as one."""
    is_long = len(low) >= _COMMON_LETTERS and not low.endswith(_DEFINITE)
    return is_long and lexicon.knows(low) and lexicon.zipf(low) >= _COMMON_ZIPF


def _missing(word: str, lexicon: Lexicon) -> float:
    """How sure it is that a word in small letters is a name; 0 if it need not be one."""
    if word in capitalised.AUTHORITIES:
        return _AUTHORITY
    if len(word) < _NAME_LETTERS or not word.islower() or word in capitalised.NOT_ONLY_NAMES:
        return 0.0
    if lexicon.knows(word) or lexicon.zipf(word) < _NAME_ZIPF:
        return 0.0
    return _NAME if lexicon.knows(word[:1].upper() + word[1:]) else 0.0


class _Rules:
    def __init__(self, reading: Reading, lexicon: Lexicon, spared: Spared) -> None:
        self._reading = reading
        self._text = reading.text
        self._tokens = reading.tokens
        self._lexicon = lexicon
        self._spared = spared

    def named(self, indices: Sequence[int]) -> Mapping[int, str]:
        """Token → how it is written, for the names of several words that begin with some tokens."""
        named: dict[int, str] = {}
        for index, _, sentence in self._reading.within(indices):
            if self._tokens.words[index] in capitalised.FIRST_WORDS:
                named |= self._name_at(index, sentence.stop)
        return named

    def found(
        self, index: int, number: int, sentence: range, named: Mapping[int, str]
    ) -> Finding | None:
        """What is wrong with a token; with a sentence's first one only where a name of several words begins.

        Args:
            index: the token.
            number, sentence: of its sentence.
            named: as `named` says.
        """
        word = self._tokens.words[index]
        if index in named:
            if word[:1].islower() and named[index] != word:
                return self._finding(index, number, named[index], _NAME_OF_WORDS, _HAS_ONE)
        elif index == sentence.start:
            pass
        elif word[:1].isupper():
            if sure := self._needless(index, sentence):
                return self._finding(index, number, word.lower(), sure, _HAS_NONE)
        elif sure := self._missing(index):
            return self._finding(index, number, word[:1].upper() + word[1:], sure, _HAS_ONE)
        return None

    def _name_at(self, index: int, stop: int) -> dict[int, str]:
        """Token → how it is written, for a name of several words that begins here."""
        first = self._tokens.words[index].lower()
        for words, proper in capitalised.NAMES.items():
            if words[0] != first:
                continue
            there = self._tokens.words[index : min(stop, index + len(words))]
            if tuple(map(str.lower, there)) == words:
                return dict(enumerate(proper, index))
        return {}

    def _missing(self, index: int) -> float:
        """How sure it is that a word in small letters is a name here; 0 if it may stand."""
        word = self._tokens.words[index]
        if word not in capitalised.AUTHORITIES and (
            self._text[self._tokens.starts[index] - 1] in _QUOTES or word in self._spared
        ):
            return 0.0
        return _missing(word, self._lexicon)

    def _needless(self, index: int, sentence: range) -> float:
        """How sure it is that a capital is one too many; 0 if it may stand."""
        token = self._tokens[index]
        low = token.word.lower()
        gap = self._text[self._tokens.ends[index - 1] : token.start]
        if (
            not _may_be_needless(token.word, self._lexicon)
            or not _GAP.fullmatch(gap)
            or self._is_part(token)
            or self._is_in_title(index, sentence)
            or token.word in self._spared
        ):
            return 0.0
        is_before_name = (
            index + 1 < sentence.stop and not self._tokens.words[index + 1][0].islower()
        )
        if is_before_name and low not in function_words.JOINING:
            return 0.0
        if low in capitalised.NEVER:
            return _CALENDAR
        if low in capitalised.AT_TIMES or ("," not in gap and self._may_begin(index, sentence)):
            return 0.0
        if low in function_words.ALL:
            return _AFTER_COMMA if "," in gap else _FUNCTION_WORD
        is_name = self._forms[token.word] > 1 and not self._forms[low]
        return _COMMON if _is_common(low, self._lexicon) and not is_name else 0.0

    def _is_part(self, token: Token) -> bool:
        """Whether it is no word, or half of something like `I/O`."""
        return token.kind is not TokenKind.WORD or self._text.startswith("/", token.end)

    def _is_in_title(self, index: int, sentence: range) -> bool:
        """Whether the word before has a capital, too, or announces a title."""
        before = self._tokens[index - 1]
        has_capital = before.word[0].isupper() and index - 1 > sentence.start
        announces = before.word.lower() in capitalised.BEFORE_TITLES
        is_next = self._text[before.end] != ","
        return has_capital or before.kind is TokenKind.ABBREVIATION or (announces and is_next)

    def _may_begin(self, index: int, sentence: range) -> bool:
        """Whether a sentence may begin here, after a number or a heading that lost its line break."""
        before = self._tokens[index - 1]
        if before.kind is TokenKind.NUMBER or (
            len(before.word) == 1 and before.word.lower() not in "iåö"
        ):
            return True
        opener = self._tokens.words[sentence.start].lower()
        return index - sentence.start <= _LONGEST_HEADING and opener not in function_words.ALL

    @cached_property
    def _forms(self) -> Counter[str]:
        """How often the text has each form: one always written with a capital is a name in it."""
        return Counter(self._tokens.words)

    def _finding(self, index: int, sentence: int, right: str, sure: float, reason: str) -> Finding:
        token = self._tokens[index]
        suggestions = (Suggestion(right, sure),)
        form = token.word.lower()
        return Finding(token.start, token.end, form, Kind.CASE, sentence, suggestions, reason)
