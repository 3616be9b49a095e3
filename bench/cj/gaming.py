"""T6: whether an essay gains by tricks that add nothing to it."""

import random
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import wordfreq

from bench.cj import texts
from pipelines.phases.cj_assessment import builtin, features
from pipelines.vocabulary import Language, Profile

MOST_RAISED = {"doubled": 2.0, "shuffled": 1.0, "rare_words": 10.0}
"""Percent of the essays."""
_CLASSES = 5
_CLASS = 40
_RARE_WORDS = 100
_RARE = (1e-8, 1e-6)  # a share of all running words: one in a hundred million to one in a million

Say = Callable[[str], None]
Trick = Callable[[str, random.Random], str]


def t6(*, say: Say = lambda _: None) -> dict[str, Any]:
    """How many essays rise when one of them at a time is tampered with, in percent.

    An essay has risen if its score is higher than it was, or if it is placed before one that it was placed behind.
    """
    rare = _rare_words()
    tricks: Mapping[str, Trick] = {
        "doubled": lambda text, _: f"{text}\n\n{text}",
        "shuffled": lambda text, rng: " ".join(rng.sample(words := text.split(), len(words))),
        "rare_words": lambda text, rng: f"{text} {' '.join(rng.sample(rare, _RARE_WORDS))}",
        "rare_words_strewn": lambda text, rng: _strewn(text, rng.sample(rare, _RARE_WORDS), rng),
    }
    found: dict[str, Any] = {"essays": 2 * _CLASSES * _CLASS, "target": MOST_RAISED}
    classes = _classes()
    described = [[features.describe(text, Language.ENGLISH) for text in each] for each in classes]
    for name, trick in tricks.items():
        say(f"T6: {name}")
        found[name] = _raised(trick, classes, described)
    found["met"] = all(found[name]["balanced"] <= most for name, most in MOST_RAISED.items())
    return found


def _classes() -> list[list[str]]:
    """Short ones as a model wrote them, and longer ones with errors."""
    whole = [one.text for one in texts.made()]
    random.Random(6).shuffle(whole)
    short = [whole[_CLASS * n : _CLASS * (n + 1)] for n in range(_CLASSES)]
    kinds = list(texts.KINDS.values())
    longer = [
        [one.text for one in texts.made_up(kinds[n % len(kinds)], n, _CLASS)]
        for n in range(_CLASSES)
    ]
    return short + longer


def _raised(
    trick: Trick, classes: Sequence[Sequence[str]], described: Sequence[Sequence[dict[str, float]]]
) -> dict[str, float]:
    risen = dict.fromkeys(map(str, Profile), 0)
    for number, (essays, about) in enumerate(zip(classes, described, strict=True)):
        before = {profile: _scores(about, profile) for profile in Profile}
        for at, text in enumerate(essays):
            changed = trick(text, random.Random(f"{number} {at}"))
            tampered = features.describe(changed, Language.ENGLISH)
            for profile in Profile:
                after = _scores([*about[:at], tampered, *about[at + 1 :]], profile)
                risen[str(profile)] += _has_risen(before[profile], after, at)
    total = sum(map(len, classes))
    return {name: round(100 * count / total, 2) for name, count in risen.items()}


def _scores(about: Sequence[dict[str, float]], profile: Profile) -> list[float]:
    standings = builtin.standings({f"{n:05}": each for n, each in enumerate(about)}, profile)
    return [standings[essay].score for essay in sorted(standings)]


def _has_risen(before: Sequence[float], after: Sequence[float], at: int) -> bool:
    places = [sum(score > scores[at] for score in scores) for scores in (before, after)]
    return after[at] > before[at] or places[1] < places[0]


def _strewn(text: str, rare: Sequence[str], rng: random.Random) -> str:
    words = text.split()
    for word in rare:
        words.insert(rng.randrange(len(words) + 1), word)
    return " ".join(words)


def _rare_words() -> list[str]:
    listed = wordfreq.get_frequency_dict("en", "best")
    least, most = _RARE
    return sorted(
        word
        for word, frequency in listed.items()
        if least < frequency < most and word.isascii() and word.isalpha()
    )
