"""A phase is one module, one entry in the catalogue, one table and one projection, as the page about it says."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.acceptance.conftest import PROJECT

PAGE = PROJECT / "docs" / "how-to" / "add-a-phase.md"
COPIED = ("app", "tasks", "pipelines", "models", "migrations", "tests")
ITS_TEST = """
from tests.acceptance.conftest import Teacher
from tests.acceptance.test_a_class_from_files_to_results import GOOD


def test_questions_are_counted(teacher: Teacher) -> None:
    batch = teacher.hands_in({"kim.txt": f"{GOOD} Why is that? Who knows?", "alex.txt": GOOD})

    status = teacher.runs(batch)

    assert status["status"] == "completed_successfully"
    assert {phase["phase"]: phase["done"] for phase in status["phases"]}["questions"] == 2
    rows = teacher.essays(batch)
    assert {name: row["questions"] for name, row in rows.items()} == {"kim.txt": 2, "alex.txt": 0}
    path = f"/v1/batches/{batch}/essays/{rows['kim.txt']['essay_id']}"
    assert teacher.http.get(path).json()["results"]["questions"]["questions"] == 2
"""


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The project as it is, to be changed."""
    passed_over = shutil.ignore_patterns("__pycache__", "node_modules")
    for name in COPIED:
        shutil.copytree(PROJECT / name, tmp_path / name, ignore=passed_over)
    for name in ("setup.cfg", "pyproject.toml"):
        shutil.copy(PROJECT / name, tmp_path / name)
    return tmp_path


@pytest.mark.timeout(600)
def test_a_phase_is_added_by_what_the_page_says(copy: Path) -> None:
    page = PAGE.read_text()
    module, entry, queue, table, migration, projected = _blocks(page)[:6]

    _write(copy / "pipelines/phases/questions/__init__.py", module)
    versions = copy / "migrations/versions"
    newest = max(file.name[:4] for file in versions.glob("0*.py"))
    number = f"{int(newest) + 1:04}"
    _write(versions / f"{number}_questions.py", _numbered(migration, number, after=newest))
    catalogue = copy / "pipelines/catalogue.yaml"
    _before(catalogue, "\npipelines:\n", f"\n{entry}")
    _after(catalogue, "phases: [spellcheck, nlp, cj_assessment", ", questions")
    queues = copy / "tasks/queues.py"
    _before(queues, "\nALL = (", queue)
    _after(queues, "ALL = (CONTROL", ", QUESTIONS")
    results = copy / "models/result.py"
    _before(results, "ESSAY_RESULTS: ", f"{table}\n\n")
    _after(results, "for table in (SpellcheckResult, NlpResult", ", QuestionsResult")
    projection = copy / "app/projections/essay_report.py"
    _after(projection, '    "metrics",\n', '    "questions",\n')
    _before(projection, "        c.findings, c.left_out\n", projected)
    _after(
        copy / "models/read/essay_report.py",
        "    metrics: Mapped[dict[str, Any] | None]\n",
        f"    {_said(page, 'questions: Mapped[int | None]')}\n",
    )
    _after(
        copy / "app/schemas/essay.py",
        "    metrics = fields.Dict(required=True, allow_none=True)\n",
        f"    {_said(page, 'questions = fields.Integer(required=True, allow_none=True)')}\n",
    )
    _after(
        copy / "app/services/results.py",
        '        "metrics": report.metrics,\n',
        "        " + _said(page, '"questions": report.questions,') + "\n",
    )
    _write(copy / "tests/acceptance/test_questions.py", ITS_TEST)

    tests = ("tests/acceptance/test_questions.py", "tests/wiring/test_migrations.py")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *tests],
        cwd=copy,
        capture_output=True,
        text=True,
        timeout=540,
        check=False,
    )

    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]


def _blocks(page: str) -> list[str]:
    """The page's pieces of code, in order, without those for a terminal."""
    return re.findall(r"^```(?:python|yaml|sql)\n(.*?)^```", page, re.DOTALL | re.MULTILINE)


def _said(page: str, code: str) -> str:
    """A line of code that the page has in a table."""
    in_a_cell = code.replace("|", r"\|")
    assert f"`{in_a_cell}`" in page
    return code


def _numbered(migration: str, number: str, *, after: str) -> str:
    """The page's migration with the numbers that it has to have by now."""
    for name, value in {"revision": number, "down_revision": after}.items():
        migration = re.sub(
            rf'^{name} = "\d+"$', f'{name} = "{value}"', migration, flags=re.MULTILINE
        )
    return migration


def _write(file: Path, written: str) -> None:
    file.parent.mkdir(exist_ok=True)
    file.write_text(written)


def _before(file: Path, place: str, added: str) -> None:
    _replace(file, place, added + place)


def _after(file: Path, place: str, added: str) -> None:
    _replace(file, place, place + added)


def _replace(file: Path, place: str, by: str) -> None:
    written = file.read_text()
    assert written.count(place) == 1, f"{place!r} in {file.name}"
    file.write_text(written.replace(place, by))
