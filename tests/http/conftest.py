"""The web application over real servers, called without a network in between."""

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import pytest
import structlog
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app import auth
from app.factory import create_app
from app.services.deps import Deps
from models import User
from tests.drivers import an_owner


@pytest.fixture
def app(deps: Deps) -> Iterator[Flask]:
    """The application over this test's servers."""
    root = logging.getLogger()
    handlers, level, configured = list(root.handlers), root.level, structlog.get_config()
    yield create_app(deps)
    root.handlers, root.level = handlers, level
    structlog.configure(**configured)


@dataclass
class Caller:
    """Somebody with an access token."""

    deps: Deps
    user: User
    client: FlaskClient
    headers: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        token = auth.issue(self.user, self.deps.settings, self.deps.clock)
        self.headers["Authorization"] = f"Bearer {token}"

    def asks(self, method: str, path: str, **request: Any) -> TestResponse:
        """Send a request; `headers` come on top of the token."""
        headers = self.headers | request.pop("headers", {})
        return self.client.open(path, method=method, headers=headers, **request)

    def gets(self, path: str, **request: Any) -> Any:
        """The body of an answer that is expected to be good."""
        answer = self.asks("GET", path, **request)
        assert answer.status_code == 200, answer.text
        return answer.json

    def registers(self, registration: dict[str, Any], **request: Any) -> UUID:
        """Register a batch."""
        answer = self.asks("POST", "/v1/batches/register", json=registration, **request)
        assert answer.status_code == 202, answer.text
        return UUID(answer.json["batch_id"])


@pytest.fixture
def a_caller(app: Flask, deps: Deps) -> Callable[[], Caller]:
    """Make people who are signed in."""
    return lambda: Caller(deps, an_owner(deps), app.test_client())


@pytest.fixture
def caller(a_caller: Callable[[], Caller]) -> Caller:
    """Somebody who is signed in."""
    return a_caller()
