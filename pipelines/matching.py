"""Whose file it is, by its name.

A wrong pupil beside a text is worse than none, so a match is taken only if it is the only one of its strength: one
name for the file, and one file for the name. Strengths, the surest first:

1. the whole name, letter for letter: `Åsa Berg - My challenge.docx`
2. the whole name, written plainly: `asa_berg.docx`, `AasaBerg.docx`, `bergasa_12345_uppsats.pdf`
3. first and last name, with names between them left out or added: `Anna Berg` for Anna Maria Berg
4. a name and an initial, with nothing else in the file's name: `anna_b.docx`, `A Berg essay 2.docx`
5. a first or a last name, with nothing else in the file's name: `anna 2.docx`
"""

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import PurePosixPath
from typing import TypeVar

K = TypeVar("K", bound=Hashable)

STRENGTHS = 5
_DIGRAPHS = {"å": "aa", "ä": "ae", "ö": "oe", "æ": "ae", "ø": "oe", "ü": "ue"}
_PLAIN = str.maketrans(
    {"ø": "o", "æ": "a", "ß": "ss", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "œ": "oe", "ı": "i"}
)
_HUMP = re.compile(r"(?<=[a-zà-öø-ÿ])(?=[A-ZÀ-ÖØ-Þ])")
_WORDS = re.compile(r"[^\W\d_]+|\d+")
_SMALL = 2

# What systems and pupils write beside a name; nothing of it says what the text is about.
_DECORATED = """
    assignsubmission file onlinetext submission submitted late essay essays uppsats uppsatsen text texten uppgift
    inlämning inlamning assignment final slutlig slutversion färdig fardig version ver v utkast draft kopia copy
    document dokument doc new ny klar rev
"""
_DECORATION = frozenset(_DECORATED.split())


def match(
    clues: Mapping[K, Sequence[str]], names: Collection[str], *, taken: Collection[str] = ()
) -> dict[K, str]:
    """Give each file at most one pupil, and each pupil at most one file.

    Args:
        clues: file → what may tell whose it is: its name, then the folder it lay in. The first that tells counts.
        names: the class.
        taken: names that are given away already.

    Returns:
        file → name, for the files that are certain.
    """
    klass = _Klass(names)
    given: dict[K, str] = {}
    spoken_for = set(taken)
    open_files = {file: [_words(clue) for clue in each] for file, each in clues.items()}
    for strength in range(1, STRENGTHS + 1):
        wanted = {
            file: found
            for file, written in open_files.items()
            if (found := _first(klass.named(words, strength) for words in written))
        }
        claims = Counter(name for found in wanted.values() for name in found)
        for file, found in wanted.items():
            (name, *others) = found
            if not others and claims[name] == 1 and name not in spoken_for:
                given[file] = name
            # Whether taken or in doubt: what is weaker would only be a guess.
            del open_files[file]
        spoken_for.update(claims)
    return given


def folder_of(path: str | None) -> str | None:
    """The folder a member of an archive lay in: learning platforms name one for each pupil."""
    return (PurePosixPath(path).parent.name or None) if path else None


def _first(found: Iterator[set[str]]) -> set[str]:
    return next((names for names in found if names), set())


@dataclass(frozen=True, slots=True)
class _Word:
    """A word as it is written, and the plain spellings it may also stand for."""

    exact: str
    plain: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Name:
    """A pupil's name, with all the ways it may be written.

    Attributes:
        is_one_of_many: whether somebody else's name is the same when written plainly.
        joined: the plain spellings of it run together, as `annaberg`.
    """

    name: str
    words: tuple[_Word, ...]
    is_one_of_many: bool
    joined: frozenset[str]

    @property
    def is_plain(self) -> bool:
        """Whether it has no letter that a plain keyboard lacks."""
        return all(word.exact.isascii() for word in self.words)


_Rule = Callable[[_Name, tuple[_Word, ...]], bool]


