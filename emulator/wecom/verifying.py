"""Saving a callback URL: the platform asks it once and wants the exact plaintext back within a second (§1.2)."""

import secrets
from typing import TYPE_CHECKING

from emulator.wecom.errors import ApiError
from emulator.wecom.post import Sent

if TYPE_CHECKING:
    from emulator.wecom.platform import Platform


def save_callback_url(platform: "Platform", url: str) -> None:
    """Check `url` and use it from now on; 40057, and nothing changes, when the check fails."""
    word = str(secrets.randbelow(9 * 10**18) + 10**18)
    sealed = platform.crypto.seal(word.encode())
    stamp, nonce = str(int(platform.clock.real().timestamp())), str(secrets.randbelow(2**31))
    signature = platform.crypto.sign(stamp, nonce, sealed)
    query = {"msg_signature": signature, "timestamp": stamp, "nonce": nonce, "echostr": sealed}
    sent = Sent(query=query, body=b"", plain=word)
    answer = platform.callbacks.post.send(sent, platform.switches.verify_limit_s, method="GET", url=url)
    right = answer.status == 200 and answer.body == word.encode()  # noqa: PLR2004 - HTTP's own number
    outcome = "verified" if right else "failed"
    platform.callbacks.post.record(0, word, sent, answer, attempt=1, outcome=outcome, note=f"GET {url}")
    if not right:
        got = answer.reason or f"answered {answer.body[:60]!r}"
        raise ApiError(40057, got)
    platform.callbacks.url = url
