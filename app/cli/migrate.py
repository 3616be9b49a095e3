"""Bringing the database to a schema. A database that is at it already costs no more than a question."""

import os
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg2
import psycopg2.errors

import migrations

if TYPE_CHECKING:
    from psycopg2.extensions import connection as PgConnection  # noqa: N812
    from sqlalchemy import Connection

CONNECT_WITHIN_S = 5
MIGRATION_LOCK = 0x4D696772  # "Migr"
NEWEST = "head"
_HERE = Path(migrations.__file__).parent


def run(database_url: str, revision: str = NEWEST) -> None:
    """Bring a database to a revision, the newest one unless another is given."""
    if revision == NEWEST and revision_of(database_url) == newest():
        return
    from sqlalchemy import create_engine

    engine = create_engine(database_url)
    with engine.connect() as connection:
        to(revision, connection)
    engine.dispose()


def from_environment(revision: str) -> bool:
    """Migrate the database that `DATABASE_URL` names; False if it names none."""
    url = os.environ.get("DATABASE_URL")
    if not url:
        return False
    run(url.replace("postgresql://", "postgresql+psycopg2://", 1), revision)
    return True


def to(revision: str, connection: "Connection") -> None:
    """Bring a database to a revision, up or down; two at once take turns."""
    from alembic import command
    from alembic.config import Config
    from sqlalchemy import text

    config = Config(_HERE / "alembic.ini")
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


def newest() -> str:
    """The newest revision: migrations are numbered, and a test sees to it that they have one head."""
    return max(path.name.split("_")[0] for path in (_HERE / "versions").glob("[0-9]*_*.py"))


def revision_of(database_url: str) -> str | None:
    """Which revision a database is at; None if it has no schema at all.

    Raises:
        psycopg2.Error: it does not answer.
    """
    with closing(connect(database_url)) as connection, connection.cursor() as cursor:
        try:
            cursor.execute("select version_num from alembic_version")
        except psycopg2.errors.UndefinedTable:
            return None
        row = cursor.fetchone()
    return str(row[0]) if row else None


def connect(database_url: str) -> "PgConnection":
    """A plain connection, for questions that are not worth loading SQLAlchemy."""
    url = database_url.replace("postgresql+psycopg2://", "postgresql://", 1)
    return psycopg2.connect(url, connect_timeout=CONNECT_WITHIN_S)
