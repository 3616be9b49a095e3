"""What makes two words the same word, however they were typed."""

import unicodedata

INVISIBLE = "\u00ad\u200c\u200d\u2060"
"""The soft hyphen and the joiners, which are invisible inside words that were copied out of a PDF."""

_PLAIN = (
    {ord(c): "'" for c in "’ʼ‘"} | {ord(c): "-" for c in "‐‑"} | dict.fromkeys(map(ord, INVISIBLE))
)


def normalise(run: str) -> str:
    """Write a word the one way it is looked up: composed, and its apostrophes and hyphens plain."""
    return run if run.isascii() else unicodedata.normalize("NFKC", run.translate(_PLAIN))


def form_of(words: str) -> str:
    """The form that a word, or several with blanks between, has in common with all its spellings.

    Normalised, with one space for any blanks, and case folded: `Kollis`, `KOLLIS` and `kollis` have one form. Empty
    where there is nothing to see.
    """
    # Folding can take a character apart again, so it is composed once more.
    folded = normalise(normalise(words).casefold())
    return " ".join(folded.split())
