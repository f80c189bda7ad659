"""gettoken, the platform's addresses, and media: what every client needs first (§3.1, §3.6)."""

from typing import TYPE_CHECKING
from urllib.parse import quote

from flask import Response

from emulator.store import Json
from emulator.wecom.api import NOBODY, Api, Call, get, post
from emulator.wecom.errors import ApiError
from emulator.wecom.limits import FAILED_LOGINS_PER_HOUR, HOUR
from emulator.wecom.settings import TOKEN_LIFE

if TYPE_CHECKING:
    from emulator.wecom.platform import Platform


def gettoken(platform: "Platform", call: Call) -> Json:
    """Give the secret's token; many failing calls in an hour get the caller blocked (45009)."""
    platform.limits.count("failed logins", HOUR, FAILED_LOGINS_PER_HOUR, 0)
    try:
        token = platform.tokens.issue(call.args.get("corpid"), call.args.get("corpsecret"))
    except ApiError:
        platform.limits.count("failed logins", HOUR, FAILED_LOGINS_PER_HOUR)
        raise
    return {"access_token": token.text, "expires_in": int(TOKEN_LIFE.total_seconds())}


def ip_list(_: "Platform", __: Call) -> Json:
    """Say where callbacks come from."""
    return {"ip_list": ["127.0.0.1"]}


def upload(platform: "Platform", call: Call) -> Json:
    """Keep an uploaded file for three days; the form field must be called media."""
    file = call.request.files.get("media")
    if file is None:
        raise ApiError(44001)
    disposition = str(file.headers.get("Content-Disposition", ""))
    if "filename*=" in disposition and platform.switches.refuse_rfc2231_names:
        raise ApiError(44001, "filename* is not understood")
    kind = call.args.get("type", "")
    content = file.read()
    file.close()
    held = platform.media.keep(kind, file.filename or "", file.mimetype or "application/octet-stream", content)
    return {"type": kind, "media_id": held["media_id"], "created_at": str(held["created_at"])}


def download(platform: "Platform", call: Call) -> Response:
    """Answer a file's bytes, or JSON with 40007."""
    if platform.faults.take("media_expired", call.api):
        raise ApiError(40007)
    media_id = call.args.get("media_id", "")
    if not media_id:
        raise ApiError(41006)
    return as_file(platform, media_id)


def as_file(platform: "Platform", media_id: str) -> Response:
    """Write a kept file as a download."""
    held = platform.media.find(media_id)
    response = Response(platform.media.content(media_id), mimetype=held["content_type"])
    plain = held["filename"].encode("ascii", "replace").decode().replace('"', "_")
    named = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(held['filename'])}"
    response.headers["Content-Disposition"] = named
    return response


APIS: tuple[Api, ...] = (
    get("gettoken", gettoken, holders=(NOBODY,)),
    get("getcallbackip", ip_list),
    get("get_api_domain_ip", ip_list),
    post("media/upload", upload, json=False),
    get("media/get", download),
)
