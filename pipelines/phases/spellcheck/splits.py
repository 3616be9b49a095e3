"""Swedish compounds written as two words (särskrivning)."""

from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from itertools import chain, compress
from operator import and_

import regex

from pipelines.phases.spellcheck import function_words, split_words
from pipelines.phases.spellcheck.findings import Finding, Kind
from pipelines.phases.spellcheck.lexicon import Lexicon
from pipelines.phases.spellcheck.suggestions import Suggestion
from pipelines.phases.text import Reading, TokenKind
from pipelines.vocabulary import Language

_REASON = "These two words are written as one."

# How likely each kind of evidence is to be right.
_INTENSIFIED, _CENTURY, _PAIR, _NO_WORD, _LINKED, _ACRONYM = 0.95, 0.95, 0.9, 0.9, 0.8, 0.8
_LIKELY, _LIKELIER = 0.5, 0.05

_FIRST, _SECOND = 1, 2
_IS_FIRST = bytes(bool(part & _FIRST) for part in range(256))
_IS_SECOND = bytes(bool(part & _SECOND) for part in range(256))
_REMEMBERED_PAIRS = 50_000
_APART = function_words.ALL - function_words.QUALITIES
_PAIRS = split_words.PAIRS | split_words.PAIRS_AT_THE_END
_PAIRED = frozenset((*chain(*_PAIRS), *split_words.INTENSIFIERS))
_SPACES = frozenset(" \u00a0")
_CLAUSE_ENDS = regex.compile(r"\s*+[.,;!?]")
_CENTURIES = regex.compile(r"1\d\d0|20\d0|[1-9]0")
_LINKED_BY_S = ("ings", "hets", "tets", "ions", "skaps", "doms")
_DEFINITE = ("an", "en", "et", "erna", "arna", "orna")
_SHORTEST_PART = 3
_NOUN, _FORM = 3.3, 2.5  # Zipf
_LEAST, _LEAST_NO_WORD = 1.0, 2.0  # Zipf
# Powers of ten by which a compound is more frequent than its parts would meet by chance.
_TOGETHER, _TOGETHER_FUNCTION_WORD = 1.2, 3.6
_TOGETHER_ADJECTIVE, _TOGETHER_DISAGREEING, _TOGETHER_GENITIVE = 4.5, 3.0, 3.0
_MOST_TOGETHER = 7.0


class Splits:
    """Finds pairs of words that are one word in Swedish; none in English.

    A pair is told by a first part that hardly stands alone (`jätte nära`), by a part that is no word
    (`rösträtts åldern`), by the s that links compounds (`utbildnings platsen`), or by the compound being
    far more frequent than its parts would meet by chance (`ord förråd`). Pairs with a capital
    inside a sentence are left alone.

    Args:
        lexicon: of the language of the texts.
    """

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._may_be_one = lru_cache(maxsize=_REMEMBERED_PAIRS)(self._is_asked_about)
        self._how_sure = lru_cache(maxsize=_REMEMBERED_PAIRS)(_Evidence(lexicon).how_sure)

    def part(self, word: str) -> int:
        """Whether it may be the first part of a pair, the second, both or neither: a number below four."""
        if self._lexicon.language is not Language.SWEDISH:
            return 0
        return _FIRST * _may_be_first(word) | _SECOND * _may_be_second(word)

    def found(self, reading: Reading, parts: bytes) -> Iterator[Finding]:
        """The pairs of a text, in its order.

        Args:
            reading: the text.
            parts: which part of a pair each of its words may be.
        """
        text, tokens = reading.text, reading.tokens
        meeting = self._meeting(tokens.words, parts)
        if not meeting:  # as in most sentences
            return
        pairs = _Pairs(reading, self._lexicon, self._how_sure)
        covered = 0
        for index, number, sentence in reading.within(meeting):
            end = tokens.ends[index]
            if (
                tokens.starts[index + 1] - end == 1
                and text[end] in _SPACES
                and tokens.starts[index] >= covered
                and index + 1 < sentence.stop
                and (found := pairs.joined(index, sentence))
            ):
                covered = tokens.ends[index + 1]
                yield Finding(
                    tokens.starts[index],
                    covered,
                    f"{tokens.words[index]} {tokens.words[index + 1]}".lower(),
                    Kind.COMPOUND_SPLIT,
                    number,
                    (found,),
                    _REASON,
                )

    def _is_asked_about(self, written: str, second: str) -> bool:
        """Whether a word and the next one may be one somewhere; of most it is plain that they are two."""
        first = written.lower()
        if first in split_words.ACRONYMS or _CENTURIES.fullmatch(written):
            return True
        if (first, second) in _PAIRS:
            return True
        if _stand_apart(first, second):
            return False
        is_built = first in split_words.INTENSIFIERS or first.endswith(_LINKED_BY_S)
        return is_built or self._lexicon.words.find(first + second) is not None

    def _meeting(self, words: Sequence[str], parts: bytes) -> list[int]:
        """Indices of words that may be a first part and are followed by one that may be the second of it."""
        may_be_one = self._may_be_one
        meet = map(and_, parts.translate(_IS_FIRST), parts[1:].translate(_IS_SECOND))
        return [
            index
            for index in compress(range(len(parts)), meet)
            if may_be_one(words[index], words[index + 1])
        ]


def _may_be_first(word: str) -> bool:
    low = word.lower()
    if low in split_words.ACRONYMS or _CENTURIES.fullmatch(word):
        return True
    stands_alone = len(low) < _SHORTEST_PART or low in split_words.STAND_ALONE
    return word[1:] == low[1:] and (low in _PAIRED or not stands_alone)


