"""From the catalogue's `module:Class` to a phase that works; one of each per process."""

from collections.abc import Mapping
from functools import cache
from json import dumps, loads
from pkgutil import resolve_name
from typing import Any

from pipelines.phase import Phase


def make(engine: str, options: Mapping[str, Any]) -> Phase:
    """The phase an engine's name stands for, made once per process and set of options.

    Args:
        engine: `module:Class`.
        options: keyword arguments for the class, JSON-ready.

    Raises:
        ImportError, AttributeError: no such module or class.
        TypeError: the class does not take these options.
    """
    return _make(engine, dumps(options, sort_keys=True))


@cache
def _make(engine: str, options: str) -> Phase:
    phase: Phase = resolve_name(engine)(**loads(options))
    return phase
