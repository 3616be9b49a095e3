from pipelines.phases.cj_assessment import agreement
from pipelines.phases.cj_assessment.decisions import JudgeKind
from tests.unit.phases.cj_assessment.simulated import decision

SCORES = {"a": 2.0, "b": 1.0, "c": 0.0, "d": 0.0}


def habits(*decisions):
    return agreement.habits(decisions, SCORES)["ann"]


def test_a_judge_agrees_where_it_decides_as_the_scores_do():
    found = habits(
        decision("a", "b"),
        decision("b", "a", "right", round_no=2),
        decision("a", "c", "right"),
        decision("c", "d"),
        decision("b", "c", "tie"),
    )

    assert found.agreement == (1 + 1 + 0 + 0.5) / 4
    assert found.left_rate == 2 / 4
    assert (found.n, found.invalid) == (5, 0)


def test_what_it_could_not_judge_is_counted_apart():
    found = habits(decision("a", "b", "invalid"))

    assert (found.n, found.invalid) == (0, 1)
    assert (found.agreement, found.left_rate, found.swap_consistency) == (None, None, None)


def test_asked_in_both_orders_it_says_the_same_or_not():
    found = habits(
        decision("a", "b"),
        decision("b", "a", "right", order=1),
        decision("a", "c"),
        decision("c", "a", "left", order=1),
        decision("b", "c"),
    )

    assert found.swap_consistency == 0.5


def test_time_is_the_median_of_what_is_known():
    found = habits(
        decision("a", "b", duration_ms=900),
        decision("a", "c", duration_ms=100),
        decision("a", "d", duration_ms=200),
        decision("b", "c"),
    )

    assert found.median_ms == 200


def test_judges_are_told_apart():
    found = agreement.habits([decision("a", "b"), decision("a", "b", judge="bo")], SCORES)

    assert list(found) == ["ann", "bo"]


class TestDisagreements:
    def test_are_pairs_that_persons_and_machines_decided_differently(self):
        found = agreement.disagreements(
            [
                decision("b", "a", judge="ann"),
                decision("a", "b", judge="llm", kind=JudgeKind.LLM),
                decision("a", "c", judge="ann"),
                decision("c", "a", judge="builtin", kind=JudgeKind.BUILTIN),
                decision("b", "c", judge="ann"),
                decision("b", "c", judge="llm", kind=JudgeKind.LLM),
            ],
            SCORES,
        )

        assert [(one.left, one.right, one.gap) for one in found] == [
            ("a", "c", 2.0),
            ("b", "a", -1.0),
        ]

    def test_need_a_majority_on_either_side(self):
        found = agreement.disagreements(
            [
                decision("a", "b", judge="ann"),
                decision("b", "a", judge="bo"),
                decision("b", "a", judge="llm", kind=JudgeKind.LLM),
                decision("c", "d", judge="ann"),
            ],
            SCORES,
        )

        assert found == ()
