"""A class that its teacher judges, from the files to a ranking, with real workers."""

from typing import Any

from tests.acceptance.conftest import Teacher, eventually
from tests.factories import an_essay

CLASS = {
    f"pupil-{n}.txt": an_essay("A friend of mine lives by the river. " * n) for n in range(1, 5)
}


def test_a_teacher_ranks_a_class_by_deciding_about_pairs(teacher: Teacher) -> None:
    batch = teacher.hands_in(CLASS)
    teacher.waits_until(batch, "ready")
    wanted = {"requested_pipeline": "cj_assessment", "judging": {"judge": "person"}}
    assert teacher.http.post(f"/v1/batches/{batch}/pipelines", json=wanted).status_code == 202
    teacher.waits_until(batch, "completed_successfully")

    decided = 0
    while pair := lent(teacher, batch):
        # Whoever wrote more of it has the better essay.
        better = "left" if len(pair["left"]["text"]) > len(pair["right"]["text"]) else "right"
        url = f"/v1/comparisons/{pair['comparison_id']}/decision"
        assert teacher.http.post(url, json={"choice": better}).json()["is_new"]
        decided += 1

    found = teacher.http.get(f"/v1/batches/{batch}/assessment").json()
    assert (decided, found["decision_count"], found["stop_reason"]) == (6, 6, "every_pair")
    assert [each["essay_id"] for each in found["essays"]] == [f"essay-{n}" for n in (4, 3, 2, 1)]
    told = eventually(lambda: changes_told(teacher, batch), "everybody is told of each decision")
    assert told == 6


def lent(teacher: Teacher, batch: str) -> Any:
    answer = teacher.http.get(f"/v1/batches/{batch}/comparisons/next")
    return answer.json() if answer.status_code == 200 else None


def changes_told(teacher: Teacher, batch: str) -> int:
    events = teacher.http.get(f"/v1/batches/{batch}/events").json()["items"]
    return sum(each["event_type"] == "BatchAssessmentChangedV1" for each in events)
