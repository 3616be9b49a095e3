"""Tests borrow from each other; those of the browser are not among `make test`, so a name gone would be found late."""

import ast
import importlib.util
from pathlib import Path

import pytest

from tests.wiring.conftest import ROOT

OURS = ("app", "bench", "models", "pipelines", "tasks", "tests")


def borrowed(module: Path) -> list[tuple[str, str]]:
    """What a test module imports from the project: module and name."""
    return [
        (node.module, alias.name)
        for node in ast.walk(ast.parse(module.read_text("utf-8")))
        if isinstance(node, ast.ImportFrom) and node.module
        if node.module.split(".")[0] in OURS and not node.module.startswith("tests.e2e")
        for alias in node.names
    ]


@pytest.mark.parametrize(
    "module", sorted((ROOT / "tests" / "e2e").glob("*.py")), ids=lambda it: it.stem
)
def test_what_a_browser_test_borrows_is_there(module):
    for lender, name in borrowed(module):
        found = importlib.import_module(lender)
        assert hasattr(found, name) or importlib.util.find_spec(f"{lender}.{name}"), (lender, name)
