"""What may have been meant by a word that nobody listed, and how likely each is where it stands."""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

import regex

from pipelines.phases.spellcheck import endings, irregular, slips
from pipelines.phases.spellcheck.agreement import Scores
from pipelines.phases.spellcheck.compounds import Compounds
from pipelines.phases.spellcheck.context import NOTHING, Context
from pipelines.phases.spellcheck.lexicon import Lexicon
from pipelines.phases.spellcheck.neighbours import NONE_ALIKE, Alike, Near, Neighbours, limit_for
from pipelines.phases.spellcheck.slips import Trait
from pipelines.phases.spellcheck.together import Told
from pipelines.phases.spellcheck.weights import weigh
from pipelines.phases.spellcheck.words import Case
from pipelines.vocabulary import Language

_SHORTLIST = 20
_AT_ONCE = 64
_REMEMBERED_FORMS = 2_000
_OUT_OF_REACH = 9.0  # nats
_FEW_SLIPS = 2
_LONG_ENOUGH_TO_HEAR = 4  # letters
_HEARD_WITHIN = 5  # slips
_OFFERED = 5
_SLIP = 4.5  # nats a slip weighs against ln of the frequency, in choosing whom to look at closely
_RAREST_PAIR = -14.0  # nats
_TOGETHER = 6.0  # nats by which two words meant together are likelier than by chance
_SHORT_WORD = 2
_FAR = 3  # slips, from which on an exchanged ending is likelier than so many
_RAREST_FORM = -16.0  # nats

SOMETHING_ELSE: tuple[Trait, ...] = (("something else", 1.0),)
"""That a word is wrong, and none of the candidates was meant."""

# Contractions without their apostrophe. Before `s` only these words: `companys` is a plural.
_CONTRACTION = regex.compile(
    r"(\p{L}+n)(t)|(\p{L}+)(m|ve|re|ll|d)|(that|there|here|what|who|where|how|he|she|it|let)(s)"
)


class Suggestion(NamedTuple):
    """A word that may have been meant.

    Attributes:
        text: as the dictionary writes it, or two such words with a space.
        score: how likely it is that just this was meant, 0 to 1. The scores of all candidates, of "as it is written"
            and of "something else" add up to 1.
    """

    text: str
    score: float


class Candidate(NamedTuple):
    """A word that may have been meant, before anybody looks at the words around it.

    Attributes:
        text: as the dictionary writes it, or two such words with a space.
        low: the same in lower case.
        weight: how much speaks for it, in nats.
    """

    text: str
    low: str
    weight: float


class Weighed(NamedTuple):
    """What may have been meant in one place.

    Attributes:
        as_written: how likely it is that the word is meant as it is, 0 to 1.
        suggestions: at most five, the likeliest first.
    """

    as_written: float
    suggestions: tuple[Suggestion, ...]


