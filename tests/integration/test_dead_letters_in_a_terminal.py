"""`huleedu dead-letters`, as an operator types it."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from app.services import dead_letters
from app.services.deps import Deps
from tests import catalogues
from tests.catalogues import CHAIN
from tests.drivers import Klass, a_class, finish, over, rows
from tests.wiring.conftest import ROOT

Typed = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def deps(deps: Deps) -> Deps:
    return over(deps, catalogues.of(CHAIN))


@pytest.fixture
def klass(deps, publisher) -> Klass:
    """A class with two dead letters."""
    klass = a_class(deps, "[first:raise]", "[first:raise]", "")
    klass.start()
    finish(deps, publisher)
    return klass


@pytest.fixture
def huleedu(settings, tmp_path: Path) -> Typed:
    """Type a command."""
    env = {
        "PATH": os.environ["PATH"],
        "DATABASE_URL": settings.database_url,
        "BROKER_URL": settings.broker_url,
        "REDIS_URL": settings.redis_url,
        "HULEEDU_RESULT_URL": settings.result_url,
        "HULEEDU_SECRET_KEY": settings.secret_key,
        "HULEEDU_SERVICE_KEY": settings.service_key,
        "HULEEDU_CATALOGUE": str(catalogues.write(tmp_path / "catalogue.yaml", CHAIN)),
        "COLUMNS": "120",
    }

    def typed(*words: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "app.cli.main", "dead-letters", *words]
        return subprocess.run(
            command, env=env, cwd=ROOT, capture_output=True, text=True, check=False, timeout=60
        )

    return typed


def letters(klass: Klass) -> list[str]:
    return sorted(str(letter.id) for letter in klass.dead_letters())


def test_are_listed_with_what_an_operator_looks_for(klass, huleedu):
    listed = huleedu("list")

    assert listed.returncode == 0, listed.stderr
    for letter in letters(klass):
        assert letter[:8] in listed.stdout
    for word in ("attempts_exhausted", "essay-1", "essay-2", "first", str(klass.batch)[:8]):
        assert word in listed.stdout
    assert "RuntimeError('told to')" in listed.stdout


def test_of_another_kind_or_batch_are_not_listed(klass, huleedu):
    assert huleedu("list", "--reason", "unsendable").stdout == "None is open.\n"
    assert huleedu("list", "--batch", str(klass.owner.id)).stdout == "None is open.\n"


def test_one_is_shown_by_the_beginning_of_its_id(klass, huleedu):
    letter = letters(klass)[0]

    shown = huleedu("show", letter[:8])

    assert letter in shown.stdout
    assert '"dlq_reason": "attempts_exhausted"' in shown.stdout


def test_one_is_replayed_and_the_next_has_to_wait_for_its_run(klass, huleedu, deps):
    first, second = letters(klass)

    typed = huleedu("replay", first[:8], second[:8], "--note", "mended")

    assert typed.returncode == 1
    assert f"{first[:8]}: replayed as run " in typed.stdout
    assert f"{second[:8]}: A run of this batch is active." in typed.stdout
    shown = dead_letters.letter(klass.dead_letters()[0].id, deps=deps)
    assert {each.note for each in klass.dead_letters()} == {"mended", None}
    assert shown["batch_id"] == klass.batch


def test_are_discarded_together_and_the_audit_log_says_so(klass, huleedu, deps):
    typed = huleedu("discard", *letters(klass), "--note", "texts were withdrawn")

    assert (typed.returncode, typed.stdout.count("discarded.")) == (0, 2)
    assert {letter.status for letter in klass.dead_letters()} == {"discarded"}
    assert all("@" in letter.resolved_by for letter in klass.dead_letters())
    entries = rows(deps, "select action, status, batch_id from audit_log")
    assert set(entries) == {("cli.dead_letters.discard", 200, klass.batch)}
    assert len(entries) == 2


def test_a_word_that_names_none_is_refused(klass, huleedu):
    typed = huleedu("discard", "zzz")

    assert (typed.returncode, typed.stdout) == (
        1,
        "zzz: There is no such dead letter. No id begins so.\n",
    )
