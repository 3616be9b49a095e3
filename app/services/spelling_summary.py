"""The spelling of a class as a whole: its commonest errors, from the read model alone."""

from typing import Any
from uuid import UUID

from sqlalchemy import text

from app.services.deps import Deps
from app.services.results import Seen, whatever
from app.unit_of_work import UnitOfWork, in_request
from pipelines.phases.spellcheck import Kind

MOST_ITEMS = 20

# Of corrections that are equally common the one in small letters is meant: the other began a sentence.
_COMMONEST = """
    select form, kind, mode() within group (order by correction collate "C" desc) as correction,
        count(*) as error_count, count(distinct essay_pk) as essay_count
    from (select r.essay_pk, f.finding ->> 'form' as form, f.finding ->> 'kind' as kind,
            f.finding ->> 'correction' as correction
        from essay_report r cross join lateral jsonb_array_elements(r.findings) as f (finding)
        where r.batch_id = :batch_id) found
    group by form, kind
    order by error_count desc, essay_count desc, form collate "C", kind
    limit :most
"""
_TOTALS = """
    select count(*) as essay_count, coalesce(sum((spelling ->> 'error_count')::int), 0) as error_count
    from essay_report where batch_id = :batch_id and spelling is not null
        and spelling ->> 'mismatch' is null
"""
_KINDS = """
    select k.key as kind, sum(k.value::int) as n
    from essay_report r cross join lateral jsonb_each_text(
        case when jsonb_typeof(r.spelling -> 'counts_by_kind') = 'object'
            then r.spelling -> 'counts_by_kind' else '{}'::jsonb end) as k (key, value)
    where r.batch_id = :batch_id
    group by k.key
"""


@in_request
def summary(batch_id: UUID, *, owner_id: UUID, deps: Deps, seen: Seen = whatever) -> dict[str, Any]:
    """A class's spelling errors: how many of each kind, and the commonest, `MOST_ITEMS` at most.

    What its teacher has allowed is left out, as everywhere.

    Returns:
        `essay_count` (essays whose spelling was checked), `error_count`, `counts_by_kind` and `items`. An item is one
        form as one kind of error, with the commonest correction, or None where none is sure enough to be named; the
        most frequent come first, and of those the ones in the most essays.

    Raises:
        BatchNotFound: no such batch of this teacher.
    """
    with deps.uow("read_spelling_summary") as uow:
        version = uow.batches.standing(batch_id, owner_id).version
        seen(version)
        kept = deps.cache.get(batch_id, "spelling-summary", version)
        if kept is None:
            kept = _summary(uow, batch_id)
            deps.cache.put(batch_id, "spelling-summary", kept, version)
    return dict(kept)


def _summary(uow: UnitOfWork, batch_id: UUID) -> dict[str, Any]:
    given = {"batch_id": batch_id}
    totals = uow.session.execute(text(_TOTALS), given).one()
    kinds = {row.kind: row.n for row in uow.session.execute(text(_KINDS), given)}
    items = uow.session.execute(text(_COMMONEST), given | {"most": MOST_ITEMS})
    return {
        "essay_count": totals.essay_count,
        "error_count": totals.error_count,
        "counts_by_kind": {str(kind): kinds.get(str(kind), 0) for kind in Kind},
        "items": [dict(row) for row in items.mappings()],
    }
