"""What we decline over HTTP: RFC 9457 problem JSON for everything, never a stack trace, never what was sent."""

import json
import logging
import traceback
from http import HTTPStatus
from typing import Any

from apiflask import APIFlask
from apiflask.exceptions import HTTPError
from flask import Response, request
from pydantic import ValidationError

log = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"
DOCS = "/api/docs#"

TITLES: dict[str, tuple[int, str, str]] = {
    "bad-cursor": (400, "翻页标记无效", "cursor 不是本接口为这个令牌和这个列表生成的。去掉 cursor 从第一页重新开始。"),
    "unauthorized": (
        401,
        "需要有效的令牌",
        "请求头要带 Authorization: Bearer ld_…，令牌用 liaodan token create 生成。",
    ),
    "not-found": (404, "没有找到", "没有这条记录，或者它不在您可见的范围内；两种情况的回答相同。"),
    "method-not-allowed": (405, "不支持这种请求方法", "这个地址支持的方法见响应头 Allow。"),
    "invalid-parameters": (422, "参数有误", "errors 里逐个写明参数名和原因；没有列出的参数不接受。"),
    "unavailable": (503, "暂时不可用", "数据库此刻连不上，请稍后再试；/readyz 说明原因。"),
    "internal-error": (500, "服务器内部错误", "我们这边出了问题，已经记录。请稍后再试。"),
}
"""Every problem we name: its status, its title, and what it means."""

_BY_STATUS = {status: name for name, (status, _, _) in TITLES.items() if status != HTTPStatus.BAD_REQUEST}

_REASONS = {
    "extra_forbidden": "没有这个参数",
    "int_parsing": "要写成整数",
    "greater_than_equal": "不能小于 {ge}",
    "less_than_equal": "不能大于 {le}",
    "string_too_long": "最多 {max_length} 个字",
    "literal_error": "只能是 true 或 false",
}


class Problem(Exception):
    """Something we decline, by its name in TITLES."""

    def __init__(
        self,
        name: str,
        detail: str = "",
        *,
        errors: list[dict[str, str]] | None = None,
        headers: dict[str, str] | None = None,
    ) -> None:
        super().__init__(name)
        self.name, self.detail, self.errors, self.headers = name, detail, errors, headers or {}


def handle_problems(app: APIFlask, out_of_reach: tuple[type[Exception], ...]) -> None:
    """Let `app` answer everything that goes wrong with a problem document; `out_of_reach` are a lost database's."""
    app.error_processor(_http_error)
    app.register_error_handler(Problem, _problem)
    app.register_error_handler(Exception, _bug)
    for error in out_of_reach:
        app.register_error_handler(error, _unavailable)


def _problem(problem: Problem) -> Response:
    status, title, meaning = TITLES[problem.name]
    body: dict[str, Any] = {
        "type": DOCS + problem.name,
        "title": title,
        "status": status,
        "detail": problem.detail or meaning,
    }
    if problem.errors is not None:
        body["errors"] = problem.errors
    return _answer(body, problem.headers)


def _http_error(error: HTTPError) -> Response:
    """Answer what Flask or APIFlask declined: an unknown address, a wrong method, a wrong parameter."""
    headers = {name: str(value) for name, value in dict(error.headers).items()}
    if isinstance(error.__cause__, ValidationError):
        return _problem(Problem("invalid-parameters", errors=_reasons(error.__cause__), headers=headers))
    if error.status_code in _BY_STATUS:
        return _problem(Problem(_BY_STATUS[error.status_code], headers=headers))
    phrase = HTTPStatus(error.status_code).phrase
    body = {"type": "about:blank", "title": phrase, "status": error.status_code, "detail": phrase}
    return _answer(body, headers)


def _bug(error: Exception) -> Response:
    """Log where it happened, not what it said: messages of databases quote people's data."""
    frames = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(error.__traceback__)]
    log.error("%s %s: %s at %s", request.method, request.endpoint, type(error).__name__, " < ".join(frames[:-6:-1]))
    return _problem(Problem("internal-error"))


def _unavailable(error: Exception) -> Response:
    log.warning("%s %s: %s", request.method, request.endpoint, type(error).__name__)
    return _problem(Problem("unavailable", headers={"Retry-After": "5"}))


def _reasons(error: ValidationError) -> list[dict[str, str]]:
    return [
        {
            "name": ".".join(map(str, one["loc"]))[:64],
            "reason": _REASONS.get(one["type"], one["msg"]).format_map(one.get("ctx", {})),
        }
        for one in error.errors(include_input=False, include_url=False)
    ]


def _answer(body: dict[str, Any], headers: dict[str, str]) -> Response:
    text = json.dumps(body, ensure_ascii=False)
    kept = {name: value for name, value in headers.items() if name.lower() not in ("content-type", "content-length")}
    return Response(text, status=body["status"], headers=kept, mimetype=MEDIA_TYPE)
