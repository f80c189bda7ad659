"""Logs: one JSON line each, with numbers of phones masked and secrets never in them."""

import logging
import os
import re
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

_PHONE = re.compile(r"(?<!\d)(1[3-9]\d)\d{4}(\d{4})(?!\d)")
_SECRET = re.compile(r"((?:access_token|corpsecret|secret|token|key)=)[^&\s\"']+", re.IGNORECASE)


def set_up() -> None:
    """Send every log record through structlog to stderr; `LOG_LEVEL` and a terminal choose how."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        mask,
    ]
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(ensure_ascii=False),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    # A pass that takes longer than its interval is normal after a jump of the clock, and the next one catches up.
    logging.getLogger("apscheduler").setLevel(logging.ERROR)
    root.setLevel(os.environ.get("LOG_LEVEL", "WARNING").upper())


def mask(_: object, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Hide phone numbers and secrets in everything a record says."""
    for name, value in event.items():
        if isinstance(value, str):
            event[name] = scrub(value)
    return event


def scrub(text: str) -> str:
    """Hide phone numbers and secrets in a text."""
    return _SECRET.sub(r"\1***", _PHONE.sub(r"\1****\2", text))
