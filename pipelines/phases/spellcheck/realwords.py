"""Words that exist and were not meant: the ones that many take for another, where the other fits far better."""

import math
from collections.abc import Iterable, Mapping, Sequence

from pipelines.phases.spellcheck.context import Context
from pipelines.phases.spellcheck.slips import Trait
from pipelines.phases.spellcheck.suggestions import Suggestion
from pipelines.vocabulary import Language

# Sets of which any may stand for any other. What is a matter of grammar (was, were; this, these) is not among them.
_SETS = {
    Language.ENGLISH: (
        "their there they're, your you're, then than, to too two, loose lose, where were, of off,"
        " weather whether, quite quiet, whose who's, advice advise, affect effect, peace piece,"
        " red read, brake break, accept except, thought though through, passed past, buy by,"
        " know now, hear here, write right, week weak, plain plane, principal principle,"
        " desert dessert, dairy diary, breath breathe, choose chose, live life, leave live, feel fill,"
        " form from, since sense, cloths clothes, think thing, hole whole, meet meat, road rode,"
        " wood would, waist waste, knew new, steal steel, bare bear, board bored, course coarse,"
        " fair fare, heal heel, mail male, pain pane, pair pear, role roll, sale sail, tail tale,"
        " threw through, wait weight, way weigh, height high, no know, cold could, ship sheep"
    ),
    Language.SWEDISH: "",
}
# And these only this way round: the other is right as a rule, or is hardly a word.
_ONE_WAY = {
    Language.ENGLISH: {
        "it's": "its",
        "you": "your",
        "witch": "which",
        "wich": "which",
        "tree": "three",
        "posses": "possess",
        "cheep": "cheap",
        "east": "easy",
        "son": "soon",
        "aloud": "allowed",
        "bean": "been",
    },
    Language.SWEDISH: {},
}
_FITS = 3.0  # nats that the neighbours add to a word, from which on nothing else is tried
_LEAST_GAIN = 4.5  # nats by which the other must fit better
_EVEN = 4.0  # nats at which the other is as likely as what is written
_SURE = 0.9  # how fast that changes with each


def confused(language: Language) -> Mapping[str, tuple[str, ...]]:
    """Word → what may have been meant instead of it; in lower case."""
    others: dict[str, set[str]] = {}
    for together in map(str.split, _SETS[language].split(",")):
        for word in together:
            others.setdefault(word, set()).update(set(together) - {word})
    for word, meant in _ONE_WAY[language].items():
        others.setdefault(word, set()).add(meant)
    return {word: tuple(sorted(meant)) for word, meant in others.items()}


def instead(
    word: str,
    others: Sequence[str],
    context: Context,
    before: Sequence[str],
    after: Sequence[str],
) -> tuple[Suggestion, ...]:
    """What was probably meant instead of a word; nothing if it fits where it stands.

    Args:
        word: in lower case.
        others: what may have been meant.
        before, after: as for `Context.between`.
    """
    if not before and not after:
        return ()
    gap = context.between(before, after)
    written = gap.traits(word)
    as_written = _fit(written)
    if as_written - dict(written).get("said", 0.0) > _FITS:
        return ()
    gains = {other: _fit(gap.traits(other)) - as_written for other in others}
    best = max(sorted(gains), key=lambda other: gains[other])
    if gains[best] < _LEAST_GAIN:
        return ()
    return (Suggestion(best, round(1 / (1 + math.exp(_SURE * (_EVEN - gains[best]))), 4)),)


def _fit(traits: Iterable[Trait]) -> float:
    """How well a word goes between others, in nats."""
    return sum(value for name, value in traits if name != "never said")
