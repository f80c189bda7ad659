"""Secrets at rest: what we keep of a platform's is sealed with a key that is not in the database."""

import base64
import hashlib

from cryptography.fernet import Fernet, InvalidToken


class Seal:
    """Seals short secrets with the installation's key (Fernet: AES-128-CBC and HMAC-SHA256)."""

    def __init__(self, key: str) -> None:
        self._fernet = Fernet(base64.urlsafe_b64encode(hashlib.sha256(key.encode()).digest()))

    def close(self, secret: str) -> str:
        """Seal a secret."""
        return self._fernet.encrypt(secret.encode()).decode()

    def open(self, sealed: str) -> str | None:
        """Read a sealed secret; None for one that another key sealed or somebody changed."""
        try:
            return self._fernet.decrypt(sealed.encode()).decode()
        except InvalidToken:
            return None
