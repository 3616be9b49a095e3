"""Bringing the database to a schema."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine, create_engine, text

import migrations

MIGRATION_LOCK = 0x4D696772  # "Migr"


def to(revision: str, connection: Connection) -> None:
    """Bring a database to a revision, up or down; two at once take turns."""
    config = Config(Path(migrations.__file__).with_name("alembic.ini"))
    config.attributes["connection"] = connection
    connection.execute(text("select pg_advisory_lock(:key)"), {"key": MIGRATION_LOCK})
    connection.commit()
    try:
        if revision == "base" or revision.startswith("-"):
            command.downgrade(config, revision)
        else:
            command.upgrade(config, revision)
    finally:
        connection.execute(text("select pg_advisory_unlock(:key)"), {"key": MIGRATION_LOCK})
        connection.commit()


def run(database_url: str, revision: str = "head") -> None:
    """Bring a database to a revision, the newest one unless another is given."""
    engine: Engine = create_engine(database_url)
    with engine.connect() as connection:
        to(revision, connection)
    engine.dispose()
