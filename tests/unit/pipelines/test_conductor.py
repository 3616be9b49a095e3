import json
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines import conductor
from pipelines.catalogue import Catalogue, PhaseSpec, PipelineSpec, RetryPolicy
from pipelines.conductor import Plan
from pipelines.errors import MissingPrerequisite, UnknownPipeline
from pipelines.phase import BatchContext, EssayPhase, ItemRef, UnitPlan, Wave
from pipelines.vocabulary import Language, Scope

BATCH = BatchContext(UUID(int=1), Language.ENGLISH, "ENG5", instructions="Write.")
ITEMS = tuple(ItemRef(UUID(int=10 + n), f"text-{n}") for n in range(3))


def a_phase(name: str, *depends_on: str, **more: object) -> PhaseSpec:
    return PhaseSpec(
        name,
        name.title(),
        "tests.engines:Scripted",
        queue=name,
        depends_on=depends_on,
        **({"scope": Scope.ESSAY, "options": {"name": name}} | more),
    )


def a_catalogue(*phases: PhaseSpec, **pipelines: tuple[str, ...]) -> Catalogue:
    return Catalogue(
        {phase.name: phase for phase in phases},
        {name: PipelineSpec(name, name, wanted) for name, wanted in pipelines.items()},
        "digest",
    )


def resolve(catalogue: Catalogue, wanted: str, *, batch=BATCH, items=ITEMS, done=()) -> Plan:
    """A plan for a batch in which some phases have results for all of its items."""
    return conductor.resolve(
        catalogue,
        wanted,
        batch=batch,
        items=items,
        finished=lambda phase, version: results_of(phase, batch, items) if phase in done else set(),
    )


def results_of(phase: str, batch: BatchContext, items: tuple[ItemRef, ...]) -> set:
    return {(item.item_id, EssayPhase().input_hash(batch, item)) for item in items}


CHAIN = a_catalogue(
    a_phase("spell"), a_phase("measure", "spell"), a_phase("rank", "measure"), most=("measure",)
)


class TestResolving:
    def test_a_pipeline_brings_what_its_phases_depend_on(self):
        assert [phase.name for phase in resolve(CHAIN, "most").phases] == ["spell", "measure"]

    def test_a_single_phase_can_be_asked_for(self):
        plan = resolve(CHAIN, "rank")

        assert plan.pipeline == "rank"
        assert [phase.name for phase in plan.phases] == ["spell", "measure", "rank"]

    def test_needs_are_transitive_and_waits_are_not(self):
        rank = resolve(CHAIN, "rank").phase("rank")

        assert rank.waits_for == ("measure",)
        assert rank.needs == ("measure", "spell")

    def test_after_is_waited_for_without_being_needed_or_brought_along(self):
        catalogue = a_catalogue(
            a_phase("late", after=("early",)), a_phase("early"), both=("late", "early")
        )

        both, alone = resolve(catalogue, "both"), resolve(catalogue, "late")

        assert [phase.name for phase in both.phases] == ["early", "late"]
        assert (both.phase("late").waits_for, both.phase("late").needs) == (("early",), ())
        assert [phase.name for phase in alone.phases] == ["late"]
        assert alone.phase("late").waits_for == ()

    def test_phases_that_may_go_in_any_order_go_as_the_catalogue_lists_them(self):
        catalogue = a_catalogue(a_phase("b"), a_phase("c"), a_phase("a"), all=("a", "b", "c"))

        assert [phase.name for phase in resolve(catalogue, "all").phases] == ["b", "c", "a"]

    def test_an_unknown_name_is_answered_with_the_known_ones(self):
        with pytest.raises(UnknownPipeline, match="there are most") as refused:
            resolve(CHAIN, "everything")

        assert refused.value.known == ("most",)

    def test_a_phase_that_is_not_in_the_plan_is_not_found(self):
        with pytest.raises(KeyError):
            resolve(CHAIN, "spell").phase("rank")


