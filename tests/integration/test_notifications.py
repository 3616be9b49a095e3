"""Notifications: asked for with their cause, numbered without a gap, read once for all of one's screens."""

from functools import partial
from uuid import uuid4

import pytest

from app.errors import NotificationNotFound
from app.projections import rebuild
from app.services import batches, ingest, notifications, projecting, uploads
from app.services.uploads import Upload
from tests.drivers import Klass, Meeting, a_class, an_owner, at_once, change, drain, rows
from tests.factories import a_registration, an_essay


def told(klass: Klass) -> list[tuple[int, str]]:
    found = notifications.of(klass.owner.id, after=0, limit=200, deps=klass.deps)["items"]
    return [(each["seq"], each["type"]) for each in found]


def another_class_of(klass: Klass, deps) -> Klass:
    other = a_class(deps, "")
    change(
        deps,
        "update batches set owner_id = :owner where id = :id",
        owner=klass.owner.id,
        id=other.batch,
    )
    change(
        deps,
        "update event_outbox set event_data = jsonb_set(event_data, '{data,teacher_id}',"
        " to_jsonb(cast(:owner as text))) where event_key = :other",
        owner=str(klass.owner.id),
        other=str(other.owner.id),
    )
    other.owner = klass.owner
    return other


class TestARun:
    def test_is_told_from_the_files_to_the_results(self, deps, publisher):
        klass = a_class(deps, "", "[first:give_up]", "")
        klass.start()
        drain(deps, publisher)

        assert told(klass) == [
            (1, "batch_files_uploaded"),
            (2, "batch_ready"),
            (3, "processing_started"),
            (4, "phase_completed"),
            (5, "phase_completed"),
            (6, "batch_results_ready"),
        ]

    def test_that_is_done_again_says_what_it_skips(self, deps, publisher):
        klass = a_class(deps, "", "")
        for _ in range(2):
            klass.start()
            drain(deps, publisher)

        assert [type for _, type in told(klass)][6:] == [
            "processing_started",
            "phase_skipped",
            "phase_skipped",
            "batch_results_ready",
        ]

    def test_says_which_phase_it_skips_and_why(self, deps, publisher):
        klass = a_class(deps, "", "")
        first = klass.start("first")
        drain(deps, publisher)
        again = klass.start()
        drain(deps, publisher)

        found = notifications.of(klass.owner.id, after=0, limit=200, deps=deps)["items"]
        skipped = [each["payload"] for each in found if each["type"] == "phase_skipped"]

        assert (first.skipped, again.skipped) == ((), ("first",))
        assert skipped == [
            {
                "batch_id": str(klass.batch),
                "run_id": str(again.run_id),
                "phase_name": "first",
                "reason": "already_done",
            }
        ]

    def test_each_request_follows_its_cause_in_the_batchs_events(self, deps):
        klass = a_class(deps, "")

        types = [type for _, type in klass.events()]
        asked = [n for n, type in enumerate(types) if type == "TeacherNotificationRequestedV1"]

        assert [types[n - 1] for n in asked] == ["BatchFilesUploadedV1", "BatchEssaysReady"]

    def test_that_was_rolled_back_is_not_told(self, deps):
        klass = a_class(deps, "")
        with deps.uow("given_up") as uow:
            uow.outbox.event(
                "BatchFilesUploadedV1",
                batch_id=klass.batch,
                correlation_id=uuid4(),
                data={
                    "file_count": 1,
                    "refused_count": 0,
                    "files_before": 0,
                    "free_before": 1,
                    "free_slots": 0,
                },
            )
            uow.outbox.flush()

        projecting.project(klass.batch, deps)

        assert len(told(klass)) == 2


class TestBursts:
    def test_bad_files_are_told_of_singly_only_a_few_times(self, deps, settings):
        owner = an_owner(deps)
        batch = batches.register(
            a_registration(8), owner_id=owner.id, correlation_id=uuid4(), deps=deps
        )
        klass = Klass(deps, owner, batch.id)
        for n in range(8):
            body = b"" if n < 6 else an_essay().encode()
            (row,) = uploads.hand_in(
                batch.id, [Upload(f"{n}.txt", body)], owner_id=owner.id, deps=deps
            )
            ingest.read_file(row.file_id, deps)
        projecting.project(batch.id, deps)

        types = [type for _, type in told(klass)]
        assert types == [
            "batch_files_uploaded",
            "file_failed",
            "file_failed",
            "file_failed",
            "batch_files_uploaded",
            "batch_ready",
        ]
        ready = notifications.of(owner.id, limit=1, deps=deps)["items"][0]
        assert ready["payload"]["failed_count"] == 6
        assert ready["action_required"]


