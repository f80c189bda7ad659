"""The callback envelope: SHA-1 signature and AES-256-CBC, as official page 91144 and Tencent's samples have it."""

import base64
import binascii
import hashlib
import hmac
import re
import secrets
import struct

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

BLOCK = 32  # the PKCS#7 block here is 32 bytes, not AES's 16
SHORTEST = 20  # 16 random bytes and 4 of length


class CryptoError(Exception):
    """Carries one of the official codes -40001 … -40011."""

    def __init__(self, code: int) -> None:
        super().__init__(f"callback crypto error {code}")
        self.code = code


class Crypto:
    """Signs, seals and opens for one (token, key, receiver)."""

    def __init__(self, token: str, aes_key: str, receive_id: str) -> None:
        """A key that is not 43 letters and digits raises CryptoError -40004."""
        if not re.fullmatch(r"[A-Za-z0-9]{43}", aes_key):
            raise CryptoError(-40004)
        self._token = token
        self._receive_id = receive_id.encode()
        self._key = base64.b64decode(aes_key + "=")

    def sign(self, timestamp: str, nonce: str, sealed: str) -> str:
        """Return the lower-case hex signature over the four strings."""
        joined = "".join(sorted([self._token, timestamp, nonce, sealed]))
        return hashlib.sha1(joined.encode(), usedforsecurity=False).hexdigest()

    def seal(self, message: bytes, *, random: bytes | None = None, receive_id: str | None = None) -> str:
        """Encrypt to Base64. `random` (16 bytes) and a foreign `receive_id` are for vectors and hostile input."""
        receiver = self._receive_id if receive_id is None else receive_id.encode()
        plain = (random or secrets.token_bytes(16)) + struct.pack(">I", len(message)) + message + receiver
        pad = BLOCK - len(plain) % BLOCK
        return self.seal_raw(plain + bytes([pad]) * pad)

    def seal_raw(self, padded: bytes) -> str:
        """Encrypt bytes that are padded already, rightly or wrongly."""
        encryptor = self._cipher().encryptor()
        return base64.b64encode(encryptor.update(padded) + encryptor.finalize()).decode()

    def open(self, signature: str, timestamp: str, nonce: str, sealed: str) -> bytes:
        """Check the signature, decrypt, check padding and receiver; each failure raises CryptoError with its code."""
        expected = self.sign(timestamp, nonce, sealed)
        if not hmac.compare_digest(expected.encode(), signature.encode()):
            raise CryptoError(-40001)
        return self._unwrap(self._decrypt(sealed))

    def _decrypt(self, sealed: str) -> bytes:
        try:
            raw = base64.b64decode(sealed, validate=True)
        except (binascii.Error, ValueError):
            raise CryptoError(-40010) from None
        if not raw or len(raw) % 16:
            raise CryptoError(-40007)
        decryptor = self._cipher().decryptor()
        return decryptor.update(raw) + decryptor.finalize()

    def _unwrap(self, padded: bytes) -> bytes:
        pad = padded[-1]
        if not 1 <= pad <= BLOCK or padded[-pad:] != bytes([pad]) * pad:
            raise CryptoError(-40008)
        plain = padded[:-pad]
        if len(plain) < SHORTEST:
            raise CryptoError(-40008)
        end = SHORTEST + struct.unpack(">I", plain[16:SHORTEST])[0]
        if end > len(plain):
            raise CryptoError(-40008)
        if not hmac.compare_digest(plain[end:], self._receive_id):
            raise CryptoError(-40005)
        return plain[SHORTEST:end]

    def _cipher(self) -> Cipher[modes.CBC]:
        return Cipher(algorithms.AES(self._key), modes.CBC(self._key[:16]))
