"""Cursors: what is made here comes back, and nothing else does."""

from datetime import UTC

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app import paging
from app.paging import Order

ORDERS = {
    "by_time": Order((paging.moment, paging.uuid)),
    "by_name": Order((paging.text, paging.number)),
}
NAMES = st.text(st.characters(codec="utf-8", exclude_characters="\0"))


@given(st.datetimes(timezones=st.just(UTC)), st.uuids())
def test_a_moment_and_an_id_come_back(at, row):
    assert paging.decode(paging.encode("by_time", [at, row]), "by_time", ORDERS) == (at, row)


@given(NAMES, st.integers(-(2**53), 2**53) | st.floats(-1e15, 1e15))
def test_a_name_and_a_number_come_back(name, number):
    cursor = paging.encode("by_name", [name, number])

    assert paging.decode(cursor, "by_name", ORDERS) == (name, number)


@given(st.text())
def test_anything_else_is_refused(cursor):
    with pytest.raises(ValueError):  # noqa: PT011 - whatever it is, it is one
        paging.decode(cursor, "by_time", ORDERS)
