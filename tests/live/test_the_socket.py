"""Over a socket comes everything, in order and once, whatever dies meanwhile."""

from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from threading import Thread

import pytest
import websocket

from app import bootstrap
from app.live.listener import RESTARTING, TOO_SLOW
from app.local.redis import Redis
from app.services import notifications, projecting, results
from app.settings import Settings
from tests.drivers import Klass, an_owner, drain
from tests.live.conftest import Browser, Teacher, tell

MANY = 200


@pytest.fixture(params=["web", "ws"])
def server(request, shared):
    """Threads, which serve REST too; and greenlets, for sockets alone."""
    return shared(request.param)


@pytest.fixture
def teacher(deps, klass, server) -> Teacher:
    return Teacher(deps, klass.owner, server.url)


class TestCatchingUp:
    def test_a_newcomer_is_told_what_happens_from_now_on(self, teacher, klass):
        browser = teacher.connects()

        assert browser.next() == {"type": "hello", "last_seq": 2, "unread": 2}
        tell(klass)
        browser.until_seq(3)
        assert browser.seqs() == [3]

    def test_who_was_away_gets_what_was_missed_and_then_the_rest(self, teacher, klass):
        tell(klass, 3)

        browser = teacher.connects(after=1)
        tell(klass, 2)

        browser.until_seq(7)
        assert browser.seqs() == [2, 3, 4, 5, 6, 7]

    def test_a_number_that_was_never_given_starts_at_the_newest(self, teacher, klass):
        browser = teacher.connects(after=1000)
        assert browser.next()["last_seq"] == 2

        tell(klass)

        browser.until_seq(3)
        assert browser.seqs() == [3]

    def test_sockets_that_open_while_it_happens_miss_nothing(self, teacher, klass):
        telling = Thread(target=tell, args=(klass, 30))
        telling.start()
        browsers = [teacher.connects(after=0) for _ in range(10)]
        telling.join()

        for browser in browsers:
            browser.until_seq(32)
            assert browser.seqs() == list(range(1, 33))


class TestABatch:
    def test_every_frame_goes_on_from_the_one_before(self, teacher, klass, publisher):
        browser = teacher.connects()
        klass.start()
        drain(klass.deps, publisher)

        last = browser.until(lambda f: f["type"] == "batch" and f["status"]["completed_at"])

        frames = [f for f in browser.frames if f["type"] == "batch"]
        for before, frame in pairwise(frames):
            assert frame["since"] == before["event_no"]
        cells = {cell["essay_id"]: cell for f in frames for cell in f["essays"]}
        rows = {row["essay_id"]: row for row in self.rows(klass)}
        assert last["event_no"] == klass.row().event_no
        assert {id: cell["status"] for id, cell in cells.items()} == {
            id: row["status"] for id, row in rows.items()
        }
        assert cells["essay-1"]["phases"] == {"first": "done", "second": "done"}

    def rows(self, klass: Klass) -> list:
        return results.results(klass.batch, owner_id=klass.owner.id, deps=klass.deps)["essays"]


class TestReading:
    def test_two_sockets_of_one_teacher_agree(self, teacher, klass, deps):
        one, another = teacher.connects(after=0), teacher.connects(after=0)
        for browser in (one, another):
            browser.until_seq(2)

        assert notifications.mark_read(klass.owner.id, 1, deps=deps) == 1
        assert notifications.mark_read_up_to(klass.owner.id, 2, deps=deps) == 0

        for browser in (one, another):
            told = [browser.until(lambda f: f["type"] == "unread") for _ in range(2)]
            assert {f["seq"] for f in told} | {f["up_to"] for f in told} == {1, 2, None}
            assert told[-1]["unread"] == 0
        assert one.seqs() == another.seqs()

    def test_nobody_hears_of_somebody_elses_batches(self, teacher, klass, deps, server):
        stranger = Teacher(deps, an_owner(deps), server.url).connects(after=0)
        assert stranger.next() == {"type": "hello", "last_seq": 0, "unread": 0}
        tell(klass, 3)
        teacher.connects(after=0).until_seq(5)

        stranger.socket.settimeout(0.5)
        with pytest.raises(websocket.WebSocketTimeoutException):
            stranger.next()


