"""What every answer tells browsers beside what it says: what it may not be used for."""

from flask import Flask, Response, request
from flask_cors import CORS

from app.settings import Settings

A_YEAR_S = 365 * 24 * 3600
EXPOSED = (
    "ETag",
    "Idempotent-Replayed",
    "Link",
    "Retry-After",
    "X-Correlation-ID",
    "X-RateLimit-Limit",
    "X-RateLimit-Remaining",
    "X-RateLimit-Reset",
)
_ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
}
# The two pages that describe the API bring scripts and styles of their own, and ask for the description only.
_DESCRIPTION = (
    "default-src 'none'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline';"
    " img-src 'self' data:; font-src 'self' data:; connect-src 'self'; worker-src 'self' blob:;"
    " base-uri 'none'; frame-ancestors 'none'"
)
_DESCRIBED_AT = ("/docs", "/redoc")


def protect(app: Flask) -> None:
    """Add the headers to whatever does not say otherwise itself."""

    @app.after_request
    def add(response: Response) -> Response:
        if request.path.startswith(_DESCRIBED_AT):
            response.headers.setdefault("Content-Security-Policy", _DESCRIPTION)
        for name, value in _ALWAYS.items():
            response.headers.setdefault(name, value)
        if request.path.startswith(("/v1/", "/internal/")):
            response.headers.setdefault("Cache-Control", "no-store")
        if request.is_secure:
            response.headers.setdefault("Strict-Transport-Security", f"max-age={A_YEAR_S}")
        return response


def let_in_origins(app: Flask, settings: Settings) -> None:
    """Let pages of other origins call the public API: those that are named, and no other."""
    if settings.origins:
        CORS(
            app,
            resources={r"/v1/.*": {"origins": list(settings.origins)}},
            supports_credentials=True,
            expose_headers=list(EXPOSED),
            max_age=600,
        )
