"""What tells one spelling from another: the slips between what was written and what may have been meant.

A *trait* is a named number. The weights of traits are learned from learners' errors (`make train-spelling`); here is
only what there is to be weighed.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import cast

from rapidfuzz.distance import Levenshtein

Trait = tuple[str, float]

_Step = tuple[str, int, int]

_VOWELS = frozenset("aeiouyåäöéèüáàíóú")
_SHORTEST = 4
_REMEMBERED = 5_000


def traits(written: str, meant: str) -> list[Trait]:
    """The slips that make one spelling out of another, as traits; a name may come more than once.

    Args:
        written: in lower case.
        meant: in lower case, another word.
    """
    slips = _slips(written, meant)
    count, last = len(slips), len(meant) - 1
    found: list[Trait] = [
        ("slips", count),
        ("more slips", count - 1),
        ("share of slips", count / max(_SHORTEST, len(written))),
    ]
    for traits_of_slip, at_written, at_meant in slips:
        found += traits_of_slip
        if at_written == 0:
            found.append(("first letter", 1.0))
        if at_meant >= last:
            found.append(("last letter", 1.0))
    odd = set(written) ^ set(meant)
    if not odd:
        found.append(("same letters", 1.0))
    if odd <= _VOWELS and _consonants(written) == _consonants(meant):
        found.append(("same consonants", 1.0))
    return found


def _slips(written: str, meant: str) -> list[tuple[Sequence[Trait], int, int]]:
    """Each slip: its traits, and where it is in both words. Two letters swapped are one slip."""
    steps = cast(list[_Step], Levenshtein.editops(written, meant).as_list())
    slips: list[tuple[Sequence[Trait], int, int]] = []
    at = 0
    while at < len(steps):
        tag, i, j = steps[at]
        at += 1
        if at < len(steps) and _is_swap(steps[at - 1], steps[at], written, meant):
            slips.append((_swapped(written[i : i + 2]), i, j))
            at += 1
        elif tag == "replace":
            slips.append((_replaced(written[i], meant[j]), i, j))
        elif tag == "insert":
            slips.append((_missing(*_letter_between(meant, j)), i, j))
        else:
            slips.append((_extra(*_letter_between(written, i)), i, j))
    return slips


def _is_swap(one: _Step, two: _Step, written: str, meant: str) -> bool:
    (tag, i, j), (next_tag, next_i, next_j) = one, two
    match tag, next_tag, next_i - i, next_j - j:
        case "replace", "replace", 1, 1:
            return written[i] == meant[next_j] and written[next_i] == meant[j]
        case "insert", "delete", 1, 2:
            return written[next_i] == meant[j]
        case "delete", "insert", 2, 1:
            return written[i] == meant[next_j]
    return False


def _letter_between(word: str, at: int) -> tuple[str, str, str]:
    """A letter, the one before it and the one behind it, as far as there are any."""
    return word[at], word[at - 1 : at], word[at + 1 : at + 2]


# The same few slips are made again and again, and to put their names together takes longer than to look them up.


@lru_cache(_REMEMBERED)
def _swapped(written: str) -> Sequence[Trait]:
    return _of("swap", f"swap:{written}")


@lru_cache(_REMEMBERED)
def _replaced(written: str, meant: str) -> Sequence[Trait]:
    if "'" in (written, meant):
        return _of("apostrophe", f"for:{written}{meant}")
    return _of(f"{_kind(written)} for {_kind(meant)}", f"for:{written}{meant}")


@lru_cache(_REMEMBERED)
def _missing(letter: str, before: str, after: str) -> Sequence[Trait]:
    return _put_in("missing", letter, before, after)


@lru_cache(_REMEMBERED)
def _extra(letter: str, before: str, after: str) -> Sequence[Trait]:
    return _put_in("extra", letter, before, after)


def _put_in(what: str, letter: str, before: str, after: str) -> Sequence[Trait]:
    names = what, f"{what}:{letter}", f"{what}:{before or '^'}{letter}"
    if letter == "'":
        return _of(*names, "apostrophe")
    return _of(*names, f"{what} double") if letter in (before, after) else _of(*names)


def _of(*names: str) -> Sequence[Trait]:
    return tuple((name, 1.0) for name in names)


def _kind(letter: str) -> str:
    return "vowel" if letter in _VOWELS else "consonant"


def _consonants(word: str) -> str:
    """The word without its vowels and with double letters written once; its first letter stays."""
    return word[:1] + "".join(
        [
            letter
            for letter, before in zip(word[1:], word, strict=False)
            if letter not in _VOWELS and letter != before
        ]
    )
