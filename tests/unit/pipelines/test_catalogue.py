from textwrap import dedent

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines import catalogue
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


def refused(text: str) -> CatalogueError:
    with pytest.raises(CatalogueError) as found:
        catalogue.parse(dedent(text), file="graph.yaml")
    return found.value


def changed(here: str, there: str) -> str:
    assert VALID.count(here) == 1, here
    return VALID.replace(here, there)


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


# What is wrong: the change that makes it so, where it is, what is said, and what would be right.
WRONG = {
    "unknown key in a phase": (
        ("    title: Ranking", "    titel: Ranking"),
        (7, 12),
        "There is no key 'titel' here.",
        "Did you mean 'title'?",
    ),
    "unknown key at the top": (
        ("pipelines:\n", "queues: {}\npipelines:\n"),
        (18, 9),
        "There is no key 'queues' here.",
        "There are phases, pipelines.",
    ),
    "unknown key in a retry policy": (
        ("{max_attempts: 5,", "{attempts: 5,"),
        (16, 23),
        "There is no key 'attempts' here.",
        "Did you mean 'max_attempts'?",
    ),
    "missing key": (("    queue: ranking\n", ""), (7, 5), "The key 'queue' is missing here.", ""),
    "missing section": (
        (VALID[VALID.index("pipelines:") :], ""),
        (1, 1),
        "The key 'pipelines' is missing here.",
        "",
    ),
    "engine without a class": (
        ("some.module:Rank", "some.module.Rank"),
        (8, 13),
        "The engine 'some.module.Rank' is not of the form module:Class.",
        "For instance pipelines.phases.nlp:Nlp.",
    ),
    "unknown scope": (
        ("scope: batch", "scope: class"),
        (9, 12),
        "'class' is not one of essay, batch.",
        "",
    ),
    "unknown dependency": (
        ("depends_on: [read]", "depends_on: [reed]"),
        (11, 18),
        "There is no phase 'reed'.",
        "Did you mean 'read'?",
    ),
    "unknown phase in a pipeline": (
        ("phases: [read, rank]", "phases: [read, zzz]"),
        (21, 20),
        "There is no phase 'zzz'.",
        "There are read, rank.",
    ),
    "unknown prerequisite": (
        ("prerequisites: [instructions]", "prerequisites: [money]"),
        (12, 21),
        "'money' is not one of instructions.",
        "",
    ),
    "pipeline without phases": (
        ("phases: [read, rank]", "phases: []"),
        (21, 13),
        "The pipeline 'everything' has no phases.",
        "",
    ),
    "phase twice": (
        ("  rank:\n", "  read:\n"),
        (6, 3),
        "The name 'read' stands here twice.",
        "",
    ),
    "dependency twice": (
        ("depends_on: [read]", "depends_on: [read, read]"),
        (11, 18),
        "The name 'read' stands in this list twice.",
        "",
    ),
    "text instead of a list": (
        ("depends_on: [read]", "depends_on: read"),
        (11, 17),
        "A list is expected here.",
        "",
    ),
    "list instead of a text": (
        ("queue: ranking", "queue: [ranking]"),
        (10, 12),
        "A text is expected here.",
        "",
    ),
    "text instead of a mapping": (
        ("retry: {max_attempts: 5, backoff_s: 1, backoff_max_s: 8}", "retry: often"),
        (16, 12),
        "A mapping of names to values is expected here.",
        "",
    ),
    "list instead of options": (
        ("options: {judge: fake}", "options: [fake]"),
        (17, 14),
        "A mapping of names to values is expected here.",
        "",
    ),
    "option that is no JSON": (
        ("options: {judge: fake}", "options: {since: 2024-01-01}"),
        (17, 14),
        "Only what JSON can hold is expected here.",
        "Put quotes around dates.",
    ),
    "no YAML at all": (("depends_on: [read]", "depends_on: [read"), (12, 18), "not YAML", ""),
    "a day that does not exist": (
        ("options: {judge: fake}", "options: {since: 2024-13-45}"),
        (17, 14),
        "not YAML: month must be in 1..12",
        "",
    ),
    "a tag that means nothing": (("unit_s: 2", "unit_s: !two 2"), (13, 13), "not YAML", ""),
}


@pytest.mark.parametrize("what", WRONG)
def test_an_error_names_its_place_and_what_would_be_right(what):
    change, (line, column), said, hint = WRONG[what]

    error = refused(changed(*change))

    assert str(error).startswith(f"graph.yaml:{line}:{column}: ")
    assert said in str(error)
    assert error.hint == hint
    assert str(error).endswith(hint)


@pytest.mark.parametrize(
    "number", ["0", "-1", "often", "true", "[1]", ".nan", ".inf", "2024-01-01"]
)
@pytest.mark.parametrize("here", ["unit_s: 2", "time_limit_s: 60", "backoff_s: 1"])
def test_what_must_be_a_number_is_finite_and_above_zero(here, number):
    name = here.split(":")[0]

    error = refused(changed(here, f"{name}: {number}"))

    assert "number" in str(error)
    assert "expected here" in str(error)


@pytest.mark.parametrize("number", ["0", "0.5", "2.5", ".inf"])
def test_attempts_are_counted_in_whole_numbers(number):
    error = refused(changed("max_attempts: 5", f"max_attempts: {number}"))

    assert str(error).startswith("graph.yaml:16:27: ")


@pytest.mark.parametrize(
    "text", ["", "# nothing but a comment\n", "\x00", "just a text", "- a list"]
)
def test_a_file_that_is_no_catalogue_is_refused_at_its_beginning(text):
    assert str(refused(text)).startswith("graph.yaml:1:1: ")


def test_a_file_that_is_no_text_is_refused_by_name(tmp_path):
    file = tmp_path / "graph.yaml"
    file.write_bytes(b"phases: \xff")

    with pytest.raises(CatalogueError, match=r"^graph\.yaml:1:1: .*UTF-8"):
        catalogue.load(file)


CYCLES = {
    "itself": ({"a": ["a"]}, "a → a"),
    "two": ({"a": ["b"], "b": ["a"]}, "a → b → a"),
    "three, with a way in": (
        {"in": [], "a": ["in", "c"], "b": ["a"], "c": ["b"]},
        "a → c → b → a",
    ),
}


@pytest.mark.parametrize("edge", ["depends_on", "after"])
@pytest.mark.parametrize("what", CYCLES)
def test_a_cycle_names_its_path(what, edge):
    graph, path = CYCLES[what]
    phases = "".join(
        f"  {name}: {{engine: 'm:C', scope: essay, queue: q, {edge}: [{', '.join(needs)}]}}\n"
        for name, needs in graph.items()
    )

    error = refused(f"phases:\n{phases}pipelines: {{}}\n")

    said = str(error).split("circle: ")[1].split(".")[0]
    assert rotated(said) == rotated(path)
    assert error.hint == "Take one of these edges out."
    assert error.place.line - 2 in range(len(graph))


def rotated(path: str) -> list[str]:
    """A cycle from its first name on, whichever it was said from."""
    names = path.split(" → ")[:-1]
    first = names.index(min(names))
    return names[first:] + names[:first]


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
        assert error.place.line >= 1  # noqa: PT017 - either way is right
