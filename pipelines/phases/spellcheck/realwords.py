"""Words that exist and were not meant: the ones that many take for another, where the other fits far better."""

import math
from collections.abc import Mapping, Sequence
from functools import lru_cache

from pipelines.phases.spellcheck.context import (
    END,
    NEVER_SAID,
    START,
    TOLD,
    Context,
    Gap,
)
from pipelines.phases.spellcheck.slips import Trait
from pipelines.phases.spellcheck.suggestions import Suggestion
from pipelines.phases.spellcheck.weights import weigh
from pipelines.vocabulary import Language

# Sets of which any may stand for any other. What is a matter of grammar (was, were; this, these) is not among them, nor
# are the commonest words (the, they), as looking at each of them costs more than is found.
_SETS = {
    Language.ENGLISH: (
        "their there they're, your you're, then than, to too two, loose lose, where were, of off,"
        " weather whether, quite quiet, whose who's, advice advise, affect effect, peace piece,"
        " red read, brake break, accept except, thought though through, passed past, buy by,"
        " know now, hear here, week weak, plain plane, principal principle,"
        " desert dessert, dairy diary, breath breathe, choose chose, live life, leave live, feel fill,"
        " form from, since sense, cloths clothes, think thing, hole whole, meet meat, road rode,"
        " wood would, waist waste, knew new, steal steel, bare bear, board bored, course coarse,"
        " fair fare, heal heel, mail male, pain pane, pair pear, role roll, sale sail, tail tale,"
        " threw through, wait weight, way weigh, height high, no know, cold could, ship sheep,"
        " lets let's, angel angle, rise raise, soap soup, sweat sweet, trail trial, woman women,"
        " how who, must most, word world"
    ),
    Language.SWEDISH: "",
}
# And these only this way round: the other is right as a rule, or is hardly a word.
_ONE_WAY = {
    Language.ENGLISH: {
        "aloud": "allowed",
        "bean": "been",
        "been": "being",
        "bellow": "below",
        "cheep": "cheap",
        "costume": "custom",
        "costumer": "customer",
        "diner": "dinner",
        "east": "easy",
        "fro": "from",
        "god": "good",
        "it's": "its",
        "lest": "least",
        "man": "men",
        "posses": "possess",
        "prise": "price",
        "quit": "quite",
        "right": "write",
        "son": "soon",
        "tank": "thank",
        "tree": "three",
        "whit": "with",
        "wich": "which",
        "wit": "with",
        "witch": "which",
        "you": "your",
    },
    Language.SWEDISH: {},
}
_REMEMBERED = 1 << 15
_FITS = 3.0  # nats that the neighbours add to a word, from which on nothing else is tried
_LEAST_GAIN = 3.5  # nats by which the other must fit better
_EVEN = 4.0  # nats at which the other is as likely as what is written
_SURE = 0.9  # how fast that changes with each


class Confused:
    """Tells words that are taken for each other by their neighbours.

    Args:
        language: Swedish has none, for want of a context.
        context: of the language.
        weights: of what `traits` names.
    """

    def __init__(self, language: Language, context: Context, weights: Mapping[str, float]) -> None:
        self._context = context
        self._weights = weights
        self._others = _others(language)
        self.instead_within = lru_cache(maxsize=_REMEMBERED)(self._instead_within)
        """What was probably meant instead of one of some words in a row, which is found out once.

        Args: the words, in lower case: one, and the two nearest on each side as far as the sentence has them; which of
        them it is; whether the sentence `ends` with them, with a full stop or the like.
        """

    def __contains__(self, word: str) -> bool:
        return word in self._others

    def others(self, word: str) -> Sequence[str]:
        """What may have been meant instead of a word in lower case."""
        return self._others.get(word, ())

    def instead(
        self, word: str, before: Sequence[str], after: Sequence[str]
    ) -> tuple[Suggestion, ...]:
        """What was probably meant instead of a word; nothing if it fits where it stands.

        Args:
            word: in lower case.
            before, after: as for `Context.between`.
        """
        others = self.others(word)
        if not others or (not before and not after):
            return ()
        gap = gap_between(self._context, before, after)
        written = traits(gap, word)
        as_written = weigh(written, self._weights)
        if as_written - weigh([each for each in written if each[0] == SAID], self._weights) > _FITS:
            return ()
        gains = {other: weigh(traits(gap, other), self._weights) - as_written for other in others}
        best = max(sorted(gains), key=lambda other: gains[other])
        if gains[best] < _LEAST_GAIN:
            return ()
        return (Suggestion(best, round(1 / (1 + math.exp(_SURE * (_EVEN - gains[best]))), 4)),)

    def _instead_within(
        self, words: tuple[str, ...], at: int, *, ends: bool = False
    ) -> tuple[Suggestion, ...]:
        after = words[at + 1 :]
        return self.instead(words[at], words[:at] or (START,), (*after, END) if ends else after)


def gap_between(context: Context, before: Sequence[str], after: Sequence[str]) -> Gap:
    """The place between words, wherever in its sentence: `Write to us.` begins as hardly anything does that is said."""
    return context.between([word for word in before if word != START], after)


def traits(gap: Gap, meant: str) -> list[Trait]:
    """What tells two such words apart: how well each fits, which weighs more here than between slips."""
    return [(_INSTEAD[name], value) for name, value in gap.traits(meant) if name != NEVER_SAID]


_INSTEAD = {name: f"instead {name}" for name in TOLD}
SAID = _INSTEAD["said"]


def _others(language: Language) -> Mapping[str, tuple[str, ...]]:
    """Word → what may have been meant instead of it; in lower case."""
    others: dict[str, set[str]] = {}
    for together in map(str.split, _SETS[language].split(",")):
        for word in together:
            others.setdefault(word, set()).update(set(together) - {word})
    for word, meant in _ONE_WAY[language].items():
        others.setdefault(word, set()).add(meant)
    return {word: tuple(sorted(meant)) for word, meant in others.items()}
