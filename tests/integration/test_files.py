"""What can be done with files after they were handed in, and whose they are."""

from dataclasses import replace
from datetime import timedelta
from functools import partial
from uuid import uuid4

import pytest

from app import paging
from app.errors import BatchNotFound, EssayNotFound, FileNotFound, NothingToRead, RunActive
from app.paging import Page
from app.services import (
    batches,
    describing,
    file_lists,
    files,
    ingest,
    invariants,
    readiness,
    results,
    uploads,
)
from app.services.uploads import Upload
from tests import corpus
from tests.drivers import a_class, an_owner, change, drain, finish, one, rows
from tests.factories import a_registration, an_essay


class Files:
    """A batch as its teacher handles it."""

    def __init__(self, deps, owner, count, **more):
        self.deps, self.owner = deps, owner
        self.batch = batches.register(
            a_registration(count, **more),
            owner_id=owner.id,
            correlation_id=uuid4(),
            deps=deps,
        ).id

    def hand_in(self, *named, essay_id=None, reads=True):
        return self.send(
            *[
                Upload(name, text.encode(), essay_id)
                for name, text in (
                    each if isinstance(each, tuple) else (each, an_essay(each)) for each in named
                )
            ],
            reads=reads,
        )

    def send(self, *given, reads=True):
        handed_in = uploads.hand_in(self.batch, given, owner_id=self.owner.id, deps=self.deps)
        for row in handed_in:
            if reads and row.file_id:
                ingest.read_file(row.file_id, self.deps)
        return handed_in

    def remove(self, file_id):
        files.remove(self.batch, file_id, owner_id=self.owner.id, deps=self.deps)

    def retry(self, file_id):
        return files.read_again(self.batch, file_id, owner_id=self.owner.id, deps=self.deps)

    def name(self, essay_id, pupil):
        said = {"student_name": pupil}
        return describing.describe(
            self.batch, essay_id, said, owner_id=self.owner.id, deps=self.deps
        )

    def row(self):
        return one(self.deps, "select * from batches where id = :id", id=self.batch)

    def essays(self):
        query = "select * from essays where batch_id = :id order by position"
        return rows(self.deps, query, id=self.batch)

    def pupils(self):
        """Their names as the screens have them."""
        found = results.results(self.batch, owner_id=self.owner.id, deps=self.deps)["essays"]
        return [row["student_name"] for row in found]

    def events(self):
        query = (
            "select event_type, event_data from event_outbox where aggregate_type = 'batch'"
            " and aggregate_id = :id order by event_no"
        )
        return {
            row.event_type: row.event_data["data"] for row in rows(self.deps, query, id=self.batch)
        }


@pytest.fixture
def owner(deps):
    return an_owner(deps)


@pytest.fixture
def klass(deps, owner):
    """Make a class of which files can be handed in."""
    return partial(Files, deps, owner)


@pytest.fixture(autouse=True)
def sound(deps, publisher):
    """Whatever a test does, the ledger's invariants hold after it."""
    yield
    drain(deps, publisher)
    assert invariants.check(deps) == []


