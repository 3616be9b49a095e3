"""Promises about the package that nobody would remember."""

import re
import subprocess
from pathlib import Path

import pytest

from app import errors, problems
from app.errors import AppError
from tests.wiring.conftest import ROOT

HOMES = re.compile(rb"(?<![\w.])/(?:home|Users|root)/\w|[A-Z]:\\Users\\")


def tracked() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True, text=True
    )
    return [path for name in listed.stdout.split("\0") if (path := ROOT / name).is_file() and name]


def kinds(of: type[AppError] = AppError) -> set[type[AppError]]:
    return {kind for direct in of.__subclasses__() for kind in ({direct} | kinds(direct))}


@pytest.mark.skipif(not (ROOT / ".git").exists(), reason="there is no list of the project's files")
def test_no_file_names_a_place_on_somebodys_machine():
    here = str(ROOT).encode() if len(ROOT.parts) > 2 else None

    for path in tracked():
        body = path.read_bytes()
        assert here is None or here not in body, path
        assert not HOMES.search(body), path


def test_every_error_has_a_status():
    assert set(problems.STATUS) == kinds()


def test_every_error_is_named_where_errors_are():
    assert {kind.__module__ for kind in kinds()} == {errors.__name__}


@pytest.mark.parametrize("kind", sorted(kinds(), key=lambda kind: kind.__name__))
def test_every_errors_title_is_a_sentence(kind):
    title = kind("detail").title

    assert title[0].isupper()
    assert title.endswith(".")


def test_no_two_errors_have_the_same_type():
    slugs = [problems.slug(kind) for kind in kinds()]

    assert len(set(slugs)) == len(slugs)
