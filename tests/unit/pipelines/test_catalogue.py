from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines import catalogue
from pipelines.catalogue import NO_DEMANDS, Demands
from pipelines.errors import CatalogueError, UnknownPipeline
from pipelines.vocabulary import Scope

VALID = """\
phases:
  read:
    engine: some.module:Read
    scope: essay
    queue: reading
  rank:
    title: Ranking
    engine: some.module:Rank
    scope: batch
    queue: ranking
    depends_on: [read]
    prerequisites: [instructions]
    unit_s: 2
    time_limit_s: 60
    deadline_s: 3600
    retry: {max_attempts: 5, backoff_s: 1, backoff_max_s: 8}
    options: {judge: fake}
pipelines:
  everything:
    title: All of it
    phases: [read, rank]
"""


def refused(text: str, demands: Demands = NO_DEMANDS) -> CatalogueError:
    with pytest.raises(CatalogueError) as found:
        catalogue.parse(text, file="graph.yaml", demands=demands)
    return found.value


def changed(changes: dict[str, str]) -> str:
    text = VALID
    for here, there in changes.items():
        assert text.count(here) == 1, here
        text = text.replace(here, there)
    return text


class TestAValidCatalogue:
    def test_says_everything_about_a_phase(self):
        rank = catalogue.parse(VALID, file="graph.yaml").phases["rank"]

        assert (rank.title, rank.scope, rank.queue) == ("Ranking", Scope.BATCH, "ranking")
        assert (rank.depends_on, rank.prerequisites) == (("read",), ("instructions",))
        assert (rank.unit_s, rank.time_limit_s, rank.deadline_s) == (2.0, 60.0, 3600.0)
        assert rank.retry == catalogue.RetryPolicy(5, 1.0, 8.0)
        assert rank.options == {"judge": "fake"}

    def test_may_leave_out_what_has_a_default(self):
        read = catalogue.parse(VALID, file="graph.yaml").phases["read"]

        assert read.title == "read"
        assert (read.depends_on, read.after, read.prerequisites) == ((), (), ())
        assert read.retry == catalogue.RetryPolicy(3, 2.0, 10.0)
        assert read.deadline_s is None

    def test_is_asked_for_by_pipeline_or_by_phase(self):
        found = catalogue.parse(VALID, file="graph.yaml")

        assert found.wanted("everything") == ("read", "rank")
        assert found.wanted("rank") == ("rank",)
        with pytest.raises(UnknownPipeline, match="no pipeline 'all'; there are everything"):
            found.wanted("all")

    def test_has_another_digest_when_a_byte_changes(self):
        one, other = (catalogue.parse(text, file="f").digest for text in (VALID, VALID + "#"))

        assert one != other
        assert one == catalogue.parse(VALID, file="another name").digest

    def test_is_what_the_product_ships(self):
        found = catalogue.load()

        assert {"spellcheck", "nlp"} <= set(found.phases)
        assert found.queues() >= {"spellcheck", "nlp"}