class TestRemovingAFile:
    def test_frees_the_slot_and_forgets_file_and_text(self, deps, klass):
        batch = klass(2)
        kept, gone = batch.hand_in("a.txt", "b.txt")

        batch.remove(gone.file_id)

        essay = batch.essays()[1]
        assert (essay.status, essay.file_id, essay.text_storage_id) == ("awaiting_content",) + (
            None,
        ) * 2
        assert [row.id for row in rows(deps, "select id from files")] == [kept.file_id]
        assert one(deps, "select count(*) as n from contents").n == 2

    def test_makes_a_ready_batch_wait_again_as_long_as_at_first(self, deps, klass):
        batch = klass(2)
        _, gone = batch.hand_in("a.txt", "b.txt")
        assert batch.row().status == "ready"
        change(deps, "update batches set readiness_deadline = now() - interval '1 hour'")

        batch.remove(gone.file_id)

        assert batch.row().status == "registered"
        waits = batch.row().readiness_deadline - deps.clock()
        assert waits > timedelta(seconds=deps.settings.readiness_s - 60)
        assert batch.events()["BatchFileRemovedV1"]["essay_id"] == "essay-2"

    def test_lets_the_next_file_have_the_slot(self, klass):
        batch = klass(2)
        first, _ = batch.hand_in("a.txt", "b.txt")
        batch.remove(first.file_id)

        (again,) = batch.hand_in("c.txt")

        assert again.essay_id == "essay-1"
        assert batch.row().status == "ready"

    def test_lets_the_batch_go_on_without_it_after_the_deadline(self, deps, klass):
        batch = klass(2)
        _, gone = batch.hand_in("a.txt", "b.txt")
        batch.remove(gone.file_id)

        readiness.time_out(batch.batch, deps)

        assert batch.row().status == "ready"
        assert batch.essays()[1].failure_code == "not_handed_in"

    def test_leaves_a_batch_that_has_ended_as_it_is_and_startable(self, deps, publisher):
        klass = a_class(deps, "", "")
        klass.start()
        finish(deps, publisher)
        gone = klass.essays()[1].file_id

        files.remove(klass.batch, gone, owner_id=klass.owner.id, deps=deps)
        ended = klass.row().status
        klass.start()
        finish(deps, publisher)

        assert ended == "completed_successfully"
        assert klass.row().status == "completed_with_failures"
        assert [essay.status for essay in klass.essays()] == ["processed", "awaiting_content"]

    def test_is_refused_while_a_run_reads_its_text(self, deps, publisher):
        klass = a_class(deps, "", "")
        klass.start()
        file_id = klass.essays()[0].file_id

        with pytest.raises(RunActive):
            files.remove(klass.batch, file_id, owner_id=klass.owner.id, deps=deps)
        with pytest.raises(RunActive):
            files.read_again(klass.batch, file_id, owner_id=klass.owner.id, deps=deps)

        finish(deps, publisher)

    def test_that_was_replaced_before_leaves_the_essay_alone(self, klass):
        batch = klass(1)
        (old,) = batch.hand_in("a.txt")
        (new,) = batch.hand_in("b.txt", essay_id="essay-1")

        batch.remove(old.file_id)

        assert batch.essays()[0].file_id == new.file_id
        assert batch.row().status == "ready"

    def test_that_is_being_read_is_no_trouble_for_its_reader(self, deps, klass):
        batch = klass(1)
        (row,) = batch.hand_in("a.txt", reads=False)

        batch.remove(row.file_id)
        ingest.read_file(row.file_id, deps)

        assert batch.essays()[0].status == "awaiting_content"

    def test_of_somebody_else_or_another_batch_is_no_file(self, deps, klass):
        batch, other = klass(1), klass(1)
        (row,) = batch.hand_in("a.txt")

        with pytest.raises(FileNotFound):
            other.remove(row.file_id)
        with pytest.raises(BatchNotFound):
            files.remove(batch.batch, row.file_id, owner_id=uuid4(), deps=deps)
        with pytest.raises(BatchNotFound):
            files.original(batch.batch, row.file_id, owner_id=uuid4(), deps=deps)


