"""What of a plan is left when only a part of it is to be done again."""

import json

import pytest

from pipelines import redoing
from pipelines.conductor import Plan, PlannedPhase
from pipelines.vocabulary import Scope
from tests import catalogues
from tests.unit.pipelines.test_conductor import ITEMS, resolve

ONE, TWO = ITEMS[0].item_id, ITEMS[1].item_id
DIAMOND = catalogues.of(catalogues.DIAMOND)
RANKED = {"spell": [], "rank": ["spell"], "feedback": ["rank"], "measure": ["spell"]}


def with_whole(graph: dict[str, list[str]], *whole: str) -> Plan:
    """A plan in which some phases are over the whole batch."""
    plan = resolve(catalogues.of(graph), "all")
    phases = [_over_all(phase) if phase.name in whole else phase for phase in plan.phases]
    return Plan(plan.pipeline, plan.catalogue_digest, tuple(phases))


def _over_all(phase: PlannedPhase) -> PlannedPhase:
    frozen = json.loads(json.dumps(Plan("", "", (phase,)).to_json()))
    frozen["phases"][0]["spec"]["scope"] = Scope.BATCH
    return Plan.from_json(frozen).phases[0]


def never(_: str) -> bool:
    return False


def always(_: str) -> bool:
    return True


def done_again(plan: Plan) -> list[str]:
    return [phase.name for phase in plan.phases if not phase.is_idle]


class TestOnePhaseAgain:
    @pytest.mark.parametrize(
        ("phase", "expected"),
        [
            ("root", ["root", "left", "right", "join"]),
            ("left", ["left", "join"]),
            ("join", ["join"]),
        ],
    )
    def test_brings_what_depends_on_it_and_nothing_else(self, phase, expected):
        plan = redoing.again(resolve(DIAMOND, "all"), phase, only=[ONE], holds=never)

        assert done_again(plan) == expected
        assert [p.name for p in plan.phases] == ["root", "left", "right", "join"]

    def test_asks_essays_for_the_results_of_what_it_leaves_out(self):
        plan = redoing.again(resolve(DIAMOND, "all"), "left", only=[ONE], holds=never)

        assert plan.kept_by("left") == ("root",)
        assert set(plan.kept_by("join")) == {"root", "right"}

    def test_touches_only_the_essays_it_is_for(self):
        plan = redoing.again(resolve(DIAMOND, "all"), "left", only=[ONE, TWO], holds=never)

        assert plan.essays_of("left") == plan.essays_of("join") == {ONE, TWO}

    def test_is_kept_with_the_run_as_it_is(self):
        plan = redoing.again(resolve(DIAMOND, "all"), "left", only=[ONE, TWO], holds=never)

        assert Plan.from_json(json.loads(json.dumps(plan.to_json()))) == plan

    def test_of_a_phase_the_plan_has_not_is_refused(self):
        with pytest.raises(KeyError):
            redoing.again(resolve(DIAMOND, "all"), "feedback", only=None, holds=never)


class TestAPhaseOverTheWholeBatch:
    def test_that_depends_on_what_is_done_again_is_done_again_for_all(self):
        plan = redoing.again(with_whole(RANKED, "rank"), "spell", only=[ONE], holds=never)

        assert plan.essays_of("spell") == plan.essays_of("measure") == {ONE}
        assert plan.essays_of("rank") is None

    def test_has_what_follows_it_done_again_for_all(self):
        plan = redoing.again(with_whole(RANKED, "rank"), "spell", only=[ONE], holds=never)

        assert plan.essays_of("feedback") is None

    def test_that_is_left_out_lets_others_touch_their_essays_only(self):
        plan = redoing.again(with_whole(RANKED, "rank"), "feedback", only=[ONE], holds=always)

        assert done_again(plan) == ["feedback"]
        assert plan.essays_of("feedback") == {ONE}

    @pytest.mark.parametrize(("holds", "expected"), [(always, ["left", "join"]), (never, ["left"])])
    def test_that_did_not_end_well_keeps_back_what_needs_it_too(self, holds, expected):
        plan = redoing.again(
            with_whole(catalogues.DIAMOND, "right"), "left", only=[ONE], holds=holds
        )

        assert done_again(plan) == expected


class TestWhatIsLeft:
    def resolved(self, done: tuple[str, ...]) -> Plan:
        plan = resolve(catalogues.of({"spell": [], "rank": ["spell"]}), "all", done=done)
        phases = [_over_all(p) if p.name == "rank" else p for p in plan.phases]
        return Plan(plan.pipeline, plan.catalogue_digest, tuple(phases))

    def test_is_nothing_where_all_is_done(self):
        assert done_again(redoing.what_is_left(self.resolved(("spell",)), always)) == []

    def test_is_a_phase_over_the_whole_batch_that_did_not_end_well(self):
        assert done_again(redoing.what_is_left(self.resolved(("spell",)), never)) == ["rank"]

    def test_is_also_what_is_changed_by_the_phase_before(self):
        assert done_again(redoing.what_is_left(self.resolved(()), always)) == ["spell", "rank"]


def test_a_plan_that_was_kept_before_there_were_such_is_about_everything():
    frozen = json.loads(json.dumps(resolve(DIAMOND, "all").to_json()))
    del frozen["only"]
    for phase in frozen["phases"]:
        del phase["left_out"]

    plan = Plan.from_json(frozen)

    assert plan.essays_of("join") is None
    assert done_again(plan) == ["root", "left", "right", "join"]