# What is wrong: the changes that make it so, and everything that is said about it.
WRONG: dict[str, tuple[dict[str, str], str]] = {
    "an unknown key in a phase": (
        {"    title: Ranking": "    titel: Ranking"},
        "graph.yaml:7:5: There is no key 'titel' here. Did you mean 'title'?",
    ),
    "an unknown key at the top": (
        {"pipelines:\n": "queues: {}\npipelines:\n"},
        "graph.yaml:18:1: There is no key 'queues' here. There are phases, pipelines.",
    ),
    "an unknown key in a retry policy": (
        {"{max_attempts: 5,": "{attempts: 5,"},
        "graph.yaml:16:13: There is no key 'attempts' here. Did you mean 'max_attempts'?",
    ),
    "an unknown key in a pipeline": (
        {"    title: All of it": "    deadline_s: 5"},
        "graph.yaml:20:5: There is no key 'deadline_s' here. There are title, phases.",
    ),
    "a key that is no text": (
        {"    title: Ranking": "    5: Ranking"},
        "graph.yaml:7:5: A text is expected here, not a number. Put it in quotes if that is what is meant.",
    ),
    "a key that merges": (
        {"    title: Ranking": "    <<: {title: Ranking}"},
        "graph.yaml:7:5: A text is expected here, not <<. Put it in quotes if that is what is meant.",
    ),
    "no queue": (
        {"    queue: ranking\n": ""},
        "graph.yaml:7:5: The key 'queue' is missing here.",
    ),
    "no pipelines": (
        {VALID[VALID.index("pipelines:") :]: ""},
        "graph.yaml:1:1: The key 'pipelines' is missing here.",
    ),
    "pipelines with none in it": (
        {VALID[VALID.index("pipelines:") :]: "pipelines: {}"},
        "graph.yaml:18:12: There are no pipelines here.",
    ),
    "phases with none in it": (
        {VALID[: VALID.index("pipelines:")]: "phases: {}\n"},
        "graph.yaml:1:9: There are no phases here.\n"
        "graph.yaml:5:14: There is no phase 'read'. There are none.\n"
        "graph.yaml:5:20: There is no phase 'rank'. There are none.",
    ),
    "a phase with nothing in it": (
        {VALID[VALID.index("  read:\n") : VALID.index("  rank:\n")]: "  read:\n"},
        "graph.yaml:2:8: A mapping of names to values is expected here, not nothing.",
    ),
    "an engine without a class": (
        {"some.module:Rank": "some.module.Rank"},
        "graph.yaml:8:13: The engine 'some.module.Rank' is not of the form module:Class."
        " For instance pipelines.phases.nlp:Nlp.",
    ),
    "an unknown scope": (
        {"scope: batch": "scope: class"},
        "graph.yaml:9:12: 'class' is not one of essay, batch.",
    ),
    "a scope that is nearly one": (
        {"scope: batch": "scope: bach"},
        "graph.yaml:9:12: 'bach' is not one of essay, batch. Did you mean 'batch'?",
    ),
    "an unknown prerequisite": (
        {"prerequisites: [instructions]": "prerequisites: [instruction, money]"},
        "graph.yaml:12:21: 'instruction' is not one of instructions. Did you mean 'instructions'?\n"
        "graph.yaml:12:34: 'money' is not one of instructions.",
    ),
    "a dependency that does not exist": (
        {"depends_on: [read]": "depends_on: [reed]"},
        "graph.yaml:11:18: There is no phase 'reed'. Did you mean 'read'?",
    ),
    "a phase of a pipeline that does not exist": (
        {"phases: [read, rank]": "phases: [read, zzz]"},
        "graph.yaml:21:20: There is no phase 'zzz'. There are read, rank.",
    ),
    "a phase that waits for itself": (
        {"depends_on: [read]": "after: [rank]"},
        "graph.yaml:11:13: The phase 'rank' waits for itself. Take it out of the list.",
    ),
    "a phase that is waited for twice": (
        {"depends_on: [read]": "after: [read]\n    depends_on: [read]"},
        "graph.yaml:11:13: The phase 'read' stands in depends_on already, and so is waited for."
        " Take it out of one of the two lists.",
    ),
    "a phase that no pipeline reaches": (
        {"    depends_on: [read]\n": "    after: [read]\n", "[read, rank]": "[rank]"},
        "graph.yaml:2:3: No pipeline reaches the phase 'read'."
        " Name it in the phases of one, or take it out.",
    ),
    "a pipeline without phases": (
        {"phases: [read, rank]": "phases: []"},
        "graph.yaml:21:13: The pipeline 'everything' has no phases.",
    ),
    "a pipeline called like a phase that it is not": (
        {"  everything:": "  read:"},
        "graph.yaml:19:3: The pipeline 'read' has the name of a phase, and does not run just that."
        " Give it another name, or the phases [read].",
    ),
    "two phases of one name": (
        {"  rank:\n": "  read:\n"},
        "graph.yaml:6:3: The name 'read' stands here twice.\n"
        "graph.yaml:21:20: There is no phase 'rank'. There are read.",
    ),
    "two pipelines of one name": (
        {"  everything:": "  everything:\n    phases: [read]\n  everything:"},
        "graph.yaml:21:3: The name 'everything' stands here twice.",
    ),
    "a name nobody could type": (
        {"  everything:": "  'Every thing':"},
        "graph.yaml:19:3: 'Every thing' cannot be a name here. It begins with a small letter from a to z"
        " and goes on with these, digits, _ and -, 64 at most.",
    ),
    "a queue that would be two": (
        {"queue: ranking": "queue: ranking,nlp"},
        "graph.yaml:10:12: 'ranking,nlp' cannot be the name of a queue. It begins with a small letter"
        " from a to z and goes on with these, digits, _ and -, 64 at most.",
    ),
    "a dependency twice": (
        {"depends_on: [read]": "depends_on: [read, read]"},
        "graph.yaml:11:24: The name 'read' stands in this list twice.",
    ),
    "a phase twice in a pipeline": (
        {"phases: [read, rank]": "phases: [read, rank, read]"},
        "graph.yaml:21:26: The name 'read' stands in this list twice.",
    ),
    "a text instead of a list": (
        {"depends_on: [read]": "depends_on: read"},
        "graph.yaml:11:17: A list is expected here, not a text. Write [read].",
    ),
    "nothing instead of a list": (
        {"depends_on: [read]": "depends_on:"},
        "graph.yaml:11:16: A list is expected here, not nothing.",
    ),
    "a list instead of a text": (
        {"queue: ranking": "queue: [ranking]"},
        "graph.yaml:10:12: A text is expected here, not a list.",
    ),
    "nothing instead of a text": (
        {"queue: ranking": "queue: ~"},
        "graph.yaml:10:12: A text is expected here, not nothing.",
    ),
    "a number instead of a text": (
        {"title: Ranking": "title: 2024"},
        "graph.yaml:7:12: A text is expected here, not a number. Put it in quotes if that is what is meant.",
    ),
    "a text with nothing in it": (
        {"title: Ranking": "title: ' '"},
        "graph.yaml:7:12: A text is expected here, and this one is empty.",
    ),
    "a text with a bell in it": (
        {"title: Ranking": 'title: "\\a"'},
        "graph.yaml:7:12: A text in one line is expected here, without control characters.",
    ),
    "a text instead of a mapping": (
        {"retry: {max_attempts: 5, backoff_s: 1, backoff_max_s: 8}": "retry: often"},
        "graph.yaml:16:12: A mapping of names to values is expected here, not a text.",
    ),
    "a list instead of options": (
        {"options: {judge: fake}": "options: [fake]"},
        "graph.yaml:17:14: A mapping of names to values is expected here, not a list.",
    ),
    "an option that is no JSON": (
        {"options: {judge: fake}": "options: {since: 2024-01-01}"},
        "graph.yaml:17:14: Only what JSON can hold is expected here. Put quotes around dates.",
    ),
    "a pause longer than the longest": (
        {"backoff_s: 1,": "backoff_s: 9,"},
        "graph.yaml:16:41: The first pause, 9 s, is longer than the longest, 8 s."
        " Lower backoff_s, or raise backoff_max_s.",
    ),
    "a longest pause shorter than the usual one": (
        {"backoff_s: 1, backoff_max_s: 8": "backoff_max_s: 1"},
        "graph.yaml:16:45: The first pause, 2 s, is longer than the longest, 1 s."
        " Lower backoff_s, or raise backoff_max_s.",
    ),
    "a unit that does not fit into a slice": (
        {"unit_s: 2": "unit_s: 61"},
        "graph.yaml:13:13: A unit is expected to take 61 s, and its slice is stopped after 60 s."
        " Lower unit_s, or raise time_limit_s.",
    ),
    "a slice that does not fit into the phase": (
        {"deadline_s: 3600": "deadline_s: 59"},
        "graph.yaml:15:17: The phase must have ended after 59 s, and one slice may take 60 s."
        " Raise deadline_s, or lower time_limit_s.",
    ),
    "a bracket that is never closed": (
        {"depends_on: [read]": "depends_on: [read"},
        "graph.yaml:12:18: This is not YAML: expected ',' or ']', but got ':'.",
    ),
    "a character that YAML does not know": (
        {"title: Ranking": "title: Rank\x00ing"},
        "graph.yaml:7:16: This is not YAML: special characters are not allowed.",
    ),
    "a day that does not exist": (
        {"options: {judge: fake}": "options: {since: 2024-13-45}"},
        "graph.yaml:17:14: This is not YAML: month must be in 1..12.",
    ),
    "a tag that means nothing": (
        {"unit_s: 2": "unit_s: !two 2"},
        "graph.yaml:13:13: This is not YAML: could not determine a constructor for the tag '!two'.",
    ),
    "brackets without end": (
        {VALID: "[" * 5000},
        "graph.yaml:1:1: This is nested too deeply.",
    ),
    "a little of everything": (
        {
            "    scope: essay\n    queue: reading\n": "    scope: esay\n",
            "unit_s: 2": "unit_s: fast",
            "max_attempts: 5": "max_attempts: 1.5",
            "[read, rank]": "[rank, reading]",
        },
        "graph.yaml:3:5: The key 'queue' is missing here.\n"
        "graph.yaml:4:12: 'esay' is not one of essay, batch. Did you mean 'essay'?\n"
        "graph.yaml:12:13: A number is expected here, not a text.\n"
        "graph.yaml:15:27: A whole number is expected here, not 1.5.\n"
        "graph.yaml:20:20: There is no phase 'reading'. Did you mean 'read'?",
    ),
}


