"""What the documents promise is there, and what is there is in the documents."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from app import problems
from app.errors import AppError
from pipelines import events, lifecycle
from pipelines.extraction import failures
from tests.wiring.conftest import ROOT

DOCS = ROOT / "docs"
REFERENCE = DOCS / "reference"
PAGES = sorted(
    [
        *DOCS.rglob("*.md"),
        *(ROOT / name for name in ("README.md", "CHANGELOG.md", "CONTRIBUTING.md")),
        *(ROOT / folder / "README.md" for folder in ("migrations", "bench")),
    ]
)
_LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)")
_FENCE = re.compile(r"^```.*?^```", re.M | re.S)


def prose(page: Path) -> str:
    return _FENCE.sub("", page.read_text("utf-8"))


def named(page: Path) -> str:
    return str(page.relative_to(ROOT))


def errors(of: type[AppError] = AppError) -> Iterator[type[AppError]]:
    for error in of.__subclasses__():
        yield error
        yield from errors(error)


def problem_types() -> set[str]:
    """The last part of every `type` that `app.problems` can emit."""
    ours = {problems.slug(error) for error in problems.STATUS}
    frameworks = {problems._phrase(status) for status in problems._HTTP_TITLES}
    written = set(re.findall(r'"/problems/([a-z-]+)"', Path(problems.__file__).read_text("utf-8")))
    return ours | frameworks | written


def anchors(page: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", prose(page), re.M)
    kept = (re.sub(r"[^\w\- ]", "", heading.lower()) for heading in headings)
    return {heading.strip().replace(" ", "-") for heading in kept}


def test_every_error_has_a_status():
    assert set(errors()) == set(problems.STATUS)


@pytest.mark.parametrize("name", sorted(problem_types()))
def test_every_problem_has_a_page_that_names_it(name: str):
    page = REFERENCE / "problems" / f"{name}.md"

    assert page.is_file()
    assert f"`/problems/{name}`" in page.read_text("utf-8")
    assert f"({name}.md)" in (REFERENCE / "problems" / "README.md").read_text("utf-8")


@pytest.mark.parametrize("error", sorted(problems.STATUS, key=lambda e: e.__name__))
def test_the_page_of_an_error_has_its_title_and_status(error: type[AppError]):
    page = (REFERENCE / "problems" / f"{problems.slug(error)}.md").read_text("utf-8")

    assert page.startswith(f"# {error().title}\n")
    assert f" · {problems.STATUS[error].value}\n" in page


def test_no_page_is_about_a_problem_that_cannot_occur():
    pages = {page.stem for page in (REFERENCE / "problems").glob("*.md")} - {"README"}

    assert pages == problem_types()


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_every_link_leads_somewhere(page: Path):
    for link in _LINK.findall(prose(page)):
        if re.match(r"[a-z]+:", link):
            continue
        target, _, anchor = link.partition("#")
        found = (page.parent / target).resolve() if target else page
        assert found.exists(), f"{link} leads nowhere"
        assert not anchor or anchor in anchors(found), f"{link}: there is no such heading"


@pytest.mark.parametrize("event", sorted(events.TOPICS))
def test_every_event_is_in_the_reference_with_its_topic(event: str):
    rows = [
        line
        for line in (REFERENCE / "events.md").read_text("utf-8").splitlines()
        if line.startswith(f"| `{event}` |")
    ]

    assert len(rows) == 1
    assert f"`{events.TOPICS[event]}`" in rows[0]


def test_every_failure_code_of_a_file_is_in_the_reference_with_what_to_do():
    page = (REFERENCE / "failure-codes.md").read_text("utf-8")
    files = page[: page.index("## A phase has no result")]
    rows = re.findall(r"^\| `(\w+)` \| .+ \| (.+) \|$", files, re.M)

    assert dict(rows) == failures.HINTS
    assert len(rows) == len(failures.HINTS)


def test_every_setting_is_in_the_reference():
    sources = [
        (ROOT / "app" / name).read_text("utf-8") for name in ("settings.py", "llm_settings.py")
    ]
    own = [
        name
        for source in sources
        for name in re.findall(
            r'env\.\w+\(\s*"([A-Z_]+)"', source.split('env.prefixed("HULEEDU_")')[1]
        )
    ]
    variables = {f"HULEEDU_{name}" for name in own} | {"DATABASE_URL", "REDIS_URL", "BROKER_URL"}
    page = (REFERENCE / "settings.md").read_text("utf-8")

    assert len(own) > 10
    assert {name for name in variables if f"| `{name}` |" not in page} == set()


def test_no_document_names_a_setting_that_nobody_reads():
    read = "".join(
        path.read_text("utf-8")
        for folder in ("app", "tasks", "migrations")
        for path in (ROOT / folder).rglob("*.py")
    )
    composed = (ROOT / "docker-compose.yml").read_text("utf-8")
    for page in PAGES:
        for name in re.findall(r"\bHULEEDU_([A-Z_]+)\b", page.read_text("utf-8")):
            in_code = f'"{name}"' in read or f'"HULEEDU_{name}"' in read
            assert in_code or f"${{HULEEDU_{name}:" in composed, f"{named(page)}: {name}"


def test_every_target_that_is_mentioned_exists():
    targets = set(re.findall(r"^([a-z][a-z0-9-]*):", (ROOT / "Makefile").read_text("utf-8"), re.M))

    for page in PAGES:
        text = page.read_text("utf-8")
        for words in re.findall(r"(?:`|^ *|[A-Z_]+=\S+ )make ((?:[a-z0-9-]+ ?)+)", text, re.M):
            assert set(words.split()) <= targets, f"{named(page)}: make {words}"


@pytest.mark.parametrize("entity", sorted(lifecycle.EDGES))
def test_every_edge_of_the_life_cycle_is_drawn(entity: str):
    page = (DOCS / "explanation" / "life-cycle.md").read_text("utf-8")
    block = re.search(rf"as {entity} {{\n(.*?)\n    }}\n", page, re.S)
    assert block is not None
    names = {alias: name for name, alias in re.findall(r'state "(\w+)" as (\w+)', block[1])}

    drawn = {
        (names[here], names[there]) for here, there in re.findall(r"(\w+) --> (\w+)", block[1])
    }

    assert drawn == {(str(here), str(there)) for here, there in lifecycle.EDGES[entity]}


def test_every_edge_of_the_life_cycle_is_explained():
    page = (DOCS / "explanation" / "life-cycle.md").read_text("utf-8")
    sections = dict(re.findall(r"^## ([\w ]+)\n(.*?)(?=^## |\Z)", page, re.M | re.S))

    for entity, edges in lifecycle.EDGES.items():
        section = sections[entity.replace("_", " ").capitalize()]
        rows = re.findall(r"^\| (`.+?`) \| (`.+?`) \|", section, re.M)
        explained = {
            (here, there)
            for left, right in rows
            for here in re.findall(r"`(\w+)`", left)
            for there in re.findall(r"`(\w+)`", right)
        }
        assert explained == {(str(here), str(there)) for here, there in edges}, entity
