"""The canvases are real: chord bodies carry a run to its end when nothing else would."""

from dataclasses import replace

import pytest

from app.settings import Settings
from tests import catalogues
from tests.faults.system import System


@pytest.fixture(scope="module")
def settings(settings: Settings) -> Settings:
    """Neither the last settle nor a reconciler follows up a wave; beat does not run."""
    return replace(settings, settle_closes_wave=False, reconcile_every_s=0.0)


@pytest.mark.parametrize("essays", [1, 6])
@pytest.mark.parametrize("options", ["", catalogues.STREAMING], ids=["in waves", "streaming"])
@pytest.mark.parametrize("graph", [catalogues.CHAIN, catalogues.DIAMOND], ids=["chain", "diamond"])
def test_a_run_completes_through_its_chord_bodies_alone(
    system: System, graph: dict[str, list[str]], options: str, essays: int
) -> None:
    batch = system.hand_in(*"abcdef"[:essays])

    run = system.start(batch, catalogue=catalogues.of(graph, options=options))

    system.completes(run, essays, phases=graph)
