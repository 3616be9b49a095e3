"""Tables that are saved as a file of their own and kept by nobody on the way."""

from flask import Response

CSV = "text/csv"


def table(body: bytes, name: str) -> Response:
    """A CSV file.

    Args:
        body: in UTF-8.
        name: what it is saved as.
    """
    response = Response(body, content_type=f"{CSV}; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "private, no-store"
    return response
