"""A ranking drawn: a dot for each essay's score and a whisker over what is likely, in light and in dark."""

import math
from collections.abc import Iterator, Sequence
from html import escape

from pipelines.phases.cj_assessment.assessment import Assessment, EssayScore

_WIDTH = 820
_LABELS = 230  # what names take on the left
_RIGHT = 28
_TOP, _BOTTOM = 78, 44
_ROW, _LEAST_ROW, _MOST_HEIGHT = 22, 4, 6000
_LEAST_ROW_WITH_NAME = 11
_LONGEST_NAME = 24  # characters
_TICKS = 6
_STEPS = (1, 2, 5, 10)

_STYLE = """
    svg { --ground: #ffffff; --ink: #1f2933; --soft: #52606d; --rule: #e4e7eb; --band: #f5f7fa; --dot: #0f6f57;
          --whisker: #7fb8a8; --odd: #b54708; background: var(--ground);
          font-family: system-ui, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif }
    @media (prefers-color-scheme: dark) {
      svg { --ground: #14181d; --ink: #e6eaee; --soft: #a3afbb; --rule: #2b333c; --band: #1b2127; --dot: #4cc9a4;
            --whisker: #2f7f6a; --odd: #f5a25d } }
    text { fill: var(--ink); font-size: 13px } .soft { fill: var(--soft); font-size: 12px }
    .title { font-size: 17px; font-weight: 600 } .rule { stroke: var(--rule) } .band { fill: var(--band) }
    .whisker { stroke: var(--whisker); stroke-linecap: round } .dot { fill: var(--dot) }
    .odd .dot { fill: var(--odd) } .odd text { fill: var(--odd) }
"""


def drawn(found: Assessment, title: str, *, odd: Sequence[str] = ()) -> str:
    """An SVG that needs nothing else.

    Args:
        found: what to draw; the best is on top.
        title: what it is a ranking of.
        odd: essays that somebody should look at.
    """
    return "\n".join(_lines(found, title, frozenset(odd))) + "\n"


def _lines(found: Assessment, title: str, odd: frozenset[str]) -> Iterator[str]:
    essays = found.essays
    row = max(_LEAST_ROW, min(_ROW, _MOST_HEIGHT / max(1, len(essays))))
    bottom = _TOP + row * len(essays)
    scale = _Scale(essays)
    yield (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{_WIDTH}" height="{bottom + _BOTTOM:.0f}"'
        f' viewBox="0 0 {_WIDTH} {bottom + _BOTTOM:.0f}" role="img" aria-labelledby="title desc">'
    )
    yield f'<title id="title">{_text(title)}</title><desc id="desc">{_text(_said(found))}</desc>'
    yield f"<style>{_STYLE}</style>"
    yield '<rect width="100%" height="100%" fill="var(--ground)"/>'
    yield f'<text class="title" x="20" y="30">{_text(title)}</text>'
    yield f'<text class="soft" x="20" y="51">{_text(_subtitle(found, len(odd)))}</text>'
    yield from _bands(essays, row)
    for value in scale.ticks:
        x = scale.x(value)
        yield f'<line class="rule" x1="{x:.1f}" x2="{x:.1f}" y1="{_TOP}" y2="{bottom:.1f}"/>'
        yield f'<text class="soft" x="{x:.1f}" y="{bottom + 18:.1f}" text-anchor="middle">{_number(value)}</text>'
    yield (
        f'<text class="soft" x="{(_LABELS + _WIDTH - _RIGHT) / 2:.0f}" y="{bottom + 36:.1f}"'
        ' text-anchor="middle">score in logits, with its 90 % interval;'
        " essays on one ground cannot be told from its first</text>"
    )
    for number, one in enumerate(essays):
        yield from _essay(one, _TOP + row * (number + 0.5), row, scale, is_odd=one.essay_id in odd)
    yield "</svg>"


class _Scale:
    def __init__(self, essays: Sequence[EssayScore]) -> None:
        low = min((one.low for one in essays), default=-1.0)
        high = max((one.high for one in essays), default=1.0)
        room = max(0.05 * (high - low), 0.1)
        self._low, self._high = low - room, high + room
        step = _step((self._high - self._low) / _TICKS)
        first = math.ceil(self._low / step)
        self.ticks = [step * n for n in range(first, math.floor(self._high / step) + 1)]

    def x(self, value: float) -> float:
        share = (value - self._low) / (self._high - self._low)
        return _LABELS + share * (_WIDTH - _LABELS - _RIGHT)


def _step(least: float) -> float:
    power = 10.0 ** math.floor(math.log10(least))
    return next(power * step for step in _STEPS if power * step >= least)


def _bands(essays: Sequence[EssayScore], row: float) -> Iterator[str]:
    """Every other group of essays that cannot be told apart has a ground of its own."""
    first = 0
    for number in range(1, len(essays) + 1):
        if number == len(essays) or essays[number].tie_group != essays[first].tie_group:
            if essays[first].tie_group % 2:
                y, height = _TOP + row * first, row * (number - first)
                yield f'<rect class="band" x="0" y="{y:.1f}" width="{_WIDTH}" height="{height:.1f}"/>'
            first = number


def _essay(one: EssayScore, y: float, row: float, scale: _Scale, *, is_odd: bool) -> Iterator[str]:
    size = min(4.5, row / 3)
    yield '<g class="odd">' if is_odd else "<g>"
    yield f"<title>{_text(_line(one))}</title>"
    if row >= _LEAST_ROW_WITH_NAME:
        font = f' style="font-size:{min(13.0, row - 1):.1f}px"' if row < _ROW else ""
        name = one.essay_id
        name = name if len(name) <= _LONGEST_NAME else f"{name[: _LONGEST_NAME - 1]}…"
        yield f'<text class="soft" x="44" y="{y + 4:.1f}" text-anchor="end"{font}>{one.rank}</text>'
        yield f'<text x="56" y="{y + 4:.1f}"{font}>{_text(name)}</text>'
    yield (
        f'<line class="whisker" x1="{scale.x(one.low):.1f}" x2="{scale.x(one.high):.1f}" y1="{y:.1f}"'
        f' y2="{y:.1f}" stroke-width="{size * 0.8:.1f}"/>'
    )
    yield f'<circle class="dot" cx="{scale.x(one.score):.1f}" cy="{y:.1f}" r="{size:.1f}"/>'
    yield "</g>"


def _line(one: EssayScore) -> str:
    return f"{one.rank}. {one.essay_id}: {one.score:+.2f}, {one.low:+.2f} to {one.high:+.2f}"


def _said(found: Assessment) -> str:
    return "; ".join(map(_line, found.essays)) or "There is no essay."


def _subtitle(found: Assessment, odd: int) -> str:
    honest = found.reliability.honest
    what = "internal consistency" if found.reliability.is_internal else "honest reliability"
    known = f"{what} {honest:.2f}" if honest is not None else f"{what} unknown"
    by = "; an estimate by the built-in judge" if found.reliability.is_internal else ""
    to_look_at = f"; {odd} to look at" if odd else ""
    return f"{len(found.essays)} essays, {found.decisions} decisions, {known}{by}{to_look_at}"


def _number(value: float) -> str:
    return f"{round(value, 6):g}".replace("-", "−")


def _text(value: str) -> str:
    """What XML can hold of it."""
    kept = (c if c.isprintable() or c == " " else "\ufffd" for c in value)
    return escape("".join(kept), quote=False)