class TestReadingAFileAgain:
    def test_reads_the_same_bytes(self, deps, klass):
        batch = klass(1)
        (row,) = batch.hand_in(("a.txt", "Short."))
        assert batch.row().status == "failed"
        change(
            deps,
            "update contents set body = convert_to(repeat('Long enough now. ', 9), 'utf8')",
        )

        again = batch.retry(row.file_id)
        ingest.read_file(row.file_id, deps)

        assert (again.status, again.file_id) == ("received", row.file_id)
        assert batch.essays()[0].status == "ready_for_processing"
        assert batch.row().status == "ready"

    def test_may_fail_again_and_starts_with_all_its_attempts(self, deps, klass):
        batch = klass(2)
        (row, _) = batch.hand_in(("a.txt", ""), "b.txt")
        change(deps, "update files set attempts = 3")

        batch.retry(row.file_id)
        waits = one(deps, "select * from files where id = :id", id=row.file_id)
        ingest.read_file(row.file_id, deps)

        assert (waits.status, waits.attempts, waits.failure_code) == ("received", 0, None)
        assert [essay.failure_code for essay in batch.essays()] == ["empty", None]

    def test_is_asked_for_twice_and_done_once(self, klass):
        batch = klass(1)
        (row,) = batch.hand_in(("a.txt", ""))

        assert batch.retry(row.file_id) == batch.retry(row.file_id)

    def test_is_refused_where_there_is_nothing_to_read(self, klass):
        batch = klass(1)
        (bad,) = batch.hand_in(("a.txt", ""))
        (good,) = batch.hand_in("b.txt", essay_id="essay-1")

        for row in (bad, good):
            with pytest.raises(NothingToRead):
                batch.retry(row.file_id)


def test_a_file_is_given_back_as_it_came(deps, owner, klass):
    batch = klass(1)
    (row,) = batch.hand_in(("a.txt", " Short.\r\n"))

    original = files.original(batch.batch, row.file_id, owner_id=owner.id, deps=deps)

    assert (original.file_name, original.body) == ("a.txt", b" Short.\r\n")


class TestArchives:
    def test_are_taken_apart_into_a_row_and_a_slot_for_each_file(self, deps, klass):
        batch = klass(3)
        body = corpus.a_zip(
            {"9a/a.docx": corpus.a_docx(), "9a/b.txt": an_essay(), "x/__MACOSX/c": ""}
        )

        handed_in = batch.send(Upload("klass.zip", body))

        assert [(row.file_name, row.archive_name, row.essay_id) for row in handed_in] == [
            ("a.docx", "klass.zip", "essay-1"),
            ("b.txt", "klass.zip", "essay-2"),
        ]
        assert [essay.status for essay in batch.essays()] == [
            *["ready_for_processing"] * 2,
            "awaiting_content",
        ]
        page = Page("created_at", 10)
        listed = file_lists.files_of(batch.batch, page, owner_id=batch.owner.id, deps=deps)
        assert {row["archive_name"] for row in listed["items"]} == {"klass.zip"}

    def test_hold_up_nobody_with_what_is_bad_in_them(self, klass):
        batch = klass(2)
        body = corpus.a_zip({"in.zip": corpus.nested_zip(0), "../a.txt": "x", "b.txt": an_essay()})

        handed_in = batch.send(
            Upload("klass.zip", body),
            Upload("bad.zip", b"PK"),
            Upload("c.txt", an_essay().encode()),
        )

        assert [row.failure_code for row in handed_in] == [
            *("archive_too_deep", "unsafe_path", None, "wrong_content", None),
        ]
        assert batch.row().status == "ready"

    def test_have_together_no_more_than_allowed(self, deps, owner, klass):
        small = replace(deps, settings=replace(deps.settings, max_archive_bytes=250))
        batch = klass(4)
        body = corpus.a_zip({"a.txt": an_essay(), "b.txt": an_essay()})

        handed_in = uploads.hand_in(
            batch.batch,
            [Upload("1.zip", body), Upload("2.zip", body)],
            owner_id=owner.id,
            deps=small,
        )

        assert [row.failure_code for row in handed_in] == [None, None, "archive_bomb"]

    def test_replace_one_essay_only_with_one_file(self, klass):
        batch = klass(2)
        one_file, two = (
            corpus.a_zip({"a.txt": an_essay()}),
            corpus.a_zip({"a.txt": "", "b.txt": ""}),
        )

        handed_in = batch.send(
            Upload("1.zip", one_file, "essay-2"), Upload("2.zip", two, "essay-2")
        )

        assert [(row.essay_id, row.failure_code) for row in handed_in] == [
            ("essay-2", None),
            (None, "archive_too_many"),
        ]

    def test_tell_pupils_by_their_folders(self, klass):
        batch = klass(2, student_names=["Anna Berg", "Bo Ek"])
        folder = "Anna Berg_12_assignsubmission_file_"

        batch.send(Upload("klass.zip", corpus.a_zip({f"{folder}/uppsats.txt": an_essay()})))

        assert batch.pupils() == ["Anna Berg", None]