@pytest.mark.parametrize("what", WRONG)
def test_all_that_is_wrong_is_said_with_its_place_and_what_would_be_right(what):
    changes, said = WRONG[what]

    assert str(refused(changed(changes))) == said


def test_a_fault_says_its_place_as_a_json_pointer_too():
    faults = refused(changed({"[read, rank]": "[read, zzz]", "queue: ranking": "queue: 5"})).faults

    assert [fault.pointer for fault in faults] == [
        "/phases/rank/queue",
        "/pipelines/everything/phases/1",
    ]


@pytest.mark.parametrize(
    "number", ["0", "-1", "often", "true", "[1]", ".nan", ".inf", "2024-01-01", "1" + "0" * 400]
)
@pytest.mark.parametrize("here", ["unit_s: 2", "time_limit_s: 60", "backoff_s: 1"])
def test_what_must_be_a_number_is_finite_and_above_zero(here, number):
    name = here.split(":")[0]

    error = refused(changed({here: f"{name}: {number}"}))

    assert "number" in str(error)
    assert "expected here" in str(error)


@pytest.mark.parametrize("number", ["0", "0.5", "2.5", ".inf"])
def test_attempts_are_counted_in_whole_numbers(number):
    error = refused(changed({"max_attempts: 5": f"max_attempts: {number}"}))

    assert str(error).startswith("graph.yaml:16:27: ")


