"""What an essay looks like by itself: the numbers that the built-in judge compares."""

from collections.abc import Sequence
from functools import lru_cache
from itertools import compress

from pipelines.phases.cj_assessment import closed_words, known_words, mechanics
from pipelines.phases.cj_assessment.prose import prose
from pipelines.phases.nlp import diversity, readability
from pipelines.phases.spellcheck import context
from pipelines.phases.text import Reading, read
from pipelines.vocabulary import Language

VERSION = "1"
"""Changes whenever a text may be described otherwise."""

_DECIMALS = 6
_LEAST_WORDS = 20  # of which variety can be told
_LONG_SENTENCE = 40  # words
_LONG_PARAGRAPH = 25  # words; shorter ones are headings and lines
_PER = 100  # words
_NOTHING = dict.fromkeys(
    ("words", "distinct_words", "distinct_trigrams", "connectives", "guiraud", "paragraphs"), 0.0
)


def prepare(language: Language) -> None:
    """Load what describing a text of the language takes.

    Raises:
        DictionaryMissingError: there is no dictionary.
    """
    known_words.of(language)
    context.of(language)


def describe(text: str, language: Language) -> dict[str, float]:
    """Measure a text.

    Repetitions and heaps of words count towards nothing that longer or more varied texts have more of.

    Returns:
        Code → number, of the codes in `weights.FEATURES`; those that are undefined for a text are left out. The same
        text has the same numbers on every computer.

    Raises:
        DictionaryMissingError: there is no dictionary.
    """
    reading = read(text, language)
    words = [token.word.lower() for token in reading.words]
    if not words:
        return dict(_NOTHING)
    found: dict[str, float | None] = {
        "words": len(words),
        **_of_words(reading, words, language),
        **_of_sentences(reading, language),
    }
    return {code: round(float(each), _DECIMALS) for code, each in found.items() if each is not None}


def _of_words(
    reading: Reading, words: Sequence[str], language: Language
) -> dict[str, float | None]:
    known = known_words.of(language)
    unknown = known.unknown(reading)
    own = prose(words, language)
    kept = list(compress(words, own.counts))
    right = list(compress(words, (c and not u for c, u in zip(own.counts, unknown, strict=True))))
    types = set(right)
    content = [word for word in types if not closed_words.is_closed(word, language)]
    enough = len(kept) >= _LEAST_WORDS
    return {
        "distinct_words": len(types),
        "distinct_trigrams": len(set(zip(kept, kept[1:], kept[2:], strict=False))),
        "connectives": len(types & closed_words.JOINING[language]),
        "guiraud": len(types) / len(kept) ** 0.5 if kept else 0.0,
        "mtld": diversity.mtld(kept, least_words=_LEAST_WORDS) if enough else None,
        "rarity": -sum(map(known.zipf, content)) / len(content) if content else None,
        "word_length": readability.mean(sum(map(readability.letters, kept)), len(kept)),
        "misspelt": _PER * sum(unknown) / len(words),
        "repeated": own.repeated,
        "heaped": own.heaped,
        "torn": own.torn,
    }


def _of_sentences(reading: Reading, language: Language) -> dict[str, float | None]:
    tokens = reading.tokens
    lengths = [sum(tokens[i].is_word for i in sentence) for sentence in reading.sentences]
    paragraphs = [sum(tokens[i].is_word for i in each) for each in reading.paragraphs]
    total = sum(lengths)
    return {
        "paragraphs": sum(length >= _LONG_PARAGRAPH for length in paragraphs),
        "sentence_length": total / len(lengths),
        "run_on": sum(length for length in lengths if length > _LONG_SENTENCE) / total,
        "slips": _PER * mechanics.slips(reading, language) / total,
        "fit": _fit(reading, language),
    }


def _fit(reading: Reading, language: Language) -> float | None:
    """How well each word goes with the two before it, in nats, on average; English only."""
    model = _model(language)
    if model is None:
        return None
    words = reading.tokens.words
    gains = [
        gain
        for sentence in reading.sentences
        for gain in model.gains([words[index].lower() for index in sentence])
    ]
    return sum(gains) / len(gains) if gains else None


@lru_cache(maxsize=2)
def _model(language: Language) -> context.Trigrams | None:
    found = context.of(language)
    return found if isinstance(found, context.Trigrams) else None
