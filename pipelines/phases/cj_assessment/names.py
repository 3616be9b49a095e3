"""Pupils' names, and what else tells who wrote an essay, are taken out before anybody judges it."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache

from pipelines.vocabulary import Language

PLACEHOLDER = {Language.ENGLISH: "[name]", Language.SWEDISH: "[namn]"}
_ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_IDENTITY_NUMBER = re.compile(r"\b(?:19|20)?\d{6}[-+]?\d{4}\b")
_PARTS = re.compile(r"[^\W\d_]+")
_GENITIVE = r"(?:['’]?s)?"
_BEGINS_A_SENTENCE = re.compile(r"(?:^|[.!?:\n])[\s\"'“”‘’(–—-]*$")


def without(texts: Sequence[str], names: Iterable[str], language: Language) -> tuple[str, ...]:
    """Texts in which nobody of a class is named.

    Whole names go in whatever case; their parts where they begin with a capital. A part that one of the texts also uses
    as an ordinary word, as *My* and *Will* are, goes only inside a sentence, where a capital makes it a name. So do
    e-mail addresses and Swedish identity numbers, whosever they are.

    Args:
        texts: that are read together.
        names: of the class, first and last names in any order.
        language: of the texts; the placeholder is in it.
    """
    placeholder = PLACEHOLDER[language]
    whole, part = _patterns(frozenset(names))
    shown = [unicodedata.normalize("NFC", text) for text in texts]
    for pattern in (_ADDRESS, _IDENTITY_NUMBER, whole):
        shown = [pattern.sub(placeholder, text) for text in shown]
    ordinary = {word for text in shown for word in _PARTS.findall(text) if word.islower()}

    def hidden(found: re.Match[str]) -> str:
        return found[0] if _is_word(found, ordinary) else placeholder

    return tuple(part.sub(hidden, text) for text in shown)


def _is_word(found: re.Match[str], ordinary: set[str]) -> bool:
    if found["part"].lower() not in ordinary:
        return False
    return bool(_BEGINS_A_SENTENCE.search(found.string, max(0, found.start() - 20), found.start()))


@lru_cache(maxsize=64)
def _patterns(names: frozenset[str]) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Whole names, and their parts."""
    found = [_PARTS.findall(unicodedata.normalize("NFC", name)) for name in names]
    orders = {tuple(parts) for parts in found if len(parts) > 1}
    orders |= {parts[::-1] for parts in orders}
    wholes = [r"[\W_]+".join(map(re.escape, parts)) for parts in orders]
    parts = {part for name in found for part in name if len(part) > 1}
    capitals = {form for part in parts for form in (part, part.capitalize(), part.upper())}
    capitals -= {form for form in capitals if form.islower()}
    return (
        re.compile(rf"(?<!\w)(?:{_any(wholes)}){_GENITIVE}(?!\w)", re.IGNORECASE),
        re.compile(rf"(?<!\w)(?P<part>{_any(map(re.escape, capitals))}){_GENITIVE}(?!\w)"),
    )


def _any(patterns: Iterable[str]) -> str:
    """One of these, the longest that fits; nothing fits where there are none."""
    return "|".join(sorted(patterns, key=lambda each: (-len(each), each))) or "(?!)"