class TestPruning:
    def test_a_phase_with_a_result_for_every_essay_is_skipped(self):
        plan = resolve(CHAIN, "rank", done={"spell"})

        assert [phase.skipped for phase in plan.phases] == [True, False, False]

    def test_a_changed_text_brings_its_phase_back(self):
        had = results_of("spell", BATCH, ITEMS)
        changed = (*ITEMS[:2], ItemRef(ITEMS[2].item_id, "another text"))

        plan = conductor.resolve(
            CHAIN, "spell", batch=BATCH, items=changed, finished=lambda phase, version: had
        )

        assert not plan.phase("spell").skipped

    def test_results_of_another_engine_do_not_count(self):
        had = {"scripted-0": results_of("spell", BATCH, ITEMS)}

        plan = conductor.resolve(
            CHAIN,
            "spell",
            batch=BATCH,
            items=ITEMS,
            finished=lambda phase, version: had.get(version, set()),
        )

        assert not plan.phase("spell").skipped

    def test_a_phase_over_the_whole_batch_is_planned_anew(self):
        catalogue = a_catalogue(a_phase("rank", scope=Scope.BATCH))

        assert not resolve(catalogue, "rank", done={"rank"}).phase("rank").skipped

    def test_only_units_without_a_result_are_left_to_do(self):
        units = [UnitPlan((UUID(int=n),), f"hash-{n}") for n in range(3)]
        finished = {(UUID(int=0), "hash-0"), (UUID(int=1), "another hash")}

        assert conductor.left_to_do(Wave(tuple(units)), finished) == (units[1], units[2])


class TestPrerequisites:
    needy = a_catalogue(a_phase("rank", prerequisites=("instructions",)))
    without = BatchContext(UUID(int=1), Language.ENGLISH, "ENG5")

    def test_what_the_batch_lacks_is_named(self):
        with pytest.raises(MissingPrerequisite, match="'rank' needs the batch's instructions"):
            resolve(self.needy, "rank", batch=self.without)

    def test_blanks_are_no_assignment(self):
        blank = BatchContext(UUID(int=1), Language.ENGLISH, "ENG5", instructions=" \n")

        with pytest.raises(MissingPrerequisite):
            resolve(self.needy, "rank", batch=blank)

    def test_what_the_batch_has_is_enough(self):
        assert resolve(self.needy, "rank").phase("rank").name == "rank"

    def test_a_skipped_phase_needs_nothing(self):
        plan = resolve(self.needy, "rank", batch=self.without, done={"rank"})

        assert plan.phase("rank").skipped


def test_a_plan_survives_being_kept_as_json():
    catalogue = a_catalogue(
        a_phase("read", retry=RetryPolicy(5, 0.5, 4.0), unit_s=0.25),
        a_phase("rank", "read", after=("read",), scope=Scope.BATCH, deadline_s=60.0),
        all=("rank",),
    )
    plan = resolve(catalogue, "all", done={"read"})

    thawed = Plan.from_json(json.loads(json.dumps(plan.to_json())))

    assert thawed == plan
    assert isinstance(thawed.phase("rank").spec.scope, Scope)


def test_a_kept_plan_still_makes_its_engine():
    thawed = Plan.from_json(json.loads(json.dumps(resolve(CHAIN, "spell").to_json())))

    assert thawed.phase("spell").engine().name == "spell"


@st.composite
def graphs(draw) -> tuple[Catalogue, str]:
    """A catalogue over any acyclic graph, listed in any order, and one thing to ask it for."""
    names = [f"p{n}" for n in range(draw(st.integers(1, 7)))]
    specs = []
    for n, name in enumerate(names):
        before = draw(st.lists(st.sampled_from(names[:n]), unique=True)) if n else []
        split = draw(st.integers(0, len(before)))
        specs.append(a_phase(name, *before[:split], after=tuple(before[split:])))
    wanted = tuple(draw(st.lists(st.sampled_from(names), unique=True, min_size=1)))
    asked = draw(st.sampled_from(["pipeline", *wanted]))
    return a_catalogue(*draw(st.permutations(specs)), pipeline=wanted), asked


