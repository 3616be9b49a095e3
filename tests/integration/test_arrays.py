"""Array literals mean what they were made of, whatever is in them."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from app.repositories import arrays
from app.services.deps import Deps

# Postgres has no NUL in texts, and UTF-8 no lone surrogates.
TEXTS = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]))


def read_back(deps: Deps, values: list, kind: str) -> list:
    with deps.uow("arrays") as uow:
        return uow.session.execute(
            text(f"select cast(:values as {kind}[])"), {"values": arrays.literal(values)}
        ).scalar_one()


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.none() | TEXTS | st.sampled_from(["null", "NULL", "", " ", "{}", "a,b", '"\\'])))
def test_texts_come_back_as_they_were(deps, values):
    assert read_back(deps, values, "text") == values


@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.lists(st.uuids()), st.lists(st.none() | st.floats(allow_nan=False)), st.lists(st.booleans())
)
def test_other_values_come_back_as_they_were(deps, ids, numbers, switches):
    assert read_back(deps, ids, "uuid") == ids
    assert read_back(deps, numbers, "float8") == numbers
    assert read_back(deps, switches, "boolean") == switches
