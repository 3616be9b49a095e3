"""What tests of the language phases share: phases loaded once, and short ways to ask them."""

import uuid
from collections.abc import Callable, Mapping
from hashlib import sha256
from typing import Any

import pytest

from pipelines.phase import BatchContext, Done, Item, Outcome, Phase, Unit
from pipelines.phases.nlp import Nlp
from pipelines.phases.spellcheck import Spellcheck
from pipelines.vocabulary import Language

Ask = Callable[..., Mapping[str, Any]]


def an_item(text: str) -> Item:
    return Item(uuid.uuid4(), text, sha256(text.encode()).hexdigest())


def a_batch(
    language: str = "en",
    instructions: str = "",
    names: tuple[str, ...] = (),
    allowed: tuple[str, ...] = (),
) -> BatchContext:
    given = frozenset(names), frozenset(allowed)
    return BatchContext(uuid.uuid4(), Language(language), "X1", instructions, *given)


def outcomes(phase: Phase, *texts: str, **batch: Any) -> list[Outcome]:
    units = [Unit(position, (an_item(text),)) for position, text in enumerate(texts)]
    return list(phase.run_many(a_batch(**batch), units))


def result(phase: Phase, text: str, **batch: Any) -> Mapping[str, Any]:
    (outcome,) = outcomes(phase, text, **batch)
    assert isinstance(outcome, Done), outcome
    return outcome.result


@pytest.fixture(scope="session")
def spellcheck() -> Spellcheck:
    phase = Spellcheck()
    phase.prepare()
    return phase


@pytest.fixture(scope="session")
def nlp() -> Nlp:
    phase = Nlp()
    phase.prepare()
    return phase


@pytest.fixture(scope="session")
def check(spellcheck: Spellcheck) -> Ask:
    return lambda text, language="en", **batch: result(spellcheck, text, language=language, **batch)


@pytest.fixture(scope="session")
def measure(nlp: Nlp) -> Ask:
    return lambda text, language="en": result(nlp, text, language=language)


@pytest.fixture(scope="session")
def run() -> Callable[..., list[Outcome]]:
    return outcomes
