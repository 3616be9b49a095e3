"""The texts that the built-in judge is measured with."""

import csv
import random
from pathlib import Path

from bench.cj import builtin_judge, texts
from bench.cj.texts import KINDS


def test_the_texts_that_come_along_are_of_twenty_levels() -> None:
    made = texts.made()

    assert len(made) == 1000
    assert len({one.mark for one in made}) == 20


def test_a_made_up_class_is_always_the_same() -> None:
    assert texts.made_up(KINDS["content"], 1, 5) == texts.made_up(KINDS["content"], 1, 5)
    assert texts.made_up(KINDS["content"], 1, 5) != texts.made_up(KINDS["content"], 2, 5)


def test_the_more_errors_are_asked_for_the_more_there_are() -> None:
    text = texts.made()[500].text
    changed = [
        sum(
            one != other
            for one, other in zip(
                text.split(), texts.spoilt(text, errors, random.Random(3)).split(), strict=False
            )
        )
        for errors in (0.0, 1.0, 5.0)
    ]

    assert changed[0] == 0
    assert changed[0] < changed[1] < changed[2]


def test_marked_essays_are_read_from_a_folder_assignment_by_assignment(tmp_path: Path) -> None:
    made = texts.made()
    with (tmp_path / "school.csv").open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["text", "score", "prompt"])
        writer.writerows([made[n].text, made[n].mark, n % 2] for n in range(0, 1000, 25))
        writer.writerow(["Alone on its assignment.", 1, "other"])

    ((name, classes),) = texts.corpora(tmp_path)
    found = builtin_judge.agreement(classes)

    assert name == "school"
    assert [len(each) for each in classes] == [20, 20]
    assert found["essays"] == 40
    assert found["balanced"] > 0.5
