import json
from threading import Event
from uuid import UUID

from app.live import frames
from app.live.listener import MOST_WAITING, TOO_SLOW, Listener

BATCH = UUID(int=1)
STATUS = {"status": "processing", "class_designation": "å" * 100, "phases": [{"phase": "nlp"}] * 6}


def of_a_batch(essays: int) -> list[dict]:
    cells = [
        {"essay_id": f"essay-{n}" + "x" * 50, "status": "processed", "phases": {"nlp": "done"}}
        for n in range(essays)
    ]
    texts = list(frames.batch(BATCH, since=3, event_no=9, status=STATUS, cells=cells))
    assert all(len(text.encode()) <= frames.MOST_BYTES for text in texts)
    return [json.loads(text) for text in texts]


class TestABatch:
    def test_without_a_changed_essay_is_one_frame(self):
        (frame,) = of_a_batch(0)

        assert frame == {
            "type": "batch",
            "batch_id": str(BATCH),
            "event_no": 9,
            "since": 3,
            "status": STATUS,
            "essays": [],
            "more": False,
        }

    def test_with_many_comes_in_parts_and_only_the_last_is_whole(self):
        parts = of_a_batch(frames.MOST_CELLS)

        assert len(parts) > 5
        assert [part["more"] for part in parts] == [True] * (len(parts) - 1) + [False]
        assert sum(len(part["essays"]) for part in parts) == frames.MOST_CELLS
        assert {(part["since"], part["event_no"]) for part in parts} == {(3, 9)}

    def test_with_too_many_leaves_them_to_a_request(self):
        (frame,) = of_a_batch(frames.MOST_CELLS + 1)

        assert frame["essays"] is None


def test_a_notification_keeps_its_own_type():
    frame = json.loads(frames.notification({"seq": 1, "type": "batch_ready"}))

    assert frame == {"type": "notification", "notification": {"seq": 1, "type": "batch_ready"}}


class TestAListener:
    def test_is_woken_and_gives_what_waits_once(self):
        wake = Event()
        listener = Listener(0, wake, lambda: None)

        listener.offer("a")
        listener.offer("b")

        assert wake.is_set()
        assert listener.take() == (["a", "b"], None)
        assert listener.take() == ([], None)

    def test_for_whom_too_much_waits_is_to_be_closed_and_keeps_nothing(self):
        listener = Listener(0, Event(), lambda: None)

        for _ in range(MOST_WAITING + 10):
            listener.offer("a")

        assert listener.take() == ([], TOO_SLOW)

    def test_is_closed_with_the_first_reason(self):
        listener = Listener(0, Event(), lambda: None)

        listener.close(1012)
        listener.close(4408)

        assert listener.take() == ([], 1012)

    def test_that_is_stuck_in_a_send_is_cut_after_a_while(self, monkeypatch):
        cut = []
        listener = Listener(0, Event(), lambda: cut.append(True))
        listener.cut_if_stuck()
        listener.close(4408)
        listener.cut_if_stuck()
        assert not cut

        monkeypatch.setattr("app.live.listener.CUT_AFTER_S", -1)
        listener.cut_if_stuck()

        assert cut
