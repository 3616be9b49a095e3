"""How varied the vocabulary of a text is.

All take words as they follow each other, folded to one case, and count a word form as a type; forms
of one lemma are different types.
"""

import math
from collections import Counter
from collections.abc import Iterable, Sequence

MATTR_WINDOW = 50
MTLD_THRESHOLD = 0.72
MTLD_LEAST_WORDS = 50


def ttr(words: Sequence[str]) -> float | None:
    """Type-token ratio: different words / words, above 0 to 1; None without words.

    It falls as a text grows, so it compares only texts of one length.
    """
    return len(set(words)) / len(words) if words else None


def ovix(words: Sequence[str]) -> float | None:
    """Word variation index, a type-token ratio that depends less on length.

        OVIX = ln n / ln(2 - ln v / ln n)        with n words, v of them different

    Returns:
        About 40 to 80 for pupils' prose. None for fewer than two words, and where every word is
        different, because the divisor is then ln 1.

    Source: Hultman & Westman (1977), "Gymnasistsvenska", Liber Läromedel, Lund.
    """
    count, types = len(words), len(set(words))
    if types == count:
        return None
    return math.log(count) / math.log(2 - math.log(types) / math.log(count))


def mattr(words: Sequence[str], window: int = MATTR_WINDOW) -> float | None:
    """Moving-average type-token ratio: the mean ratio over every stretch of `window` words.

    Returns:
        Above 0 to 1; None for texts shorter than one window.

    Source: Covington & McFall (2010), "Cutting the Gordian Knot: The Moving-Average Type-Token
    Ratio (MATTR)", J. Quant. Linguist. 17(2), 94-100.
    """
    if len(words) < window:
        return None
    inside = Counter(words[:window])
    total = len(inside)
    for leaving, entering in zip(words, words[window:], strict=False):
        inside[leaving] -= 1
        if not inside[leaving]:
            del inside[leaving]
        inside[entering] += 1
        total += len(inside)
    return total / (window * (len(words) - window + 1))


def mtld(
    words: Sequence[str],
    threshold: float = MTLD_THRESHOLD,
    least_words: int = MTLD_LEAST_WORDS,
) -> float | None:
    """Measure of textual lexical diversity: mean length of stretches that keep their variety.

    A stretch (factor) ends with the word that brings its type-token ratio below the threshold; what
    is left over counts as the part of a factor it has gone. Words / factors, the mean of reading
    forwards and backwards.

    Returns:
        In words. None for texts of fewer than `least_words`, where it says little, and for those
        in which no word ever comes back, where there is no factor.

    Source: McCarthy & Jarvis (2010), "MTLD, vocd-D, and HD-D", Behav. Res. Methods 42(2), 381-392.
    """
    if len(words) < max(1, least_words):
        return None
    factors = (_factors(words, threshold), _factors(reversed(words), threshold))
    if not all(factors):
        return None
    return sum(len(words) / count for count in factors) / len(factors)


def _factors(words: Iterable[str], threshold: float) -> float:
    factors = 0.0
    types: set[str] = set()
    count = 0
    for word in words:
        types.add(word)
        count += 1
        if len(types) / count < threshold:
            factors += 1
            types, count = set(), 0
    rest = len(types) / count if count else 1.0
    return factors + (1 - rest) / (1 - threshold)
