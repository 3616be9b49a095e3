"""Which pairs persons are shown."""

from itertools import combinations

import pytest

from pipelines.phases.cj_assessment import persons
from pipelines.phases.cj_assessment.decisions import Choice, Decision, JudgeKind, Pair
from pipelines.phases.cj_assessment.pairing import next_round
from pipelines.phases.cj_assessment.persons import Reason

ESSAYS = [f"e{n:02}" for n in range(40)]
SEED = 7


def decided(pairs, round_no, kind=JudgeKind.BUILTIN):
    return [Decision(round_no, *each.essays, Choice.LEFT, kind.value, kind) for each in pairs]


@pytest.fixture(scope="module")
def by_machine():
    found: list[Decision] = []
    for round_no in range(1, 9):
        found += decided(next_round(ESSAYS, found, round_no, seed=SEED), round_no)
    return found


def shown(decisions, *, essays=ESSAYS, taken=(), round_no=9):
    return persons.pairs(essays, decisions, taken=taken, round_no=round_no, seed=SEED)


def test_about_a_tenth_has_been_judged_by_a_machine(by_machine):
    known = {each.pair.essays for each in by_machine}
    counts = [
        [pair.essays in known for pair in shown(by_machine, round_no=round_no)]
        for round_no in range(9, 29)
    ]

    total, of_known = sum(map(len, counts)), sum(map(sum, counts))
    assert of_known / total == pytest.approx(persons.SHARE_OF_KNOWN, abs=0.03)


def test_the_others_are_of_a_round_in_which_every_essay_is_once(by_machine):
    known = {each.pair.essays for each in by_machine}

    fresh = [pair for pair in shown(by_machine) if pair.essays not in known]

    assert sorted(essay for pair in fresh for essay in pair.essays) == ESSAYS


def test_the_same_is_shown_for_the_same_decisions_whatever_their_order(by_machine):
    assert shown(by_machine) == shown(by_machine[::-1], essays=ESSAYS[::-1])


def test_pairs_that_others_hold_are_left_alone(by_machine):
    taken = shown(by_machine)

    again = shown(by_machine, taken=taken)

    assert not {pair.essays for pair in taken} & {pair.essays for pair in again}


def test_pairs_that_persons_have_judged_are_not_shown_again(by_machine):
    first = shown(by_machine)

    second = shown(by_machine + decided(first, 9, JudgeKind.PERSON), round_no=10)

    assert not {pair.essays for pair in first} & {pair.essays for pair in second}


def test_when_machines_have_judged_every_pair_persons_are_shown_those():
    essays = ESSAYS[:6]
    every = [Pair(*each) for each in combinations(essays, 2)]
    decisions = decided(every, 1)
    for round_no in range(2, 20):
        pairs = shown(decisions, essays=essays, round_no=round_no)
        decisions += decided(pairs, round_no, JudgeKind.PERSON)

    by_persons = [each.pair.essays for each in decisions if each.kind is JudgeKind.PERSON]
    assert sorted(by_persons) == sorted(each.essays for each in every)
    assert shown(decisions, essays=essays, round_no=20) == ()


def test_essays_that_may_not_be_shown_are_not(by_machine):
    pairs = shown(by_machine, essays=ESSAYS[:10])

    assert {essay for pair in pairs for essay in pair.essays} <= set(ESSAYS[:10])


@pytest.mark.parametrize("essays", [[], ESSAYS[:1]])
def test_fewer_than_two_essays_are_no_pair(essays):
    assert shown([], essays=essays, round_no=1) == ()


def test_a_reason_speaks_for_an_essay_or_against_judging():
    assert not Reason.CONTENT.is_against_judging
    assert Reason.WORRYING.is_against_judging
