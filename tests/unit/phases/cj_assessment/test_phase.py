"""The phase as the ledger drives it: describe, then round after round, then a ranking."""

import json
from collections.abc import Sequence
from hashlib import sha256
from uuid import UUID

import pytest

from pipelines.phase import BatchContext, Done, Finished, GaveUp, Item, ItemRef, SoFar, Unit, Wave
from pipelines.phases.cj_assessment import CjAssessment
from pipelines.phases.cj_assessment.decisions import Choice, JudgeKind
from pipelines.phases.cj_assessment.judges import Task, Verdict
from pipelines.phases.cj_assessment.remote import Answer
from pipelines.vocabulary import Language

WORDS = [
    "school",
    "friend",
    "river",
    "answer",
    "window",
    "morning",
    "teacher",
    "garden",
    "letter",
    "question",
]


def an_item(number: int, text: str) -> Item:
    return Item(UUID(int=number), text, sha256(text.encode()).hexdigest())


def a_class(size: int) -> list[Item]:
    """The more essays before it, the longer and richer one is."""
    return [
        an_item(
            n,
            " ".join(
                f"My {WORDS[k % 10]} number {k} was a good {WORDS[(k * 7 + n) % 10]} because we met."
                for k in range(2 + n)
            ),
        )
        for n in range(1, size + 1)
    ]


def through_json(given):
    """As the database gives it back."""
    return json.loads(json.dumps(given))


class Driven:
    """What the ledger does, without it."""

    def __init__(
        self,
        items: Sequence[Item],
        phase: CjAssessment,
        *,
        swedish: Sequence[Item] = (),
    ) -> None:
        self.items = {item.item_id: item for item in items}
        self.phase = phase
        self.batch = BatchContext(
            UUID(int=99),
            Language.ENGLISH,
            "ENG5",
            "Write about a friend.",
            languages={item.item_id: Language.SWEDISH for item in swedish},
        )
        self.found: list[dict] = []
        self.waves: list[Wave] = []
        self.gave_up: list[GaveUp] = []

    def plan(self, *, is_out_of_time: bool = False) -> Wave | Finished:
        refs = tuple(ItemRef(item.item_id, item.text_sha256) for item in self.items.values())
        so_far = SoFar(
            len(self.waves), refs, found=tuple(self.found), is_out_of_time=is_out_of_time
        )
        return self.phase.plan(self.batch, so_far)

    def work(self, wave: Wave) -> None:
        self.waves.append(wave)
        units = [
            Unit(
                position,
                tuple(self.items[each] for each in unit.item_ids),
                through_json(unit.given),
            )
            for position, unit in enumerate(wave.units)
        ]
        outcomes = self.phase.run_many(self.batch, units)
        self.found += [dict(each.result) for each in outcomes if isinstance(each, Done)]
        self.gave_up += [each for each in outcomes if isinstance(each, GaveUp)]

    def to_the_end(self) -> dict:
        while isinstance(wave := self.plan(), Wave):
            self.work(wave)
        assert wave.result is not None
        return dict(wave.result)

    def pairs(self) -> list[list[frozenset[str]]]:
        return [
            [frozenset(map(str, unit.item_ids)) for unit in wave.units] for wave in self.waves[1:]
        ]


def test_each_essay_is_described_before_any_is_compared():
    driven = Driven(a_class(5), CjAssessment())

    first = driven.plan()

    assert [unit.item_ids for unit in first.units] == [(item,) for item in driven.items]
    assert all(unit.given is None for unit in first.units)


def test_a_round_has_each_essay_once_and_no_pair_again():
    driven = Driven(a_class(8), CjAssessment(most_rounds=5))

    driven.to_the_end()

    rounds = driven.pairs()
    assert len(rounds) == 5
    for pairs in rounds:
        assert sum(map(len, pairs)) == len(frozenset().union(*pairs)) == 8
    every = [pair for pairs in rounds for pair in pairs]
    assert len(every) == len(set(every))


def test_the_essay_that_wins_is_first():
    items = a_class(9)

    result = Driven(items, CjAssessment()).to_the_end()

    ranked = [each["essay_id"] for each in result["essays"]]
    assert set(ranked[:2]) == {str(items[-1].item_id), str(items[-2].item_id)}
    assert result["decision_count"] > 9


