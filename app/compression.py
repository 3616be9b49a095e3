"""JSON is compressed for whoever takes it; anything else comes compressed already or is small."""

import gzip

from flask import Flask, Response, request

LEAST_BYTES = 1024
LEVEL = 5
_TYPES = {"application/json", "application/problem+json", "text/html", "text/markdown"}


def compress_answers(app: Flask) -> None:
    """Compress answers of some size with gzip."""

    @app.after_request
    def pack(response: Response) -> Response:
        if response.mimetype not in _TYPES or response.direct_passthrough:
            return response
        response.vary.add("Accept-Encoding")
        if "Content-Encoding" in response.headers or request.accept_encodings["gzip"] <= 0:
            return response
        body = response.get_data()
        if len(body) >= LEAST_BYTES:
            # The time is left out, so that the same body is always the same bytes.
            response.set_data(gzip.compress(body, LEVEL, mtime=0))
            response.headers["Content-Encoding"] = "gzip"
        return response