def test_a_picture_takes_a_slot_only_where_no_essay_wants_it(klass):
    batch = klass(2)

    handed_in = batch.send(
        *(Upload(name, an_essay().encode()) for name in ("map.jpg", "a.txt", "b.txt", "c.txt"))
    )

    assert [row.essay_id for row in handed_in] == [None, "essay-1", "essay-2", None]


def test_files_are_listed_a_page_at_a_time(klass, deps):
    batch = klass(5)
    batch.hand_in(*(f"{n}.txt" for n in range(5)), reads=False)
    found, cursor = [], None

    for _ in range(3):
        after = paging.decode(cursor, "created_at", file_lists.ORDERS) if cursor else None
        page = Page("created_at", 2, after)
        listed = file_lists.files_of(batch.batch, page, owner_id=batch.owner.id, deps=deps)
        found += [row["file_name"] for row in listed["items"]]
        cursor = listed["next_cursor"]

    assert sorted(found) == [f"{n}.txt" for n in range(5)]
    assert cursor is None


class TestPupils:
    names = ("Anna Berg", "Bo Ek", "Cia Ås")

    def test_are_known_by_their_files_at_once(self, deps, klass):
        batch = klass(3, student_names=list(self.names))

        batch.hand_in("cia_aas.txt", "uppsats.txt", "Berg Anna.txt", reads=False)

        assert batch.pupils() == ["Cia Ås", None, "Anna Berg"]

    def test_are_named_when_their_text_is_there(self, klass):
        batch = klass(1, student_names=list(self.names))

        batch.hand_in("Bo Ek.txt")

        assert batch.events()["EssayContentReady"]["student_name"] == "Bo Ek"

    def test_are_matched_again_when_a_file_is_replaced_or_removed(self, klass):
        batch = klass(2, student_names=list(self.names))
        batch.hand_in("Bo Ek.txt", "bo-ek.txt")
        doubtful = batch.pupils()

        batch.hand_in("Anna Berg.txt", essay_id="essay-1")
        replaced = batch.pupils()
        batch.remove(batch.essays()[0].file_id)

        assert doubtful == [None, None]
        assert replaced == ["Anna Berg", "Bo Ek"]
        assert batch.pupils() == [None, "Bo Ek"]

    def test_stay_as_the_teacher_has_said(self, klass):
        batch = klass(2, student_names=list(self.names))
        batch.hand_in("Bo Ek.txt", "Cia Ås.txt")

        row = batch.name("essay-1", "Anna Berg")
        batch.hand_in("Bo Ek 2.txt", essay_id="essay-1")

        assert row["student_name"] == "Anna Berg"
        assert batch.pupils() == ["Anna Berg", "Cia Ås"]

    def test_get_no_name_that_a_teacher_has_given_to_another(self, klass):
        batch = klass(2, student_names=list(self.names))
        batch.hand_in("uppsats.txt", "Cia Ås.txt")

        batch.name("essay-1", "Cia Ås")
        taken = batch.pupils()
        batch.name("essay-1", None)

        assert taken == ["Cia Ås", None]
        assert batch.pupils() == [None, "Cia Ås"]

    def test_may_have_any_name_where_the_class_has_no_list(self, klass):
        batch = klass(1)
        batch.hand_in("Bo Ek.txt")

        batch.name("essay-1", "Bo Ek")

        assert batch.pupils() == ["Bo Ek"]
        assert batch.events()["EssayStudentNamedV1"]["is_by_hand"] is True

    def test_of_no_essay_are_nobody(self, klass):
        with pytest.raises(EssayNotFound):
            klass(1).name("essay-9", "Bo Ek")