def test_the_same_class_comes_out_as_the_same_bytes():
    one, other = (Driven(a_class(7), CjAssessment()).to_the_end() for _ in range(2))

    assert json.dumps(one) == json.dumps(other)


def test_an_essay_without_words_is_left_out():
    driven = Driven([*a_class(4), an_item(50, "123 !!")], CjAssessment())

    result = driven.to_the_end()

    assert [each.code for each in driven.gave_up] == ["no_words"]
    assert len(result["essays"]) == 4


@pytest.mark.parametrize("size", [1, 2])
def test_a_class_too_small_to_compare_much_ends_all_the_same(size):
    result = Driven(a_class(size), CjAssessment()).to_the_end()

    assert len(result["essays"]) == size
    assert result["stop_reason"] in {"nothing_to_compare", "every_pair"}


def test_out_of_time_it_says_what_came_of_what_it_has():
    driven = Driven(a_class(6), CjAssessment())
    for _ in range(3):
        driven.work(driven.plan())

    ended = driven.plan(is_out_of_time=True)

    assert isinstance(ended, Finished)
    assert ended.result["stop_reason"] == "out_of_time"
    assert ended.result["decision_count"] == 6


class Contrary:
    """Prefers the shorter essay, and now and then cannot say."""

    name = "contrary"
    kind = JudgeKind.LLM
    version = "1"

    def __init__(self) -> None:
        self.asked: list[Task] = []

    def ask(self, batch: BatchContext, tasks: Sequence[Task]) -> Sequence[Answer]:
        self.asked += tasks
        return [self._answer(task) for task in tasks]

    def _answer(self, task: Task) -> Answer:
        if "number 8" in task.left_text:
            return GaveUp("judge_declined", "It is too long.")
        shorter_left = len(task.left_text) < len(task.right_text)
        return Verdict(Choice.LEFT if shorter_left else Choice.RIGHT, 0.9, "It is short.")


def test_whoever_is_given_decides_and_is_shown_texts_and_task():
    judge = Contrary()
    items = a_class(7)

    result = Driven(items, CjAssessment(lambda: judge, judge="llm")).to_the_end()

    assert result["essays"][0]["essay_id"] == str(items[0].item_id)
    assert {task.instructions for task in judge.asked} == {"Write about a friend."}
    [report] = result["judges"]
    assert (report["judge"], report["kind"]) == ("contrary", "llm")


def test_an_essay_is_described_in_its_own_language_and_anew_when_that_is_said():
    items = [an_item(n, "Min vän och jag gick till sjön, som inte var frusen.") for n in (1, 2)]
    before, after = Driven(items, CjAssessment()), Driven(items, CjAssessment(), swedish=items[:1])

    waves = [driven.plan() for driven in (before, after)]
    for driven, wave in zip((before, after), waves, strict=True):
        driven.work(wave)

    hashes = [[unit.input_hash for unit in wave.units] for wave in waves]
    assert [one != other for one, other in zip(*hashes, strict=True)] == [True, False]
    described = [each["description"] for each in after.found]
    assert described[0]["misspelt"] < described[1]["misspelt"]


def test_a_pair_is_read_in_its_language_and_a_mixed_one_in_that_of_the_course():
    judge = Contrary()
    items = a_class(3)
    swedes = items[:2]

    Driven(items, CjAssessment(lambda: judge, judge="llm"), swedish=swedes).to_the_end()

    ids = {str(item.item_id) for item in swedes}
    told = {({task.pair.left, task.pair.right} == ids, task.language) for task in judge.asked}
    assert told == {(True, Language.SWEDISH), (False, Language.ENGLISH)}


def test_a_judge_that_may_lean_is_asked_about_some_pairs_in_both_orders():
    driven = Driven(a_class(8), CjAssessment(Contrary, judge="llm"))

    driven.to_the_end()

    orders = [each["order"] for each in driven.found if "order" in each]
    assert set(orders) == {0, 1}
    assert orders.count(0) > orders.count(1)


