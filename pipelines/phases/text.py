"""What the text of an essay is made of: tokens, sentences, paragraphs.

Every phase that counts words counts these, so that a word is the same thing on every screen.
Spans are half-open and count code points of the text as it was handed in; only `Token.word` is
normalised.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from enum import Enum, auto
from itertools import pairwise
from sys import intern
from typing import NamedTuple, overload

import regex

from pipelines.forms import INVISIBLE, normalise
from pipelines.phases.remembered import Remembered
from pipelines.vocabulary import Language


class TokenKind(Enum):
    """What a run of characters is, as far as its form tells."""

    WORD = auto()
    ABBREVIATION = auto()  # e.g., t.ex., U.S.A.: letters with points inside, counted as one word
    NUMBER = auto()  # anything with a digit in it: 14, 3,5, 10th, 14-åring, B2
    ADDRESS = auto()  # web and mail addresses, @handles, #tags


class Token(NamedTuple):
    """One run of characters that belongs together.

    Attributes:
        start, end: its span in the text.
        kind: what it is.
        word: the same run in NFKC, with plain apostrophes and hyphens and without invisible
            characters, so that one word has one spelling however it was typed. Case is kept.
    """

    start: int
    end: int
    kind: TokenKind
    word: str

    @property
    def is_word(self) -> bool:
        """Whether it counts as a word; numbers and addresses do not."""
        return self.kind in WORDS


WORDS = (TokenKind.WORD, TokenKind.ABBREVIATION)
"""What counts as a word."""


class Tokens(Sequence[Token]):
    """The tokens of a text, in order: one by one, or each property of all of them.

    Attributes:
        starts, ends, kinds, words: what `Token` has, of every token.
        others: indices of those that are no plain words: abbreviations, numbers, addresses.
        word_count: how many of them count as words.
    """

    __slots__ = ("ends", "kinds", "others", "starts", "word_count", "words")

    def __init__(
        self,
        starts: list[int],
        ends: list[int],
        kinds: list[TokenKind],
        words: list[str],
        others: list[int],
    ) -> None:
        self.starts = starts
        self.ends = ends
        self.kinds = kinds
        self.words = words
        self.others = others
        self.word_count = len(words)
        if others:
            self.word_count -= sum([kinds[index] not in WORDS for index in others])

    def words_in(self, indices: range) -> int:
        """How many of some that follow each other count as words."""
        if self.word_count == len(self.words):  # as in most texts
            return len(indices)
        return sum(map(self.kinds[indices.start : indices.stop].count, WORDS))

    def __len__(self) -> int:
        return len(self.words)

    @overload
    def __getitem__(self, index: int) -> Token: ...

    @overload
    def __getitem__(self, index: slice) -> Sequence[Token]: ...

    def __getitem__(self, index: int | slice) -> Token | Sequence[Token]:
        if isinstance(index, slice):
            return [self[each] for each in range(*index.indices(len(self)))]
        return Token(self.starts[index], self.ends[index], self.kinds[index], self.words[index])

    def __iter__(self) -> Iterator[Token]:
        return map(Token, self.starts, self.ends, self.kinds, self.words)


class Reading(NamedTuple):
    """A text taken apart.

    Attributes:
        text: as it was handed in.
        tokens: in order, never overlapping.
        sentences: ranges of indices into `tokens`; each holds at least one word.
        paragraphs: ranges of indices into `tokens`; each holds at least one word.
    """

    text: str
    tokens: Tokens
    sentences: tuple[range, ...]
    paragraphs: tuple[range, ...]

    @property
    def words(self) -> tuple[Token, ...]:
        """The tokens that count as words."""
        return tuple(token for token in self.tokens if token.is_word)

    def within(self, indices: Iterable[int]) -> Iterator[tuple[int, int, range]]:
        """Indices of tokens, each with its sentence's number and range; those in no sentence are left out.

        Args:
            indices: in rising order.
        """
        number = 0
        for index in indices:
            while number < len(self.sentences) and index >= self.sentences[number].stop:
                number += 1
            if number < len(self.sentences) and index >= self.sentences[number].start:
                yield index, number, self.sentences[number]


HYPHENS = ("-", "‐", "‑")

# Repeats before a character that may fail to come are bounded or possessive: a megabyte of one
# letter must cost a megabyte of steps.
_ALNUM = rf"[\p{{L}}\p{{N}}][\p{{L}}\p{{M}}\p{{N}}{INVISIBLE}]*+"
_TOKEN = regex.compile(
    rf"""
    (?P<address>
        (?:https?://|www\.)[^\s<>"”»]++
      | (?<![\w+-])[\w+-]{{1,64}}(?:\.[\w+-]{{1,64}}){{0,4}}@[\w-]{{1,64}}(?:\.[\w-]{{1,64}}){{1,5}}
      | (?<![\p{{L}}\p{{N}}.])[a-z0-9-]{{2,64}}(?:\.[a-z0-9-]{{2,64}}){{0,3}}
        \.(?:com|org|net|edu|gov|info|se|nu|uk|eu)(?:/[^\s<>"”»]*+)?(?![\p{{L}}\p{{N}}])
      | [@\#](?=\w*\p{{L}})\w++
    )
  | (?P<abbreviation>
        (?<![\p{{L}}\p{{N}}])
        (?:(?:\p{{L}}{{1,2}}\.){{2,6}} | (?i:t\.ex|e\.g|i\.e|d\.v\.s|o\.s\.v|bl\.a))
        (?![\p{{L}}\p{{N}}])
    )
  | (?P<run>{_ALNUM}(?:(?:['’ʼ‘\-‐‑]|(?<=\p{{N}})[.,:](?=\p{{N}})){_ALNUM})*+)
    """,
    regex.VERBOSE,
)
_LINE_BREAK = r"\r\n|[\n\r\v\f\x85\u2028\u2029]"
_STOP = regex.compile(rf"(?P<mark>[.!?…]++)(?P<close>[\"”’'»)\]]*+)|{_LINE_BREAK}")
_HAS_DIGIT = regex.compile(r"\p{N}")


def tokenise(text: str) -> Iterator[Token]:
    """Yield the tokens of a text, in order; time grows with its length, whatever it holds."""
    for found in _TOKEN.finditer(text):
        yield Token(found.start(), found.end(), _kind(found), normalise(found.group()))


_LONGEST_REMEMBERED = 32  # characters
_REMEMBERED = 1 << 15


class _Stop(NamedTuple):
    """What may end a sentence, or a line's end.

    Attributes:
        mark: full stops and the like; empty if it is the end of a line.
        is_closed: whether a quotation or a bracket ends there, too.
    """

    start: int
    end: int
    mark: str
    is_closed: bool


_Piece = tuple[int, str | None, int, tuple[Token, ...], tuple[_Stop, ...]]
"""What is between two spaces: its length with the space behind it; the word that it begins with and where that ends, if
it has no other token; else its tokens; its stops. Plain tuples are unpacked twice as fast as those with names."""


def _piece(text: str) -> _Piece:
    length = len(text)
    # One string for all places of a word: what is remembered of words is found faster so.
    if text.isascii() and text.isalpha():
        return length + 1, intern(text), length, (), ()
    tokens, stops = tuple(tokenise(text)), tuple(map(_stop, _STOP.finditer(text)))
    if len(tokens) == 1:
        (token,) = tokens
        if not token.start and token.kind is TokenKind.WORD:
            return length + 1, intern(token.word), token.end, (), stops
    return length + 1, None, 0, tokens, stops


def _stop(found: "regex.Match[str]") -> _Stop:
    return _Stop(found.start(), found.end(), found.group("mark") or "", bool(found.group("close")))


# Most pieces have been met before. No token and no stop has a space in it.
_PIECES = Remembered(_piece, most=_REMEMBERED, longest=_LONGEST_REMEMBERED)


def _taken_apart(text: str) -> tuple[Tokens, list[tuple[int, _Stop]]]:
    """What `tokenise` yields, and all stops, each with where its piece begins."""
    starts: list[int] = []
    ends: list[int] = []
    words: list[str] = []
    stops: list[tuple[int, _Stop]] = []
    kinds: list[TokenKind] = []
    others: list[int] = []
    word_kind, at = TokenKind.WORD, 0  # enumerations are asked slowly
    for length, word, end, tokens, stops_of_piece in map(_PIECES.__getitem__, text.split(" ")):
        if word is not None:
            starts.append(at)
            ends.append(at + end)
            words.append(word)
        else:
            for token_start, token_end, kind, token_word in tokens:
                if kind is not word_kind:
                    kinds += [word_kind] * (len(words) - len(kinds))
                    kinds.append(kind)
                    others.append(len(words))
                starts.append(at + token_start)
                ends.append(at + token_end)
                words.append(token_word)
        if stops_of_piece:
            stops += [(at, stop) for stop in stops_of_piece]
        at += length
    kinds += [word_kind] * (len(words) - len(kinds))
    return Tokens(starts, ends, kinds, words, others), stops


def _kind(found: "regex.Match[str]") -> TokenKind:
    if found.lastgroup == "address":
        return TokenKind.ADDRESS
    if found.lastgroup == "abbreviation":
        return TokenKind.ABBREVIATION
    return TokenKind.NUMBER if _HAS_DIGIT.search(found.group()) else TokenKind.WORD


# Before a name, a number or an example: a point after these ends no sentence.
_NEVER_LAST = {
    Language.ENGLISH: {"mr", "mrs", "ms", "dr", "prof", "st", "vs", "e.g", "i.e", "approx"},
    Language.SWEDISH: {"t.ex", "tex", "bl.a", "bla", "d.v.s", "dvs", "s.k", "fr.o.m", "p.g.a"}
    | {"kl", "ca", "nr", "resp", "dr", "st", "jfr"},
}
# These may: then a capital letter after them decides.
_MAYBE_LAST = {"etc", "osv", "mm", "inc", "ltd", "jr", "sr", "co"}
_LIST_NUMBER_DIGITS = 3

_ENDS_LIKE_A_LINE = regex.compile(r"[.!?…:;\"”’'»)]")


def read(text: str, language: Language) -> Reading:
    """Take a text apart into tokens, sentences and paragraphs.

    A sentence ends at `.`, `!`, `?` or `…`, but not inside numbers and addresses, after
    abbreviations and initials, or where a small letter follows an ellipsis or a closing quote.
    A line break ends the sentence and the paragraph, unless the line was only wrapped: it stops in
    mid-sentence and the next goes on with a small letter.
    """
    tokens, stops = _taken_apart(text)
    ends, breaks = [], []
    last = tokens.starts[-1] if tokens.starts else -1
    for at, (start, end, mark, is_closed) in stops:
        if at + start > last:  # behind it there is nothing to be parted
            break
        stop = _Stop(at + start, at + end, mark, is_closed)
        if not mark:
            if not _is_wrapped(text, stop.start, stop.end):
                breaks.append(stop.start)
        elif _ends_sentence(text, stop, _owner(tokens, stop.start), language):
            ends.append(stop.end)
    paragraphs = _parted(tokens, breaks)
    sentences = _parted(tokens, sorted({*ends, *breaks})) if ends else paragraphs
    return Reading(text, tokens, sentences, paragraphs)


def _owner(tokens: Tokens, position: int) -> Token | None:
    """The token that a position belongs to or comes right after."""
    index = bisect_right(tokens.starts, position) - 1
    return tokens[index] if index >= 0 and position <= tokens.ends[index] else None


def _ends_sentence(text: str, stop: _Stop, token: Token | None, language: Language) -> bool:
    following = _next_letter(text, stop.end)
    if token is not None and stop.end < token.end:
        return False
    if (
        stop.mark == "."
        and token is not None
        and (verdict := _abbreviated(text, token, language)) is not None
    ):
        return verdict is _Last.YES or (verdict is _Last.IF_CAPITAL and following.isupper())
    at = stop.end
    if (
        at < len(text) and text[at].isalnum()
    ):  # no space after it: a slip if the cases fit, else part of a name
        return text[at].isupper() and text[stop.start - 1 : stop.start].islower()
    soft = "…" in stop.mark or ".." in stop.mark or stop.is_closed
    return not (soft and following.islower())


class _Last(Enum):
    """Whether an abbreviation's point can be the last of a sentence."""

    YES = auto()
    NO = auto()
    IF_CAPITAL = auto()


def _abbreviated(text: str, token: Token, language: Language) -> _Last | None:
    short = token.word.casefold().rstrip(".")
    if token.kind is TokenKind.NUMBER and _opens_line(text, token):
        return _Last.NO
    if short in _NEVER_LAST[language]:
        return _Last.NO
    if token.kind is TokenKind.ABBREVIATION or short in _MAYBE_LAST:
        return _Last.IF_CAPITAL
    is_initial = len(token.word) == 1 and token.word.isupper() and token.word != "I"
    return _Last.NO if is_initial else None


def _opens_line(text: str, token: Token) -> bool:
    """Whether a number stands first on its line, as in a numbered list."""
    before = text[max(0, token.start - 8) : token.start].rstrip(" \t")
    return len(token.word) <= _LIST_NUMBER_DIGITS and (not before or before[-1] in "\n\r")


def _next_letter(text: str, at: int) -> str:
    """The first character after spaces and opening quotes; a line break if the line ends here."""
    while at < len(text) and text[at] in " \t\u00a0\"“”'‘«»(–—-":
        at += 1
    return text[at : at + 1]


def _is_wrapped(text: str, line_end: int, line_start: int) -> bool:
    before = text[max(0, line_end - 80) : line_end].rstrip(" \t")
    after = text[line_start : line_start + 80].lstrip(" \t")
    return bool(before) and not _ENDS_LIKE_A_LINE.match(before[-1]) and after[:1].islower()


def _parted(tokens: Tokens, ends: Sequence[int]) -> tuple[range, ...]:
    """Cut the tokens after each of the positions; parts without a word are left out."""
    starts = tokens.starts
    if not ends:
        return (range(len(starts)),) if tokens.word_count else ()
    edges = [0, *(bisect_left(starts, end) for end in ends), len(starts)]
    parts = [range(first, stop) for first, stop in pairwise(edges)]
    return tuple(part for part in parts if tokens.words_in(part))
