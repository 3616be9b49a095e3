"""Texts to judge: made ones that come along, classes made up from them, and whatever marked essays a folder holds."""

import csv
import gzip
import math
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from pathlib import Path

import regex

DATA = Path(__file__).with_name("data") / "pairwise_samples1000.csv.gz"
"""1,000 texts that a language model (GPT-5.1) wrote to twenty levels of quality; of the R package pairwiseLLM, MIT."""

_SENTENCE_END = regex.compile(r"(?<=[.!?])\s+")
_FEWEST = 10  # essays on one assignment, to say anything of their order


@dataclass(frozen=True, slots=True)
class Marked:
    """A text and how good it is held to be, on any scale."""

    text: str
    mark: float


@lru_cache(maxsize=1)
def made() -> tuple[Marked, ...]:
    """The texts that come along. Their levels are what was asked of the model, nobody's marks."""
    with gzip.open(DATA, "rt", encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    return tuple(Marked(row["text"], float(row["quality_level"])) for row in rows)


def corpora(folder: Path) -> Iterator[tuple[str, list[list[Marked]]]]:
    """Name and classes of every CSV file of a folder: columns `text`, `score` and, if there are several, `prompt`.

    Essays on one assignment are a class; those on which there are fewer than ten are left out.
    """
    for path in sorted(folder.glob("*.csv*")):
        opened = gzip.open if path.suffix == ".gz" else open
        with opened(path, "rt", encoding="utf-8-sig", newline="") as stream:
            rows = sorted(csv.DictReader(stream), key=lambda row: row.get("prompt", ""))
        classes = [
            [Marked(row["text"], float(row["score"])) for row in of_prompt]
            for _, of_prompt in groupby(rows, key=lambda row: row.get("prompt", ""))
        ]
        yield path.name.split(".")[0], [each for each in classes if len(each) >= _FEWEST]


@dataclass(frozen=True, slots=True)
class Kind:
    """What marks follow in a made-up class.

    Attributes:
        sentences: of a usual text.
        by_content: how much longer the texts of those are who have more to say.
        at_random: how much their lengths differ otherwise.
        errors: how many a usual text has, relative to those of the other kind.
        content, language, noise: what a mark is made of.
    """

    sentences: int
    by_content: float
    at_random: float
    errors: float
    content: float
    language: float
    noise: float


KINDS: Mapping[str, Kind] = {
    "content": Kind(18, 0.45, 0.15, 0.6, 0.9, 0.3, 0.8),
    "language": Kind(20, 0.05, 0.35, 1.2, 0.25, 0.85, 0.55),
}
"""Chosen so that the longer text has the better mark about as often as research says it has: rank correlations of .7
where marks follow content, and of .3 where they follow language."""


def made_up(kind: Kind, seed: int, size: int = 200) -> list[Marked]:
    """A class of writers who know more or less to say, and write it better or worse.

    Sentences are a model's, the better the writer the better the text they are from; lengths and errors are drawn. It
    shows whether a judge follows what it was built to follow, and nothing about pupils.
    """
    rng = random.Random(f"{kind} {seed}")
    return [_written(kind, rng) for _ in range(size)]


def _written(kind: Kind, rng: random.Random) -> Marked:
    content = rng.gauss(0, 1)
    language = 0.4 * content + 0.92 * rng.gauss(0, 1)
    length = math.exp(kind.by_content * content + kind.at_random * rng.gauss(0, 1))
    level = 0.5 + 0.18 * (language + 0.6 * rng.gauss(0, 1))
    text = _text(max(4, round(kind.sentences * length)), level, rng)
    errors = kind.errors * math.exp(-0.8 * language + 0.5 * rng.gauss(0, 1))
    mark = kind.content * content + kind.language * language + kind.noise * rng.gauss(0, 1)
    return Marked(spoilt(text, errors, rng), mark)


def _text(sentences: int, level: float, rng: random.Random) -> str:
    levels = _by_level()
    middle = min(max(round(level * len(levels)), 0), len(levels) - 1)
    found: list[str] = []
    while len(found) < sentences:
        near = min(max(middle + rng.randint(-2, 2), 0), len(levels) - 1)
        found += rng.choice(levels[near])
    return " ".join(found[:sentences])


@lru_cache(maxsize=1)
def _by_level() -> Sequence[Sequence[Sequence[str]]]:
    found: dict[float, list[Sequence[str]]] = {}
    for one in made():
        found.setdefault(one.mark, []).append(_SENTENCE_END.split(one.text.replace("\n", " ")))
    return [found[level] for level in sorted(found)]


def spoilt(text: str, errors: float, rng: random.Random) -> str:
    """The text with errors put in, in proportion to `errors`; 1 gives some five in 100 words."""
    words: list[str] = []
    for written in (_wrong(word, errors, rng) for word in text.split()):
        if words and words[-1].endswith((".", ",")) and rng.random() < 0.03 * errors:
            words[-1] += written
        elif written:
            words.append(written)
    return " ".join(words)


def _wrong(word: str, errors: float, rng: random.Random) -> str:
    bare = word.strip(".,;!?")
    changes = (
        change for chance, fits, change in _ERRORS if fits(bare) and rng.random() < chance * errors
    )
    change = next(changes, None)
    written = word if change is None else word.replace(bare, change(bare, rng))
    is_unmarked = written.endswith((".", ",")) and rng.random() < 0.06 * errors
    return written[:-1] if is_unmarked else written


def _misspelt(word: str, rng: random.Random) -> str:
    at = rng.randrange(1, len(word) - 1)
    return rng.choice(
        (
            word[:at] + word[at + 1 :],
            word[:at] + word[at + 1] + word[at] + word[at + 2 :],
            word[:at] + word[at] + word[at:],
            word[:at] + rng.choice("aeiou") + word[at + 1 :],
        )
    )


_OTHER = {"is": "are", "was": "were", "has": "have"}
_OTHER |= {other: one for one, other in _OTHER.items()}
_PREPOSITIONS = ("of", "to", "in", "for", "at")
_LEAST_LETTERS = 4

_ERRORS: tuple[tuple[float, Callable[[str], bool], Callable[[str, random.Random], str]], ...] = (
    (0.06, {"the", "a", "an"}.__contains__, lambda _, __: ""),
    (0.06, {"I"}.__contains__, lambda _, __: "i"),
    (0.05, _OTHER.__contains__, lambda word, _: _OTHER[word]),
    (0.05, _PREPOSITIONS.__contains__, lambda _, rng: rng.choice(_PREPOSITIONS)),
    (0.06, str.istitle, lambda word, _: word.lower()),
    (
        0.05,
        lambda word: len(word) > _LEAST_LETTERS and word.endswith("s"),
        lambda word, _: word[:-1],
    ),
    (0.02, lambda word: len(word) >= _LEAST_LETTERS and word.isalpha(), _misspelt),
)
