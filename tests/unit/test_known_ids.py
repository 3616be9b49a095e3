"""Ids out of Postgres: made once, and like any other `UUID`."""

import json
import pickle
from uuid import UUID, uuid4

from app import known_ids


def known(written: str) -> UUID:
    found = known_ids._cast(written, None)
    assert found is not None
    return found


def test_the_same_id_is_made_once():
    written = str(uuid4())

    assert known(written) is known(written)


def test_is_like_any_other():
    plain = uuid4()

    found = known(str(plain))

    assert found == plain
    assert {plain: 1}[found] == 1
    assert (str(found), found.hex, f"{found}") == (str(plain), plain.hex, f"{plain}")
    assert sorted([found, UUID(int=0)]) == [UUID(int=0), plain]
    assert json.dumps(found, default=str) == json.dumps(plain, default=str)


def test_comes_back_from_a_pickle_as_what_it_was():
    plain = uuid4()

    assert pickle.loads(pickle.dumps(known(str(plain)))) == plain


def test_null_is_none():
    assert known_ids._cast(None, None) is None
