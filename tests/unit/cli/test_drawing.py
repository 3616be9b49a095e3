"""Whoever reads a drawing finds the graph again, and nothing else."""

from textwrap import dedent

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from app.cli.drawing import Box, draw
from pipelines import graph

WIDE = 400
# Where a line goes on from a character, as (row, column) steps.
UP, DOWN, LEFT, RIGHT = (-1, 0), (1, 0), (0, -1), (0, 1)
LEADS = {
    "│": {UP, DOWN},
    "─": {LEFT, RIGHT},
    "┌": {DOWN, RIGHT},
    "┐": {DOWN, LEFT},
    "└": {UP, RIGHT},
    "┘": {UP, LEFT},
    "├": {UP, DOWN, RIGHT},
    "┤": {UP, DOWN, LEFT},
    "┬": {DOWN, LEFT, RIGHT},
    "┴": {UP, LEFT, RIGHT},
    "┼": {UP, DOWN, LEFT, RIGHT},
}


def drawn(before: graph.Edges, width: int = WIDE) -> list[str] | None:
    return draw({name: Box((name,)) for name in before}, before, width=width)


def edges_of(before: graph.Edges) -> set[tuple[str, str]]:
    """What comes right before what, without what follows from others."""
    beyond = {name: graph.closure([name], before) - {name} for name in before}
    return {
        (source, name)
        for name in before
        for source in before[name]
        if not any(source in beyond[other] for other in before[name])
    }


def read(rows: list[str], names: list[str]) -> set[tuple[str, str]]:
    """The edges of a drawing, read as a person would: down from a box, along the lines, to an arrowhead."""
    at = {}
    for y, row in enumerate(rows):
        for x, character in enumerate(row):
            inside = row[x + 1 : row.find("│", x + 1)].strip()
            if character == "│" and inside in names and rows[y - 1][x] == "┌":
                at[y, x] = inside
    found = set()
    for (y, x), name in at.items():
        foot = rows[y + 1].find("┬", x, rows[y + 1].index("┘", x))
        for head_y, head_x in heads(rows, y + 2, foot) if foot >= 0 else ():
            left = max(corner for corner in at if corner[0] == head_y + 2 and corner[1] < head_x)
            found.add((name, at[left]))
    return found


def heads(rows: list[str], y: int, x: int) -> set[tuple[int, int]]:
    """The arrowheads one comes to who goes down from a place and never up; nothing turns at a bridge."""
    found, seen = set(), set()
    todo = [((y, x), DOWN)]
    while todo:
        (row, column), heading = here = todo.pop()
        if here in seen:
            continue
        seen.add(here)
        character = rows[row][column]
        if character == "▼":
            found.add((row, column))
            continue
        is_passed = character == "│" and heading in {LEFT, RIGHT}
        on = {heading} if is_passed else LEADS[character] - {UP, (-heading[0], -heading[1])}
        todo += [((row + step[0], column + step[1]), step) for step in on]
    return found


@st.composite
def graphs(draw_from) -> dict[str, list[str]]:
    names = [f"p{n}" for n in range(draw_from(st.integers(1, 7)))]
    return {
        name: draw_from(st.lists(st.sampled_from(names[:n]), unique=True, max_size=3)) if n else []
        for n, name in enumerate(names)
    }


@given(graphs())
def test_a_drawing_says_what_comes_before_what_and_nothing_else(before):
    rows = drawn(before)
    assume(rows is not None)

    assert read(rows, list(before)) == edges_of(before)


@given(graphs(), st.integers(10, 60))
def test_a_drawing_fits_or_is_not_made(before, width):
    rows = drawn(before, width)

    assert rows is None or max(map(len, rows)) <= width


LOOKS = {
    "a diamond": (
        {"root": [], "left": ["root"], "right": ["root"], "join": ["left", "right"]},
        """
             ┌───────┐
             │ root  │
             └───┬───┘
           ┌─────┴─────┐
           ▼           ▼
       ┌───────┐   ┌───────┐
       │ left  │   │ right │
       └───┬───┘   └───┬───┘
           └─────┬─────┘
                 ▼
             ┌───────┐
             │ join  │
             └───────┘
        """,
    ),
    "an edge past a layer, and one that follows from it": (
        {"a": [], "b": ["a"], "c": ["b"], "d": ["a"], "e": ["c", "d", "a"]},
        """
            ┌───┐
            │ a │
            └─┬─┘
          ┌───┴───┐
          ▼       ▼
        ┌───┐   ┌───┐
        │ b │   │ d │
        └─┬─┘   └─┬─┘
          └─┐     │
            ▼     │
          ┌───┐   │
          │ c │   │
          └─┬─┘   │
            └─┬───┘
              ▼
            ┌───┐
            │ e │
            └───┘
        """,
    ),
    "two that lead to the same": (
        {"a": [], "b": [], "c": ["a", "b"], "d": ["a", "b"]},
        """
        ┌───┐   ┌───┐
        │ a │   │ b │
        └─┬─┘   └─┬─┘
          ├───────┤
          ▼       ▼
        ┌───┐   ┌───┐
        │ c │   │ d │
        └───┘   └───┘
        """,
    ),
    "two that lead to one and each to another": (
        {"a": [], "b": [], "left": ["a"], "both": ["a", "b"], "right": ["b"]},
        """
              ┌───────┐   ┌───────┐
              │   a   │   │   b   │
              └───┬───┘   └───┬───┘
            ┌─────┴────┐ ┌────┴─────┐
            ▼          ▼ ▼          ▼
        ┌───────┐   ┌───────┐   ┌───────┐
        │ left  │   │ both  │   │ right │
        └───────┘   └───────┘   └───────┘
        """,
    ),
    "lines that pass each other": (
        {"a": [], "b": [], "c": ["a"], "d": ["b"], "e": ["c", "b"], "f": ["d", "a"]},
        """
            ┌───┐   ┌───┐
            │ a │   │ b │
            └─┬─┘   └─┬─┘
          ┌───┴─────┐ │
          │     ┌───│─┴───┐
          ▼     │   │     ▼
        ┌───┐   │   │   ┌───┐
        │ c │   │   │   │ d │
        └─┬─┘   │   │   └─┬─┘
          └───┬─┘   └─┬───┘
              ▼       ▼
            ┌───┐   ┌───┐
            │ e │   │ f │
            └───┘   └───┘
        """,
    ),
}


@pytest.mark.parametrize("what", LOOKS)
def test_a_drawing_looks_good(what):
    before, looks = LOOKS[what]

    assert drawn(before) == dedent(looks).strip("\n").rstrip().splitlines()
