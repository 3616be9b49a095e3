"""A teacher's batches: filtered, searched, sorted, a page at a time."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from hashlib import sha256
from types import MappingProxyType
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, case, func, or_, select

from app import paging
from app.paging import Order, Page
from app.repositories import keyset
from app.services.deps import Deps
from app.services.results import Seen, status_body, whatever
from app.unit_of_work import in_request
from models import BatchOverview

_NEWEST = Order((paging.moment, paging.uuid), descending=True)
ORDERS: Mapping[str, Order] = MappingProxyType(
    {
        "-created_at": _NEWEST,
        "created_at": Order((paging.moment, paging.uuid)),
        "class_designation": Order((paging.text, paging.uuid)),
        "-class_designation": Order((paging.text, paging.uuid), descending=True),
        # Those that need something first, each kind the newest first.
        "action": Order((paging.number, paging.moment, paging.uuid), descending=True),
    }
)

_CLASS = func.coalesce(BatchOverview.class_key, func.lower(BatchOverview.class_designation))
_TIME = (BatchOverview.created_at, BatchOverview.batch_id)
_KEYS: Mapping[str, tuple[Any, ...]] = {
    "created_at": _TIME,
    "class_designation": (_CLASS, BatchOverview.batch_id),
    "action": (case((BatchOverview.action_required.is_(None), 0), else_=1), *_TIME),
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which batches: of these statuses and courses, or of any, whose class or course has these words in it."""

    statuses: Collection[str] = ()
    courses: Collection[str] = ()
    search: str = ""


@in_request
def batches_of(
    owner_id: UUID, wanted: Wanted, page: Page, *, deps: Deps, seen: Seen = whatever
) -> dict[str, Any]:
    """A page of a teacher's batches, with how many there are in all."""
    with deps.uow("read_batches") as uow:
        seen(_fingerprint(uow.batches.versions_of(owner_id)))
        query = _filtered(select(BatchOverview), owner_id, wanted)
        rows, next_cursor = keyset.read(
            uow.session, query, _KEYS[page.sort.lstrip("-")], ORDERS[page.sort], page
        )
        total = uow.session.scalar(
            _filtered(select(func.count()).select_from(BatchOverview), owner_id, wanted)
        )
        return {
            "items": [status_body(row[0]) for row in rows],
            "next_cursor": next_cursor,
            "total": total,
        }


def _filtered(query: Select[Any], owner_id: UUID, wanted: Wanted) -> Select[Any]:
    query = query.where(BatchOverview.owner_id == owner_id)
    if wanted.statuses:
        query = query.where(BatchOverview.status.in_(wanted.statuses))
    if wanted.courses:
        query = query.where(BatchOverview.course_code.in_(wanted.courses))
    for word in wanted.search.split():
        query = query.where(_has(word))
    return query


def _has(word: str) -> ColumnElement[bool]:
    return or_(
        BatchOverview.class_designation.icontains(word, autoescape=True),
        BatchOverview.course_code.icontains(word, autoescape=True),
    )


def _fingerprint(versions: Mapping[UUID, int]) -> str:
    """Differs whenever a batch has come, gone or changed."""
    plain = "".join(f"{batch_id}{version}" for batch_id, version in sorted(versions.items()))
    return sha256(plain.encode()).hexdigest()[:32]
