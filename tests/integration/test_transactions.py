"""What is logged of a transaction that failed, and which are done again."""

from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, OperationalError

from app.services import batches
from app.unit_of_work import COMMIT_UNCERTAIN, UnitOfWork, in_background
from tests.drivers import an_owner, one
from tests.factories import a_registration

SECRET = "what a pupil wrote"


def test_what_pupils_wrote_is_in_no_error(deps):
    with deps.uow("broken") as uow, pytest.raises(DBAPIError) as caught:
        uow.session.execute(text("select cast(:words as integer) / 0"), {"words": SECRET})

    assert "hidden" in str(caught.value)
    # Postgres itself quotes a value that it cannot read; no use case gives it one.
    assert SECRET not in str(caught.value).replace(str(caught.value.orig), "")


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
    owner = an_owner(deps)
    lost = _ReplyLost(monkeypatch)

    with pytest.raises(OperationalError):
        batches.register(a_registration(1), owner_id=owner.id, correlation_id=owner.id, deps=deps)

    assert lost.commits == 1
    assert one(deps, "select count(*) as n from batches").n == 1


def test_a_workers_transition_is_because_it_changes_nothing_the_second_time(deps, monkeypatch):
    lost = _ReplyLost(monkeypatch)

    @in_background
    def transition() -> Any:
        with deps.uow("transition") as uow:
            uow.commit()
            return "done"

    assert transition() == "done"
    assert lost.commits == 2
