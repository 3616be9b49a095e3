"""One class through the ledger, message by message."""

from sqlalchemy import text

from app.services import ledger, projecting, relaying, results, runs, waves
from app.services.deps import Deps
from tests.factories import a_batch, a_teacher, an_essay
from tests.fakes import FakePublisher


def test_smoke(deps: Deps, publisher: FakePublisher) -> None:
    teacher = a_teacher(deps)
    batch = a_batch(deps, teacher, [an_essay(f"{n}") for n in range(5)])
    runs.start_run(batch, "all", owner_id=teacher.id, deps=deps)
    for _ in range(5):
        relaying.relay(deps, publisher)
        for phase_run_id, lo, hi in publisher.slices():
            ledger.run_slice(phase_run_id, lo, hi, worker="w", deps=deps)
    projecting.project(batch, deps)
    status = results.status(batch, owner_id=teacher.id, deps=deps)
    print(status)
    assert status["status"] == "completed_successfully"
    from app.services import invariants
    relaying.relay(deps, publisher)
    assert invariants.check(deps) == []
