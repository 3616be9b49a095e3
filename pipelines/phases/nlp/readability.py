"""How long words and sentences are, and what that makes of a text for its reader."""

import unicodedata
from collections.abc import Sequence

LONG_WORD_LETTERS = 6  # Björnsson: a long word has more letters than this


def letters(word: str) -> int:
    """Number of letters in a normalised word; hyphens, apostrophes and points are none."""
    return sum(character.isalpha() for character in word)


def characters(text: str) -> int:
    """Number of characters with spaces and without line breaks, in NFC.

    A letter and its accent count as one however they were typed, where Unicode has them as one.
    """
    return len("".join(unicodedata.normalize("NFC", text).splitlines()))


def mean(total: int, count: int) -> float | None:
    """Mean of `count` things that add up to `total`; None if there are none."""
    return total / count if count else None


def long_word_share(words: Sequence[str]) -> float | None:
    """Share of words with more than six letters, 0 to 1; None without words."""
    return mean(sum(letters(word) > LONG_WORD_LETTERS for word in words), len(words))


def lix(words: Sequence[str], sentence_count: int) -> float | None:
    """Björnsson's readability index: mean sentence length plus the percentage of long words.

        LIX = words / sentences + 100 · long words / words

    Args:
        words: normalised, each occurrence.
        sentence_count: of the same text.

    Returns:
        About 20 for easy and 60 for very hard Swedish prose; None without words or sentences.

    Source: Björnsson (1968), "Läsbarhet", Liber, Stockholm.
    """
    share = long_word_share(words)
    if share is None or not sentence_count:
        return None
    return len(words) / sentence_count + 100 * share