@given(graphs())
def test_any_graph_is_put_in_an_order_that_respects_its_edges(graph):
    catalogue, asked = graph

    names = [phase.name for phase in resolve(catalogue, asked).phases]

    for name in names:
        spec = catalogue.phases[name]
        before = [n for n in (*spec.depends_on, *spec.after) if n in names]
        assert all(names.index(n) < names.index(name) for n in before)


@given(graphs())
def test_a_plan_has_what_was_asked_for_and_all_it_depends_on_and_nothing_else(graph):
    catalogue, asked = graph

    names = [phase.name for phase in resolve(catalogue, asked).phases]

    wanted = set(catalogue.wanted(asked))
    depended_on = {need for name in names for need in catalogue.phases[name].depends_on}
    assert len(names) == len(set(names))
    assert wanted <= set(names)
    assert set(names) == wanted | depended_on


@given(graphs())
def test_needs_are_everything_an_essay_must_have_passed(graph):
    catalogue, asked = graph
    plan = resolve(catalogue, asked)

    for phase in plan.phases:
        direct = set(phase.spec.depends_on)
        assert set(phase.needs) == direct.union(*(plan.phase(name).needs for name in direct))
        assert set(phase.waits_for) <= {other.name for other in plan.phases}


@given(graphs(), st.sets(st.sampled_from([f"p{n}" for n in range(7)])))
def test_exactly_the_finished_phases_are_skipped(graph, done):
    catalogue, asked = graph

    plan = resolve(catalogue, asked, done=done)

    assert {phase.name for phase in plan.phases if phase.skipped} == done & {
        phase.name for phase in plan.phases
    }
    assert Plan.from_json(json.loads(json.dumps(plan.to_json()))) == plan


def test_a_batch_without_items_skips_nothing():
    assert not resolve(CHAIN, "spell", items=(), done={"spell"}).phase("spell").skipped


def test_plans_of_two_batches_differ_only_where_the_batches_do():
    other = BatchContext(uuid4(), Language.SWEDISH, "SV1", instructions="Skriv.")

    assert resolve(CHAIN, "rank") == resolve(CHAIN, "rank", batch=other)


class TestStreaming:
    """Out of which phase essays come into another one by one."""

    def source(self, *phases: PhaseSpec, of: str, done: tuple[str, ...] = ()) -> str | None:
        catalogue = a_catalogue(*phases, all=tuple(phase.name for phase in phases))
        return resolve(catalogue, "all", done=done).source_of(of)

    def essays(self, name: str, *depends_on: str, **more: object) -> PhaseSpec:
        return a_phase(name, *depends_on, options={"name": name, "streams": True}, **more)

    def test_is_from_the_only_phase_before(self):
        assert self.source(self.essays("a"), self.essays("b", "a"), of="b") == "a"

    def test_is_not_out_of_a_phase_that_plans_more_than_once_or_looks_at_the_whole_batch(self):
        assert self.source(a_phase("a"), self.essays("b", "a"), of="b") is None
        whole = self.essays("a", scope=Scope.BATCH)
        assert self.source(whole, self.essays("b", "a"), of="b") is None

    def test_is_not_out_of_two(self):
        phases = self.essays("a"), self.essays("b"), self.essays("c", "a", "b")

        assert self.source(*phases, of="c") is None

    def test_is_from_the_later_of_two_if_that_needs_the_earlier(self):
        phases = self.essays("a"), self.essays("b", "a"), self.essays("c", "a", "b")

        assert self.source(*phases, of="c") == "b"

    def test_is_not_from_the_later_of_two_if_that_goes_on_with_what_failed_in_the_earlier(self):
        phases = self.essays("a"), self.essays("b", after=("a",)), self.essays("c", "a", "b")

        assert self.source(*phases, of="c") is None

    def test_does_not_mind_a_phase_that_has_its_results_already(self):
        phases = self.essays("a"), self.essays("b"), self.essays("c", "a", "b")

        assert self.source(*phases, of="c", done=("b",)) == "a"