class TestEndings:
    def test_a_server_that_stops_says_so_and_is_gone_at_once(self, teacher, server):
        browsers = [teacher.connects() for _ in range(20)]
        for browser in browsers:
            browser.next()
        codes: list[int | None] = []
        readers = [Thread(target=lambda b=b: codes.append(b.closed_with())) for b in browsers]
        for reader in readers:
            reader.start()

        took_s = server.stop()

        for reader in readers:
            reader.join()
        assert codes == [RESTARTING] * 20
        assert took_s < 4

    def test_a_server_that_dies_in_the_middle_loses_and_doubles_nothing(
        self, teacher, klass, server
    ):
        seen: list[int] = []
        telling = Thread(target=tell, args=(klass, 60))
        telling.start()
        for ending in (server.kill, server.stop):
            browser = teacher.connects(after=seen[-1] if seen else 0)
            browser.until_seq(len(seen) + 8)
            browser.socket.shutdown()
            seen += browser.seqs()
            ending()
            server.start()
        telling.join()

        last = teacher.connects(after=seen[-1])
        last.until_seq(62)

        assert seen + last.seqs() == list(range(1, 63))

    def test_a_reader_that_is_too_slow_is_dropped_and_catches_up(self, teacher, klass):
        slow = teacher.connects(after=0)
        slow.next()
        fast = teacher.connects(after=0)

        fill(klass, fast)

        assert slow.closed_with() in {TOO_SLOW, None}
        again = teacher.connects(after=2)
        again.until_seq(fast.seqs()[-1])
        assert again.seqs() == fast.seqs()[2:]


def fill(klass: Klass, fast: Browser) -> None:
    """Tell more than a connection and the places of a listener hold, at the pace of the fastest reader."""
    while len(fast.seqs()) < 4000:
        with klass.deps.uow("tell_much") as uow:
            for _ in range(150):
                uow.outbox.event(
                    "BatchAutoStartRefusedV1",
                    batch_id=klass.batch,
                    correlation_id=klass.row().correlation_id,
                    data={"requested_pipeline": "x" * 2000, "reason": "y"},
                )
            uow.commit()
        projecting.project(klass.batch, klass.deps)
        fast.until_seq(klass_last(klass))


def klass_last(klass: Klass) -> int:
    with klass.deps.uow("last") as uow:
        return uow.notifications.last(klass.owner.id)


class TestRedis:
    def test_its_restart_delays_and_loses_nothing(
        self, deps, engine, klass, a_server, settings: Settings, tmp_path: Path
    ):
        redis = Redis(tmp_path / "own", tmp_path / "run")
        redis.start()
        own = bootstrap.assemble(replace(settings, redis_url=redis.url(2)), engine)
        klass.deps = replace(deps, doorbell=own.doorbell, tickets=own.tickets)
        try:
            teacher = Teacher(klass.deps, klass.owner, a_server(REDIS_URL=redis.url(2)).url)
            browser = teacher.connects(after=0)
            tell(klass)
            browser.until_seq(3)

            redis.stop()
            tell(klass)
            browser.until_seq(4)
            redis.start()
            tell(klass)
            browser.until_seq(5)

            assert browser.seqs() == [1, 2, 3, 4, 5]
        finally:
            redis.stop()
            redis.remove()


def test_one_process_holds_two_hundred_sockets_and_answers_meanwhile(deps, klass, server):
    teacher = Teacher(deps, klass.owner, server.url)
    others = [Teacher(deps, an_owner(deps), server.url) for _ in range(150)]
    browsers = [teacher.connects() for _ in range(50)] + [each.connects() for each in others]
    for browser in browsers:
        browser.next()

    tell(klass, 5)

    for browser in browsers[:50]:
        browser.until_seq(7)
        assert browser.seqs() == [3, 4, 5, 6, 7]
    assert teacher.asks("GET", "/healthz").status_code == 200
