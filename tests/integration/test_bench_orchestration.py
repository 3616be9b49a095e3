"""The benchmark itself, on a handful of items: it runs the shipped stack and answers as scripts expect."""

import json
import subprocess
import sys
from itertools import chain
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
FIGURES = {
    *("items", "body_ms", "ratio", "native_chord_ratio", "director_ratio"),
    *("bytes_per_item", "items_per_s"),
}


def test_the_last_line_is_one_object_with_the_figures_of_each_cell(tmp_path):
    arguments = {
        "--items": "1,3",
        "--bodies": "2",
        "--rounds": "1",
        "--only": "ours,by_hand_1",
        "--plot": str(tmp_path / "growth"),
    }

    ended = subprocess.run(
        [sys.executable, "-m", "bench.orchestration", *chain(*arguments.items()), "--json"],
        check=False,
        cwd=PROJECT,
        capture_output=True,
        text=True,
    )

    assert ended.returncode == 0, ended.stderr
    said = json.loads(ended.stdout.splitlines()[-1])
    assert [(cell["items"], cell["body_ms"]) for cell in said["results"]] == [(1, 2), (3, 2)]
    assert said["growth_exponent"] is None
    for cell in said["results"]:
        assert cell.keys() >= FIGURES
        assert min(cell["ratio"], cell["bytes_per_item"], cell["items_per_s"]) > 0
        assert cell["native_chord_ratio"] is cell["director_ratio"] is None
    assert (tmp_path / "growth.svg").stat().st_size < 64_000
    assert (tmp_path / "growth.png").exists()
