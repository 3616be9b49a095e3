"""The judge that needs nobody."""

import json
from collections.abc import Mapping

import pytest

from pipelines.phases.cj_assessment import builtin, features
from pipelines.phases.cj_assessment.builtin import BuiltinJudge, Standing
from pipelines.phases.cj_assessment.decisions import Choice, Pair
from pipelines.phases.cj_assessment.judges import Task
from pipelines.phases.cj_assessment.weights import NAMES
from pipelines.vocabulary import Language, Profile

GOOD = (
    "Many people believe that cities should close their centres to cars. Although this would be inconvenient for some"
    " drivers, the advantages are considerable: the air would be cleaner, the streets would be quieter, and children"
    " could walk to school without danger. Moreover, shops usually profit when customers stroll past their windows"
    " instead of searching for a place to park.\n\nCritics argue that elderly citizens depend on their vehicles."
    " However, reliable buses and generous exceptions can solve that problem, as several European towns have shown."
)
MIDDLING = (
    "Many people think that cars should not be in the city. It would be good for the air and the streets would be"
    " more quiet. Children could walk to school and it would be safe for them. Some people need their cars, but they"
    " could take the bus. I think it is a good idea because the city would be better for people who live there."
)
POOR = (
    "i think cars is bad.they are bad becouse they make the air bad and i dont like it and the cars is to loud and"
    " peple can die , so cars is bad and we shud not have cars in the city becouse it is bad"
)


def described(*texts: str) -> dict[str, Mapping[str, float]]:
    return {
        f"e{number}": features.describe(text, Language.ENGLISH) for number, text in enumerate(texts)
    }


def scores(*texts: str, profile: Profile = Profile.BALANCED) -> list[float]:
    found = builtin.standings(described(*texts), profile)
    return [found[essay].score for essay in sorted(found)]


@pytest.mark.parametrize("profile", Profile)
def test_what_is_longer_more_varied_and_more_correct_stands_higher(profile: Profile) -> None:
    good, middling, poor = scores(GOOD, MIDDLING, POOR, profile=profile)

    assert good > middling > poor


def test_the_order_of_the_essays_makes_no_difference() -> None:
    about = described(GOOD, MIDDLING, POOR)

    assert builtin.standings(about) == builtin.standings(dict(reversed(about.items())))


def test_a_standing_survives_being_stored() -> None:
    standing = builtin.standings(described(GOOD, POOR))["e0"]

    assert Standing.from_json(json.loads(json.dumps(standing.to_json()))) == standing


def test_contributions_add_up_to_the_score() -> None:
    for standing in builtin.standings(described(GOOD, MIDDLING, POOR)).values():
        assert sum(standing.contributions.values()) == pytest.approx(standing.score, abs=1e-4)


class TestComparing:
    def test_prefers_the_higher_standing_and_names_what_decided(self) -> None:
        found = builtin.standings(described(GOOD, MIDDLING, POOR))

        verdict = builtin.compare(found["e2"], found["e0"])

        assert verdict.choice is Choice.RIGHT
        assert verdict.confidence is not None
        assert verdict.confidence > 0.9
        assert verdict.factors[0].gain < 0
        assert NAMES[verdict.factors[0].code] in str(verdict.reason)

    def test_swapping_sides_swaps_the_choice(self) -> None:
        found = builtin.standings(described(GOOD, MIDDLING))

        assert builtin.compare(found["e0"], found["e1"]).choice is Choice.LEFT
        assert builtin.compare(found["e1"], found["e0"]).choice is Choice.RIGHT

    def test_the_same_text_twice_is_a_tie(self) -> None:
        found = builtin.standings(described(GOOD, GOOD, POOR))

        assert builtin.compare(found["e0"], found["e1"]).choice is Choice.TIE


@pytest.mark.parametrize(
    "texts", [(), ("",), ("", ""), ("One.",), (GOOD,), ("1 2 3", "?!"), ("", GOOD)]
)
def test_any_batch_has_standings(texts: tuple[str, ...]) -> None:
    found = builtin.standings(described(*texts))

    assert len(found) == len(texts)
    assert all(abs(each.score) < 100 for each in found.values())


def test_an_empty_essay_stands_last() -> None:
    empty, poor, middling = scores("", POOR, MIDDLING)

    assert empty < poor < middling


def test_as_a_judge_it_answers_pairs_of_its_batch() -> None:
    texts = {"a": GOOD, "b": POOR}
    judge = BuiltinJudge.of_batch(texts, Language.ENGLISH)

    (verdict,) = judge.compare([Task(Pair("b", "a"), POOR, GOOD, "", Language.ENGLISH)])

    assert verdict.choice is Choice.RIGHT
