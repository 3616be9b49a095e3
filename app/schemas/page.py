"""Pages of lists: what every list is asked by and answers with."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, ClassVar

from marshmallow import ValidationError, fields, post_load, validate

from app import paging
from app.paging import LONGEST_CURSOR, Order, Page
from app.schemas.base import StrictSchema, Text

MOST_ROWS = 200


class PageQuerySchema(StrictSchema):
    """How many rows, from where, in which order."""

    orders: ClassVar[Mapping[str, Order]]

    limit = fields.Integer(
        load_default=50,
        validate=validate.Range(1, MOST_ROWS),
        metadata={"description": "rows at most"},
    )
    cursor = Text(
        load_default=None,
        validate=validate.Length(1, LONGEST_CURSOR),
        metadata={"description": "`next_cursor` of the page before"},
    )

    @post_load
    def _make_page(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        sort, cursor = data.pop("sort"), data.pop("cursor")
        after = None
        if cursor is not None:
            try:
                after = paging.decode(cursor, sort, self.orders)
            except (ValueError, KeyError) as exc:
                raise ValidationError(
                    "Take it from `next_cursor` of the page before, with the same `sort`.",
                    "cursor",
                ) from exc
        return data | {"page": Page(sort, data.pop("limit"), after)}


def sorted_by(orders: Mapping[str, Order], default: str) -> fields.String:
    """The field that says how a list is sorted."""
    return fields.String(load_default=default, validate=validate.OneOf(list(orders)))


def words_of(allowed: type[StrEnum], **options: Any) -> fields.String:
    """A field of an enum's values, separated by commas."""
    names = "|".join(allowed)
    return fields.String(
        load_default=None,
        validate=validate.Regexp(
            rf"^({names})(,({names}))*$",
            error=f"Must be one or more of {', '.join(allowed)}, separated by commas.",
        ),
        **options,
    )


class PageSchema(StrictSchema):
    """A part of a list."""

    next_cursor = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "ask again with `cursor` set to this; null at the end"},
    )


class CountedPageSchema(PageSchema):
    """A part of a list that says how long the list is."""

    total = fields.Integer(required=True, metadata={"description": "rows of all pages"})
