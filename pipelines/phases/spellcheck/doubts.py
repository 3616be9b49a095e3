"""What tells a word that nobody listed from a slip: the traits of "it is meant as it is written"."""

from collections.abc import Iterator

import regex

from pipelines.phases.spellcheck.compounds import RAREST, cuts, first_parts
from pipelines.phases.spellcheck.lexicon import Lexicon
from pipelines.phases.spellcheck.slips import Trait
from pipelines.phases.spellcheck.spared import is_acronym
from pipelines.vocabulary import Language

_THRICE = regex.compile(r"(.)\1\1")
_LONGEST = 15
_ENDINGS = (
    "ing",
    "ed",
    "er",
    "ly",
    "ness",
    "able",
    "ist",
    "ism",
    "ize",
    "ise",
    "y",
    "an",
    "ar",
    "en",
    "et",
    "na",
    "or",
)


def traits(word: str, lexicon: Lexicon, *, nearest_zipf: float) -> Iterator[Trait]:
    """The traits of a word itself, wherever it stands.

    Args:
        word: normalised; its case counts.
        nearest_zipf: how common the commonest word is that is one slip away; 0 if there is none.
    """
    low = word.lower()
    zipf = lexicon.zipf(low)
    yield "as written", 1.0
    yield "listed", zipf
    if nearest_zipf > zipf > 0:
        yield "outnumbered", nearest_zipf - zipf
    if not zipf:
        yield "unlisted", 1.0
    yield "long", min(len(low), _LONGEST) / 10
    yield from ((name, 1.0) for name, has in _looks(word, low, lexicon).items() if has)
    yield from ((f"ending:{ending}", 1.0) for ending in _ENDINGS if low.endswith(ending))
    if lexicon.language is Language.SWEDISH and (usual := _usual_parts(low, lexicon)):
        yield "usual compound", 1.0
        yield "usual parts", usual


def _looks(word: str, low: str, lexicon: Lexicon) -> dict[str, bool]:
    return {
        "all capitals": word.isupper(),
        "acronym": is_acronym(word),
        "hyphen": "-" in low,
        "apostrophe inside": "'" in low,
        "known but for the s": low.endswith("s") and lexicon.knows(low[:-1]),
        "letter thrice": _THRICE.search(low) is not None,
        "foreign letter": not low.isascii() and lexicon.language is Language.ENGLISH,
    }


def place_traits(word: str, zipf: float, *, opens: bool) -> Iterator[Trait]:
    """The traits of a word where it stands.

    Args:
        zipf: how common it is; 0 if it is not listed.
        opens: whether a capital letter says nothing here, as at the beginning of a sentence.
    """
    if not word[:1].isupper():
        return
    if opens:
        yield "capital at the beginning", 1.0
        yield "listed, capital at the beginning", zipf
        return
    yield "capital", 1.0
    yield "listed, capital", zipf
    if not zipf:
        yield "unlisted, capital", 1.0


def _usual_parts(low: str, lexicon: Lexicon) -> float:
    """How common the rarer part is of the best cut into two listed words, on the Zipf scale; 0 if there is none."""
    return max((_rarer(left, right, lexicon) for left, right in cuts(low)), default=0.0)


def _rarer(left: str, right: str, lexicon: Lexicon) -> float:
    first = max(_usual(each, lexicon) for each in first_parts(left))
    return min(_usual(right, lexicon), first)


def _usual(part: str, lexicon: Lexicon) -> float:
    """How common a part is, on the Zipf scale; 0 if it is rare or no word."""
    zipf, case = lexicon.listed(part)
    return zipf if zipf >= RAREST and case else 0.0
