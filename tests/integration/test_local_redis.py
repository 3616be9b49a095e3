"""The embedded Redis: a real server."""

import stat
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from kombu import Connection
from redis import Redis as Client

from app.local import binaries
from app.local.accounts import Account
from app.local.errors import NotReady, ProgramNotFound
from app.local.redis import Redis


@pytest.fixture
def make(tmp_path) -> Iterator:
    made = []

    def make(home: Path = tmp_path) -> Redis:
        server = Redis(home / "redis", home / "run")
        made.append(server)
        return server

    yield make
    for each in made:
        each.kill()
        each.remove()


@pytest.fixture
def server(make) -> Redis:
    server = make()
    server.start()
    return server


def client(server: Redis, db: int = 0) -> closing[Client]:
    return closing(Client.from_url(server.url(db), decode_responses=True))


class TestServing:
    def test_databases_are_told_apart(self, server):
        with client(server, 1) as one, client(server, 2) as two:
            one.set("key", "value")

            assert one.get("key") == "value"
            assert two.get("key") is None

    def test_celery_finds_the_same_database_by_its_own_spelling(self, server):
        with Connection(server.celery_url(1)) as connection:
            connection.SimpleQueue("hints").put("hello")

        with client(server, 1) as one, client(server, 0) as zero:
            assert one.llen("hints") == 1
            assert zero.keys() == []

    def test_no_port_is_opened_and_only_the_owner_reaches_the_socket(self, server):
        with client(server) as connected:
            assert connected.config_get("port") == {"port": "0"}

        assert stat.S_IMODE(server.socket.stat().st_mode) == 0o700
        assert stat.S_IMODE(server.runtime.stat().st_mode) == 0o700

    def test_keys_are_written_to_disk_and_never_evicted(self, server):
        with client(server) as connected:
            settings = connected.config_get()

        assert settings["appendonly"] == "yes"
        assert settings["save"] == ""
        assert settings["maxmemory-policy"] == "noeviction"

    def test_a_path_that_urls_would_garble_is_not_used_for_the_socket(self, tmp_path, make):
        server = make(tmp_path / "mina uppsatser å %20")
        server.start()

        with client(server, 1) as one, Connection(server.celery_url(1)) as connection:
            connection.SimpleQueue("hints").put("hello")
            assert one.llen("hints") == 1


class TestRecovering:
    def test_what_was_written_survives_a_kill(self, server):
        with client(server) as connected:
            connected.set("key", "value")
            connected.execute_command("WAIT", 0, 0)

        server.kill()
        server.start()

        with client(server) as connected:
            assert connected.get("key") == "value"

    def test_a_file_that_ends_in_half_a_command_is_no_obstacle(self, server):
        with client(server) as connected:
            connected.set("key", "value")
        server.kill()
        file = max(server.data.rglob("*.aof"), key=lambda each: each.stat().st_mtime)
        with file.open("ab") as log:
            log.write(b"*3\r\n$3\r\nSET\r\n$4\r\nlo")

        server.start()

        with client(server) as connected:
            assert connected.get("key") == "value"
            assert connected.get("lo") is None

    def test_a_server_that_cannot_start_is_named_with_the_end_of_its_log(self, server):
        server.stop()
        for file in server.data.rglob("*.aof"):
            file.write_bytes(b"This was never a log of commands.")

        with pytest.raises(NotReady, match="redis ended with exit status 1"):
            server.start()

    def test_a_missing_program_says_what_to_do(self, monkeypatch):
        monkeypatch.setattr(binaries, "_wheel", lambda _: None)
        monkeypatch.setenv("PATH", "")

        with pytest.raises(ProgramNotFound, match="REDIS_URL"):
            binaries.redis_server(Account.for_servers())
