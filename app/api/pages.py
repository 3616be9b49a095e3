"""The way to the next page as a header, beside the cursor in the body."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from flask import request


def answer(body: Mapping[str, Any]) -> tuple[Mapping[str, Any], dict[str, str]]:
    """A page's body and its `Link` header."""
    if body["next_cursor"] is None:
        return body, {}
    query = request.args.to_dict() | {"cursor": body["next_cursor"]}
    return body, {"Link": f'<{request.path}?{urlencode(query)}>; rel="next"'}


def words(joined: str | None) -> list[str]:
    """The words of a parameter that are separated by commas."""
    return joined.split(",") if joined else []
