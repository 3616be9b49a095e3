"""The time, aware and UTC. Leases and deadlines use the database's clock instead: workers' clocks may differ."""

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]


def now() -> datetime:
    """The time on this machine."""
    return datetime.now(UTC)