def test_what_a_judge_does_not_answer_is_left_out():
    driven = Driven(a_class(7), CjAssessment(Contrary, judge="llm"))

    result = driven.to_the_end()

    [report] = result["judges"]
    assert report["invalid"] > 0
    assert {each["reason"] for each in driven.found if each.get("choice") == "invalid"} == {
        "judge_declined"
    }
    asked = [(each["left"], each["right"]) for each in driven.found if "choice" in each]
    assert len(asked) == len(set(asked))
    assert len(result["essays"]) == 7


class Mute(Contrary):
    """Has no answer to anything."""

    def _answer(self, task: Task) -> Answer:
        return GaveUp("judge_budget_exhausted", "There is no money left.")


def test_a_judge_with_nothing_to_say_is_not_asked_for_ever():
    driven = Driven(a_class(6), CjAssessment(Mute, judge="llm"))

    result = driven.to_the_end()

    assert len(driven.waves) == 2
    assert result["stop_reason"] == "no_decisions"
    assert result["decision_count"] == 0


def test_a_person_judges_when_the_rest_is_prepared():
    driven = Driven(a_class(4), CjAssessment(judge="person"))

    result = driven.to_the_end()

    assert len(driven.waves) == 1
    assert result["stop_reason"] == "awaiting_decisions"
    assert len(result["essays"]) == 4


def test_without_a_model_none_can_judge():
    driven = Driven(a_class(4), CjAssessment(judge="llm"))
    driven.work(driven.plan())

    with pytest.raises(LookupError):
        driven.plan()


class TestPersonsGoOn:
    @staticmethod
    def decided(pair, round_no: int, choice: str = "left") -> dict:
        return {
            "round_no": round_no,
            "left": pair.left,
            "right": pair.right,
            "choice": choice,
            "judge": "Anna",
            "judge_kind": "person",
            "order": 0,
            "confidence": None,
            "reason": None,
            "duration_ms": 4000,
        }

    @pytest.fixture
    def driven(self) -> Driven:
        """A class that was prepared for persons."""
        driven = Driven(a_class(6), CjAssessment(judge="person", with_prior=True))
        driven.to_the_end()
        return driven

    def pairs(self, driven: Driven, round_no: int):
        essays = [str(each) for each in driven.items]
        return driven.phase.pairs_for_persons(
            driven.batch, driven.found, essays, taken=(), round_no=round_no
        )

    def conclude(self, driven: Driven) -> dict:
        found = driven.phase.conclude(driven.batch, driven.found, anchors={}, scale=None)
        return through_json(dict(found))

    def test_round_by_round_with_every_essay(self, driven):
        first = self.pairs(driven, 1)
        driven.found += [self.decided(pair, 1) for pair in first]
        second = self.pairs(driven, 2)

        assert [len(first), len(second)] == [3, 3]
        assert not {each.essays for each in first} & {each.essays for each in second}

    def test_and_the_ranking_follows_them(self, driven):
        before = self.conclude(driven)
        for round_no in (1, 2, 3):
            driven.found += [self.decided(each, round_no) for each in self.pairs(driven, round_no)]

        after = self.conclude(driven)

        assert (before["decision_count"], after["decision_count"]) == (0, 9)
        assert before["stop_reason"] == after["stop_reason"] == "awaiting_decisions"
        assert after["judges"][0]["median_ms"] == 4000

    def test_until_every_pair_is_judged(self, driven):
        round_no = 0
        while pairs := self.pairs(driven, round_no := round_no + 1):
            driven.found += [self.decided(each, round_no) for each in pairs]

        found = self.conclude(driven)

        assert found["decision_count"] == 15
        assert found["stop_reason"] == "every_pair"

    def test_where_a_machine_has_ended(self):
        driven = Driven(a_class(8), CjAssessment(most_rounds=3))
        machines = driven.to_the_end()
        [pair, *_] = self.pairs(driven, 4)
        driven.found.append(self.decided(pair, 4, "tie"))

        found = self.conclude(driven)

        assert found["decision_count"] == machines["decision_count"] + 1
        assert {each["kind"] for each in found["judges"]} == {"builtin", "person"}
