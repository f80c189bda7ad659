"""A language model behind an OpenAI-compatible address, set by the operator and off by default.

It is asked for JSON and may take three seconds in all; no redirect is followed, no proxy is used, and an answer that is
too long is not read to its end. What it says is somebody's words, never trusted here or later.
"""

import json
import time
from collections.abc import Mapping
from threading import Thread
from typing import Any

import httpx2

from core.errors import ModelFailed

SECONDS = 3.0
LARGEST_ANSWER = 64 * 1024
ANSWER_TOKENS = 600
TOO_LATE = "no answer in time"


class ChatModel:
    """Implements `core.ports.LanguageModel` with POST {base}/chat/completions."""

    def __init__(self, base: str, name: str, key: str = "", *, seconds: float = SECONDS) -> None:
        self._url = f"{base.rstrip('/')}/chat/completions"
        self._name, self._key, self._seconds = name, key, seconds

    def complete(self, instructions: str, text: str) -> str:
        """Return what the model says to `text` under `instructions`. Raises ModelFailed, within the time, else."""
        asked = {
            "model": self._name,
            "messages": [{"role": "system", "content": instructions}, {"role": "user", "content": text}],
            "response_format": {"type": "json_object"},
            "temperature": 0,
            "max_tokens": ANSWER_TOKENS,
        }
        headers = {"Authorization": f"Bearer {self._key}"} if self._key else {}
        client = httpx2.Client(follow_redirects=False, trust_env=False, timeout=self._seconds, headers=headers)
        told: list[str] = []
        failed: list[str] = []

        def exchange() -> None:
            try:
                told.append(_said(self._fetch(client, asked)))
            except ModelFailed as failure:
                failed.append(failure.reason)
            except httpx2.TimeoutException:
                failed.append(TOO_LATE)
            except (httpx2.HTTPError, httpx2.InvalidURL, ValueError, RuntimeError) as problem:
                failed.append(type(problem).__name__)

        # A server may send its header letter by letter, and no timeout of a single read would ever end that.
        thread = Thread(target=exchange, name="model", daemon=True)
        thread.start()
        thread.join(self._seconds)
        client.close()
        if told:
            return told[0]
        raise ModelFailed(failed[0] if failed else TOO_LATE)

    def _fetch(self, client: httpx2.Client, asked: Mapping[str, Any]) -> bytes:
        ends = time.monotonic() + self._seconds
        body = b""
        with client.stream("POST", self._url, json=asked) as response:
            if response.status_code != httpx2.codes.OK:
                raise ModelFailed(f"status {response.status_code}")
            for chunk in response.iter_bytes():
                body += chunk
                if len(body) > LARGEST_ANSWER:
                    raise ModelFailed("answer too long")
                if time.monotonic() > ends:
                    raise ModelFailed(TOO_LATE)
        return body


def _said(body: bytes) -> str:
    """Take the model's words out of the answer of the API."""
    answer = json.loads(body)
    try:
        said = answer["choices"][0]["message"]["content"]
    except (KeyError, IndexError, TypeError):
        raise ModelFailed("answer without words") from None
    if not isinstance(said, str):
        raise ModelFailed("answer without words")
    return said
