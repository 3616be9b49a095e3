"""The API does what its description says, whatever is sent: schemathesis over every operation, in all its phases.

It is a target of its own, `make contract-test`; `CONTRACT_EXAMPLES` says how many requests each operation gets in each
phase, and what stands in `CONTRACT_ARGS` goes to schemathesis as it is.
"""

import logging
import os
import shlex
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from threading import Thread
from uuid import UUID

import pytest
import structlog
from sqlalchemy import Engine
from werkzeug.serving import WSGIRequestHandler, make_server

from app import auth, bootstrap
from app.factory import create_app
from app.llm_settings import LlmSettings
from app.services.deps import Deps
from app.services.runs import start_run
from app.settings import Settings
from models import User
from tests.drivers import drain
from tests.factories import a_batch, a_teacher, an_essay
from tests.fakes import FakePublisher

EXAMPLES = int(os.environ.get("CONTRACT_EXAMPLES", "25"))
MORE = shlex.split(os.environ.get("CONTRACT_ARGS", ""))
CONFIG = Path(__file__).with_name("schemathesis.toml")


class _Quiet(WSGIRequestHandler):
    def log(self, *_: object) -> None:
        pass


@dataclass(frozen=True)
class Served:
    """The application on a port, and what a signed-in teacher has there."""

    url: str
    env: dict[str, str]


@pytest.fixture
def deps(settings: Settings, engine: Engine) -> Deps:
    """Everything as it is deployed, but that a person may ask as often as a machine can."""
    patient = replace(
        settings,
        rate_limits=False,
        access_token_s=24 * 3600,
        log_level="ERROR",
        llm=LlmSettings("openai", "http://127.0.0.1:9/v1", "judge-1", Decimal(2), Decimal(10)),
    )
    return bootstrap.assemble(patient, engine)


@pytest.fixture
def served(deps: Deps) -> Iterator[Served]:
    """Serve the API to a teacher with a finished batch, one to be changed, and one to be erased."""
    owner = a_teacher(deps)
    finished = _finished(deps, owner)
    ids = {
        "CONTRACT_TOKEN": auth.issue(owner, deps.settings, deps.clock),
        "CONTRACT_SERVICE_KEY": deps.settings.service_key,
        "CONTRACT_HOOKS": str(CONFIG.with_name("hooks.py")),
        "CONTRACT_EMAIL": owner.email,
        "CONTRACT_FINISHED": str(finished),
        "CONTRACT_OPEN": str(a_batch(deps, owner, [an_essay()] * 3)),
        "CONTRACT_FILE": str(_a_file(deps, finished)),
    }
    root = logging.getLogger()
    handlers, level, configured = list(root.handlers), root.level, structlog.get_config()
    server = make_server("127.0.0.1", 0, create_app(deps), threaded=True, request_handler=_Quiet)
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        url = f"http://127.0.0.1:{server.server_port}"
        yield Served(url, ids | {"CONTRACT_URL": url})
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
        root.handlers, root.level = handlers, level
        structlog.configure(**configured)


def _finished(deps: Deps, owner: User) -> UUID:
    batch = a_batch(deps, owner, [an_essay("I like freinds."), an_essay("Quite anouther one.")])
    start_run(batch, "comprehensive", owner_id=owner.id, deps=deps)
    drain(deps, FakePublisher())
    return batch


def _a_file(deps: Deps, batch: UUID) -> UUID:
    with deps.uow("look") as uow:
        return uow.files.of(batch)[0].id


@pytest.mark.timeout(3600)
def test_holds_for_whatever_is_sent(served: Served, tmp_path: Path) -> None:
    done = subprocess.run(
        [
            *(sys.executable, "-m", "schemathesis.cli", "--config-file", str(CONFIG)),
            *("run", f"{served.url}/openapi.json", "--max-examples", str(EXAMPLES)),
            *("--report-dir", str(tmp_path), *MORE),
        ],
        env={**os.environ, **served.env},
        cwd=tmp_path,
        check=False,
    )

    assert done.returncode == 0
