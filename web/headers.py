"""Headers that every answer carries: nothing from elsewhere runs in our pages, nothing of ours is kept or framed."""

from flask import Flask, Response, request

_PAGES = (
    "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_DATA = "default-src 'none'; frame-ancestors 'none'"

_ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


def protect(app: Flask) -> None:
    """Add the headers to every answer of `app`."""

    @app.after_request
    def add(response: Response) -> Response:
        for name, value in _ALWAYS.items():
            response.headers[name] = value
        response.headers["Content-Security-Policy"] = _PAGES if response.mimetype == "text/html" else _DATA
        if request.endpoint != "static" or response.status_code != 200:  # noqa: PLR2004
            response.headers["Cache-Control"] = "no-store"
        return response
