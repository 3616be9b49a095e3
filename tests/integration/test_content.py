"""Files that are too many, too late, twice, or for a slot that is somebody else's by now: none is lost unsaid."""

from uuid import UUID, uuid4

import pytest

from app.errors import BatchNotFound
from app.services import batches, ingest, invariants, notifications, reconciler, results, uploads
from app.services.deps import Deps
from app.services.uploads import HandedIn, Upload
from pipelines.vocabulary import EssayStatus
from tests import corpus
from tests.drivers import Klass, an_owner, change, deliver, drain, finish, project, relay, rows
from tests.factories import a_registration, an_essay


@pytest.fixture(autouse=True)
def sound(deps, publisher):
    """Whatever a test does, the ledger's invariants hold after it."""
    yield
    drain(deps, publisher)
    assert invariants.check(deps) == []


def registered(deps: Deps, count: int, **more: object) -> Klass:
    owner = an_owner(deps)
    wanted = a_registration(count, **more)
    batch = batches.register(wanted, owner_id=owner.id, correlation_id=uuid4(), deps=deps)
    return Klass(deps, owner, batch.id)


def hand_in(klass: Klass, *files: Upload) -> list[HandedIn]:
    return uploads.hand_in(klass.batch, files, owner_id=klass.owner.id, deps=klass.deps)


def a_file(words: str = "", essay_id: str | None = None) -> Upload:
    return Upload(f"{words or 'essay'}.txt", an_essay(words).encode(), essay_id)


def read(klass: Klass, *handed_in: HandedIn) -> None:
    for row in handed_in:
        if row.file_id is not None:
            ingest.read_file(row.file_id, klass.deps)


def told(klass: Klass, publisher) -> list[tuple[str, dict]]:
    """What the teacher was told, with the counts in it."""
    relay(klass.deps, publisher)
    project(klass.deps, publisher)
    page = notifications.of(
        klass.owner.id, after=0, before=None, limit=200, unread=False, deps=klass.deps
    )
    return [
        (each["type"], {k: v for k, v in each["payload"].items() if k != "batch_id"})
        for each in page["items"]
    ]


def named(klass: Klass, *names: str) -> list[str]:
    """The events of these names, in order."""
    return [name for _, name in klass.events() if name in names]


def texts(klass: Klass) -> list[str | None]:
    """The beginning of each essay's text."""
    found = rows(
        klass.deps,
        "select convert_from(c.body, 'utf8') as body from essays e"
        " left join contents c on c.id = e.text_storage_id where e.batch_id = :id order by position",
        id=klass.batch,
    )
    return [row.body.split()[0] if row.body else None for row in found]


class TestTooManyFiles:
    def test_are_refused_one_by_one_and_the_others_taken(self, deps):
        klass = registered(deps, 2)

        handed_in = hand_in(klass, a_file("one"), a_file("two"), a_file("three"), a_file("four"))

        assert [row.status for row in handed_in] == ["received", "received", "refused", "refused"]
        assert [row.failure_code for row in handed_in[2:]] == ["no_free_slot"] * 2
        assert all("name the essay to replace" in row.failure_reason for row in handed_in[2:])

    def test_are_told_of_with_how_many_and_why(self, deps, publisher):
        klass = registered(deps, 1)

        hand_in(klass, a_file("one"), a_file("two"), a_file("three", "essay-7"))

        assert told(klass, publisher)[-1] == (
            "files_refused",
            {
                "refused_count": 2,
                "failure_codes": {"no_free_slot": 1, "unknown_essay": 1},
                "free_slots": 0,
            },
        )

    def test_that_are_all_of_a_request_are_told_of_too(self, deps, publisher):
        klass = registered(deps, 1)
        read(klass, *hand_in(klass, a_file("one")))

        hand_in(klass, a_file("two"))

        assert named(klass, "BatchFilesUploadedV1", "BatchFilesRefusedV1") == [
            "BatchFilesUploadedV1",
            "BatchFilesRefusedV1",
        ]
        assert told(klass, publisher)[-1][0] == "files_refused"
        assert klass.row().status == "ready"

    def test_out_of_an_archive_are_refused_by_their_names(self, deps):
        klass = registered(deps, 2)
        archive = corpus.a_zip({f"{n}.txt": an_essay(n) for n in ("a", "b", "c")})

        handed_in = hand_in(klass, Upload("class.zip", archive))

        assert [(row.file_name, row.failure_code) for row in handed_in] == [
            ("a.txt", None),
            ("b.txt", None),
            ("c.txt", "no_free_slot"),
        ]

    def test_find_a_slot_again_when_one_is_named(self, deps):
        klass = registered(deps, 1)
        read(klass, *hand_in(klass, a_file("one")))

        read(klass, *hand_in(klass, a_file("two", "essay-1")))

        assert texts(klass) == ["two"]


class TestFilesForTheSameEssay:
    def test_in_one_request_are_refused_but_the_first(self, deps):
        klass = registered(deps, 2)

        first, second = hand_in(klass, a_file("one", "essay-1"), a_file("two", "essay-1"))

        assert (first.essay_id, second.failure_code) == ("essay-1", "essay_named_twice")

    def test_are_not_displaced_by_one_that_names_none(self, deps):
        klass = registered(deps, 2)

        handed_in = hand_in(klass, a_file("any"), a_file("named", "essay-1"))

        assert [row.essay_id for row in handed_in] == ["essay-2", "essay-1"]

    def test_one_after_the_other_replace_each_other_and_both_are_listed(self, deps):
        klass = registered(deps, 1)
        hand_in(klass, a_file("one"))
        hand_in(klass, a_file("two", "essay-1"))

        assert len(rows(deps, "select 1 from files")) == 2


