"""The gate before a model: so many requests a minute, none while the provider wants none or is broken."""

from collections.abc import Callable, Iterator
from contextlib import closing
from math import inf
from pathlib import Path

import pytest

from app.clients.llm.gate import MOST_FAULTS, SHUT_S, Gate, Limits, MemoryGate
from app.clients.llm.redis_gate import RedisGate
from app.clients.redis_client import connect
from app.local.redis import Redis

TRIAL_S = 60.0
ONE_A_SECOND = Limits(1.0, inf, TRIAL_S)
TOKENS = Limits(1000.0, 10.0, TRIAL_S)


class Time:
    def __init__(self) -> None:
        self.now = 1_790_000_000.0

    def __call__(self) -> float:
        return self.now


Make = Callable[[Limits], Gate]


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture(params=["memory", "redis"])
def make(request: pytest.FixtureRequest) -> Make:
    return request.getfixturevalue(f"{request.param}_gate")


@pytest.fixture
def memory_gate(time: Time) -> Make:
    return lambda limits: MemoryGate(limits, time)


@pytest.fixture
def redis_gate(redis: Redis, time: Time) -> Iterator[Make]:
    with closing(connect(redis.url(2))) as client:
        client.flushdb()
        yield lambda limits: RedisGate(client, "one", limits, time)


def let_through(gate: Gate, tokens: int = 1) -> int:
    """How many come through before one has to wait."""
    count = 0
    while gate.enter(tokens) == 0:
        count += 1
    return count


class TestTheRate:
    def test_lets_a_burst_through_and_then_as_many_as_it_may(self, make, time):
        gate = make(ONE_A_SECOND)
        assert let_through(gate) == 10

        assert gate.enter(1) == pytest.approx(1.0)
        time.now += 1.0
        assert let_through(gate) == 1
        time.now += 3.0
        assert let_through(gate) == 3

    def test_forgets_what_was_not_used_for_long(self, make, time):
        gate = make(ONE_A_SECOND)
        let_through(gate)

        time.now += 3000.0

        assert let_through(gate) == 10

    def test_is_of_tokens_too(self, make, time):
        gate = make(TOKENS)
        assert let_through(gate, 25) == 4

        assert gate.enter(25) == pytest.approx(2.5)
        assert gate.enter(5) == pytest.approx(0.5)
        time.now += 2.5
        assert gate.enter(25) == 0

    def test_lets_through_what_is_larger_than_all_that_fits(self, make, time):
        gate = make(TOKENS)

        assert gate.enter(500) == 0
        assert gate.enter(500) == pytest.approx(50.0)
        time.now += 50.0
        assert gate.enter(500) == 0

    def test_is_the_slowest_that_was_set(self, make):
        gate = make(Limits(1 / 60, inf, TRIAL_S))

        assert let_through(gate) == 1
        assert gate.enter(1) == pytest.approx(60.0)


class TestAPause:
    def test_holds_everybody_for_as_long(self, make, time):
        gate = make(ONE_A_SECOND)
        gate.pause(30.0)

        assert gate.enter(1) == pytest.approx(30.0)
        time.now += 29.0
        assert gate.enter(1) == pytest.approx(1.0)
        time.now += 1.0
        assert gate.enter(1) == 0

    def test_is_not_cut_short_by_another(self, make):
        gate = make(ONE_A_SECOND)
        gate.pause(30.0)
        gate.pause(2.0)

        assert gate.enter(1) == pytest.approx(30.0)


class TestAProviderThatIsBroken:
    def break_it(self, gate: Gate) -> None:
        for _ in range(MOST_FAULTS):
            gate.failed()

    def test_is_not_asked_for_a_while(self, make, time):
        gate = make(ONE_A_SECOND)
        for _ in range(MOST_FAULTS - 1):
            gate.failed()
        assert gate.enter(1) == 0

        gate.failed()

        assert gate.enter(1) == pytest.approx(SHUT_S)

    def test_is_one_whose_faults_are_in_a_row(self, make):
        gate = make(ONE_A_SECOND)
        for _ in range(3):
            for _ in range(MOST_FAULTS - 1):
                gate.failed()
            gate.answered()

        assert gate.enter(1) == 0

    def test_is_tried_by_one_afterwards(self, make, time):
        gate = make(ONE_A_SECOND)
        self.break_it(gate)
        time.now += SHUT_S

        assert gate.enter(1) == 0
        assert gate.enter(1) == pytest.approx(TRIAL_S)

    def test_is_asked_by_all_when_that_works(self, make, time):
        gate = make(ONE_A_SECOND)
        self.break_it(gate)
        time.now += SHUT_S
        gate.enter(1)

        gate.answered()

        assert gate.enter(1) == 0

    def test_is_left_alone_again_when_it_does_not(self, make, time):
        gate = make(ONE_A_SECOND)
        self.break_it(gate)
        time.now += SHUT_S
        gate.enter(1)

        gate.failed()

        assert gate.enter(1) == pytest.approx(SHUT_S)

    def test_is_tried_by_another_if_the_one_never_comes_back(self, make, time):
        gate = make(ONE_A_SECOND)
        self.break_it(gate)
        time.now += SHUT_S
        gate.enter(1)

        time.now += TRIAL_S

        assert gate.enter(1) == 0


class TestInRedis:
    def test_all_workers_go_through_one_gate(self, redis, redis_gate, time):
        mine = redis_gate(ONE_A_SECOND)
        with closing(connect(redis.url(2))) as client:
            theirs = RedisGate(client, "one", ONE_A_SECOND, time)
            elsewhere = RedisGate(client, "another", ONE_A_SECOND, time)
            for _ in range(5):
                assert mine.enter(1) == theirs.enter(1) == 0

            mine.pause(7.0)

            assert theirs.enter(1) == pytest.approx(7.0)
            assert elsewhere.enter(1) == 0

    def test_the_time_is_its_own_unless_a_test_says_otherwise(self, redis):
        with closing(connect(redis.url(2))) as client:
            client.flushdb()
            gate = RedisGate(client, "one", ONE_A_SECOND)

            assert gate.enter(1) == 0
            gate.pause(100.0)
            assert 90 < gate.enter(1) <= 100

    def test_nothing_is_kept_for_ever(self, redis, redis_gate):
        gate = redis_gate(ONE_A_SECOND)
        gate.enter(1)
        gate.failed()
        gate.pause(9000.0)

        with closing(connect(redis.url(2))) as client:
            assert client.keys() == [b"llm-gate:one"]
            assert 8000 < client.ttl("llm-gate:one") <= 9000

    def test_without_redis_everybody_is_let_through(self, tmp_path: Path):
        with closing(connect(f"unix://{tmp_path}/nobody.sock?db=0")) as client:
            gate = RedisGate(client, "one", ONE_A_SECOND)
            gate.pause(100.0)
            for _ in range(MOST_FAULTS):
                gate.failed()
            gate.answered()

            assert [gate.enter(1) for _ in range(20)] == [0.0] * 20
