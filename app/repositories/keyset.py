"""One page of a query, found by the keys of the row before it."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, tuple_
from sqlalchemy.orm import Session

from app.paging import Order, Page, encode


def read(
    session: Session,
    query: Select[Any],
    keys: Sequence[ColumnElement[Any]],
    order: Order,
    page: Page,
) -> tuple[Sequence[Row[Any]], str | None]:
    """The rows of a page, and the cursor of the next one, if there is any.

    Args:
        keys: what `order` sorts by; never null, the last unique.
    """
    named = [key.label(f"key_{number}") for number, key in enumerate(keys)]
    wanted = query.add_columns(*named).order_by(
        *(key.desc() if order.descending else key.asc() for key in keys)
    )
    if page.after is not None:
        here, there = tuple_(*keys), tuple_(*page.after)
        wanted = wanted.where(here < there if order.descending else here > there)
    rows = session.execute(wanted.limit(page.limit + 1)).all()
    if len(rows) <= page.limit:
        return rows, None
    last = rows[page.limit - 1]
    return rows[: page.limit], encode(page.sort, last[-len(keys) :])
