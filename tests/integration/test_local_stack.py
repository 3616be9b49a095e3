"""The whole stack, with stand-ins for HuleEdu's own processes."""

import json
import os
import stat
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import psutil
import psycopg2
import pytest
from redis import Redis as Client

from app.local import commands
from app.local.errors import AlreadyRunning, LocalError, NoCatalogue, NotReady
from app.local.lock import HomeLock
from app.local.stack import Stack

PYTHON = (sys.executable, "-I", "-S", "-c")
WAITS = "import signal; signal.pause()"
NOTES_ENV = """
import json, os, sys
json.dump(dict(os.environ), open(f"{os.environ['HULEEDU_HOME']}/{sys.argv[1]}.json", "w"))
"""
ANSWERS = """
import http.server, socketserver, sys
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200 if self.path == "/healthz" else 404)
        self.end_headers()
socketserver.TCPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
"""


def stand_ins(layout: commands.Layout) -> commands.Commands:
    workers = [*commands.worker_names(layout.workers), commands.PROJECTOR]
    names = ["relay", *workers, "beat", "flower"]
    return {
        "migrate": (*PYTHON, NOTES_ENV, "migrate"),
        "web": (*PYTHON, ANSWERS, str(layout.port)),
        **dict.fromkeys(names, (*PYTHON, WAITS)),
    }


