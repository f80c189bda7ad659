"""Pages for people: what runs here, and the API's documentation made from its own OpenAPI document."""

from functools import cache
from typing import Any

from apiflask import APIFlask
from flask import render_template

from web.problems import TITLES


def add_pages(app: APIFlask) -> None:
    """Add the home page, the console's place and the documentation."""

    @app.get("/")
    @app.get("/console/", strict_slashes=False)
    @app.doc(hide=True)
    def home() -> str:
        return render_template("home.html")

    @cache
    def spec() -> Any:
        return app.spec

    @app.get("/api/docs")
    @app.doc(hide=True)
    def docs() -> str:
        return render_template("docs.html", spec=spec(), problems=TITLES, shape_of=_shape, type_of=_type)


def _shape(spec: dict[str, Any], operation: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of what an operation answers with; of a list, of its items."""
    content = operation["responses"].get("200", {}).get("content", {}).get("application/json", {})
    shape = _resolved(spec, content.get("schema", {}))
    if "items" in (properties := shape.get("properties", {})):
        return _resolved(spec, properties["items"]["items"])
    return shape


def _resolved(spec: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    reference = schema.get("$ref", "")
    found: dict[str, Any] = spec["components"]["schemas"][reference.rsplit("/", 1)[1]] if reference else schema
    return found


def _type(field: dict[str, Any]) -> str:
    kinds = [one.get("format") or one.get("type", "") for one in field.get("anyOf", [field])]
    return " | ".join(kinds)
