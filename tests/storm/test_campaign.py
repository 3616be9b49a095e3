"""A campaign strikes evenly, one fault at a time, and counts only what left something."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from time import time
from types import SimpleNamespace
from typing import Any

import pytest

from app.services.deps import Deps
from tests import drivers
from tests.drivers import a_class
from tests.fakes import FakePublisher
from tests.storm import campaign, damage, history
from tests.storm.campaign import Campaign
from tests.storm.damage import Damage
from tests.storm.faults import Strike
from tests.storm.history import History


@pytest.fixture(autouse=True)
def _at_once(monkeypatch):
    monkeypatch.setattr(campaign, "MOST_PAUSE_S", 0.0)
    monkeypatch.setattr(campaign, "LOOKS_EVERY_S", 0.0)


class TestTheOrder:
    def test_has_each_process_and_each_loss_equally_often(self):
        faults = campaign.order(100, 10, Random("7"), rabbitmq=False)

        kills = dict.fromkeys(
            ["kill_relay", "kill_worker", "kill_child", "kill_beat", "kill_web"], 20
        )
        assert Counter(faults) == kills | {"empty_redis": 10, "crash_postgres": 10}

    def test_is_the_seeds(self):
        orders = [campaign.order(20, 2, Random(seed), rabbitmq=False) for seed in "778"]

        assert orders[0] == orders[1]
        assert orders[0] != orders[2]

    def test_has_losses_of_rabbitmq_where_there_is_one(self):
        faults = campaign.order(0, 2, Random("7"), rabbitmq=True)

        assert Counter(faults)["empty_rabbitmq"] == 2


@dataclass
class FakeNemesis:
    """Kills relays: strikes while messages are not marked, which are marked once everything was looked at.

    Attributes:
        leaving: for each strike whether it leaves something; the last one goes for those after it.
        also: what else must be true before a strike is made good.
        is_whole: whether every process is there.
    """

    deps: Deps
    history: History
    leaving: list[bool]
    also: Callable[[], bool] = lambda: True
    is_whole: Callable[[], bool] = lambda: True
    random: Random = field(default_factory=lambda: Random("7"))

    @property
    def installation(self) -> Any:
        return SimpleNamespace(deps=self.deps, is_whole=self.is_whole)

    def kill_relay(self) -> Strike:
        leaves = self.leaving.pop(0) if len(self.leaving) > 1 else self.leaving[0]
        left = Damage()
        if leaves:
            a_class(self.deps, "").start()
            left = damage.look(self.deps)
        self.history.note("struck")
        at = self.history.now()
        return Strike("kill relay", "relay", at, time(), 0.0, left, left, self.also)

    def everything(self) -> Damage:
        under_way = damage.look(self.deps)
        drivers.relay(self.deps, FakePublisher())
        return under_way


@pytest.fixture
def run(deps, tmp_path):
    """Run a campaign of as many strikes; it, and what its history has."""

    def run(strikes: int, **nemesis: Any) -> tuple[Campaign, list[str]]:
        written = History(tmp_path / "history.jsonl")
        of_relays = FakeNemesis(deps, written, **nemesis)
        ran = Campaign(of_relays, ["kill_relay"] * strikes, said.append)  # type: ignore[arg-type]
        ran.run()
        written.close()
        return ran, [line["type"] for line in history.read(written.path)]

    said: list[str] = []
    run.said = said
    return run


def after(looks: int) -> Callable[[], bool]:
    """Something that is true from the look after so many."""
    seen = iter([False] * looks)
    return lambda: next(seen, True)


class TestACampaign:
    def test_goes_on_until_enough_strikes_have_left_something(self, run):
        ran, _ = run(2, leaving=[True, False, False, True])

        assert [each.counts for each in ran.recoveries] == [True, False, False, True]
        assert ran.counted == 2

    def test_says_of_each_how_far_it_is_and_how_long_it_took(self, run):
        run(2, leaving=[False, True])

        assert "left nothing" in run.said[0]
        assert "1 of 2" in run.said[1]
        assert "kill relay" in run.said[1]
        assert "0.0 s" in run.said[1]

    def test_gives_up_on_what_never_leaves_anything(self, run):
        ran, _ = run(1, leaving=[False])

        assert len(ran.recoveries) == campaign.MOST_TRIES
        assert ran.counted == 0

    def test_does_not_strike_before_the_last_strike_is_made_good(self, run):
        _, happened = run(2, leaving=[True], also=after(5))

        assert happened == ["struck", "recovered"] * 2

    def test_does_not_strike_before_every_process_is_there_again(self, run):
        ran, _ = run(2, leaving=[True], is_whole=after(5))

        first, second = ran.recoveries
        assert first.done_s < first.calm_s < second.strike.at - first.strike.at

    def test_says_where_there_is_no_rest(self, run, monkeypatch):
        monkeypatch.setattr(campaign, "PATIENCE_S", 0.1)

        ran, happened = run(1, leaving=[True], is_whole=lambda: False)

        assert "no rest" in ran.restless[0]
        assert happened == ["struck", "recovered", "not_at_rest"]
