"""Columns that names are sorted by, made here because no Postgres can be relied on to know the Swedish alphabet."""

from collections.abc import Collection, Mapping
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.repositories.arrays import literal
from pipelines.collation import sort_key


def fill(
    session: Session,
    table: str,
    *,
    row: str,
    names: Mapping[str, str],
    where: str,
    ids: Collection[UUID | str],
) -> None:
    """Write the keys that are missing in some rows of the read model.

    A projection empties a key when it changes the name it is made from, so only new and changed names cost anything.

    Args:
        row: the table's primary key.
        names: column with a name → column for its key.
        where: which rows, by `:ids`.
    """
    for name, key in names.items():
        missing = session.execute(
            text(f"""
                select {row} as id, {name} as name from {table} where {where}
                and {key} is null and {name} is not null
            """),  # noqa: S608 - names of our own tables
            {"ids": literal(ids)},
        ).all()
        if missing:
            session.execute(
                text(f"""
                    update {table} t set {key} = f.key
                    from unnest(cast(:rows as uuid[]), cast(:keys as text[])) as f (row, key)
                    where t.{row} = f.row
                """),  # noqa: S608 - the same
                {
                    "rows": literal(each.id for each in missing),
                    "keys": literal(sort_key(each.name) for each in missing),
                },
            )
