"""The application as it is deployed, with nothing behind it: wiring tests ask what there is, not what it does."""

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog
from flask import Flask

from app import bootstrap, unit_of_work
from app.factory import create_app
from app.settings import Settings

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The web application over servers that do not exist."""
    home = tmp_path_factory.mktemp("home")
    settings = Settings(
        database_url="postgresql+psycopg2://nobody@/nothing",
        broker_url=f"redis+socket://{home}/nobody.sock",
        redis_url=f"unix://{home}/nobody.sock",
        result_url=f"redis+socket://{home}/nobody.sock",
        secret_key="s" * 40,
        service_key="k" * 40,
        home=home,
    )
    root = logging.getLogger()
    handlers, level, configured = list(root.handlers), root.level, structlog.get_config()
    yield create_app(bootstrap.assemble(settings, unit_of_work.engine(settings.database_url)))
    root.handlers, root.level = handlers, level
    structlog.configure(**configured)