def _may_be_second(word: str) -> bool:
    is_apart = word in _APART and word not in _PAIRED
    return len(word) >= _SHORTEST_PART and word.islower() and not is_apart


def _stand_apart(first: str, second: str) -> bool:
    """Whether two words are two as far as no list of pairs says otherwise."""
    if len(first) < _SHORTEST_PART or second in _APART:
        return True
    is_own_word = second in function_words.QUALITIES or first in split_words.STAND_ALONE
    return is_own_word and first not in split_words.INTENSIFIERS


class _Pairs:
    def __init__(
        self, reading: Reading, lexicon: Lexicon, how_sure: Callable[[str, str, str], float]
    ) -> None:
        self._text = reading.text
        self._tokens = reading.tokens
        self._lexicon = lexicon
        self._how_sure = how_sure

    def joined(self, index: int, sentence: range) -> Suggestion | None:
        """What a word and the next one are together; None if they are two."""
        words, kinds = self._tokens.words, self._tokens.kinds
        written, second = words[index], words[index + 1]
        if kinds[index + 1] is not TokenKind.WORD:
            return None
        if kinds[index] is not TokenKind.WORD:
            is_century = second in ("talet", "talets") and _CENTURIES.fullmatch(written)
            return Suggestion(f"{written}-{second}", _CENTURY) if is_century else None
        first = written.lower()
        if first in split_words.ACRONYMS:
            return self._after_acronym(written, second)
        if written != first and index > sentence.start:
            return None
        before = words[index - 1].lower() if index > sentence.start else ""
        pair = first, second
        is_usual = pair in split_words.PAIRS or (
            pair in split_words.PAIRS_AT_THE_END and self._ends_clause(index + 1)
        )
        sure = _PAIR if is_usual else self._how_sure(first, second, before)
        return Suggestion(written + second, sure) if sure else None

    def _ends_clause(self, index: int) -> bool:
        return _CLAUSE_ENDS.match(self._text, self._tokens.ends[index]) is not None

    def _after_acronym(self, acronym: str, second: str) -> Suggestion | None:
        if not second.endswith(_DEFINITE) or second in function_words.ALL:
            return None
        if self._lexicon.zipf(second) < _NOUN or not self._lexicon.knows(second):
            return None
        is_usual = acronym.isupper() or acronym[1:].islower()
        return Suggestion(f"{acronym if is_usual else acronym.lower()}-{second}", _ACRONYM)


class _Evidence:
    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon

    def how_sure(self, first: str, second: str, before: str) -> float:
        """How likely two words are one; 0 if they are not.

        Args:
            before: the word before them.
        """
        if _stand_apart(first, second):
            return 0.0
        if first in split_words.INTENSIFIERS:
            return _INTENSIFIED if self._is_intensified(first, second, before) else 0.0
        if self._lexicon.words.find(first + second) is None:
            return _LINKED if self._is_linked(first, second, before) else 0.0
        return self._how_sure_of_listed(first, second, before)

    def _how_sure_of_listed(self, first: str, second: str, before: str) -> float:
        knows, zipf = self._lexicon.knows, self._lexicon.zipf
        compound = zipf(first + second)
        if compound < _LEAST or not knows(first + second):
            return 0.0
        if not (knows(first) and knows(second)):
            return _NO_WORD if compound >= _LEAST_NO_WORD else 0.0
        together = compound - zipf(first) - zipf(second) + 9
        if together < self._least(first, second, before):
            return 0.0
        return _LIKELY + _LIKELIER * min(together, _MOST_TOGETHER)

    def _least(self, first: str, second: str, before: str) -> float:
        """How much more frequent than by chance a compound must be, by what else its first part may be."""
        if first in function_words.ALL:
            return _TOGETHER_FUNCTION_WORD
        if first.endswith(_LINKED_BY_S) and before in split_words.ARTICLES:
            return _TOGETHER_GENITIVE
        if not self._is_adjective(first):
            return _TOGETHER
        # `ett sjuk hus` does not agree, so that it is hardly an adjective and its noun.
        zipf = self._lexicon.zipf
        is_neuter = zipf(second + "et") >= max(_NOUN, zipf(second + "en"))
        disagrees = is_neuter and not first.endswith(("a", "t"))
        return _TOGETHER_DISAGREEING if disagrees else _TOGETHER_ADJECTIVE

    def _is_linked(self, first: str, second: str, before: str) -> bool:
        return (
            first.endswith(_LINKED_BY_S)
            and before not in split_words.ARTICLES
            and self._lexicon.knows(second)
            and self._lexicon.knows(first + second)
        )

    def _is_intensified(self, first: str, second: str, before: str) -> bool:
        knows = self._lexicon.knows
        if not knows(second) or not knows(first + second):
            return False
        return before not in split_words.ARTICLES or self._is_adjective(second)

    def _is_adjective(self, word: str) -> bool:
        """Whether it looks like an adjective by its other forms; many nouns (`mat`, `bil`) do, too."""
        if word in function_words.QUALITIES or word in split_words.ADJECTIVES:
            return True
        knows, zipf = self._lexicon.knows, self._lexicon.zipf
        stem = word[:-1] if word.endswith(("a", "t")) else word
        forms = (stem, stem + "t", stem + "a")
        is_inflected = all(knows(form) and zipf(form) >= _FORM for form in forms)
        return is_inflected and max(zipf(word + "en"), zipf(word + "et")) < _NOUN