class TestNumbers:
    def test_of_one_teacher_have_no_gaps_when_two_batches_are_projected_at_once(self, deps):
        klass = a_class(deps, "")
        other = another_class_of(klass, deps)
        meeting = Meeting(deps, "project")

        at_once(
            *(partial(projecting.project, k.batch, meeting.deps()) for k in (klass, other)),
        )

        assert [seq for seq, _ in told(klass)] == [1, 2, 3, 4]

    def test_are_not_given_twice_for_an_event_that_comes_twice(self, deps):
        klass = a_class(deps, "")
        projecting.project(klass.batch, deps)
        before = told(klass)

        change(deps, "update projection_cursors set event_no = 0")
        projecting.project(klass.batch, deps)

        assert told(klass) == before

    def test_of_lost_ones_come_back_with_a_rebuild(self, deps):
        klass = a_class(deps, "")
        projecting.project(klass.batch, deps)
        change(deps, "delete from notifications where seq = 1")
        with deps.uow("compare") as uow:
            assert rebuild.differences(uow.session) == [("notifications", klass.batch)]
            rebuild.rebuild(uow.session)
            uow.session.commit()

        assert told(klass) == [(2, "batch_ready"), (3, "batch_files_uploaded")]

    def test_go_with_their_batch_and_are_not_given_again(self, deps):
        klass = a_class(deps, "")
        other = another_class_of(klass, deps)
        projecting.project(klass.batch, deps)
        change(deps, "delete from projection_cursors where batch_id = :id", id=klass.batch)
        change(deps, "delete from notifications where batch_id = :id", id=klass.batch)

        projecting.project(other.batch, deps)

        assert [seq for seq, _ in told(klass)] == [3, 4]


class TestReading:
    @pytest.fixture
    def klass(self, deps) -> Klass:
        klass = a_class(deps, "")
        projecting.project(klass.batch, deps)
        return klass

    def test_one_rings_the_others_and_counts_what_is_left(self, klass, deps, doorbell):
        assert notifications.mark_read(klass.owner.id, 1, deps=deps) == 1

        assert doorbell.rung[-1] == (klass.owner.id, {"read": {"seq": 1, "up_to": None}})
        unread = notifications.of(klass.owner.id, limit=10, unread=True, deps=deps)
        assert [each["seq"] for each in unread["items"]] == [2]

    def test_one_twice_rings_once(self, klass, deps, doorbell):
        notifications.mark_read(klass.owner.id, 1, deps=deps)
        rung = len(doorbell.rung)

        assert notifications.mark_read(klass.owner.id, 1, deps=deps) == 1
        assert len(doorbell.rung) == rung

    def test_all_up_to_one(self, klass, deps):
        assert notifications.mark_read_up_to(klass.owner.id, 2, deps=deps) == 0

    @pytest.mark.parametrize("seq", [0, 3, 2**70])
    def test_one_that_is_not_there_is_refused(self, klass, deps, seq):
        with pytest.raises(NotificationNotFound):
            notifications.mark_read(klass.owner.id, seq, deps=deps)

    def test_somebody_elses_is_refused(self, klass, deps):
        with pytest.raises(NotificationNotFound):
            notifications.mark_read(an_owner(deps).id, 1, deps=deps)


class TestPages:
    @pytest.fixture
    def klass(self, deps, publisher) -> Klass:
        klass = a_class(deps, "")
        klass.start()
        drain(deps, publisher)
        return klass

    def page(self, klass: Klass, **query: object) -> tuple[list[int], int, int]:
        found = notifications.of(klass.owner.id, deps=klass.deps, **query)
        return [each["seq"] for each in found["items"]], found["last"], found["unread"]

    def test_after_a_number_go_on_where_the_last_ended(self, klass):
        assert self.page(klass, after=0, limit=4) == ([1, 2, 3, 4], 4, 6)
        assert self.page(klass, after=4, limit=4) == ([5, 6], 6, 6)
        assert self.page(klass, after=6, limit=4) == ([], 6, 6)

    def test_before_a_number_go_back_from_the_newest(self, klass):
        assert self.page(klass, limit=4) == ([6, 5, 4, 3], 6, 6)
        assert self.page(klass, before=3, limit=4) == ([2, 1], 6, 6)

    def test_nobody_gets_somebody_elses(self, klass, deps):
        assert self.page(Klass(deps, an_owner(deps), klass.batch), limit=4) == ([], 0, 0)

    def test_nothing_is_said_that_a_pupil_could_be_known_by(self, klass, deps):
        found = rows(deps, "select payload from notifications")

        assert all("pupil" not in str(row.payload) for row in found)
