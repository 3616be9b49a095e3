"""The API's description to read: `/redoc`, beside `/docs`; and a page for every type of problem."""

import re
from hashlib import sha256
from pathlib import Path

from flask import Blueprint, Response, abort, request, send_from_directory

REDOC = Path(__file__).parents[1] / "static" / "redoc"
PROBLEMS = Path(__file__).parents[2] / "docs" / "reference" / "problems"
A_DAY_S = 24 * 3600
_SLUG = re.compile(r"[a-z0-9-]{1,100}")
# No script stands in the page itself; the element says all that Redoc has to know.
_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>HuleEdu API</title>
</head>
<body style="margin: 0">
<redoc spec-url="/openapi.json" sort-required-props-first hide-loading></redoc>
<script src="/redoc/redoc.standalone.js"></script>
</body>
</html>
"""

bp = Blueprint("description", __name__)
# For the wiring test: what is served here is the same for everybody and holds no data.
bp.access = "open"  # type: ignore[attr-defined]


@bp.get("/redoc")
@bp.get("/redoc/")
def redoc() -> Response:
    """The description as one page."""
    return Response(_PAGE, mimetype="text/html")


@bp.get("/redoc/redoc.standalone.js")
def redoc_script() -> Response:
    """Redoc itself; `make redoc` fetches it."""
    return send_from_directory(
        REDOC, "redoc.standalone.js", mimetype="text/javascript", max_age=A_DAY_S
    )


@bp.get("/problems/<slug>")
def problem(slug: str) -> Response:
    """What a type of problem means and what to do; the address is the problem's `type`."""
    page = PROBLEMS / f"{slug}.md"
    # README.md is the list of them, and does not match.
    if not _SLUG.fullmatch(slug) or not page.is_file():
        abort(404)
    body = page.read_bytes()
    # Plain, because browsers save Markdown rather than show it.
    answer = Response(body, content_type="text/plain; charset=utf-8")
    answer.cache_control.max_age = A_DAY_S
    answer.set_etag(sha256(body).hexdigest()[:16])
    answer.make_conditional(request)
    return answer
