"""A batch's files and what came of reading them, a page at a time."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any
from uuid import UUID

from sqlalchemy import select

from app import paging
from app.paging import Order, Page
from app.repositories import keyset
from app.services.deps import Deps
from app.unit_of_work import in_request
from models import Essay, File
from pipelines.extraction import failures

ORDERS: Mapping[str, Order] = MappingProxyType(
    {
        "created_at": Order((paging.moment, paging.uuid)),
        "-created_at": Order((paging.moment, paging.uuid), descending=True),
    }
)


@in_request
def files_of(batch_id: UUID, page: Page, *, owner_id: UUID, deps: Deps) -> dict[str, Any]:
    """A page of a batch's files, with the essay each is for.

    Raises:
        BatchNotFound: no such batch of this teacher.
    """
    with deps.uow("read_files") as uow:
        uow.batches.owned(batch_id, owner_id)
        query: Any = (
            select(File, Essay)
            .outerjoin(Essay, Essay.id == File.essay_id)
            .where(File.batch_id == batch_id)
        )
        keys: tuple[Any, ...] = (File.created_at, File.id)
        rows, next_cursor = keyset.read(uow.session, query, keys, ORDERS[page.sort], page)
        return {"items": [_body(*tuple(row)[:2]) for row in rows], "next_cursor": next_cursor}


def _body(file: File, essay: Essay | None) -> dict[str, Any]:
    return {
        "file_id": file.id,
        "essay_id": essay.essay_id if essay else None,
        "is_current": essay is not None and essay.file_id == file.id,
        "file_name": file.file_name,
        "archive_name": file.archive_name,
        "size_bytes": file.size_bytes,
        "status": file.status,
        "failure_code": file.failure_code,
        "failure_reason": file.failure_reason,
        "failure_hint": failures.hint(file.failure_code),
        "created_at": file.created_at,
    }
