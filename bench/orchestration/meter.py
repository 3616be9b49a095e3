"""What processes and a Redis use up meanwhile."""

from collections.abc import Iterator, Mapping
from threading import Event, Thread
from time import process_time, sleep
from types import TracebackType
from typing import Self

import psutil
from redis import Redis

SAMPLE_EVERY_S = 1.0


ASKING = "asking"
"""This process itself, which asks for the run and waits for its end."""


class Meter:
    """Processor time, memory and what a Redis is sent, from entering to leaving.

    Attributes:
        cpu_s, broker_bytes, pss_mb: as in `Measured`; known after leaving.
    """

    def __init__(self, processes: Mapping[str, int], broker: Redis) -> None:
        self._processes = processes
        self._broker = broker
        self._done = Event()
        self._sampler = Thread(target=self._sample, name="memory", daemon=True)
        self.cpu_s: dict[str, float] = {}
        self.broker_bytes = 0
        self.pss_mb = 0.0

    def __enter__(self) -> Self:
        self._cpu_before = self._cpu()
        self._bytes_before = self._received()
        self._sampler.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.broker_bytes = self._received() - self._bytes_before
        self.cpu_s = {
            name: round(used - self._cpu_before[name], 3) for name, used in self._cpu().items()
        }
        self._done.set()
        self._sampler.join()

    def _cpu(self) -> dict[str, float]:
        used = {name: cpu_s(pid) for name, pid in self._processes.items()}
        return used | {ASKING: process_time()}

    def _received(self) -> int:
        return int(self._broker.info("stats")["total_net_input_bytes"])

    def _sample(self) -> None:
        # Not at once: a short run would share its processor with this.
        while True:
            is_over = self._done.wait(SAMPLE_EVERY_S)
            self.pss_mb = max(self.pss_mb, sum(map(pss_mb, self._processes.values())))
            if is_over:
                return


def idle_shares(groups: Mapping[str, Mapping[str, int]], seconds: float) -> dict[str, float]:
    """How much of one processor each group of processes uses while nobody asks anything of any."""

    def used() -> dict[str, float]:
        return {name: sum(map(cpu_s, group.values())) for name, group in groups.items()}

    before = used()
    sleep(seconds)
    return {name: (after - before[name]) / seconds for name, after in used().items()}


def cpu_s(pid: int) -> float:
    """Processor seconds of a process, of its children, and of those that it has outlived."""
    used = 0.0
    for process in _tree(pid):
        try:
            times = process.cpu_times()
        except psutil.Error:
            continue  # it has just ended; its parent has its times then
        used += times.user + times.system + times.children_user + times.children_system
    return used


def pss_mb(pid: int) -> float:
    """Memory of a process and its children; what they share counts once."""
    used = 0
    for process in _tree(pid):
        try:
            used += process.memory_full_info().pss
        except psutil.Error:
            continue
    return used / 2**20


def _tree(pid: int) -> Iterator[psutil.Process]:
    try:
        leader = psutil.Process(pid)
        yield leader
        yield from leader.children(recursive=True)
    except psutil.Error:
        return
