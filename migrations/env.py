"""Runs migrations on the connection it is given, or on DATABASE_URL."""

import os

from alembic import context
from sqlalchemy import Connection, create_engine, text

from models import Base

LOCK_TIMEOUT = "5s"
STATEMENT_TIMEOUT = "10min"


def include(_object: object, name: str | None, kind: str, *_: object) -> bool:
    """Alembic's own table is no model."""
    return not (kind == "table" and name == "alembic_version")


def migrate(connection: Connection) -> None:
    """Run what is asked for, one transaction per migration, never waiting long for a lock."""
    connection.execute(text(f"set lock_timeout = '{LOCK_TIMEOUT}'"))
    connection.execute(text(f"set statement_timeout = '{STATEMENT_TIMEOUT}'"))
    connection.commit()
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        transaction_per_migration=True,
        compare_type=True,
        include_object=include,
    )
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    migrate(given)
else:
    url = os.environ["DATABASE_URL"].replace("postgresql://", "postgresql+psycopg2://", 1)
    engine = create_engine(url)
    with engine.connect() as connection:
        migrate(connection)
    engine.dispose()
