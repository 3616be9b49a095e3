"""Persons as judges: which pairs they are shown, why they decided, and what a phase has to offer them."""

from collections.abc import Collection, Mapping, Sequence
from enum import StrEnum
from typing import Any, Protocol

import numpy as np

from pipelines.phase import BatchContext, Phase
from pipelines.phases.cj_assessment.decisions import Choice, Decision, JudgeKind, Pair
from pipelines.phases.cj_assessment.grades import Anchor, GradeScale
from pipelines.phases.cj_assessment.pairing import next_round

SHARE_OF_KNOWN = 0.1
"""Of the pairs that persons are shown, so many have been judged by a machine, to see whether they agree."""

AWAITING_DECISIONS = "awaiting_decisions"
"""Why nothing more is planned, although more would help: it is the persons' turn."""


class Reason(StrEnum):
    """Why a person decided as they did."""

    CONTENT = "content"
    TASK = "task"
    STRUCTURE = "structure"
    LANGUAGE = "language"
    VOCABULARY = "vocabulary"
    STYLE = "style"
    UNREADABLE = "unreadable"
    INCOMPLETE = "incomplete"
    OTHER_LANGUAGE = "other_language"
    COPIED = "copied"
    WORRYING = "worrying"

    @property
    def is_against_judging(self) -> bool:
        """Whether it says why a pair cannot be judged, and not why an essay is better."""
        return self in _AGAINST_JUDGING


_AGAINST_JUDGING = {
    Reason.UNREADABLE,
    Reason.INCOMPLETE,
    Reason.OTHER_LANGUAGE,
    Reason.COPIED,
    Reason.WORRYING,
}


class OpenToPersons(Phase, Protocol):
    """A phase that compares essays, and lets persons go on when it has ended."""

    def conclude(
        self,
        batch: BatchContext,
        found: Sequence[Mapping[str, Any]],
        *,
        anchors: Mapping[str, Anchor],
        scale: GradeScale | None,
    ) -> Mapping[str, Any]:
        """What comes of all that was found and decided, as the phase's own result says it.

        Args:
            found: descriptions and decisions, as units found them or persons made them.
            anchors: essay → what is known of it.
            scale: of the grades; None if none are wanted.
        """
        ...

    def pairs_for_persons(
        self,
        batch: BatchContext,
        found: Sequence[Mapping[str, Any]],
        essays: Collection[str],
        *,
        taken: Collection[Pair],
        round_no: int,
    ) -> tuple[Pair, ...]:
        """The pairs of one round of persons, in the order in which they are shown; see `pairs`.

        Args:
            found: as `conclude`.
            essays: those that may be shown.
        """
        ...


def pairs(
    essays: Sequence[str],
    decisions: Sequence[Decision],
    *,
    taken: Collection[Pair],
    round_no: int,
    seed: int,
    prior: Mapping[str, float] | None = None,
) -> tuple[Pair, ...]:
    """Pairs for one round of persons: those that tell most, and a tenth of them such as a machine has judged.

    Args:
        essays: ids; their order makes no difference.
        decisions: all there are, of rounds before this one.
        taken: pairs that somebody has been shown and has not decided yet.
        round_no: counts on from the rounds there were.
        seed: with the same essays, decisions, pairs taken and round the same pairs come out.
        prior: as in `pairing.next_round`.

    Returns:
        In the order in which to show them. Where no pair is left that nobody has judged, those that machines alone
        have; empty where persons have judged every pair.
    """
    here = set(essays)
    known = [each for each in decisions if here.issuperset(each.pair.essays)]
    held = [
        Decision(round_no - 1, pair.left, pair.right, Choice.INVALID, "", JudgeKind.PERSON)
        for pair in taken
        if here.issuperset(pair.essays)
    ]
    if prior is not None:
        prior = {essay: score for essay, score in prior.items() if essay in here}
    fresh = next_round(essays, known + held, round_no, seed=seed, prior=prior)
    rng = np.random.Generator(np.random.Philox(np.random.SeedSequence((seed, round_no, 2))))
    by_persons = [each for each in known if each.kind is JudgeKind.PERSON]
    if not fresh:
        shown = list(next_round(essays, by_persons + held, round_no, seed=seed, prior=prior))
    else:
        met = {each.pair.essays for each in by_persons + held}
        by_machines = sorted({each.pair.essays for each in known} - met)
        shown = [*fresh, *_some(by_machines, len(fresh), rng)]
    return tuple(shown[index] for index in rng.permutation(len(shown)))


def _some(known: Sequence[tuple[str, str]], fresh: int, rng: np.random.Generator) -> list[Pair]:
    """As many known pairs as make up their share, on the average, on sides drawn at random."""
    wanted = fresh * SHARE_OF_KNOWN / (1 - SHARE_OF_KNOWN)
    count = min(len(known), int(wanted + rng.random()))
    drawn = rng.permutation(len(known))[:count]
    return [Pair(*(known[at] if rng.random() < 0.5 else known[at][::-1])) for at in drawn]  # noqa: PLR2004
