"""What `huleedu cj simulate` says."""

import json

import pytest
from click.testing import CliRunner, Result

from app.cli.main import main


def simulate(*args: object) -> Result:
    return CliRunner().invoke(main, ["cj", "simulate", *map(str, args)])


SMALL = ("--essays", 8, "--rounds", 3, "--classes", 2, "--judges", 3)


def test_every_round_is_said_with_what_is_true_and_what_is_claimed():
    said = simulate(*SMALL, "--json")

    assert said.exit_code == 0
    assert "8 essays, 3 judges, mean of 2 classes" in said.output
    assert "A true reliability of 0.90 takes" in said.output
    body = json.loads(said.output.splitlines()[-1])
    assert body["simulated"]["essays"] == 8
    assert [row["round_no"] for row in body["rounds"]] == [1, 2, 3]
    assert [row["comparisons_per_essay"] for row in body["rounds"]] == [1, 2, 3]
    assert all(0 <= row[name] <= 1 for row in body["rounds"] for name in ("true", "honest", "ssr"))


def test_the_same_seed_says_the_same():
    assert simulate(*SMALL).output == simulate(*SMALL).output
    assert simulate(*SMALL).output != simulate(*SMALL, "--seed", 2).output


def test_coins_are_called_coins():
    said = simulate(*SMALL, "--spread", 0)

    assert "flip coins" in said.output
    assert "A true reliability" not in said.output


def test_a_small_class_runs_out_of_pairs():
    said = simulate("--essays", 3, "--rounds", 6, "--classes", 1, "--prior", 0.7, "--json")

    rows = json.loads(said.output.splitlines()[-1])["rounds"]
    assert rows[-1]["comparisons_per_essay"] == 2


@pytest.mark.parametrize(
    "wrong", [("--essays", 2), ("--prior", 2), ("--target", 1), ("--pairing", "best")]
)
def test_what_makes_no_sense_is_refused(wrong):
    assert simulate(*wrong).exit_code == 2