@pytest.mark.parametrize(
    "text", ["", "# nothing but a comment\n", "\x00", "just a text", "- a list"]
)
def test_a_file_that_is_no_catalogue_is_refused_at_its_beginning(text):
    assert str(refused(text)).startswith("graph.yaml:1:1: ")


def test_a_file_that_is_no_text_is_refused_by_name(tmp_path):
    file = tmp_path / "graph.yaml"
    file.write_bytes(b"phases: \xff")

    with pytest.raises(CatalogueError, match=r"/graph\.yaml:1:1: .*UTF-8"):
        catalogue.load(file)


class TestAQueueWithoutAWorker:
    def test_is_no_fault_of_the_file_where_nobody_knows_the_workers(self):
        assert catalogue.parse(VALID, file="graph.yaml").queues() == {"reading", "ranking"}

    def test_is_named_with_the_nearest_queue_that_is_read(self):
        known = Demands(queues=frozenset({"reader", "nlp"}))

        assert str(refused(VALID, known)) == (
            "graph.yaml:5:12: No worker reads the queue 'reading'. Did you mean 'reader'?\n"
            "graph.yaml:10:12: No worker reads the queue 'ranking'. There are nlp, reader."
        )


class TestAnEngine:
    def wrong_with(self, engine: str, options: str = "{}", name: str = "read") -> str:
        text = (
            f"phases:\n  {name}: {{scope: essay, queue: q, engine: '{engine}', options: {options}}}\n"
            f"pipelines: {{all: {{phases: [{name}]}}}}\n"
        )
        return str(refused(text, Demands(engines=True))).replace("graph.yaml:2:", "")

    def test_that_is_shipped_is_right(self):
        assert catalogue.load(demands=Demands(engines=True)) == catalogue.load()

    def test_is_not_looked_for_unless_that_is_demanded(self):
        assert catalogue.parse(VALID, file="graph.yaml").phases["read"].engine == "some.module:Read"

    def test_has_a_module(self):
        assert self.wrong_with("tests.engins:Scripted") == (
            "42: The module 'tests.engins' cannot be imported: No module named 'tests.engins'."
        )

    def test_is_in_its_module(self):
        assert self.wrong_with("tests.engines:Script") == (
            "42: The module 'tests.engines' has no 'Script'."
        )

    def test_is_a_class(self):
        assert self.wrong_with("tests.engines:ORDER") == "42: 'tests.engines:ORDER' is not a class."

    def test_takes_its_options(self):
        assert self.wrong_with("tests.engines:Scripted", "{nam: read}") == (
            "77: The engine does not take these options: missing a required argument: 'name'."
        )

    def test_can_be_made(self):
        assert self.wrong_with("pipelines.phases.noop:Noop", "{body_ms: slow}") == (
            "42: The engine cannot be made: TypeError(\"unsupported operand type(s) for /: 'str' and 'int'\")."
        )

    def test_is_a_phase(self):
        assert self.wrong_with("collections:Counter") == (
            "42: The engine is no phase:"
            " it has no name, engine_version, plans_once, reads_found, reads_texts, prepare, plan, run_many."
        )

    def test_has_the_name_of_its_phase(self):
        assert self.wrong_with("tests.engines:Scripted", "{name: other}") == (
            "42: The engine calls itself 'other', not 'read'."
        )


