"""The REST API and, later, the console: a second face beside the chat, over the same services."""

from typing import Any

from flask import Flask

from web.site import Site


def create_app(site: Site) -> Any:
    """Build the Flask application."""
    return Flask(__name__).wsgi_app
