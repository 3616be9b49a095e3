"""A batch's essays: filtered, searched, sorted, a page at a time."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Double, Select, cast, func, or_, select

from app import paging
from app.paging import Order, Page
from app.repositories import keyset
from app.services.deps import Deps
from app.services.results import Seen, report_body, whatever
from app.unit_of_work import in_request
from models import EssayReport
from pipelines.phases.nlp.metrics import METRICS

# What has no name or no figure comes last, whichever way the list is sorted.
_AFTER_EVERY_NAME = "\U0010ffff"
_AFTER_EVERY_FIGURE = 1e15

_NAMES: Mapping[str, ColumnElement[str]] = {
    "student_name": func.coalesce(EssayReport.student_key, func.lower(EssayReport.student_name)),
    "file_name": func.coalesce(EssayReport.file_key, func.lower(EssayReport.file_name)),
}
_FIGURES: Mapping[str, ColumnElement[float]] = {
    **{
        name: cast(EssayReport.spelling[name].astext, Double)
        for name in ("word_count", "error_count", "error_rate")
    },
    **{
        metric.id: cast(
            func.coalesce(
                EssayReport.metrics[metric.id].astext,
                EssayReport.metrics["zipf_bands"][metric.id].astext,
            ),
            Double,
        )
        for metric in METRICS
    },
}


def _orders() -> dict[str, Order]:
    found: dict[str, tuple[Callable[[Any], Any], ...]] = {"position": (paging.number,)}
    found |= dict.fromkeys(_NAMES, (paging.text, paging.number))
    found |= dict.fromkeys(_FIGURES, (paging.number, paging.number))
    return {
        f"{sign}{name}": Order(kinds, descending=bool(sign))
        for name, kinds in found.items()
        for sign in ("", "-")
    }


ORDERS: Mapping[str, Order] = MappingProxyType(_orders())


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which essays: of these statuses, or of any, whose pupil, file or id has these words in it."""

    statuses: Collection[str] = ()
    search: str = ""


@in_request
def essays_of(
    batch_id: UUID,
    wanted: Wanted,
    page: Page,
    *,
    owner_id: UUID,
    deps: Deps,
    seen: Seen = whatever,
) -> dict[str, Any]:
    """A page of a batch's essays, how many there are in all, and the event they are as of.

    Raises:
        BatchNotFound: no such batch of this teacher.
    """
    with deps.uow("read_essays") as uow:
        standing = uow.batches.standing(batch_id, owner_id)
        seen(standing.version)
        query = _filtered(select(EssayReport), batch_id, wanted)
        rows, next_cursor = keyset.read(
            uow.session, query, _keys(page.sort), ORDERS[page.sort], page
        )
        total = uow.session.scalar(
            _filtered(select(func.count()).select_from(EssayReport), batch_id, wanted)
        )
        return {
            "items": [report_body(row[0]) for row in rows],
            "next_cursor": next_cursor,
            "total": total,
            "event_no": standing.event_no,
        }


def _keys(sort: str) -> tuple[Any, ...]:
    name, falls = sort.lstrip("-"), sort.startswith("-")
    if name in _NAMES:
        last = "" if falls else _AFTER_EVERY_NAME
        return func.coalesce(_NAMES[name], last), EssayReport.position
    if name in _FIGURES:
        last_figure = -_AFTER_EVERY_FIGURE if falls else _AFTER_EVERY_FIGURE
        return func.coalesce(_FIGURES[name], last_figure), EssayReport.position
    return (EssayReport.position,)


def _filtered(query: Select[Any], batch_id: UUID, wanted: Wanted) -> Select[Any]:
    query = query.where(EssayReport.batch_id == batch_id)
    if wanted.statuses:
        query = query.where(EssayReport.status.in_(wanted.statuses))
    for word in wanted.search.split():
        query = query.where(_has(word))
    return query


def _has(word: str) -> ColumnElement[bool]:
    columns = (EssayReport.student_name, EssayReport.file_name, EssayReport.essay_id)
    return or_(*(column.icontains(word, autoescape=True) for column in columns))
