"""A plugin of pytest: Hypothesis does not look for the smallest example, since any that fails will do."""

import pytest
from hypothesis import Phase, settings

PROFILE = "first red"
PHASES = (Phase.explicit, Phase.reuse, Phase.generate, Phase.target)


def pytest_configure(config: pytest.Config) -> None:
    """Make these the phases of every test that does not say its own."""
    settings.register_profile(PROFILE, phases=PHASES)
    settings.load_profile(PROFILE)
