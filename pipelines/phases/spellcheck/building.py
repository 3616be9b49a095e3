"""Making the index of a language's words out of its dictionary and the frequencies."""

import math
import zlib
from collections.abc import Callable, Mapping

import numpy as np
import regex

from pipelines.phases.spellcheck import sounds
from pipelines.phases.spellcheck.alphabet import Alphabet, as_matrix
from pipelines.phases.spellcheck.image import pack
from pipelines.phases.spellcheck.words import Case, bucket_of
from pipelines.vocabulary import Language

FORMAT = "5"  # counts up whenever an index of before cannot be used, or says something else
LONGEST = 32  # letters of a candidate
RAREST = 10**-7.3  # of running words, Zipf 1.7: nobody means a rarer word than that
_SHAPE = regex.compile(r"\p{Latin}[\p{Latin}\p{M}]*(?:['-][\p{Latin}\p{M}]+)*")
_REPORTED_EVERY = 1000

Progress = Callable[[int, int], None]  # told how many words are done, and of how many


def unheard(done: int, of: int) -> None:
    """Progress that nobody waits for."""


def build(
    language: Language,
    frequencies: Mapping[str, float],
    case_of: Callable[[str], Case],
    *,
    made_from: str,
    progress: Progress = unheard,
) -> bytes:
    """Make what `Words` reads. Equal input makes equal bytes.

    Args:
        language: English words are also found by their sound.
        frequencies: of words in lower case, as shares of all running words, more than 0.
        case_of: the dictionary. Nearly all time is spent in it: it is not asked for words that are
            rarer than `RAREST`.
        made_from: what tells this index from others.
        progress: told about every thousandth word.
    """
    words = sorted(frequencies, key=lambda word: (-frequencies[word], word))
    usual = sum(frequency >= RAREST for frequency in frequencies.values())
    cases = np.full(len(words), Case.NOT_ASKED, np.uint8)
    for word_id, word in enumerate(words[:usual]):
        if word_id % _REPORTED_EVERY == 0:
            progress(word_id, usual)
        cases[word_id] = case_of(word)
    progress(usual, usual)
    candidates, texts = _candidates(language, words[:usual], cases)
    arrays = {
        "frequencies": np.array([frequencies[word] for word in words], "<f8"),
        # Not by numpy, whose last digit depends on the processor.
        "log_frequencies": np.array([math.log(frequencies[word]) for word in words], "<f8"),
        "cases": cases,
        **_spellings([word.encode() for word in words]),
        **candidates,
    }
    return pack(made_from, arrays, texts)


def _spellings(spellings: list[bytes]) -> dict[str, np.ndarray]:
    buckets = 1 << max(1, len(spellings).bit_length())
    bucket = np.array([bucket_of(spelling, buckets) for spelling in spellings], np.int64)
    return {
        "spellings": np.frombuffer(b"".join(spellings), np.uint8),
        "ends": np.cumsum([len(spelling) for spelling in spellings], dtype="<u4"),
        "buckets": np.argsort(bucket, kind="stable").astype("<u4"),
        "bucket_ends": np.cumsum(np.bincount(bucket, minlength=buckets), dtype="<u4"),
    }


def _candidates(
    language: Language, words: list[str], cases: np.ndarray
) -> tuple[dict[str, np.ndarray], dict[str, str]]:
    ids = [
        word_id
        for word_id, word in enumerate(words)
        if cases[word_id] and len(word) <= LONGEST and _SHAPE.fullmatch(word)
    ]
    alphabet = Alphabet.of([words[word_id] for word_id in ids])
    ids = [word_id for word_id in ids if alphabet.encodable(words[word_id])]
    ids.sort(key=lambda word_id: (len(words[word_id]), word_id))
    spelt = [words[word_id] for word_id in ids]
    longest = len(spelt[-1]) if spelt else 1
    codes = as_matrix(map(alphabet.encode, spelt), longest)
    letters, pairs = alphabet.all_patterns(codes)
    lengths = [len(word) for word in spelt]
    arrays = {
        "candidate_ids": np.array(ids, "<u4"),
        "encoded": codes.reshape(-1).view(f"S{longest}"),
        "letters": letters.astype("<u8"),
        "pairs": pairs.astype("<u8"),
        "first_longer": np.searchsorted(lengths, np.arange(longest + 1), "right").astype("<u4"),
        **_sounds(spelt if language is Language.ENGLISH else []),
    }
    return arrays, {"letters": alphabet.letters, "counted": alphabet.counted}


def _sounds(spelt: list[str]) -> dict[str, np.ndarray]:
    """Places by checksum of the sound. Two sounds with one checksum add a candidate too many."""
    keys = np.array([zlib.crc32(sounds.key(word).encode()) for word in spelt], "<u4")
    order = np.argsort(keys, kind="stable")
    return {"sounds": keys[order], "sounding": order.astype("<u4")}
