"""What is logged of a transaction that failed, and which are done again."""

from traceback import format_exception
from typing import Any
from uuid import uuid4

import psycopg2
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError, DBAPIError, OperationalError

from app.services import batches, ingest, ledger, runs, uploads, waves
from app.services.uploads import Upload
from app.unit_of_work import COMMIT_UNCERTAIN, UnitOfWork, in_background, in_request, is_passing
from tests.drivers import a_class, an_owner, change, one, relay
from tests.factories import a_registration, an_essay

SECRET = "what a pupil wrote"


INSERT = "insert into told values (:words)"


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("lock_timeout", "10s"),
        ("statement_timeout", "1min"),
        ("idle_in_transaction_session_timeout", "1min"),
        ("jit", "off"),
    ],
)
def test_no_transaction_waits_for_ever_and_no_statement_is_compiled(deps, setting, value):
    with deps.uow("look") as uow:
        assert uow.session.execute(text(f"show {setting}")).scalar_one() == value


@pytest.mark.parametrize(
    ("statement", "named"),
    [
        ("select cast(:words as integer) / 0", "SQLSTATE 22P02"),
        (INSERT, "SQLSTATE 23505, table told, constraint one_each"),
    ],
)
def test_what_pupils_wrote_is_in_no_error(deps, statement, named):
    change(deps, "create table told (words text constraint one_each unique)")
    change(deps, INSERT, words=SECRET)

    with deps.uow("broken") as uow, pytest.raises(DBAPIError) as caught:
        uow.session.execute(text(statement), {"words": SECRET})

    # Whole, with the driver's error that it came from: as a log, a failed task and a dead letter show it.
    logged = "".join(format_exception(caught.value))
    assert named in logged
    assert SECRET not in logged + repr(caught.value) + repr(caught.value.orig)


class _ReplyLost:
    """Commits, and loses the reply the first time."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.commits = 0
        commit = UnitOfWork.commit

        def losing(uow: UnitOfWork) -> None:
            commit(uow)
            self.commits += 1
            if self.commits == 1:
                lost = OperationalError("commit", {}, Exception("connection reset"))
                lost.add_note(COMMIT_UNCERTAIN)
                raise lost

        monkeypatch.setattr(UnitOfWork, "commit", losing)


def test_a_request_whose_commit_got_no_reply_is_not_done_again(deps, monkeypatch):
    lost = _ReplyLost(monkeypatch)

    @in_request
    def transition() -> None:
        with deps.uow("change") as uow:
            uow.commit()

    with pytest.raises(OperationalError):
        transition()

    assert lost.commits == 1


def test_what_has_its_id_before_is_found_when_the_commit_got_no_reply(deps, monkeypatch):
    owner = an_owner(deps)
    lost = _ReplyLost(monkeypatch)

    made = batches.register(
        a_registration(1), owner_id=owner.id, correlation_id=owner.id, deps=deps
    )

    assert lost.commits == 1
    assert one(deps, "select id from batches").id == made.id


def test_a_start_that_came_to_nothing_has_left_no_essays_behind(deps):
    klass = a_class(deps, "", "")
    run_id = uuid4()
    with deps.uow("start_run") as uow:  # and no commit
        ground = runs.hold(uow, klass.batch)
        plan = runs.resolve(uow, ground, "all", deps)
        runs.launch(uow, ground, plan, deps, run_id=run_id)
    change(
        deps,
        "update essays set text_sha256 = null, text_storage_id = null where batch_id = :id and position = 1",
        id=klass.batch,
    )

    klass.start(run_id=run_id)

    assert [unit.item_id for unit in klass.units("first")] == [klass.essays()[0].id]


def test_a_claim_is_found_when_the_commit_got_no_reply(deps, monkeypatch):
    klass = a_class(deps, "", "")
    klass.start()
    phase_run = klass.phase("first").id
    _ReplyLost(monkeypatch)

    claimed = ledger.claim(phase_run, 0, 1, worker="w", deps=deps)

    assert [(unit.position, unit.attempts, unit.claims) for unit in claimed.units] == [(0, 1, 1)]
    first = klass.units("first")[0]
    assert (first.status, first.lease_token) == ("running", claimed.token)


def test_the_right_to_plan_is_found_when_the_commit_got_no_reply(deps, publisher, monkeypatch):
    klass = a_class(deps, "")
    klass.start()
    relay(deps, publisher)
    ((phase_run, lo, hi),) = publisher.slices()
    claimed = ledger.claim(phase_run, lo, hi, worker="w", deps=deps)
    ledger.settle(claimed, ledger.work(claimed), deps)
    _ReplyLost(monkeypatch)

    waves.wave_done(phase_run, 1, deps)

    assert klass.phase("first").status == "completed"


def test_a_reader_finds_its_file_when_the_commit_got_no_reply(deps, monkeypatch):
    owner = an_owner(deps)
    batch = batches.register(
        a_registration(1), owner_id=owner.id, correlation_id=owner.id, deps=deps
    )
    upload = Upload("a.txt", an_essay().encode())
    (row,) = uploads.hand_in(batch.id, [upload], owner_id=owner.id, deps=deps)
    _ReplyLost(monkeypatch)

    ingest.read_file(row.file_id, deps)

    assert one(deps, "select status, attempts from files") == ("read", 1)


def test_a_workers_transition_is_because_it_changes_nothing_the_second_time(deps, monkeypatch):
    lost = _ReplyLost(monkeypatch)

    @in_background
    def transition() -> Any:
        with deps.uow("transition") as uow:
            uow.commit()
            return "done"

    assert transition() == "done"
    assert lost.commits == 2


def test_a_server_that_went_away_in_the_middle_may_be_back_a_moment_later():
    # As it comes from a server that crashed: no code, and no kind of error that says what it is.
    gone = psycopg2.DatabaseError("server closed the connection unexpectedly")

    assert is_passing(DatabaseError("select 1", {}, gone, connection_invalidated=True))
    assert not is_passing(DatabaseError("select 1", {}, psycopg2.DatabaseError("no")))
