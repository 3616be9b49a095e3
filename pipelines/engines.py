"""From the catalogue's `module:Class` to a phase that works; one of each per process."""

import inspect
from collections.abc import Callable, Mapping
from functools import cache
from importlib import import_module
from json import dumps, loads
from pkgutil import resolve_name
from typing import Any

from pipelines.phase import Phase

PARTS = (
    "name",
    "engine_version",
    "plans_once",
    "reads_found",
    "reads_texts",
    "prepare",
    "plan",
    "run_many",
)


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


class UnfitEngine(Exception):
    """An engine cannot do the work of its phase.

    Attributes:
        reason: why, as a sentence.
        is_about_options: whether other options would make it right.
    """

    def __init__(self, reason: str, *, is_about_options: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.is_about_options = is_about_options


def check(phase: str, engine: str, options: Mapping[str, Any]) -> None:
    """Make sure that an engine is there, takes its options, and is the phase it shall be.

    Raises:
        UnfitEngine: it is not.
    """
    _check_options(_find(engine), options)
    try:
        made = make(engine, options)
    except Exception as exc:
        raise UnfitEngine(f"The engine cannot be made: {exc!r}.") from exc
    missing = [part for part in PARTS if not hasattr(made, part)]
    if missing:
        raise UnfitEngine(f"The engine is no phase: it has no {', '.join(missing)}.")
    if made.name != phase:
        raise UnfitEngine(f"The engine calls itself {made.name!r}, not {phase!r}.")


def _find(engine: str) -> Callable[..., Phase]:
    module, _, name = engine.partition(":")
    try:
        found = import_module(module)
    except Exception as exc:
        # Whatever a module does while it is imported is the module's own affair.
        raise UnfitEngine(f"The module {module!r} cannot be imported: {exc}.") from exc
    try:
        made: Callable[..., Phase] = resolve_name(engine)
    except AttributeError as exc:
        raise UnfitEngine(f"The module {found.__name__!r} has no {name!r}.") from exc
    if not callable(made):
        raise UnfitEngine(f"{engine!r} is not a class.")
    return made


def _check_options(engine: Callable[..., Phase], options: Mapping[str, Any]) -> None:
    try:
        inspect.signature(engine).bind(**options)
    except TypeError as exc:
        reason = f"The engine does not take these options: {exc}."
        raise UnfitEngine(reason, is_about_options=True) from exc
