"""What goes along with a message as one of its own: a file we keep, or a picture painted when it is sent."""

from dataclasses import dataclass
from typing import Any

from core.model.chart import Chart
from core.model.ids import FileId

FILE, PICTURE = "file", "picture"
ENCLOSED = frozenset({FILE, PICTURE})
"""Kinds of outbox messages that are no card."""


@dataclass(frozen=True, kw_only=True)
class Enclosure:
    """Either a file or a chart. A file is for whoever was answered alone, wherever they asked."""

    file: FileId | None = None
    chart: Chart | None = None

    def as_message(self) -> tuple[str, dict[str, Any]]:
        """Return kind and content as they stand in the outbox."""
        if self.chart is not None:
            return PICTURE, self.chart.as_json()
        return FILE, {"file": self.file}
