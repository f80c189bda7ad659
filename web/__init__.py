"""The REST API and the pages: a second face beside the chat, over the same rights."""

from typing import Any

from apiflask import APIFlask

from web.api import PREFIX, make_api
from web.headers import protect
from web.health import make_health, measure
from web.pages import add_pages
from web.problems import MEDIA_TYPE, TITLES, handle_problems
from web.site import Site

__all__ = ["create_app"]

BODY_LIMIT = 64 * 1024
VERSION = "1"

ABOUT = """聊单的 REST 接口，目前只读。

每个请求带 `Authorization: Bearer ld_…`；令牌用 `liaodan token create --as 平台:账号` 生成，权利与那位成员的相同。
列表是 `{"items": […], "next": cursor 或 null}`，新的在前；把 `next` 原样放进 `cursor` 取下一页，直到它为 null。
时间一律是 ISO 8601 的 UTC。出错时回答 RFC 9457 的 problem JSON。没有列出的参数不接受。
"""


def create_app(site: Site) -> APIFlask:
    """Build the WSGI application."""
    app = APIFlask(__name__, title="聊单 API", version=VERSION, spec_path=f"{PREFIX}/openapi.json", docs_path=None)
    app.config.update(
        MAX_CONTENT_LENGTH=BODY_LIMIT,
        SEND_FILE_MAX_AGE_DEFAULT=3600,
        DESCRIPTION=ABOUT,
        AUTO_SERVERS=False,  # made from the Host header of whoever asks first
        AUTO_404_RESPONSE=False,
        AUTO_VALIDATION_ERROR_RESPONSE=False,
        AUTO_AUTH_ERROR_RESPONSE=False,
        SUCCESS_DESCRIPTION="成功",
    )
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    app.json.sort_keys = False  # type: ignore[attr-defined]
    measure(app)
    protect(app)
    handle_problems(app, site.out_of_reach)
    app.register_blueprint(make_health(site))
    app.register_blueprint(make_api(site))
    add_pages(app)
    app.spec_processor(_finish)
    return app


def _finish(spec: Any) -> Any:
    """Say what APIFlask cannot know: the token, the problems, what a path's `ref` is."""
    spec["servers"] = [{"url": "/"}]
    components = spec.setdefault("components", {})
    components["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer"}}
    components["schemas"] = _plain_names(components["schemas"]) | {"Problem": _PROBLEM}
    components["responses"] = {name: _response(title, meaning) for name, (_, title, meaning) in TITLES.items()}
    spec["paths"] = dict(sorted(spec["paths"].items(), key=lambda one: (not one[0].startswith(PREFIX), one[0])))
    for path, operations in spec["paths"].items():
        if not path.startswith(f"{PREFIX}/"):
            continue
        is_item = path.endswith("}")
        names = ("unauthorized", "not-found" if is_item else "bad-cursor", "invalid-parameters", "internal-error")
        for operation in operations.values():
            operation["security"] = [{"token": []}]
            for name in names:
                operation["responses"][str(TITLES[name][0])] = {"$ref": f"#/components/responses/{name}"}
            for parameter in operation["parameters"]:
                if parameter["in"] == "path":
                    parameter["description"] = "编号，例如 L12"
                elif description := parameter["schema"].get("description"):
                    parameter["description"] = description
    return spec


def _plain_names(schemas: dict[str, Any]) -> dict[str, Any]:
    """Let whatever holds a shape point at the one of that name; APIFlask makes a copy for each: `LeadPage.LeadOut`."""
    plain = {name.rpartition(".")[2]: schemas[name] for name in sorted(schemas, key=lambda name: -name.count("."))}
    for shape in plain.values():
        _point_at_plain_names(shape)
    return plain


def _point_at_plain_names(part: Any) -> None:
    if isinstance(part, dict):
        if isinstance(ref := part.get("$ref"), str):
            part["$ref"] = f"#/components/schemas/{ref.rpartition('/')[2].rpartition('.')[2]}"
        for value in part.values():
            _point_at_plain_names(value)
    elif isinstance(part, list):
        for value in part:
            _point_at_plain_names(value)


def _response(title: str, meaning: str) -> dict[str, Any]:
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {"description": f"{title}：{meaning}", "content": content}


_PROBLEM = {
    "type": "object",
    "description": "RFC 9457",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string", "format": "uri-reference"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "errors": {
            "type": "array",
            "description": "参数有误时：哪个参数，为什么",
            "items": {
                "type": "object",
                "required": ["name", "reason"],
                "properties": {"name": {"type": "string"}, "reason": {"type": "string"}},
            },
        },
    },
}
