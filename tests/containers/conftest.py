"""An installation in containers, with podman. `make containers-test` runs what is here; nothing else does."""

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from app.cli import new_env
from app.local import ports

ROOT = Path(__file__).parents[2]
EMAIL, PASSWORD = "teacher@huleedu.example", "correct horse battery staple"
RABBITMQ = {
    "COMPOSE_PROFILES": "rabbitmq",
    "BROKER_URL": "amqp://huleedu:${RABBITMQ_PASSWORD}@rabbitmq:5672//",
}

collect_ignore_glob = [] if os.environ.get("HULEEDU_TEST_CONTAINERS") else ["test_*.py"]


def run(*command: str, within_s: float = 300, **more: object) -> str:
    """Standard output of a command that has to succeed."""
    done = subprocess.run(  # type: ignore[call-overload]
        command, capture_output=True, text=True, timeout=within_s, cwd=ROOT, check=False, **more
    )
    assert done.returncode == 0, f"{command}: {done.stdout[-2000:]}\n{done.stderr[-4000:]}"
    return str(done.stdout)


def until(condition: Callable[[], bool], within_s: float, what: str) -> float:
    """Wait for something; how long it took, in seconds."""
    started = time.monotonic()
    while not condition():
        assert time.monotonic() - started < within_s, f"waited {within_s:.0f} s for {what}"
        time.sleep(0.5)
    return time.monotonic() - started


class Installation:
    """docker-compose.yml as it is, under a name, with ports and with secrets of its own."""

    def __init__(self, directory: Path, **more: str) -> None:
        self.name = f"huleedu-test-{os.getpid()}"
        free = {name: str(ports.chosen(None, name)) for name in ("WEB", "WS", "FLOWER")}
        self.url = f"http://127.0.0.1:{free['WEB']}"
        self.flower_url = f"http://127.0.0.1:{free['FLOWER']}"
        self.ws_port = int(free["WS"])
        self._env = directory / "installation.env"
        lines = {
            "HULEEDU_PORT": free["WEB"],
            "HULEEDU_WS_PORT": free["WS"],
            "HULEEDU_FLOWER_PORT": free["FLOWER"],
            **more,
        }
        given = new_env.text()
        self.secrets = dict(line.split("=", 1) for line in given.splitlines() if line[:1].isupper())
        self._env.write_text(given + "".join(f"{key}={value}\n" for key, value in lines.items()))
        # Compose lets the environment win over its file.
        names = {*lines, *self.secrets, "COMPOSE_PROFILES", "COMPOSE_PROJECT_NAME"}
        self._around = {key: value for key, value in os.environ.items() if key not in names}

    def compose(self, *arguments: str, within_s: float = 600) -> str:
        return run(
            *("podman-compose", "-p", self.name, "--env-file", str(self._env), *arguments),
            within_s=within_s,
            env=self._around,
        )

    def up(self, *arguments: str) -> None:
        self.compose("up", "-d", *arguments)

    def down(self) -> None:
        self.compose("down", "-v", "--remove-orphans")

    def containers(self, service: str = "", *, all_: bool = False) -> list[str]:
        listed = run(
            *("podman", "ps", "--format", "{{.Names}}", *(["-a"] if all_ else [])),
            *("--filter", f"label=io.podman.compose.project={self.name}"),
        )
        return sorted(name for name in listed.split() if f"_{service}" in name)

    def container(self, service: str) -> str:
        return f"{self.name}_{service}_1"

    def execute(self, service: str, *command: str) -> str:
        return run("podman", "exec", self.container(service), *command)

    def inspect(self, container: str, what: str) -> str:
        return run("podman", "inspect", "--format", f"{{{{{what}}}}}", container).strip()

    def crash(self, service: str) -> None:
        """Kill a container's first process from outside, which is no stop that somebody asked for."""
        os.kill(int(self.inspect(self.container(service), ".State.Pid")), signal.SIGKILL)

    def is_healthy(self, container: str) -> bool:
        """Ask once; podman has systemd ask again and again, which not every machine has."""
        asked = subprocess.run(
            ["podman", "healthcheck", "run", container],
            capture_output=True,
            timeout=120,
            check=False,
        )
        return asked.returncode == 0

    def is_ready(self) -> bool:
        try:
            return httpx.get(f"{self.url}/readyz", timeout=5, trust_env=False).is_success
        except httpx.HTTPError:
            return False

    def wait_ready(self) -> float:
        return until(self.is_ready, 240, "a worker on every queue")

    def add_account(self) -> None:
        words = ("huleedu", "user", "add", EMAIL, "--name", "Teacher", "--password", PASSWORD)
        self.execute("web", *words)

    def demo(self) -> subprocess.Popen[str]:
        """Hand in both classes of the demo from outside."""
        return subprocess.Popen(
            [
                shutil.which("huleedu") or ".venv/bin/huleedu",
                "demo",
                "--url",
                self.url,
                "--email",
                EMAIL,
            ],
            env={**self._around, "HULEEDU_PASSWORD": PASSWORD},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            cwd=ROOT,
        )

    def workers_in_flower(self) -> set[str]:
        """Names before the @, with how often each is there."""
        answer = httpx.get(
            f"{self.flower_url}/api/workers",
            params={"refresh": "1"},
            auth=("huleedu", self.secrets["FLOWER_PASSWORD"]),
            timeout=30,
            trust_env=False,
        )
        return set(answer.json()) if answer.is_success else set()

    def remains(self) -> list[str]:
        """Containers, volumes and networks that are still there."""
        networks = run("podman", "network", "ls", "--format", "{{.Name}}").split()
        volumes = run("podman", "volume", "ls", "-q").split()
        mine = [name for name in networks + volumes if name.startswith(f"{self.name}_")]
        return mine + self.containers(all_=True)


@pytest.fixture(scope="session", autouse=True)
def tools() -> None:
    """Without them there is nothing to test, and saying so quietly would look like success."""
    for program in ("podman", "podman-compose"):
        if shutil.which(program) is None:
            pytest.exit(f"{program} is not installed, so that the containers cannot be tested", 1)


@pytest.fixture(scope="session")
def image() -> str:
    """The image, built from what is here."""
    run("podman", "build", "-t", "huleedu:0.1.0", ".", within_s=1500)
    return "huleedu:0.1.0"


@pytest.fixture(scope="module", params=["redis", "rabbitmq"])
def installation(
    request: pytest.FixtureRequest, image: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Installation]:
    """Everything, running, with an account; once on each broker."""
    more = RABBITMQ if request.param == "rabbitmq" else {}
    it = Installation(tmp_path_factory.mktemp(request.param), **more)
    try:
        started = time.monotonic()
        it.up()
        it.wait_ready()
        print(f"\n{request.param}: ready {time.monotonic() - started:.1f} s after `up`")
        it.add_account()
        yield it
    finally:
        it.down()
    assert it.remains() == []