@pytest.fixture(autouse=True)
def plain_environment(monkeypatch) -> None:
    for name in ("DATABASE_URL", "BROKER_URL", "REDIS_URL", "HULEEDU_RESULT_URL", "HULEEDU_PORT"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def make(tmp_path) -> Iterator:
    made = []

    def make(**options) -> Stack:
        defaults = {"project_root": tmp_path, "durable": False, "make_commands": stand_ins}
        stack = Stack(tmp_path / ".huleedu", **{**defaults, **options})
        made.append(stack)
        return stack

    yield make
    for each in made:
        each.stop_soon(hard=True)
        each.stop()
        each.remove_data()


@pytest.fixture
def stack(make) -> Stack:
    stack = make()
    stack.start()
    return stack


def test_a_wrong_catalogue_is_named_before_anything_starts(make, monkeypatch, tmp_path):
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text("phases: {}\npipelines: {}\n")
    monkeypatch.setenv("HULEEDU_CATALOGUE", str(wrong))

    with pytest.raises(NoCatalogue, match=r"wrong\.yaml:1:9: There are no phases here\."):
        make(make_commands=commands.huleedu)


def test_everything_runs_once_started_and_nothing_once_stopped(bystanders, stack):
    names = ("postgres", "redis", "web", "relay", "worker", "projector", "beat", "flower")
    assert all(stack.supervisor.pid(name) for name in names)
    everybody = bystanders.newcomers()

    stack.stop()

    assert not [each for each in everybody if each.is_running()]


def test_the_addresses_in_the_environment_are_those_of_the_servers(stack):
    base = stack.env["DATABASE_URL"].partition("?host=")[2].partition("&")[0]

    with Client.from_url(stack.env["REDIS_URL"]) as client:
        assert client.ping()
        assert client.connection_pool.connection_kwargs["db"] == 2
    assert stack.env["BROKER_URL"].endswith("redis.sock?virtual_host=0")
    assert stack.env["HULEEDU_RESULT_URL"].endswith("redis.sock?virtual_host=1")
    psycopg2.connect(host=base, user="huleedu", dbname="huleedu").close()


def test_the_schema_is_brought_up_to_date_before_anything_uses_it(stack):
    environment = json.loads((stack.home / "migrate.json").read_text())

    assert environment["DATABASE_URL"] == stack.env["DATABASE_URL"]
    assert environment["HULEEDU_SECRET_KEY"] == stack.secrets.secret_key


def test_a_migration_that_fails_stops_the_start(make):
    def failing(layout: commands.Layout) -> commands.Commands:
        code = "raise SystemExit('There are two heads.')"
        return {**stand_ins(layout), "migrate": (*PYTHON, code)}

    with pytest.raises(NotReady, match=r"migrate ended with exit status 1[\s\S]*two heads"):
        make(make_commands=failing).start()


def test_secrets_are_kept_from_start_to_start_and_from_other_users(make):
    first, second = make(), make()

    assert first.secrets == second.secrets
    assert len(first.secrets.secret_key) >= 32
    assert stat.S_IMODE((first.home / "secrets.json").stat().st_mode) == 0o600
    assert first.secrets.secret_key not in repr(first.secrets)


def test_flowers_password_is_in_no_argument_and_in_nobody_elses_environment(stack):
    every_argument = json.dumps(
        [each.cmdline() for each in psutil.Process().children(recursive=True)]
    )
    flower, relay = (
        psutil.Process(stack.supervisor.pid(name)).environ() for name in ("flower", "relay")
    )

    assert stack.secrets.flower_password not in every_argument
    assert flower["FLOWER_BASIC_AUTH"] == f"huleedu:{stack.secrets.flower_password}"
    assert "FLOWER_BASIC_AUTH" not in relay


def test_a_second_start_in_the_same_home_is_refused_and_told_of_the_first(stack, make):
    with pytest.raises(AlreadyRunning, match=f"process {os.getpid()}, {stack.url}"):
        make().start()

    assert HomeLock(stack.home).holder()["env"] == stack.env


def test_nobody_holds_the_home_once_stopped(stack):
    stack.stop()

    assert HomeLock(stack.home).holder() is None


def test_servers_named_in_the_environment_are_used_instead(make):
    database, redis = "postgresql://db.example/huleedu", "redis://redis.example/2"

    stack = make(overrides={"DATABASE_URL": database, "REDIS_URL": redis})

    assert stack.env["DATABASE_URL"] == database
    assert stack.env["REDIS_URL"] == redis
    assert "BROKER_URL" not in stack.env  # follows from REDIS_URL
    with pytest.raises(KeyError):
        stack.supervisor.pid("postgres")


def test_a_broker_of_ones_own_leaves_the_rest_embedded(make):
    stack = make(overrides={"BROKER_URL": "amqp://rabbit.example", "DATABASE_URL": ""})

    assert stack.env["BROKER_URL"] == "amqp://rabbit.example"
    assert stack.env["HULEEDU_RESULT_URL"].startswith("redis+socket://")
    assert stack.env["DATABASE_URL"].startswith("postgresql+psycopg2://")


def test_a_port_somebody_uses_is_refused_by_name(stack, make):
    port = stack.url.rpartition(":")[2]

    with pytest.raises(LocalError, match=f"Port {port} .HULEEDU_PORT. cannot be used"):
        make(overrides={"HULEEDU_PORT": port})


def test_workers_are_as_many_as_asked_for_and_flower_and_beat_can_be_left_out(make):
    stack = make(workers=3, concurrency=4, flower=False, beat=False)
    stack.start()

    assert all(stack.supervisor.pid(name) for name in ("worker", "worker-2", "worker-3"))
    assert stack.env["HULEEDU_WORKER_SLOTS"] == "12"
    for left_out in ("flower", "beat"):
        with pytest.raises(KeyError):
            stack.supervisor.pid(left_out)


def test_a_killed_database_is_back_with_its_data(stack):
    base = stack.env["DATABASE_URL"].partition("?host=")[2].partition("&")[0]
    with psycopg2.connect(host=base, user="huleedu", dbname="huleedu") as connection:
        connection.cursor().execute("CREATE TABLE essays ()")
    connection.close()
    first = stack.supervisor.pid("postgres")

    stack.supervisor.kill("postgres")
    stack.supervisor.wait_until_ready("postgres", other_than=first)

    with psycopg2.connect(host=base, user="huleedu", dbname="huleedu") as connection:
        connection.cursor().execute("SELECT * FROM essays")
    connection.close()


def test_what_lies_outside_the_project_is_named(make, tmp_path):
    stack = make()

    inside = (stack.home, stack.home / "postgres", stack.home / "run")
    for directory in stack.runtime_dirs:
        assert directory.is_dir()
        assert not directory.is_relative_to(tmp_path)
    assert stack.runtime_dirs or all(each.is_dir() for each in inside)


def test_huleedus_own_commands_listen_to_this_machine_alone():
    layout = commands.Layout(
        port=1234, flower_port=1235, runtime=Path("/run"), workers=2, concurrency=3
    )

    found = commands.huleedu(layout)

    assert "127.0.0.1:1234" in found["web"]
    assert {"--address=127.0.0.1", "--port=1235"} < set(found["flower"])
    assert _after("-n", found["worker"]) == "local@%h"
    assert _after("-n", found["worker-2"]) == "local-2@%h"


def test_projections_have_a_worker_that_no_slice_keeps_busy_and_another_without_it():
    found = commands.huleedu(
        commands.Layout(port=0, flower_port=0, runtime=Path("/run"), workers=1, concurrency=2)
    )

    assert _after("-Q", found["projector"]) == "projections"
    assert "projections" in _after("-Q", found["worker"]).split(",")


def _after(option: str, arguments: Sequence[str]) -> str:
    return arguments[arguments.index(option) + 1]
