"""English words that many write as two (`my self`)."""

from collections.abc import Iterator, Mapping
from itertools import compress

from pipelines.phases.spellcheck.findings import Finding, Kind
from pipelines.phases.spellcheck.suggestions import Suggestion
from pipelines.phases.text import Reading

_REASON = "These two words are written as one."
_SURE = 0.9

# Second part → first parts. Only what hardly stands apart: `some times are better`, `every day`, `on line 3`.
_SECONDS: Mapping[str, frozenset[str]] = {
    second: frozenset(firsts.split())
    for second, firsts in {
        "self": "my your him her it",
        "selves": "our your them",
        "thing": "any every some",
        "body": "any every some",
        "where": "any every some",
        "ever": "how what when who",
        "out": "with",
        "fore": "there be",
        "tween": "be",
        "while": "mean",
        "wise": "other like",
        "though": "al",
        "ways": "al",
        "most": "al",
        "ready": "al",
        "other": "an",
        "gether": "to",
        "morrow": "to",
        "day": "yester birth",
        "less": "regard",
        "stand": "under",
        "father": "grand",
        "mother": "grand",
        "parents": "grand",
        "paper": "news",
        "papers": "news",
    }.items()
}


def part(word: str) -> int:
    """Whether it may be the second part of a pair: 1, or else 0."""
    return int(word in _SECONDS)


def pairs(reading: Reading, parts: bytes) -> Iterator[Finding]:
    """The pairs of an English text, in its order; those with a capital inside a sentence are left alone.

    Args:
        reading: the text.
        parts: which of its words may be second parts.
    """
    tokens = reading.tokens
    covered = 0
    for index, number, sentence in reading.within(compress(range(len(parts)), parts)):
        if index == sentence.start:
            continue
        first, second = tokens.words[index - 1], tokens.words[index]
        start, end = tokens.starts[index - 1], tokens.ends[index]
        low = first.lower() if index - 1 == sentence.start else first
        is_beside = reading.text[tokens.ends[index - 1] : tokens.starts[index]] == " "
        if is_beside and low in _SECONDS[second] and start >= covered:
            covered = end
            joined = (Suggestion(first + second, _SURE),)
            form = f"{low} {second}"
            yield Finding(start, end, form, Kind.COMPOUND_SPLIT, number, joined, _REASON)
