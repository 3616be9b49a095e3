"""What `huleedu rank` says to people, and to programs."""

import csv
import json
import random
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner, Result

from app.cli.main import main
from bench.cj import texts

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def in_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the command is called, and draws if it is not told where."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def made() -> Mapping[str, str]:
    """Twelve texts, the best first."""
    of_level = {one.mark: one.text for one in texts.made()}
    levels = sorted(of_level, reverse=True)[::1][:12]
    return {f"e{number:02}": of_level[level] for number, level in enumerate(levels)}


def written(
    path: Path, rows: Iterable[Sequence[str]], header: Sequence[str] = ("id", "text")
) -> Path:
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([header, *rows])
    return path


@pytest.fixture
def essays(in_folder: Path, made: Mapping[str, str]) -> Path:
    return written(in_folder / "class.csv", made.items())


def rank(file: Path, *options: object) -> Result:
    return CliRunner().invoke(main, ["rank", str(file), *map(str, options)])


def document(result: Result) -> Any:
    assert result.exit_code == 0, result.stderr
    return json.loads(result.stdout.splitlines()[-1])


def decided(path: Path, ids: Sequence[str], judges: int = 3, rounds: int = 4) -> Path:
    """Decisions of people who prefer whoever comes first in `ids`, mostly."""
    rng = random.Random(5)
    rows = []
    for _ in range(judges * rounds):
        judge = f"teacher {rng.randrange(judges)}"
        drawn = rng.sample(range(len(ids)), len(ids))
        for pair in zip(drawn[::2], drawn[1::2], strict=True):
            better, worse = sorted(pair, reverse=rng.random() < 0.1)
            rows.append((judge, ids[better], ids[worse]))
    return written(path, rows, ("judge", "candidate_chosen", "candidate_not_chosen"))


class TestForPrograms:
    def test_one_line_has_all_essays_in_the_order_of_their_ranks(
        self, essays: Path, made: Mapping[str, str]
    ) -> None:
        found = document(rank(essays, "--json"))

        assert set(found) == {"essays", "reliability", "stop_reason"}
        assert {one["id"] for one in found["essays"]} == set(made)
        assert [one["rank"] for one in found["essays"]] == sorted(
            one["rank"] for one in found["essays"]
        )
        assert all(one["se"] > 0 for one in found["essays"])
        assert set(found["reliability"]) == {"honest", "ssr", "split_half"}
        assert found["stop_reason"] in ("reliable", "budget", "every_pair")

    def test_better_texts_come_first(self, in_folder: Path) -> None:
        levels = {"good": 20.0, "poor": 1.0}
        rows = [
            (f"{name} {number}", one.text)
            for name, level in levels.items()
            for number, one in enumerate([one for one in texts.made() if one.mark == level][:6])
        ]

        found = document(rank(written(in_folder / "class.csv", rows), "--json"))

        assert [one["id"].split()[0] for one in found["essays"]] == ["good"] * 6 + ["poor"] * 6

    def test_the_same_file_gives_the_same_bytes(self, essays: Path) -> None:
        first = rank(essays, "--json")
        drawing = Path("class-ranking.svg").read_bytes()

        assert rank(essays, "--json").stdout == first.stdout
        assert Path("class-ranking.svg").read_bytes() == drawing

    @pytest.mark.parametrize("count", [1, 2, 3])
    def test_a_few_essays_are_enough(
        self, in_folder: Path, made: Mapping[str, str], count: int
    ) -> None:
        file = written(in_folder / "class.csv", list(made.items())[:count])

        found = document(rank(file, "--json"))

        assert len(found["essays"]) == count


class TestForPeople:
    def test_says_rank_score_and_interval_and_that_it_is_an_estimate(self, essays: Path) -> None:
        result = rank(essays)

        assert result.exit_code == 0
        first = next(line for line in result.stdout.splitlines() if line.split()[:1] == ["1"])
        assert "…" in first
        assert "Internal consistency" in result.stdout
        assert "Reliability" not in result.stdout
        assert "this is an estimate" in " ".join(result.stdout.split())

    def test_tells_how_far_it_has_come_on_standard_error(self, essays: Path) -> None:
        result = rank(essays, "--json")

        assert "12 essays" in result.stderr
        assert "round 1: 6 decisions" in result.stderr
        assert "consistency" in result.stderr.split("round 8")[1].splitlines()[0]

    def test_shows_what_somebody_should_look_at(
        self, in_folder: Path, made: Mapping[str, str]
    ) -> None:
        doubled = {**made, "e05": f"{made['e05']} {made['e05']}"}

        result = rank(written(in_folder / "class.csv", doubled.items()))

        row = next(line for line in result.stdout.splitlines() if "e05" in line)
        assert "repeated" in row
        assert "1 to look at" in (in_folder / "class-ranking.svg").read_text("utf-8")

    def test_draws_a_dot_and_a_whisker_for_each_essay(self, essays: Path, tmp_path: Path) -> None:
        rank(essays, "--plot", tmp_path / "drawn.svg")

        drawing = ElementTree.parse(tmp_path / "drawn.svg").getroot()
        assert len(drawing.findall(f"{SVG}g/{SVG}circle")) == 12
        assert len(drawing.findall(f"{SVG}g/{SVG}line")) == 12
        assert "prefers-color-scheme: dark" in drawing.findtext(f"{SVG}style", "")

    def test_names_may_hold_anything(self, in_folder: Path, made: Mapping[str, str]) -> None:
        names = ["<b>Åsa & Co</b>", "\u202eAdam", "=1+1", "Q" * 300]
        rows = list(zip(names, made.values(), strict=False))

        found = document(rank(written(in_folder / "class.csv", rows), "--json"))

        assert {one["id"] for one in found["essays"]} == set(names)
        ElementTree.parse(in_folder / "class-ranking.svg")

    def test_a_plot_that_cannot_be_written_is_said(self, essays: Path, tmp_path: Path) -> None:
        result = rank(essays, "--json", "--plot", tmp_path / "nowhere" / "drawn.svg")

        assert result.exit_code == 2
        assert "nowhere/drawn.svg" in result.stderr
        assert json.loads(result.stdout)["essays"]


