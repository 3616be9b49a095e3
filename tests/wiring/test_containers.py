"""What the containers promise, read from the file: nobody would remember all of it when adding a service."""

import re
import shlex
from typing import Any

import pytest
import yaml

from app.cli import new_env
from pipelines import catalogue
from tasks import queues
from tests.wiring.conftest import ROOT

TEXT = (ROOT / "docker-compose.yml").read_text("utf-8")
SERVICES: dict[str, dict[str, Any]] = yaml.safe_load(TEXT)["services"]
RUNNING = sorted(SERVICES.keys() - {"migrate"})
PUBLISHED = {"web", "ws", "flower"}
OURS = sorted(name for name in SERVICES if SERVICES[name]["image"].startswith("huleedu:"))


def words(service: str) -> list[str]:
    """A service's command as it is run."""
    command = SERVICES[service]["command"]
    return shlex.split(command) if isinstance(command, str) else command


def variables(value: str) -> str:
    """A value with its variables' defaults in their place, and nothing for those that have none."""
    while (found := re.sub(r"\$\{\w+(?::[-?]([^${}]*))?\}", r"\1", value)) != value:
        value = found
    return value


def test_every_queue_has_a_worker_service():
    read = [
        line[line.index("-Q") + 1]
        for service in SERVICES
        if service.startswith("worker-")
        for line in [words(service)]
    ]

    assert sorted(read) == sorted({*queues.ALL, *catalogue.load().queues()})


@pytest.mark.parametrize("service", [name for name in RUNNING if name.startswith("worker-")])
def test_a_worker_is_named_after_its_queue_everywhere(service):
    queue = service.removeprefix("worker-")
    line = words(service)

    assert line[line.index("-n") + 1] == f"{queue}@%h"
    assert line[line.index("-Q") + 1] == queue
    assert SERVICES[service]["healthcheck"]["test"] == ["CMD", "huleedu", "alive", queue]


@pytest.mark.parametrize("service", RUNNING)
def test_every_service_is_looked_after(service):
    assert SERVICES[service]["healthcheck"]["test"]
    assert SERVICES[service]["restart"] == "unless-stopped"


@pytest.mark.parametrize("service", sorted(SERVICES))
def test_no_service_is_kept_from_starting_again_by_another(service):
    assert "depends_on" not in SERVICES[service]


@pytest.mark.parametrize("service", sorted(SERVICES))
def test_every_service_is_held_to_what_it_needs(service):
    it = SERVICES[service]

    assert it["read_only"] is True
    assert it["cap_drop"] == ["ALL"]
    assert it["security_opt"] == ["no-new-privileges:true"]
    assert it["mem_limit"]
    assert it["pids_limit"]
    assert it["logging"]["options"]["max-size"]
    assert "cap_add" not in it
    assert "privileged" not in it


@pytest.mark.parametrize("service", sorted(SERVICES.keys() - set(OURS)))
def test_no_server_runs_as_root(service):
    assert SERVICES[service]["user"] not in {"root", "0"}


def test_the_image_does_not_run_as_root():
    dockerfile = (ROOT / "Dockerfile").read_text("utf-8")

    assert re.search(r"^USER (?!0|root)\d+:\d+$", dockerfile.rsplit("FROM ", 1)[1], re.M)


@pytest.mark.parametrize("service", sorted(set(OURS) - {"migrate", "flower"}))
def test_every_process_waits_for_its_schema(service):
    assert SERVICES[service]["entrypoint"] == ["huleedu", "wait-for", "schema", "--"]


def test_the_migration_waits_for_its_database():
    assert SERVICES["migrate"]["entrypoint"] == ["huleedu", "wait-for", "database", "--"]


@pytest.mark.parametrize("service", sorted(SERVICES))
def test_images_are_pinned_by_a_tag(service):
    _, _, tag = SERVICES[service]["image"].rpartition(":")

    assert tag[0].isdigit()


def test_the_tag_of_our_image_is_the_version():
    version = re.search(r"^version = (.+)$", (ROOT / "setup.cfg").read_text("utf-8"), re.M)
    dockerfile = (ROOT / "Dockerfile").read_text("utf-8")

    assert version is not None
    assert {SERVICES[service]["image"] for service in OURS} == {f"huleedu:{version[1]}"}
    assert f"ARG VERSION={version[1]}\n" in dockerfile


@pytest.mark.parametrize("service", sorted(SERVICES))
def test_what_is_published_is_published_on_the_loopback(service):
    ports = [variables(port) for port in SERVICES[service].get("ports", [])]

    assert bool(ports) == (service in PUBLISHED)
    assert all(port.startswith("127.0.0.1:") for port in ports)


def test_flower_stays_on_the_loopback_whatever_is_set():
    (port,) = SERVICES["flower"]["ports"]

    assert port.startswith("127.0.0.1:")


def test_flower_asks_for_a_password_and_has_no_other_secret():
    environment = SERVICES["flower"]["environment"]

    assert "${FLOWER_PASSWORD:?" in environment["FLOWER_BASIC_AUTH"]
    assert set(environment) == {"CELERY_BROKER_URL", "FLOWER_BASIC_AUTH"}


@pytest.mark.parametrize("service", sorted(SERVICES.keys() - PUBLISHED))
def test_only_what_is_published_has_a_way_out(service):
    assert SERVICES[service]["networks"] == ["inside"]


def test_no_secret_is_in_the_file():
    secrets = re.findall(r"^([A-Z_]+)=$", (ROOT / ".env.example").read_text("utf-8"), re.M)

    assert set(secrets) >= {"POSTGRES_PASSWORD", "HULEEDU_SECRET_KEY", "FLOWER_PASSWORD"}
    for secret in secrets:
        assert f"${{{secret}:?" in TEXT, f"{secret} may be missing without a word"
        assert not re.search(rf"\b{secret}: (?!\$\{{)", TEXT)
        assert f"${{{secret}:-" not in TEXT, f"{secret} has a default"
    for service in SERVICES.values():
        for value in service["environment"].values():
            assert not re.search(r"://[^$@/]*:[^$@/]+@", str(value))


def test_every_variable_is_in_the_example():
    example = (ROOT / ".env.example").read_text("utf-8")
    named = set(re.findall(r"\$\{(\w+)", TEXT))

    assert {name for name in named if f"{name}=" not in example} == set()


def test_what_is_committed_and_what_is_built_leave_the_environment_out():
    assert ".env" in (ROOT / ".gitignore").read_text("utf-8").splitlines()
    assert "*" in (ROOT / ".dockerignore").read_text("utf-8").splitlines()


class TestTheNewEnvironment:
    def test_has_a_value_of_its_own_for_every_secret(self):
        made = [dict(re.findall(r"^([A-Z_]+)=(.*)$", new_env.text(), re.M)) for _ in range(2)]

        assert made[0].keys() == made[1].keys()
        for name, value in made[0].items():
            assert re.fullmatch(r"[\w-]{40,}", value), name
            assert value != made[1][name]

    def test_is_for_its_owner_alone_and_never_written_over(self, tmp_path, capsys):
        path = tmp_path / ".env"

        assert new_env.main(path) == 0
        written = path.read_text("utf-8")
        assert new_env.main(path) == 1

        assert path.stat().st_mode & 0o777 == 0o600
        assert path.read_text("utf-8") == written
        assert capsys.readouterr().out.count(written.split("=")[1][:20]) == 0
