"""How often something had to be set going again."""

from sqlalchemy import text
from sqlalchemy.orm import Session

from pipelines.vocabulary import RescueKind


class Rescues:
    """The rescues of one transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, kind: RescueKind, count: int) -> None:
        """Count so many more of a kind."""
        self._session.execute(
            text("""
                insert into rescues as r (kind, total, last_at) values (:kind, :count, now())
                on conflict (kind) do update
                set total = r.total + excluded.total, last_at = excluded.last_at
            """),
            {"kind": kind, "count": count},
        )
