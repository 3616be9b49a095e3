"""How likely one spelling is a slip for another, as the cost of the edits between them."""

from itertools import accumulate

_VOWELS = frozenset("aeiouyåäöéèü")
_SWAP = 0.7
_SUBSTITUTION = 1.0
_GAP = 1.0
_FIRST_LETTER = 0.5  # on top: writers seldom miss the first letter

# Costs below 1 for what writers really mix up: one sound with two spellings, and the letters that
# a keyboard or a habit without å, ä and ö puts in their place.
_CONFUSED = {
    frozenset(pair): cost
    for cost, pairs in (
        (0.4, ("aå", "aä", "oö", "åo", "äe", "åä", "oå", "éè", "eé")),
        (0.6, ("ck", "cs", "sz", "gj", "vw", "fv", "dt", "iy", "mn", "bp", "gk", "qk", "xs")),
        (0.6, ("ei", "ea", "ao", "ou", "ie", "uo", "iu", "öu", "äö", "öy")),
    )
    for pair in pairs
}
_OTHER_VOWEL = 0.8
_DOUBLING = 0.5
APOSTROPHE = 0.2
_SILENT = {"h": 0.7, "e": 0.7, "u": 0.8, "d": 0.8, "t": 0.8, "g": 0.8, "-": 0.4}


def cost(written: str, meant: str) -> float:
    """Weighted edit distance from what was written to what may have been meant.

    Optimal string alignment with the weights above; 0 for equal words, about 1 for one arbitrary
    edit. The weights are set by hand, not learned.

    Args:
        written: in lower case.
        meant: in lower case.
    """
    gaps_written, gaps_meant = _gaps(written), _gaps(meant)
    before_last: list[float] = []
    last = list(accumulate(gaps_meant, initial=0.0))
    for i, a in enumerate(written):
        row = [last[0] + gaps_written[i]]
        for j, b in enumerate(meant):
            first = _FIRST_LETTER if i == j == 0 else 0.0
            kept = last[j] if a == b else last[j] + _substitution(a, b) + first
            best = min(kept, last[j + 1] + gaps_written[i], row[j] + gaps_meant[j])
            if i and j and a != b and a == meant[j - 1] and b == written[i - 1]:
                best = min(best, before_last[j - 1] + _SWAP)
            row.append(best)
        before_last, last = last, row
    return last[-1]


def _substitution(a: str, b: str) -> float:
    known = _CONFUSED.get(frozenset((a, b)))
    if known is not None:
        return known
    return _OTHER_VOWEL if a in _VOWELS and b in _VOWELS else _SUBSTITUTION


def _gaps(word: str) -> list[float]:
    """Cost of each letter of a word if the other one does not have it."""
    neighbours = zip(" " + word, word, word[1:] + " ", strict=False)
    gaps = [_gap(letter, letter in (before, after)) for before, letter, after in neighbours]
    return [gap + _FIRST_LETTER * (at == 0) for at, gap in enumerate(gaps)]


def _gap(letter: str, is_doubled: bool) -> float:
    if letter == "'":
        return APOSTROPHE
    return _DOUBLING if is_doubled else _SILENT.get(letter, _GAP)
