"""The web application: one page for every address of its own, and the files it is built of.

The files are built by `make web` and kept in the repository, so that running HuleEdu needs no Node.
"""

from hashlib import sha256
from http import HTTPStatus
from pathlib import Path
from urllib.parse import urlsplit

from flask import Blueprint, Request, Response, abort, current_app, request
from werkzeug.datastructures import ContentSecurityPolicy
from werkzeug.security import safe_join

BUILT = Path(__file__).parents[1] / "static" / "app"
HOW_TO_BUILD = (
    "The web application has not been built. Run `make web`; the API is described at /docs.\n"
)
A_YEAR_S = 365 * 24 * 3600
# Smallest first: what the browser takes of these is sent as it lies on the disk.
ENCODINGS = {"br": ".br", "gzip": ".gz"}
TYPES = {
    ".js": "text/javascript",
    ".css": "text/css",
    ".svg": "image/svg+xml",
    ".json": "application/json",
    ".woff2": "font/woff2",
}
# The router in the browser knows the same addresses; frontend/src/app/router.tsx has them in order.
PAGES = (
    "/",
    "/sign-in",
    "/batches",
    "/batches/new",
    "/batches/<batch_id>",
    "/batches/<batch_id>/files",
    "/batches/<batch_id>/results",
    "/batches/<batch_id>/ranking",
    "/batches/<batch_id>/judging",
    "/batches/<batch_id>/essays/<essay_id>",
    "/notifications",
    "/settings",
)

bp = Blueprint("web", __name__)
# For the wiring test: what is served here is the same for everybody and holds no data.
bp.access = "open"  # type: ignore[attr-defined]


def page(**_: str) -> Response:
    """The page that is the whole application; asked for again each time, seldom sent twice."""
    index = _built() / "index.html"
    if not index.is_file():
        return Response(HOW_TO_BUILD, 503, mimetype="text/plain")
    body = index.read_bytes()
    answer = Response(body, mimetype="text/html")
    answer.cache_control.no_cache = True
    answer.set_etag(sha256(body).hexdigest()[:16])
    answer.content_security_policy = _policy()
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Referrer-Policy"] = "same-origin"
    answer.make_conditional(request)
    return answer


def is_visited(asked: Request) -> bool:
    """Whether somebody opened an address in a browser, rather than a program asking the API."""
    return (
        asked.method == "GET"
        and asked.accept_mimetypes.find("text/html") >= 0
        and not asked.path.startswith(("/v1/", "/internal/", "/assets/"))
    )


def nothing_here() -> Response:
    """The application, which says itself that there is no such page."""
    answer = page()
    if answer.status_code == HTTPStatus.OK:
        answer.status_code = HTTPStatus.NOT_FOUND
    return answer


for _rule in PAGES:
    bp.add_url_rule(_rule, view_func=page)


@bp.get("/assets/<path:name>")
def asset(name: str) -> Response:
    """A file whose name has a hash of what is in it: a browser keeps it for good."""
    found = safe_join(str(_built() / "assets"), name)
    path = Path(found) if found else None
    if path is None or path.suffix not in TYPES or not path.is_file():
        abort(404)
    packed = {
        encoding: file
        for encoding, ending in ENCODINGS.items()
        if (file := path.with_name(path.name + ending)).is_file()
    }
    # Only what is named counts: `*` would have a packed file sent to who never said so.
    accepted = {name for name, quality in request.accept_encodings if quality > 0}
    encoding = next((each for each in packed if each in accepted), None)
    answer = Response((packed[encoding] if encoding else path).read_bytes())
    answer.content_type = f"{TYPES[path.suffix]}; charset=utf-8"
    if encoding:
        answer.content_encoding = encoding
    if packed:
        answer.vary.add("Accept-Encoding")
    answer.cache_control.public = True
    answer.cache_control.immutable = True
    answer.cache_control.max_age = A_YEAR_S
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer


def _built() -> Path:
    return Path(current_app.config.get("WEB_FILES", BUILT))


def _sockets() -> list[str]:
    """Where sockets are served, if not here."""
    url = current_app.extensions["deps"].settings.ws_url
    return [f"{urlsplit(url).scheme}://{urlsplit(url).netloc}"] if url else []


def _policy() -> ContentSecurityPolicy:
    """Nothing from elsewhere, nothing inline: not a script, not a style."""
    policy = ContentSecurityPolicy()
    policy.default_src = "'none'"
    policy.script_src = "'self'"
    policy.style_src = "'self'"
    policy.img_src = "'self' data:"
    policy.font_src = "'self'"
    policy.connect_src = " ".join(["'self'", *_sockets()])
    policy.base_uri = "'none'"
    policy.form_action = "'self'"
    policy.frame_ancestors = "'none'"
    return policy