CIRCLES = {
    "two": ({"a": ["b"], "b": ["a"]}, "graph.yaml:2:", "a → b → a"),
    "three, with a way in": (
        {"in": [], "a": ["in", "c"], "b": ["a"], "c": ["b"]},
        "graph.yaml:3:",
        "a → c → b → a",
    ),
}


@pytest.mark.parametrize("edge", ["depends_on", "after"])
@pytest.mark.parametrize("what", CIRCLES)
def test_a_circle_is_shown_at_one_of_its_edges(what, edge):
    graph, place, path = CIRCLES[what]

    said = str(refused(catalogue_of(graph, edge)))

    assert said.startswith(place)
    assert said.endswith(
        f": Phases wait for each other in a circle: {path}. Take one of these edges out."
    )


def catalogue_of(graph: dict[str, list[str]], edge: str = "depends_on") -> str:
    """A catalogue over any graph, with an edge a line."""
    phases = "".join(
        f"  {name}: {{engine: 'm:C', scope: essay, queue: q, {edge}: [{', '.join(before)}]}}\n"
        for name, before in graph.items()
    )
    return f"phases:\n{phases}pipelines: {{all: {{phases: [{', '.join(graph)}]}}}}\n"


@st.composite
def any_graph(draw) -> dict[str, list[str]]:
    """Names with what comes before each, in circles as often as not; nothing before itself."""
    names = [f"p{n}" for n in range(draw(st.integers(1, 7)))]
    return {
        name: draw(st.lists(st.sampled_from([n for n in names if n != name]), unique=True))
        if len(names) > 1
        else []
        for name in names
    }


@given(any_graph())
def test_a_graph_is_refused_exactly_if_it_has_circles_and_each_that_is_named_is_one(graph):
    try:
        found = catalogue.parse(catalogue_of(graph), file="graph.yaml")
    except CatalogueError as error:
        faults = error.faults
    else:
        faults = ()
        assert set(found.phases_of("all")) == set(graph)

    left = {name: set(before) for name, before in graph.items()}
    for fault in faults:
        path = str(fault).split("circle: ")[1].split(".")[0].split(" → ")
        assert path[0] == path[-1]
        assert len(path) - 1 == len(set(path)) > 1
        assert all(before in graph[name] for name, before in pairwise(path))
        assert fault.place.line == list(graph).index(path[0]) + 2
        left[path[0]].discard(path[1])
    assert not has_circle(left), "a circle has not been named"


def has_circle(graph: dict[str, set[str]]) -> bool:
    """Whether something is left when whatever has nothing before it is taken out, again and again."""
    left = dict(graph)
    while free := [name for name, before in left.items() if not before & set(left)]:
        for name in free:
            del left[name]
    return bool(left)


@given(st.text(max_size=200))
def test_whatever_is_written_is_refused_with_a_place(text):
    with pytest.raises(CatalogueError, match=r"^graph\.yaml:\d+:\d+: "):
        catalogue.parse(text, file="graph.yaml")


@given(
    cut=st.tuples(st.integers(0, len(VALID)), st.integers(0, len(VALID))),
    put=st.sampled_from(["", ":", "[", "{", "}", "- ", "&a ", "*a", "!!x ", "\t", "\n", "~", "'"]),
)
def test_a_catalogue_with_a_hole_in_it_is_loaded_or_refused_with_a_place(cut, put):
    lo, hi = sorted(cut)

    try:
        catalogue.parse(VALID[:lo] + put + VALID[hi:], file="graph.yaml")
    except CatalogueError as error:
        assert error.faults[0].place.line >= 1  # noqa: PT017 - either way is right