class TestAFileThatIsReadTooLate:
    def test_leaves_the_text_of_the_one_that_replaced_it(self, deps):
        klass = registered(deps, 1)
        (slow,) = hand_in(klass, a_file("slow"))
        read(klass, *hand_in(klass, a_file("quick", "essay-1")))

        read(klass, slow)

        assert texts(klass) == ["quick"]
        assert named(klass, "EssayContentReady", "BatchEssaysReady") == [
            "EssayContentReady",
            "BatchEssaysReady",
        ]

    def test_does_not_fail_the_essay_of_the_one_that_replaced_it(self, deps):
        klass = registered(deps, 1)
        (empty,) = hand_in(klass, Upload("empty.txt", b""))
        read(klass, *hand_in(klass, a_file("good", "essay-1")))

        read(klass, empty)

        assert [essay.status for essay in klass.essays()] == ["ready_for_processing"]
        assert named(klass, "EssayContentFailedV1") == []

    def test_for_its_batch_is_worked_on_by_the_next_run(self, deps, publisher):
        klass = registered(deps, 2)
        on_time, late = hand_in(klass, a_file("one"), a_file("two"))
        read(klass, on_time)
        change(deps, "update batches set readiness_deadline = now() - interval '1 s'")
        reconciler.overdue_batches(deps, publisher)
        klass.start()

        read(klass, late)
        finish(deps, publisher)

        assert [result.item_id for result in klass.results("first")] == [klass.essays()[0].id]
        assert [e.status for e in klass.essays()] == ["processed", "ready_for_processing"]
        klass.start()
        finish(deps, publisher)
        assert klass.row().status == "completed_successfully"

    def test_for_a_batch_that_was_erased_changes_nothing(self, deps):
        klass = registered(deps, 1)
        (file,) = hand_in(klass, a_file("one"))
        change(deps, "delete from batches", "delete from event_outbox")

        read(klass, file)

        assert rows(deps, "select 1 from event_outbox") == []


class TestAMessageThatComesTwice:
    def test_has_its_file_read_once(self, deps):
        klass = registered(deps, 1)
        (file,) = hand_in(klass, a_file("one"))

        read(klass, file, file)

        assert named(klass, "EssayContentReady", "BatchEssaysReady") == [
            "EssayContentReady",
            "BatchEssaysReady",
        ]

    def test_when_a_run_is_under_way_leaves_it_alone(self, deps, publisher):
        klass = registered(deps, 1, pipeline="all")
        (file,) = hand_in(klass, a_file("one"))
        read(klass, file)
        klass.runs.append(rows(deps, "select id from runs")[0].id)
        before = klass.events()

        read(klass, file)

        assert klass.events() == before
        relay(deps, publisher)
        assert deliver(deps, publisher) == 1

    def test_for_a_failed_file_leaves_it_failed(self, deps):
        klass = registered(deps, 1)
        (file,) = hand_in(klass, Upload("empty.txt", b""))

        read(klass, file, file)

        assert named(klass, "EssayContentFailedV1") == ["EssayContentFailedV1"]


class TestFilesBeforeTheirBatch:
    def test_are_refused_and_nothing_of_them_is_kept(self, deps):
        with pytest.raises(BatchNotFound):
            uploads.hand_in(uuid4(), [a_file("one")], owner_id=an_owner(deps).id, deps=deps)

        assert rows(deps, "select 1 from contents") == []

    def test_read_before_their_batch_is_known_are_none(self, deps):
        ingest.read_file(UUID(int=1), deps)

        assert rows(deps, "select 1 from event_outbox") == []


class TestRejectedFiles:
    def test_are_waited_for_no_more(self, deps, publisher):
        klass = registered(deps, 3)
        handed_in = hand_in(klass, a_file("one"), Upload("empty.txt", b""), a_file("three"))
        read(klass, *handed_in[:2])
        assert klass.row().status == "registered"

        read(klass, handed_in[2])

        assert klass.row().status == "ready"
        assert told(klass, publisher)[-1] == (
            "batch_ready",
            {"status": "ready", "ready_count": 2, "failed_count": 1, "missing_count": 0},
        )

    def test_that_are_all_of_a_class_fail_it(self, deps, publisher):
        klass = registered(deps, 2)

        read(klass, *hand_in(klass, Upload("a.txt", b""), Upload("b.txt", b"")))

        assert klass.row().status == "failed"
        assert told(klass, publisher)[-1][1]["failed_count"] == 2

    def test_are_told_apart_from_those_that_never_came(self, deps, publisher):
        klass = registered(deps, 4)
        read(klass, *hand_in(klass, a_file("one"), Upload("empty.txt", b"")))
        change(deps, "update batches set readiness_deadline = now() - interval '1 s'")

        reconciler.overdue_batches(deps, publisher)

        assert told(klass, publisher)[-2:] == [
            ("readiness_timeout", {"expected_essay_count": 4, "missing_count": 2}),
            (
                "batch_ready",
                {"status": "ready", "ready_count": 1, "failed_count": 1, "missing_count": 2},
            ),
        ]
        body = results.results(klass.batch, owner_id=klass.owner.id, deps=deps)
        assert [row["failure_code"] for row in body["essays"]] == [
            None,
            "empty",
            "not_handed_in",
            "not_handed_in",
        ]
        assert body["essay_counts"][EssayStatus.CONTENT_FAILED] == 3
