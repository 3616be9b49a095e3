"""`huleedu rank --judge llm`, against a provider on this machine."""

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from app.cli.main import main
from tests import model_server
from tests.model_server import KEY, ModelServer

WORTH = {f"e{number}": number for number in range(8)}


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[ModelServer]:
    monkeypatch.chdir(tmp_path)
    with model_server.running() as running:
        for name, value in {
            "PROVIDER": "openai",
            "URL": f"{running.url}/v1",
            "MODEL": "small",
            "API_KEY": KEY,
            "PRICE_INPUT": "1",
            "PRICE_OUTPUT": "1",
            "REQUESTS_PER_MINUTE": "60000",
        }.items():
            monkeypatch.setenv(f"HULEEDU_LLM_{name}", value)
        yield running


@pytest.fixture
def essays(tmp_path: Path) -> Path:
    path = tmp_path / "class.csv"
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["id", "text"])
        writer.writerows(
            (essay, f"Maja wrote this. It is worth {n}.") for essay, n in WORTH.items()
        )
    return path


def rank(file: Path, *options: object) -> Result:
    return CliRunner().invoke(main, ["rank", str(file), "--judge", "llm", *map(str, options)])


def worth(text: str) -> float:
    return float(text.rstrip(".").rsplit(maxsplit=1)[1])


def document(result: Result) -> Any:
    return json.loads(result.stdout.splitlines()[-1])


def test_essays_are_ranked_as_the_model_prefers_them(server: ModelServer, essays: Path) -> None:
    server.otherwise = model_server.prefers(worth)

    result = rank(essays, "--json")

    assert result.exit_code == 0, result.stderr
    ranked = [one["id"] for one in document(result)["essays"]]
    assert ranked == sorted(WORTH, key=lambda essay: -WORTH[essay])
    assert "small will be asked" in result.stderr
    assert "the budget is 5 USD" in result.stderr


def test_pairs_are_put_in_both_orders_while_the_model_is_tried(
    server: ModelServer, essays: Path
) -> None:
    server.otherwise = model_server.prefers(worth)

    rank(essays)

    shown = [asked.essays for asked in server.asked]
    assert any(pair[::-1] in shown for pair in shown)


def test_a_model_is_not_told_the_names(server: ModelServer, essays: Path, tmp_path: Path) -> None:
    server.otherwise = model_server.prefers(worth)
    names = tmp_path / "names.txt"
    names.write_text("Maja\n", "utf-8")

    rank(essays, "--names", names)

    assert not any("Maja" in asked.user for asked in server.asked)


def test_a_model_that_refuses_everybody_ends_it_with_its_reason(
    server: ModelServer, essays: Path
) -> None:
    server.otherwise = model_server.sends(401, {"error": {"message": "no such key"}})

    result = rank(essays, "--json")

    assert result.exit_code == 1
    assert document(result)["stop_reason"] == "judge_gave_up"
    assert len(document(result)["essays"]) == len(WORTH)
    assert "The judge gave up" in result.stderr
