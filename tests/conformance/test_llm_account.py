"""The account of questions to a model: reserved before it is asked, settled after, and answered once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID, uuid4

import pytest

from app.clients.llm.account import (
    Account,
    Busy,
    MemoryAccount,
    NoMoney,
    Reserved,
    Settling,
)
from app.clients.llm.postgres_account import PostgresAccount
from app.services.deps import Deps
from pipelines.phases.cj_assessment.decisions import Choice
from pipelines.phases.cj_assessment.judges import Verdict
from tests.drivers import a_class, change, one, rows

BUDGET = 1000
HOLD_S = 75.0
QUESTION = "0" * 64
VERDICT = Verdict(Choice.LEFT, 0.75, "Tydligare.")

Later = Callable[[float], None]


@pytest.fixture(params=["memory", "postgres"])
def kept(request: pytest.FixtureRequest) -> tuple[Account, Later, UUID, UUID]:
    """An account, what lets seconds pass for it, and two batches."""
    return request.getfixturevalue(f"{request.param}_account")


@pytest.fixture
def memory_account() -> tuple[Account, Later, UUID, UUID]:
    now = [1000.0]

    def later(seconds: float) -> None:
        now[0] += seconds

    return MemoryAccount(BUDGET, lambda: now[0]), later, uuid4(), uuid4()


@pytest.fixture
def postgres_account(deps: Deps) -> tuple[Account, Later, UUID, UUID]:
    def later(seconds: float) -> None:
        # The database's clock cannot be turned; what it has written down is moved into the past instead.
        change(
            deps,
            "update llm_calls set held_until = held_until - make_interval(secs => :s),"
            " since = since - make_interval(secs => :s)",
            s=seconds,
        )

    batches = [a_class(deps, "").batch for _ in range(2)]
    return PostgresAccount(deps.uow, BUDGET), later, *batches


@pytest.fixture
def account(kept) -> Account:
    return kept[0]


@pytest.fixture
def later(kept) -> Later:
    return kept[1]


@pytest.fixture
def batch(kept) -> UUID:
    return kept[2]


def digest(n: int) -> str:
    return f"{n:064x}"


class TestAReservation:
    def test_counts_at_once(self, account, batch):
        reserved = account.reserve(batch, QUESTION, 400, HOLD_S)

        assert isinstance(reserved, Reserved)
        assert account.spent(batch) == 400

    def test_is_replaced_by_what_was_charged(self, account, batch):
        reserved = account.reserve(batch, QUESTION, 400, HOLD_S)

        account.settle(batch, QUESTION, reserved.token, Settling(150))

        assert account.spent(batch) == 150

    def test_is_refused_beyond_the_budget(self, account, batch):
        account.reserve(batch, digest(1), 600, HOLD_S)

        assert account.reserve(batch, digest(2), 401, HOLD_S) == NoMoney()
        assert isinstance(account.reserve(batch, digest(3), 400, HOLD_S), Reserved)
        assert account.spent(batch) == 1000

    def test_is_refused_beyond_what_was_charged_too(self, account, batch):
        reserved = account.reserve(batch, digest(1), 600, HOLD_S)
        account.settle(batch, digest(1), reserved.token, Settling(900))

        assert account.reserve(batch, digest(2), 101, HOLD_S) == NoMoney()

    def test_is_of_one_batch(self, account, batch, kept):
        account.reserve(batch, QUESTION, 1000, HOLD_S)

        assert isinstance(account.reserve(kept[3], QUESTION, 1000, HOLD_S), Reserved)

    def test_is_one_askers(self, account, batch, later):
        account.reserve(batch, QUESTION, 100, HOLD_S)
        later(25.0)

        again = account.reserve(batch, QUESTION, 100, HOLD_S)

        assert isinstance(again, Busy)
        assert 45 < again.after_s <= 50
        assert account.spent(batch) == 100

    def test_of_a_dead_asker_counts_for_good(self, account, batch, later):
        account.reserve(batch, QUESTION, 100, HOLD_S)
        later(HOLD_S)

        again = account.reserve(batch, QUESTION, 120, HOLD_S)

        assert isinstance(again, Reserved)
        assert account.spent(batch) == 220

    def test_of_a_dead_asker_counts_when_another_is_refused(self, account, batch, later):
        account.reserve(batch, QUESTION, 600, HOLD_S)
        later(HOLD_S)

        assert account.reserve(batch, QUESTION, 600, HOLD_S) == NoMoney()
        assert account.spent(batch) == 600

    def test_is_not_settled_by_who_came_too_late(self, account, batch, later):
        first = account.reserve(batch, QUESTION, 100, HOLD_S)
        later(HOLD_S)
        second = account.reserve(batch, QUESTION, 100, HOLD_S)

        account.settle(batch, QUESTION, first.token, Settling(5, verdict=VERDICT))

        assert account.known(batch, [QUESTION]) == {}
        assert account.spent(batch) == 200
        account.settle(batch, QUESTION, second.token, Settling(7))
        assert account.spent(batch) == 107

    def test_is_settled_once(self, account, batch):
        reserved = account.reserve(batch, QUESTION, 100, HOLD_S)

        for _ in range(2):
            account.settle(batch, QUESTION, reserved.token, Settling(40))

        assert account.spent(batch) == 40

    def test_of_two_at_once_stays_within_the_budget(self, account, batch):
        with ThreadPoolExecutor(8) as pool:
            found = list(
                pool.map(lambda n: account.reserve(batch, digest(n), 150, HOLD_S), range(24))
            )

        assert sum(isinstance(each, Reserved) for each in found) == 6
        assert account.spent(batch) == 900

    def test_of_one_question_by_many_is_given_to_one(self, account, batch):
        with ThreadPoolExecutor(8) as pool:
            found = list(
                pool.map(lambda _: account.reserve(batch, QUESTION, 10, HOLD_S), range(16))
            )

        assert sum(isinstance(each, Reserved) for each in found) == 1
        assert sum(isinstance(each, Busy) for each in found) == 15


class TestAnAnswer:
    def test_is_found_again(self, account, batch, kept):
        reserved = account.reserve(batch, QUESTION, 400, HOLD_S)

        account.settle(batch, QUESTION, reserved.token, Settling(10, verdict=VERDICT))

        assert account.known(batch, [QUESTION, digest(7)]) == {QUESTION: VERDICT}
        assert account.known(kept[3], [QUESTION]) == {}

    def test_costs_nothing_again(self, account, batch):
        reserved = account.reserve(batch, QUESTION, 1000, HOLD_S)
        account.settle(batch, QUESTION, reserved.token, Settling(1000, verdict=VERDICT))

        assert account.reserve(batch, QUESTION, 1000, HOLD_S) == VERDICT
        assert account.spent(batch) == 1000


class TestHowLongAQuestionHasBeenTried:
    def try_it(self, account: Account, batch: UUID, **how: object) -> float:
        reserved = account.reserve(batch, QUESTION, 1, HOLD_S)
        account.settle(batch, QUESTION, reserved.token, Settling(0, **how))
        return reserved.tried_s

    def test_is_counted_from_the_first_try(self, account, batch, later):
        assert self.try_it(account, batch) < 5
        later(100.0)
        assert 100 <= self.try_it(account, batch) < 105
        later(100.0)
        assert 200 <= self.try_it(account, batch) < 205

    def test_begins_anew_once_it_was_given_up(self, account, batch, later):
        self.try_it(account, batch)
        later(100.0)
        self.try_it(account, batch, is_over=True)
        later(100.0)

        assert self.try_it(account, batch) < 5


class TestInPostgres:
    def test_everything_goes_with_the_batch(self, deps, postgres_account):
        account, _, batch, _ = postgres_account
        account.reserve(batch, QUESTION, 1, HOLD_S)

        change(deps, "delete from batches where id = :id", id=batch)

        assert rows(deps, "select 1 from llm_calls") == []

    def test_who_settles_after_that_changes_nothing(self, deps, postgres_account):
        account, _, batch, _ = postgres_account
        reserved = account.reserve(batch, QUESTION, 1, HOLD_S)
        change(deps, "delete from batches where id = :id", id=batch)

        account.settle(batch, QUESTION, reserved.token, Settling(1, verdict=VERDICT))

        assert rows(deps, "select 1 from llm_calls") == []

    def test_requests_and_tokens_are_counted(self, deps, postgres_account):
        account, _, batch, _ = postgres_account
        for _ in range(2):
            reserved = account.reserve(batch, QUESTION, 100, HOLD_S)
            account.settle(batch, QUESTION, reserved.token, Settling(9, 1000, 50))

        row = one(deps, "select requests, charged, input_tokens, output_tokens from llm_calls")
        assert tuple(row) == (2, 18, 2000, 100)

    def test_a_reservation_whose_commit_was_not_answered_is_found(self, postgres_account):
        account, _, batch, _ = postgres_account
        token = uuid4()

        twice = [account._reserve(batch, QUESTION, 100, HOLD_S, token) for _ in range(2)]

        assert [each.token for each in twice] == [token] * 2
        assert account.spent(batch) == 100
