"""Columns that names are sorted by, made here because no Postgres can be relied on to know the Swedish alphabet."""

from collections.abc import Mapping

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.prepared import prepared
from app.repositories.arrays import literal
from pipelines.collation import sort_key


def write(
    session: Session,
    table: str,
    *,
    row: str,
    names: Mapping[str, str],
    upsert: str,
    values: Mapping[str, object],
) -> None:
    """Write rows of the read model, and then the keys that are missing in them.

    A projection empties a key when it changes the name it is made from, so only new and changed names cost anything.

    Args:
        row: the table's primary key.
        names: column with a name → column for its key.
        upsert: the statement that writes the rows; `values` are its parameters.
    """
    without = " or ".join(f"({key} is null and {name} is not null)" for name, key in names.items())
    columns = ", ".join((row, *names, *names.values()))
    write_and_tell = f"""
        with written as ({upsert} returning {columns}) select * from written where {without}
    """  # noqa: S608 - names of our own tables
    written = prepared(write_and_tell).on(session, values).all()
    for name, key in names.items():
        missing = [
            each
            for each in written
            if getattr(each, name) is not None and getattr(each, key) is None
        ]
        if missing:
            session.execute(
                text(f"""
                    update {table} t set {key} = f.key
                    from unnest(cast(:rows as uuid[]), cast(:keys as text[])) as f (row, key)
                    where t.{row} = f.row
                """),  # noqa: S608 - the same
                {
                    "rows": literal(getattr(each, row) for each in missing),
                    "keys": literal(sort_key(getattr(each, name)) for each in missing),
                },
            )
