"""English words with a wrong ending: `approvation` for `approval`, `succes` where `successful` was meant."""

from collections.abc import Iterable, Iterator, Mapping

# Endings that make the same kind of word of a stem, so that one may be taken for another. A hyphen is the bare stem.
_NOUNS = (
    "- e ation ition ion ment al ance ence ing ure",  # what is done
    "- e er or ist ant ent ian ician",  # who does it
    "- y ness ity ty ance ence ancy ency ment ship hood dom",  # what it is to be so
)
_OTHERS_ALIKE = (
    "- y ful ous ious eous ive ative able ible al ial ic ical ant ent ing ed ish less",  # what it is like
    "- e en ed ate ize ise ify",  # to make it so
)
_PLURALS = tuple(" ".join(f"{ending}s" for ending in group.split()) for group in _NOUNS)
# Endings that stand for each other in forms of a word, and in words made of one.
_TOGETHER = (
    "- s ed ing er ly al ful y ous ment",
    "e es ed ing er ely ion ation ive able ity",
    "y ies ied ily ious",
    "ence ent ently",
    "ance ant antly",
    "ency ent",
    "ancy ant",
)
_SHORTEST = 4  # letters of a stem whose ending is in doubt
_SHORTEST_OF_WORD = 3


def exchanged(word: str) -> Iterator[str]:
    """The same stem with another ending of the same kind, or with none; most of these are no words.

    Args:
        word: in lower case.
    """
    return _replaced(word, _ALIKE, _SHORTEST)


def forms(word: str) -> Iterator[str]:
    """Other forms of a word, and words made of it; many of these are none.

    Args:
        word: in lower case.
    """
    return _replaced(word, _RELATED, _SHORTEST_OF_WORD)


def _replaced(word: str, instead: Mapping[str, Iterable[str]], shortest: int) -> Iterator[str]:
    for at in range(max(shortest, len(word) - _LONGEST), len(word) + 1):
        for other in instead.get(word[at:], ()):
            yield word[:at] + other


def _by_ending(groups: Iterable[str], *, shortest: int = 0) -> Mapping[str, tuple[str, ...]]:
    """Ending of so many letters or more → those that may stand in its place, each once."""
    found: dict[str, dict[str, None]] = {}
    for group in groups:
        endings = [ending.replace("-", "") for ending in group.split()]
        for ending in endings:
            if len(ending) >= shortest:
                others = found.setdefault(ending, {})
                others.update((other, None) for other in endings if other != ending)
    return {ending: tuple(others) for ending, others in found.items()}


_ALIKE = _by_ending((*_NOUNS, *_PLURALS, *_OTHERS_ALIKE), shortest=2)
_RELATED = _by_ending(_TOGETHER)
_LONGEST = max(map(len, _ALIKE))
