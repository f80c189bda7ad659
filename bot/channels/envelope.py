"""The envelope of both platforms' callbacks: signed with SHA-1, sealed with AES-256-CBC, addressed to one owner.

WeCom (developer.work.weixin.qq.com/document/path/90968) names a receive id, DingTalk (event subscription) the app key.
"""

import hashlib
import os
import re
from base64 import b64decode, b64encode
from binascii import a2b_base64
from collections.abc import Sequence
from dataclasses import dataclass, field
from hmac import compare_digest

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

BLOCK = 16  # of AES
PAD_BLOCK = 32  # of the padding, whatever AES says
NOISE = 16
HEAD = NOISE + 4  # noise, then the message's length
_PADS = tuple(bytes([size]) * size for size in range(PAD_BLOCK + 1))
_AES_KEY = re.compile(r"[A-Za-z0-9]{43}")


class Forged(Exception):
    """Not sealed for us by somebody who holds our keys. Says nothing more, so nobody learns which check failed."""


@dataclass(frozen=True)
class Keys:
    """A Token with its EncodingAESKey, as the admin page shows them. A malformed pair is a ValueError."""

    token: str = field(repr=False)
    aes_key: str = field(repr=False)

    def __post_init__(self) -> None:
        if not self.token:
            raise ValueError("回调的 Token 是空的，请检查 WECOM_TOKEN 或 DINGTALK_TOKEN")
        if not _AES_KEY.fullmatch(self.aes_key):
            raise ValueError("回调的 EncodingAESKey 应为 43 位字母或数字，请检查 WECOM_AES_KEY 或 DINGTALK_AES_KEY")


class Envelope:
    """Opens and seals for one owner. While keys are rotated several pairs open; the first one seals."""

    def __init__(self, owner: str, keys: Sequence[Keys]) -> None:
        if not keys:
            raise ValueError("回调至少要有一组 Token 与 EncodingAESKey")
        self._owner = owner.encode()
        self._seals = tuple(_Seal(pair) for pair in keys)

    def open(self, signature: str, timestamp: str, nonce: str, sealed: str) -> bytes:
        """Return the message inside; Forged when any check fails. The signature is checked before decryption."""
        # A query may hold anything, lone surrogates included; compare_digest takes non-ASCII as bytes only.
        claimed = signature.encode("utf-8", "surrogatepass")
        for seal in self._seals:
            if compare_digest(seal.sign(timestamp, nonce, sealed), claimed):
                return _unpacked(seal.decrypted(sealed), self._owner)
        raise Forged

    def seal(self, message: bytes, timestamp: str, nonce: str, noise: bytes | None = None) -> tuple[str, str]:
        """Return ciphertext and signature of a passive reply. `noise` is random unless a test needs it fixed."""
        noise = os.urandom(NOISE) if noise is None else noise
        plain = noise + len(message).to_bytes(4, "big") + message + self._owner
        sealed = self._seals[0].encrypted(plain + _PADS[PAD_BLOCK - len(plain) % PAD_BLOCK])
        return sealed, self._seals[0].sign(timestamp, nonce, sealed).decode()


class _Seal:
    """One key pair at work; safe to share between threads."""

    def __init__(self, keys: Keys) -> None:
        self._token = keys.token
        key = b64decode(keys.aes_key + "=")
        self._cipher = Cipher(algorithms.AES(key), modes.CBC(key[:BLOCK]))

    def sign(self, timestamp: str, nonce: str, sealed: str) -> bytes:
        signed = "".join(sorted((self._token, timestamp, nonce, sealed)))
        # SHA-1 is the platform's choice.
        digest = hashlib.sha1(signed.encode("utf-8", "surrogatepass"), usedforsecurity=False)
        return digest.hexdigest().encode()

    def decrypted(self, sealed: str) -> bytes:
        try:
            raw = a2b_base64(sealed, strict_mode=True)
        except ValueError:
            raise Forged from None
        if not raw or len(raw) % BLOCK:
            raise Forged
        decryptor = self._cipher.decryptor()
        return decryptor.update(raw) + decryptor.finalize()

    def encrypted(self, plain: bytes) -> str:
        encryptor = self._cipher.encryptor()
        return b64encode(encryptor.update(plain) + encryptor.finalize()).decode()


def _unpacked(plain: bytes, owner: bytes) -> bytes:
    pad = plain[-1]
    if not 1 <= pad <= PAD_BLOCK or not plain.endswith(_PADS[pad]):
        raise Forged
    end = len(plain) - pad
    message_end = HEAD + int.from_bytes(plain[NOISE:HEAD], "big")
    if end < HEAD or message_end > end or not compare_digest(plain[message_end:end], owner):
        raise Forged
    return plain[HEAD:message_end]
