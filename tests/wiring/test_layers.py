"""Imports point one way; the contracts are in setup.cfg."""

from importlinter import cli

from tests.wiring.conftest import ROOT


def test_no_import_points_the_wrong_way(capsys, monkeypatch):
    monkeypatch.chdir(ROOT)

    kept = cli.lint_imports(str(ROOT / "setup.cfg"), no_cache=True, no_logo=True)

    assert kept == 0, capsys.readouterr().out
