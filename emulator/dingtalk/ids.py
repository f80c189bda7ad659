"""Ids with the platform's prefixes: the same for one seed and one first instant, never the same twice."""

import base64
import hashlib
import itertools

from emulator.clock import Clock


class Ids:
    """Makes ids; restarted at another instant it makes others."""

    def __init__(self, seed: int, corp_id: str, clock: Clock) -> None:
        self._root = f"{seed}:{clock.now().timestamp()}"
        self._corp = corp_id
        self._numbers = itertools.count(1)

    def hexes(self, length: int = 32) -> str:
        """Make a new lower-case hexadecimal id."""
        return _digest(f"{self._root}:{next(self._numbers)}").hex()[:length]

    def uuid(self) -> str:
        """Make a new id in the form of a UUID."""
        text = self.hexes()
        return "-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:]))

    def message(self) -> str:
        """Make a new msgId."""
        return f"msg{_letters(self.hexes(), 18)}=="

    def process_query_key(self) -> str:
        """Make a new handle of a message the robot sends."""
        return _letters(self.hexes(), 33) + "="

    def conversation(self, of: str) -> str:
        """Return the id of the conversation with this name, always the same."""
        return f"cid{_letters(f'{self._corp}:{of}', 16)}=="

    def encrypted(self, of: str) -> str:
        """Return the encrypted id of a member or robot, always the same."""
        return f"$:LWCP_v1:${_letters(f'{self._corp}:{of}', 24)}"


def _letters(of: str, length: int) -> str:
    return base64.urlsafe_b64encode(_digest(of)).decode().replace("-", "x").replace("_", "y")[:length]


def _digest(of: str) -> bytes:
    return hashlib.sha256(of.encode()).digest()
