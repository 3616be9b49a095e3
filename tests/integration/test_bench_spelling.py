"""The benchmark of spelling from end to end, over three sentences."""

import json
import subprocess
import sys
from pathlib import Path

from tests.wiring.conftest import ROOT


def test_measures_the_command_over_a_folder_of_sentences(tmp_path: Path):
    sentences = [
        ("We got alot of help.", [{"start": 7, "end": 11, "right": "a lot", "kind": "join"}]),
        ("All of it was god.", []),
        ("Teh end.", [{"start": 0, "end": 3, "right": "The", "kind": "spell"}]),
    ]
    rows = [
        {"id": f"toefl-{n}-0-1@{n}", "lang": "en", "text": text, "errors": errors, "ignore": []}
        for n, (text, errors) in enumerate(sentences)
    ]
    (tmp_path / "en_toefl_ctx.jsonl").write_text("".join(f"{json.dumps(row)}\n" for row in rows))

    done = subprocess.run(
        [
            *(sys.executable, "-m", "bench.spelling", str(tmp_path), "--part", "all"),
            *("--peers", "none", "--no-speed", "--json", "--plot", str(tmp_path / "drawn")),
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )

    measured = json.loads(done.stdout.splitlines()[-1])
    assert measured["rows"]["en_learners_top1"]["ours"] == 100
    assert measured["rows"]["en_learners_top1"]["set"] == "en_toefl_ctx"
    assert measured["accuracy"]["huleedu"]["en_toefl_ctx"]["errors"] == 2
    assert {path.suffix for path in tmp_path.glob("drawn.*")} == {".svg", ".png"}
