"""How essays are judged: what is chosen, and what goes together."""

import pytest

from pipelines.judging import BadJudging, Judging
from pipelines.vocabulary import JudgeKind, Profile


def test_what_is_not_chosen_stays_as_it_is():
    judging = Judging(target=0.9).but({"judge": "person", "profile": "content"})

    assert judging == Judging(JudgeKind.PERSON, Profile.CONTENT, target=0.9)


def test_names_of_other_things_are_left_alone():
    assert Judging().but({"name": "cj_assessment"}) == Judging()


@pytest.mark.parametrize(
    ("chosen", "field"),
    [
        ({"target": 0.49}, "target"),
        ({"target": 1.0}, "target"),
        ({"most_rounds": 0}, "most_rounds"),
        ({"most_rounds": 61}, "most_rounds"),
        ({"with_prior": True}, "with_prior"),
    ],
)
def test_what_is_no_good_is_named(chosen, field):
    with pytest.raises(BadJudging) as refused:
        Judging().but(chosen)

    assert refused.value.field == field


def test_the_built_in_judge_may_count_beforehand_where_somebody_else_decides():
    assert Judging().but({"judge": "person", "with_prior": True}).with_prior