class TestDecisionsOfOthers:
    def test_are_what_is_ranked_by(
        self, essays: Path, made: Mapping[str, str], tmp_path: Path
    ) -> None:
        backwards = sorted(made, reverse=True)
        file = decided(tmp_path / "decisions.csv", backwards)

        found = document(rank(essays, "--judge", "decisions", "--decisions", file, "--json"))

        assert found["essays"][0]["id"] in backwards[:3]
        assert found["essays"][-1]["id"] in backwards[-3:]
        assert found["stop_reason"] == "all_decisions"
        assert 0 < found["reliability"]["honest"] < 1

    def test_are_called_reliability(
        self, essays: Path, made: Mapping[str, str], tmp_path: Path
    ) -> None:
        file = decided(tmp_path / "decisions.csv", list(made))

        result = rank(essays, "--judge", "decisions", "--decisions", file)

        assert "Reliability" in result.stdout
        assert "estimate" not in result.stdout

    def test_about_other_essays_are_refused(self, essays: Path, tmp_path: Path) -> None:
        rows = [("anna", "e01", "e02"), ("anna", "e01", "stranger")]
        header = ("judge", "candidate_chosen", "candidate_not_chosen")
        file = written(tmp_path / "decisions.csv", rows, header)

        result = rank(essays, "--judge", "decisions", "--decisions", file)

        assert result.exit_code == 2
        assert "row 3, column candidate_not_chosen" in result.stderr
        assert "stranger" in result.stderr

    def test_go_with_their_judge(self, essays: Path, tmp_path: Path) -> None:
        file = decided(tmp_path / "decisions.csv", ["e00", "e01"])

        assert rank(essays, "--judge", "decisions").exit_code == 2
        assert rank(essays, "--decisions", file).exit_code == 2


class TestBadFiles:
    @pytest.mark.parametrize(
        ("body", "said"),
        [
            (
                "name,text\n1,One.\n",
                "row 1, column id: there is no such column; the first line has name, text",
            ),
            ("id,essay\n1,One.\n", "row 1, column text"),
            ("", "row 1, column id: there is no such column; the first line has nothing"),
            ("id,text\n", "row 2: there is no essay"),
            ("id,text\n1,One.\n,Two.\n", "row 3, column id: it is empty"),
            ("id,text\n1,One.\n2, \n", "row 3, column text: it is empty"),
            (
                "id,text\n1,One.\n2,Two.\n1,Three.\n",
                "row 4, column id: '1' is the essay of row 2 already",
            ),
            (
                'id,text\n1,"On\ne.\n\nOn."\n1,Two.\n',
                "row 3, column id: '1' is the essay of row 2 already",
            ),
            ("id,text\n1,One, two.\n", "row 2: it has 3 columns, and the header 2"),
            ('id,text\n1,"One.\n', "row 2: it is no CSV"),
        ],
    )
    def test_are_refused_with_row_column_and_reason(
        self, in_folder: Path, body: str, said: str
    ) -> None:
        file = in_folder / "class.csv"
        file.write_text(body, "utf-8")

        result = rank(file, "--json")

        assert result.exit_code == 2
        assert f"{file}, {said}" in result.stderr
        assert not result.stdout

    def test_every_fault_is_named_at_once(self, in_folder: Path) -> None:
        file = written(in_folder / "class.csv", [("", "One."), ("2", ""), ("3", "Three.")])

        assert len(rank(file).stderr.splitlines()) == 2

    @pytest.mark.parametrize(
        "body",
        [
            "ID;Text\r\na;Jag såg, en älg.\r\nb;Du också.\r\n".encode("cp1252"),
            "\ufefftext\tnr\tid\nEn älg.\t1\ta\nDu.\t2\tb\n".encode(),
            b'id,text\n"a",One.\n\n"b",Two.\n',
        ],
    )
    def test_what_spreadsheets_write_is_read(self, in_folder: Path, body: bytes) -> None:
        file = in_folder / "class.csv"
        file.write_bytes(body)

        found = document(rank(file, "--language", "sv", "--json"))

        assert {one["id"] for one in found["essays"]} == {"a", "b"}


class TestModels:
    def test_nobody_is_asked_where_none_is_named(
        self, essays: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.delenv("HULEEDU_LLM_PROVIDER", raising=False)

        result = rank(essays, "--judge", "llm")

        assert result.exit_code == 2
        assert "HULEEDU_LLM_PROVIDER" in result.stderr
