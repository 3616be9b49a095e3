"""What tells one spelling from another: the slips between what was written and what may have been meant.

A *trait* is a named number. The weights of traits are learned from learners' errors (`make train-spelling`); here is
only what there is to be weighed.
"""

from collections.abc import Iterator
from typing import cast

from rapidfuzz.distance import Levenshtein

Trait = tuple[str, float]

_Step = tuple[str, int, int]

_VOWELS = frozenset("aeiouyåäöéèüáàíóú")
_SHORTEST = 4


def traits(written: str, meant: str) -> Iterator[Trait]:
    """The slips that make one spelling out of another, as traits; a name may come more than once.

    Args:
        written: in lower case.
        meant: in lower case, another word.
    """
    slips = list(_slips(written, meant))
    yield "slips", len(slips)
    yield "more slips", len(slips) - 1
    yield "share of slips", len(slips) / max(_SHORTEST, len(written))
    last = len(meant) - 1
    for names, at_written, at_meant in slips:
        for name in names:
            yield name, 1.0
        if at_written == 0:
            yield "first letter", 1.0
        if at_meant >= last:
            yield "last letter", 1.0
    if set(written) == set(meant):
        yield "same letters", 1.0
    if _consonants(written) == _consonants(meant):
        yield "same consonants", 1.0


def _slips(written: str, meant: str) -> Iterator[tuple[tuple[str, ...], int, int]]:
    """Each slip: the names it goes by, and where it is in both words. Two letters swapped are one slip."""
    steps = cast(list[_Step], Levenshtein.editops(written, meant).as_list())
    at = 0
    while at < len(steps):
        tag, i, j = steps[at]
        if at + 1 < len(steps) and _is_swap(steps[at], steps[at + 1], written, meant):
            yield ("swap", f"swap:{written[i : i + 2]}"), i, j
            at += 2
            continue
        at += 1
        if tag == "replace":
            yield _replaced(written[i], meant[j]), i, j
        elif tag == "insert":
            yield _missing(meant, j), i, j
        else:
            yield _extra(written, i), i, j


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


def _replaced(written: str, meant: str) -> tuple[str, ...]:
    if "'" in (written, meant):
        return "apostrophe", f"for:{written}{meant}"
    kind = f"{_kind(written)} for {_kind(meant)}"
    return kind, f"for:{written}{meant}"


def _missing(meant: str, at: int) -> tuple[str, ...]:
    letter, before = meant[at], meant[at - 1 : at] or "^"
    names = ("missing", f"missing:{letter}", f"missing:{before}{letter}")
    if letter == "'":
        return *names, "apostrophe"
    return (*names, "missing double") if letter in (before, meant[at + 1 : at + 2]) else names


def _extra(written: str, at: int) -> tuple[str, ...]:
    letter, before = written[at], written[at - 1 : at] or "^"
    names = ("extra", f"extra:{letter}", f"extra:{before}{letter}")
    if letter == "'":
        return *names, "apostrophe"
    return (*names, "extra double") if letter in (before, written[at + 1 : at + 2]) else names


def _kind(letter: str) -> str:
    return "vowel" if letter in _VOWELS else "consonant"


def _consonants(word: str) -> str:
    """The word without its vowels and with double letters written once; its first letter stays."""
    return "".join(
        letter
        for at, letter in enumerate(word)
        if at == 0 or (letter not in _VOWELS and letter != word[at - 1])
    )
