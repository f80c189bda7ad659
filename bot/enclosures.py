"""What a message encloses, made ready for a platform: the bytes of a kept file, or a picture painted from a chart."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from bot.cards.card import Card
from core.errors import DeliveryFailed
from core.errors.files import NoSuchFile, PaintFailed
from core.model.chart import Chart
from core.model.enclosure import PICTURE
from core.model.member import SYSTEM
from core.model.messages import OutboxMessage
from core.ports import OpenWork, Painter

_NOT_IN_NAMES = re.compile(r"[^\w\u4e00-\u9fff-]+")


@dataclass(frozen=True)
class Enclosures:
    """Fetches what is enclosed, outside of any transaction."""

    open_work: OpenWork
    painter: Callable[[], Painter]

    def fetch(self, message: OutboxMessage) -> tuple[str, bytes]:
        """Return name and bytes; DeliveryFailed when there is nothing to send."""
        if message.kind == PICTURE:
            return self._picture(Chart.from_json(message.content))
        try:
            with self.open_work(SYSTEM, reading=True) as uow:
                file = uow.files.get(message.content["file"])
                return file.name, uow.files.content(file)
        except NoSuchFile:
            raise DeliveryFailed(reason="文件已经删除") from None

    def _picture(self, chart: Chart) -> tuple[str, bytes]:
        try:
            return f"{_NOT_IN_NAMES.sub('', chart.title)[:40] or '图表'}.png", self.painter().paint(chart)
        except PaintFailed as failure:
            raise DeliveryFailed(reason=f"图表画不出来：{failure}") from None


def unsent_card(message: OutboxMessage, reason: str) -> Card:
    """Say in words that a file or picture did not arrive, in its place."""
    if message.kind == PICTURE:
        return Card(title="图片没有发出来", text="数字以上面的文字为准。反复出现请联系管理员")
    return Card(title="文件没有发出来", text=f"原因：{reason[:200]}。请稍后再要一次，还是不行请联系管理员")
