"""What the two APIs answer when they refuse: v1.0 by name and HTTP status, oapi by number in a 200."""

from typing import Any

from emulator.store import Json

OAPI_TEXTS = {
    -1: "系统繁忙",
    15: "isp.top-remote-connection-timeout",
    22: "不存在的api",
    33012: "无效的USERID",
    40004: "不合法的媒体文件类型",
    40009: "不合法的媒体文件大小",
    40014: "不合法的access_token",
    40035: "不合法的参数",
    40056: "不合法的agentid",
    40078: "不存在的临时授权码",
    40089: "不合法的corpid或corpsecret",
    40104: "无效手机号",
    41001: "缺少access_token参数",
    41002: "缺少corpid参数",
    43002: "需要POST请求",
    43004: "无效的HTTP HEADER Content-Type",
    50002: "请求的员工userid不在授权范围内",
    60003: "部门不存在",
    60011: "没有调用该接口的权限",
    60020: "访问ip不在白名单之中",
    60121: "找不到该用户",
    71006: "回调地址已经存在",
    71007: "回调地址已不存在",
    71009: "返回值不正确",
    71012: "url地址访问异常",
    90002: "您的服务器调用钉钉开放平台所有接口的请求都被暂时禁用了",
    90018: "应用调用该接口的QPS超过限制",
    90020: "企业调用接口次数超过本月上限",
    130101: "发送过快",
    300001: "session 不存在",
    310000: "签名不匹配",
    400002: "参数错误",
    400013: "群已被解散",
    400101: "access_token不存在",
    400102: "机器人已停用",
    400105: "不支持的消息类型",
    400106: "机器人不存在",
    410100: "发送速度太快而限流",
    430104: "不合适的内容",
}
FORBIDDEN = "Forbidden.AccessDenied."


class Refused(Exception):
    """Either API's refusal."""


class ApiError(Refused):
    """A refusal of v1.0: `code`, an HTTP status, fields beside the code."""

    def __init__(self, code: str, message: str = "", status: int = 400, **fields: Any) -> None:
        super().__init__(f"{status} {code} {message}".strip())
        self.code, self.message, self.status, self.fields = code, message or code, status, fields


class OapiError(Refused):
    """A refusal of oapi: `errcode`, and with `gateway` the form that hides it as sub_code of 88."""

    def __init__(self, errcode: int, note: str = "", *, gateway: bool = False, **fields: Any) -> None:
        super().__init__(f"{errcode} {OAPI_TEXTS.get(errcode, '')} {note}".strip())
        self.errcode, self.note, self.gateway, self.fields = errcode, note, gateway, fields


class Trouble(Refused):
    """A refusal both APIs know, each in its form: bad_token, qps, global, quota, permission, ip, busy, timeout."""

    def __init__(self, name: str, **fields: Any) -> None:
        super().__init__(name)
        self.name, self.fields = name, fields

    def v1(self) -> ApiError:
        """Say it as v1.0 does."""
        status, code, message = _V1[self.name]
        return ApiError(code, message, status, **self.fields)

    def oapi(self, *, gateway: bool = False) -> OapiError:
        """Say it as oapi does."""
        errcode = _OAPI[self.name]
        return OapiError(errcode, gateway=gateway or errcode == _OAPI["permission"])


_V1 = {
    "bad_token": (400, "InvalidAuthentication", "不合法的access_token"),
    "no_token": (400, "InvalidAuthentication", "不合法的access_token"),
    "qps": (403, FORBIDDEN + "QpsLimitForAppkeyAndApi", "应用调用该接口的QPS超过限制"),
    "global": (403, FORBIDDEN + "QpsLimitForApi", "接口的总QPS超过限制"),
    "quota": (403, FORBIDDEN + "ApiCountLimitForOrg", "企业调用接口次数超过本月上限"),
    "permission": (403, FORBIDDEN + "AccessTokenPermissionDenied", "应用尚未开通所需的权限"),
    "ip": (403, FORBIDDEN + "IpNotInWhiteList", "访问ip不在白名单之中"),
    "busy": (500, "system.error", "系统异常"),
    "timeout": (504, "ServiceTimeout", "服务调用超时"),
}
_OAPI = {
    "bad_token": 40014,
    "no_token": 41001,
    "qps": 90018,
    "global": 90002,
    "quota": 90020,
    "permission": 60011,
    "ip": 60020,
    "busy": -1,
    "timeout": 15,
}


def v1_body(error: ApiError, request_id: str) -> Json:
    """Write a refusal as v1.0 does."""
    return {"code": error.code, "message": error.message, "requestid": request_id, **error.fields}


def oapi_body(error: OapiError, request_id: str) -> Json:
    """Write a refusal as oapi does."""
    text = OAPI_TEXTS.get(error.errcode, "未知错误")
    text = f"{text}: {error.note}" if error.note else text
    if not error.gateway:
        return {"errcode": error.errcode, "errmsg": text, **error.fields, "request_id": request_id}
    hidden = {"sub_code": str(error.errcode), "sub_msg": text}
    whole = f"ding talk error[subcode={error.errcode},submsg={text}]"
    return {"errcode": 88, **hidden, "errmsg": whole, **error.fields, "request_id": request_id}
