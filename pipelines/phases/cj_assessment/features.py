"""What an essay looks like by itself: the numbers that the built-in judge compares."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import compress

from pipelines.phases.cj_assessment import (
    closed_words,
    grammar,
    known_words,
    mechanics,
    wrong_words,
)
from pipelines.phases.cj_assessment.clauses import clauses
from pipelines.phases.cj_assessment.known_words import Look
from pipelines.phases.cj_assessment.prose import prose
from pipelines.phases.nlp import diversity
from pipelines.phases.spellcheck import context
from pipelines.phases.text import WORDS, Reading, read
from pipelines.vocabulary import Language

VERSION = "2"
"""Changes whenever a text may be described otherwise."""

_DECIMALS = 6
_LEAST_WORDS = 20  # of which variety can be told
_LONG_SENTENCE = 40  # words
_LONG_PARAGRAPH = 25  # words; shorter ones are headings and lines
_PER = 100  # words
_RARE = 3.0  # Zipf: once in a million words
_COMMON = 5.0  # the commonest thousand or so
_RAREST = 2.5  # beyond which rarity says nothing of a writer
_MOST_GAIN = 2.0  # nats
_GAIN_PER_NAT, _USUAL = 0.2, -9.0  # as measured in native prose (UD English EWT)
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
        Code → number; what each means is in docs/explanation/comparative-judgement.md. Those that are undefined for a
        text are left out. The same text has the same numbers on every computer.

    Raises:
        DictionaryMissingError: there is no dictionary.
    """
    reading = read(text, language)
    if not reading.sentences:
        return dict(_NOTHING)
    looks = known_words.of(language).looks(reading)
    found: dict[str, float | None] = {
        **_of_words(reading, looks, language),
        **_of_sentences(reading),
        **_of_errors(reading, looks, language),
    }
    return {code: round(float(each), _DECIMALS) for code, each in found.items() if each is not None}


def _of_words(
    reading: Reading, looks: Sequence[Look], language: Language
) -> dict[str, float | None]:
    tokens = reading.tokens
    read_as = zip(tokens.words, tokens.kinds, looks, strict=True)
    as_written, is_right = zip(
        *((word, look is Look.RIGHT) for word, kind, look in read_as if kind in WORDS), strict=True
    )
    words = list(map(str.lower, as_written))
    own = prose(words, language)
    kept = list(compress(words, own.counts))
    types = {
        word
        for word, right, own_word in zip(words, is_right, own.counts, strict=True)
        if right and own_word
    }
    zipf = known_words.of(language).zipf
    zipfs = [zipf(word) for word in types - closed_words.OF[language]]
    uncommon = sum(_RARE <= each < _COMMON for each in zipfs)
    return {
        "words": len(words),
        "distinct_words": len(types),
        "distinct_uncommon": uncommon,
        "distinct_trigrams": len(set(zip(kept, kept[1:], kept[2:], strict=False))),
        "connectives": len(types & closed_words.JOINING[language]),
        "guiraud": len(types) / len(kept) ** 0.5 if kept else 0.0,
        "guiraud_advanced": uncommon / len(kept) ** 0.5 if kept else 0.0,
        "mtld": diversity.mtld(kept, least_words=_LEAST_WORDS),
        "rarity": _rarity(zipfs),
        "word_length": sum(map(len, kept)) / len(kept) if kept else None,
        "rare": sum(0 < zipf(word) < _RARE and word.islower() for word in as_written) / len(words),
        "repeated": own.repeated,
        "heaped": own.heaped,
        "torn": own.torn,
    }


def _rarity(zipfs: Sequence[float]) -> float | None:
    """How rare words are, on average, on the Zipf scale turned round; the rarest count as merely rare."""
    return -sum(max(each, _RAREST) for each in zipfs) / len(zipfs) if zipfs else None


def _of_sentences(reading: Reading) -> dict[str, float | None]:
    tokens = reading.tokens
    lengths = [tokens.words_in(sentence) for sentence in reading.sentences]
    paragraphs = [tokens.words_in(paragraph) for paragraph in reading.paragraphs]
    return {
        "paragraphs": sum(length >= _LONG_PARAGRAPH for length in paragraphs),
        "sentence_length": sum(lengths) / len(lengths),
        "run_on": sum(length for length in lengths if length > _LONG_SENTENCE) / sum(lengths),
    }


def _of_errors(
    reading: Reading, looks: Sequence[Look], language: Language
) -> dict[str, float | None]:
    stretches = list(clauses(reading))
    per = _PER / reading.tokens.word_count
    fit = _fit(stretches, language)
    misspelt = looks.count(Look.UNKNOWN) + wrong_words.count(reading, language)
    slips = looks.count(Look.SMALL) + mechanics.slips(reading, language)
    return {
        "misspelt": per * misspelt,
        "slips": per * slips,
        "grammar": per * grammar.slips(stretches, language),
        "fit": fit,
        "disorder": None if fit is None else max(0.0, -fit),
    }


def _fit(stretches: Iterable[Sequence[str]], language: Language) -> float | None:
    """How much likelier the two words before it make a word, on average, in nats, for how common it is; English only.

    It falls with every error, seen or not, that puts together what hardly anybody does.
    """
    model = _model(language)
    if model is None:
        return None
    closed = closed_words.OF[language]
    fits = []
    for words in stretches:
        for at in range(1, len(words)):
            found = model.gain(words[at], words[max(0, at - 2) : at])
            if found is not None:
                gain, alone = found
                fit = min(max(gain, -_MOST_GAIN), _MOST_GAIN)
                # Rare words are seldom foretold, which is no fault of theirs.
                is_closed = words[at] in closed
                fits.append(fit if is_closed else fit - _GAIN_PER_NAT * (alone - _USUAL))
    return sum(fits) / len(fits) if len(fits) >= _LEAST_WORDS else None


@lru_cache(maxsize=2)
def _model(language: Language) -> context.Trigrams | None:
    found = context.of(language)
    return found if isinstance(found, context.Trigrams) else None