class Suggester:
    """Finds candidates for one language and weighs them, with weights learned from learners' errors."""

    def __init__(
        self,
        lexicon: Lexicon,
        neighbours: Neighbours,
        weights: Mapping[str, float],
        context: Context,
    ) -> None:
        self._lexicon = lexicon
        self._neighbours = neighbours
        self._weights = weights
        self._context = context
        self._is_english = lexicon.language is Language.ENGLISH
        self._compounds = None if self._is_english else Compounds(lexicon, neighbours)
        self._something_else = weigh(SOMETHING_ELSE, weights)
        self._near = lru_cache(maxsize=_AT_ONCE)(self._find_near)
        self._forms = lru_cache(maxsize=_REMEMBERED_FORMS)(self._find_forms)

    def candidates(self, word: str) -> tuple[Candidate, ...]:
        """What may have been meant by a word, weighed by itself, the likeliest first.

        Args:
            word: in lower case, normalised.
        """
        weighed = [(-weigh(traits, self._weights), text) for text, traits in self.described(word)]
        weighed.sort()
        # What lies so far behind does not come forward by the words around it.
        reach = weighed[0][0] + _OUT_OF_REACH if weighed else 0.0
        return tuple(
            [
                Candidate(text, text.lower(), -against)
                for at, (against, text) in enumerate(weighed)
                if at < _OFFERED or against < reach
            ]
        )

    def scores(
        self,
        candidates: Sequence[Candidate],
        before: Sequence[str],
        after: Sequence[str],
        told: Sequence[Told] = (),
    ) -> Scores:
        """How much speaks for each where the word stands.

        Args:
            candidates: of the word.
            before, after: as for `Context.between`.
            told: what the other texts of the batch say of them.
        """
        weights, scores = self._weights, {text: alone for text, _, alone in candidates}
        gap = self._context.between(before, after)
        if gap is not NOTHING:
            for text, low, _ in candidates:
                scores[text] += weigh(gap.traits(low), weights)
        if told:
            beside = {each.form: weigh(each.traits(), weights) for each in told}
            for text, low, _ in candidates:
                if low in beside:
                    scores[text] += beside[low]
        return scores

    def shares(self, scores: Scores, as_written: float) -> Weighed:
        """How likely each is.

        Args:
            scores: of the candidates.
            as_written: how much speaks for the word as it is, in nats.
        """
        top = max([as_written, self._something_else, *scores.values()])
        weight = {text: math.exp(score - top) for text, score in scores.items()}
        written = math.exp(as_written - top)
        total = sum(weight.values()) + written + math.exp(self._something_else - top)
        best = sorted([(-each, text) for text, each in weight.items()])[:_OFFERED]
        offered = [Suggestion(text, round(-each / total, 4)) for each, text in best]
        return Weighed(written / total, tuple(offered))

    def described(self, word: str) -> Iterator[tuple[str, list[Trait]]]:
        """Each candidate with its traits but for those of its place; what is learned from."""
        listed = self._listed(word)
        yield from listed.items()
        yield from self._compounded(word, listed)
        yield from self._split(word).items()

    def nearest_zipf(self, word: str, *, slips: int = _FEW_SLIPS) -> float:
        """How common the commonest listed word is that is a slip away, on the Zipf scale; 0 if there is none.

        A second slip makes a word count for a tenth.

        Args:
            word: in lower case, normalised.
            slips: away at most, 1 or 2.
        """
        near = (each for each in self._near(word) if each.distance <= slips)
        return max(
            (_zipf_of(each.log_frequency) - (each.distance - 1) for each in near), default=0.0
        )

    def contraction(self, word: str) -> str | None:
        """The usual English contraction whose apostrophe was left out: `didnt` → `didn't`."""
        if self._lexicon.language is not Language.ENGLISH or "'" in word:
            return None
        found = _CONTRACTION.fullmatch(word)
        form = "'".join(filter(None, found.groups())) if found else ""
        return self._lexicon.in_its_case(form) if form else None

    def _find_near(self, word: str) -> Sequence[Near]:
        return self._neighbours.likeliest(word, limit_for(word), per_edit=_SLIP, count=_SHORTLIST)

    def _find_alike(self, word: str) -> Alike:
        if len(word) < _LONG_ENOUGH_TO_HEAR:
            return NONE_ALIKE
        return self._neighbours.sounding_like(word, _HEARD_WITHIN, per_edit=_SLIP, count=_OFFERED)

    def _listed(self, word: str) -> dict[str, list[Trait]]:
        described = {}
        alike = self._find_alike(word)
        for near in {each.word: each for each in (*self._near(word), *alike.likeliest)}.values():
            traits = [("frequency", near.log_frequency), *slips.traits(word, near.word)]
            if near.word_id in alike.ids:
                traits.append(("sounds alike", 1.0))
            if near.written != near.word:
                traits.append(("capital wanted", 1.0))
            described[near.written] = traits
        if self._is_english:
            described.update(self._with_another_ending(word))
            for form, traits in self._related(word):
                described.setdefault(form, traits)
        # Only of what is listed is the dictionary asked, which takes longer than all the rest.
        frequency = self._lexicon.frequency(word)
        if frequency and (itself := self._lexicon.in_its_case(word)):
            described[itself] = [("frequency", math.log(frequency)), ("only case", 1.0)]
        return described

    def _with_another_ending(self, word: str) -> Iterator[tuple[str, list[Trait]]]:
        """Words whose ending was taken for another. It was no slip, so that it does not matter how alike they look."""
        for form in irregular.meant_by(word):
            log_frequency = math.log(self._lexicon.frequency(form))
            yield form, [("frequency", log_frequency), ("made regular", 1.0)]
        within_reach = {near.word for near in self._near(word) if near.distance < _FAR}
        for form, log_frequency in self._usual(endings.exchanged(word)):
            if form not in within_reach:
                yield form, [("frequency", log_frequency), ("ending exchanged", 1.0)]

    def _related(self, word: str) -> Iterator[tuple[str, list[Trait]]]:
        """Other forms of the nearest word."""
        for near in self._near(word)[:1]:
            if near.distance < _FAR:
                traits = [*slips.traits(word, near.word), ("another form", 1.0)]
                for form, log_frequency in self._forms(near.word):
                    if form != word:
                        yield form, [("frequency", log_frequency), *traits]

    def _find_forms(self, word: str) -> Sequence[tuple[str, float]]:
        return tuple(self._usual((*irregular.forms(word), *endings.forms(word))))

    def _usual(self, forms: Iterable[str]) -> Iterator[tuple[str, float]]:
        """Those of some forms that are words in small letters and not too rare, and ln of their frequency."""
        words = self._lexicon.words
        for form in forms:
            word_id = words.find(form)
            if word_id is not None and words.case(word_id) is Case.LOWER:
                log_frequency = words.log_frequencies.item(word_id)
                if log_frequency >= _RAREST_FORM:
                    yield form, log_frequency

    def _compounded(
        self, word: str, listed: Mapping[str, object]
    ) -> Iterator[tuple[str, list[Trait]]]:
        if self._compounds is None or any(near.distance == 1 for near in self._near(word)):
            return
        for compound, zipf in self._compounds.near(word).items():
            if compound not in listed:
                log_frequency = (zipf - 9) * math.log(10)
                yield (
                    compound,
                    [
                        ("compound", 1.0),
                        ("frequency of the rarer part", log_frequency),
                        *slips.traits(word, compound),
                    ],
                )

    def _split(self, word: str) -> dict[str, list[Trait]]:
        frequency = self._lexicon.frequency
        described: dict[str, list[Trait]] = {}
        for at in range(1, len(word)):
            left, right = word[:at], word[at:]
            if not (_is_plain_word(left) and _is_plain_word(right)):
                continue
            likely = (of_left := frequency(left)) and of_left * frequency(right)
            if likely and self._lexicon.knows(left) and self._lexicon.knows(right):
                together = math.log(likely) + _TOGETHER
                traits = [("frequency", max(_RAREST_PAIR, together)), ("missing space", 1.0)]
                if min(len(left), len(right)) <= _SHORT_WORD:
                    traits.append(("missing space by a short word", 1.0))
                described[f"{left} {right}"] = traits
        return described


def _zipf_of(log_frequency: float) -> float:
    return log_frequency / math.log(10) + 9


def _is_plain_word(part: str) -> bool:
    return part.isalpha() and (len(part) > 1 or part in "aiåö")
