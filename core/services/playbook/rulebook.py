"""What is in force, kept at hand: parsed once for each version, and laid under what the operator's settings say."""

import logging
from collections.abc import Callable, Hashable, Mapping
from datetime import datetime
from typing import Any

from pydantic import ValidationError

from core.errors import PlaybookUnreadable
from core.model.playbook import Playbook
from core.model.version import BUILT_IN, PlaybookVersion, Treatment
from core.ports import PlaybookFiles, Versions

log = logging.getLogger(__name__)


class Rulebook:
    """See `core.ports.PlaybookSource`. `settings` are the operator's, which no document may say."""

    def __init__(self, files: PlaybookFiles, settings: Callable[[], Mapping[str, Any]] = dict) -> None:
        self.files = files
        self._settings = settings
        self._kept: tuple[Hashable, Mapping[str, Any], Playbook] | None = None

    def in_force(self, versions: Versions) -> Playbook:
        mark, settings, kept = versions.mark(), self._settings(), self._kept
        if kept is not None and kept[0] == mark and kept[1] == settings:
            return kept[2]
        newest = versions.newest()
        playbook = as_in_force(versions, newest.number if newest else BUILT_IN).model_copy(update=dict(settings))
        self._kept = mark, settings, playbook
        return playbook


def as_in_force(versions: Versions, number: int) -> Playbook:
    """Return version `number` with the earlier rules by which clocks that began before it still run."""
    earlier: list[tuple[datetime, Playbook]] = []
    for known in versions.treatments(number):
        if known.treatment == Treatment.RECALCULATE:
            break
        if known.treatment == Treatment.FROM_NOW:
            try:
                earlier.append((known.at, said_by(versions, known.number - 1)))
            except PlaybookUnreadable as unreadable:
                log.error("clocks that began before version %s run by it: %s", known.number, unreadable)
                break
    return said_by(versions, number).model_copy(update={"earlier": tuple(earlier)})


def said_by(versions: Versions, number: int) -> Playbook:
    """Return what version `number` says by itself; the built-in defaults before there was any."""
    version = versions.get(number) if number != BUILT_IN else None
    return read_of(version) if version is not None else Playbook()


def read_of(version: PlaybookVersion) -> Playbook:
    """Return what a version on record says. Raises PlaybookUnreadable when this program no longer reads it."""
    try:
        return Playbook.model_validate(version.content)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        raise PlaybookUnreadable(version.number, ".".join(map(str, first["loc"]))) from error
