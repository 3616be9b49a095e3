"""What makes two words the same word, however they were typed."""

import re
import unicodedata

INVISIBLE = "\u00ad\u200c\u200d\u2060"
"""The soft hyphen and the joiners, which are invisible inside words that were copied out of a PDF."""

_PLAIN = (
    {ord(c): "'" for c in "’ʼ‘"} | {ord(c): "-" for c in "‐‑"} | dict.fromkeys(map(ord, INVISIBLE))
)
_NOT_PLAIN = re.compile(
    f"[{''.join(map(chr, _PLAIN))}]"
)  # to look for them takes a tenth of replacing them


def normalise(run: str) -> str:
    """Write a word the one way it is looked up: composed, and its apostrophes and hyphens plain."""
    if run.isascii():
        return run
    plain = run.translate(_PLAIN) if _NOT_PLAIN.search(run) else run
    return unicodedata.normalize("NFKC", plain)


def form_of(words: str) -> str:
    """The form that a word, or several with blanks between, has in common with all its spellings.

    Normalised, with one space for any blanks, and case folded: `Kollis`, `KOLLIS` and `kollis` have one form. Empty
    where there is nothing to see.
    """
    # Folding can take a character apart again, so it is composed once more.
    folded = normalise(normalise(words).casefold())
    return " ".join(folded.split())
