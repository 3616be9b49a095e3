"""What was measured, for people."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from rich.box import SIMPLE_HEAD
from rich.console import ConsoleRenderable
from rich.table import Table
from rich.text import Text

from bench.spelling.figures import Figures
from bench.spelling.rows import Filled, Measured
from bench.spelling.speed import OurSpeed
from bench.spelling.systems import PeerSaid

_COLUMNS = (
    ("P", ("precision",), 100),
    ("R", ("recall",), 100),
    ("F0.5", ("f05",), 100),
    ("alarms", ("alarms_per_1000",), 1),
    ("on names", ("on_names_per_1000",), 1),
    ("top-1", ("top1",), 100),
    ("top-5", ("top5",), 100),
    ("end to end", ("end_to_end",), 100),
    ("asked", ("asked",), None),
    ("non-words: F0.5", ("nonword", "f05"), 100),
    ("top-1", ("nonword", "top1"), 100),
    ("top-5", ("nonword", "top5"), 100),
)


def of_sets(measured: Measured) -> Iterator[ConsoleRenderable]:
    """A table for each set: everybody beside every figure. Alarms are in 1,000 words."""
    names = dict.fromkeys(name for sets in measured.values() for name in sets)
    for name in names:
        said = {system: sets[name] for system, sets in measured.items() if name in sets}
        first = next(iter(said.values()))
        yield Text(f"{name}: {first['sentences']} sentences, {first['words']} words", "bold")
        yield _of_set(said)


def of_rows(filled: Iterable[Filled]) -> Table:
    """The figures that spelling is judged by, as far as there are any."""
    table = _table("What spelling is judged by")
    for heading in ("", "ours", "best peer", "who", "aim"):
        table.add_column(heading, justify="left" if heading in ("", "who") else "right")
    for one in filled:
        if one.ours is None and not one.peers:
            continue
        peer = one.peers[one.best_peer] if one.best_peer else None
        table.add_row(
            one.row.title,
            Text(_number(one.ours), _style(one)),
            _number(peer),
            one.best_peer or "",
            f"{'≤' if one.row.is_cost else '≥'} {one.row.aim:g}" if one.row.aim is not None else "",
        )
    return table


def of_speed(ours: Mapping[str, OurSpeed], peers: Mapping[str, Mapping[str, PeerSaid]]) -> Table:
    """Words a second, by processor seconds, and what everybody needs to be ready."""
    table = _table("Speed, by processor seconds")
    for heading in ("", "language", "words/s", "again", "ms a suggestion", "start s", "MB"):
        table.add_column(heading, justify="left" if heading in ("", "language") else "right")
    for language, mine in ours.items():
        table.add_row(
            *("huleedu", language, f"{mine.cold_per_s:,.0f}", f"{mine.again_per_s:,.0f}", ""),
            *(f"{mine.start_cpu_s:.2f}", ""),
        )
        for name, said in peers.get(language, {}).items():
            speed = said.speed or {}
            table.add_row(
                *(name, language, f"{speed.get('words_per_s', 0):,.0f}", ""),
                _number(speed.get("suggestion_ms")),
                *(f"{said.start_cpu_s:.2f}", f"{said.memory_mb['rss']:.0f}"),
            )
    return table


def _of_set(said: Mapping[str, Figures]) -> Table:
    table = _table(None)
    table.add_column("")
    shown = [column for column in _COLUMNS if any(_at(each, column[1]) for each in said.values())]
    for heading, _, _ in shown:
        table.add_column(heading, justify="right")
    for system, figures in said.items():
        table.add_row(system, *(_figure(figures, path, unit) for _, path, unit in shown))
    return table


def _figure(figures: Figures, path: Sequence[str], unit: int | None) -> str:
    value = _at(figures, path)
    if unit is None:
        return "–" if value is None else str(value)
    return _number(None if value is None else value * unit)


def _at(figures: Figures, path: Sequence[str]) -> float | None:
    for step in path:
        figures = figures[step]
    return figures


def _number(value: float | None) -> str:
    if value is None:
        return "–"
    return f"{value:.1f}" if abs(value) >= 1 or not value else f"{value:.2f}"


def _style(one: Filled) -> str:
    if one.ours is None or one.row.aim is None:
        return ""
    reached = one.ours <= one.row.aim if one.row.is_cost else one.ours >= one.row.aim
    return "green" if reached else "yellow"


def _table(title: str | None) -> Table:
    return Table(title=title, title_justify="left", box=SIMPLE_HEAD, header_style="bold")