class _Klass:
    """The pupils, found by the words of their names."""

    def __init__(self, names: Collection[str]) -> None:
        written = {name: words for name in names if (words := _words(name))}
        alike = Counter(_key(words) for words in written.values())
        self._by_word: dict[str, set[_Name]] = defaultdict(set)
        self._by_whole: dict[tuple[str, ...], set[_Name]] = defaultdict(set)
        for name, words in written.items():
            each = _Name(
                name,
                words,
                alike[_key(words)] > 1,
                _joined(words),
            )
            for order in _orders(words) if len(words) > 1 else ():
                self._by_whole[tuple(word.exact for word in order)].add(each)
            for spelling in each.joined.union(*(word.plain for word in words)):
                self._by_word[spelling].add(each)

        self._lengths = {len(whole) for whole in self._by_whole}

    def named(self, words: tuple[_Word, ...], strength: int) -> set[str]:
        """The pupils that a file's words name with this strength, but for those whose name is part of another's."""
        found = self._exactly(words) if strength == 1 else self._by_rule(words, _HOW[strength])
        if len(found) == 1:
            return {found[0].name}
        whole = {each.name: {word.exact for word in each.words} for each in found}
        return {
            each.name
            for each in found
            if not any(whole[each.name] < other for other in whole.values())
        }

    def _exactly(self, words: tuple[_Word, ...]) -> list[_Name]:
        written = [word.exact for word in words]
        found: set[_Name] = set()
        for length in self._lengths:
            for start in range(len(written) - length + 1):
                found |= self._by_whole.get(tuple(written[start : start + length]), set())
        # Of two names that differ in their accents only, the one without any could be the other written plainly.
        return [each for each in found if not each.is_one_of_many or not each.is_plain]

    def _by_rule(self, words: tuple[_Word, ...], rule: _Rule) -> list[_Name]:
        known = (self._by_word.get(spelling, ()) for word in words for spelling in word.plain)
        return [each for each in set().union(*known) if rule(each, words)]


def _whole_plain(name: _Name, words: tuple[_Word, ...]) -> bool:
    if name.is_one_of_many or len(name.words) == 1:
        return False
    return any(word.plain & name.joined for word in words) or any(
        _is_same(name.words, run) for run in _runs(words, len(name.words))
    )


def _first_and_last(name: _Name, words: tuple[_Word, ...]) -> bool:
    if name.is_one_of_many or len(name.words) == 1:
        return False
    first, last = name.words[0], name.words[-1]
    if len(name.words) > _SMALL:
        return any(_is_same((first, last), run) for run in _runs(words, _SMALL))
    # A second given name stands between, right at the start, where no title can begin.
    named = [word for word in words if not word.exact.isdigit()][: _SMALL + 1]
    return len(named) > _SMALL and _meets(named[0], first) and _meets(named[_SMALL], last)


def _with_an_initial(name: _Name, words: tuple[_Word, ...]) -> bool:
    said = [w for w in words if not w.exact.isdigit() and w.exact not in _DECORATION]
    if name.is_one_of_many or len(name.words) == 1 or len(said) != _SMALL:
        return False
    first, last = name.words[0], name.words[-1]
    return any(
        _meets(one, whole) and _fold(initial.exact) == _fold(other.exact[0])
        for whole, other in ((first, last), (last, first))
        for one, initial in (said, said[::-1])
    )


def _one_name_alone(name: _Name, words: tuple[_Word, ...]) -> bool:
    said = [word for word in words if not word.exact.isdigit()]
    if name.is_one_of_many or len(said) != 1:
        return False
    return _meets(said[0], name.words[0]) or _meets(said[0], name.words[-1])


_HOW: Mapping[int, _Rule] = {
    2: _whole_plain,
    3: _first_and_last,
    4: _with_an_initial,
    5: _one_name_alone,
}


def _words(written: str) -> tuple[_Word, ...]:
    # `AnnaBerg` has two words.
    apart = _HUMP.sub(" ", unicodedata.normalize("NFC", written))
    return tuple(_word(word) for word in _WORDS.findall(apart))


@lru_cache(maxsize=20_000)
def _word(written: str) -> _Word:
    exact = unicodedata.normalize("NFC", written.casefold())
    digraphs = "".join(_DIGRAPHS.get(char, char) for char in exact)
    return _Word(exact, frozenset({_fold(exact), _fold(digraphs)}))


@lru_cache(maxsize=20_000)
def _fold(word: str) -> str:
    """A word as a keyboard without its letters writes it."""
    apart = unicodedata.normalize("NFD", word.translate(_PLAIN))
    return "".join(char for char in apart if not unicodedata.combining(char))


def _key(words: tuple[_Word, ...]) -> tuple[str, ...]:
    """Equal for names that could be written alike."""
    return tuple(sorted(_fold(word.exact) for word in words))


def _orders(words: Sequence[_Word]) -> tuple[tuple[_Word, ...], ...]:
    """A name forwards, backwards, and with its last word first."""
    return tuple(words), tuple(reversed(words)), (words[-1], *words[:-1])


def _joined(words: Sequence[_Word]) -> frozenset[str]:
    if len(words) == 1:
        return frozenset()
    ends = (words[0], words[-1])
    return frozenset(
        "".join(_fold(word.exact) for word in order) for order in (*_orders(words), *_orders(ends))
    )


def _runs(words: tuple[_Word, ...], length: int) -> Iterator[tuple[_Word, ...]]:
    for start in range(len(words) - length + 1):
        yield words[start : start + length]


def _meets(one: _Word, other: _Word) -> bool:
    return not one.plain.isdisjoint(other.plain)


def _is_same(name: Sequence[_Word], run: Sequence[_Word]) -> bool:
    return any(all(map(_meets, order, run)) for order in _orders(name))
