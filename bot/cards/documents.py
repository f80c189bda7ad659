"""Documents in chat: ordered, ready, or not to be had; and the company's templates."""

from collections.abc import Sequence

from bot.cards.card import Card
from core.calendar import WorkCalendar
from core.model.template import Template
from core.notices.files import DocumentFailed, DocumentReady


def ordered_card(label: str) -> Card:
    """Say that a document is being made."""
    return Card(title=f"{label} 正在生成", text="好了马上把 PDF 发给您", private=True)


def ready_card(notice: DocumentReady, _: WorkCalendar) -> Card:
    """Say what the file behind it is."""
    lines = [f"页面上有「{notice.draft}」字样，不要发给客户" if notice.draft else ""]
    lines.append(f"这些字没有对应的字形，印出来是空框：{notice.lost}。请改用常用字" if notice.lost else "")
    edition = f"第 {notice.edition} 次生成" if notice.edition > 1 else ""
    return Card(title=f"{notice.label} 好了", subtitle=edition, text="\n".join(line for line in lines if line))


def failed_card(notice: DocumentFailed, _: WorkCalendar) -> Card:
    """Say why there is no document."""
    return Card(title=f"{notice.title}没有生成", text=notice.why)


def templates_card(versions: Sequence[tuple[str, Template | None]]) -> Card:
    """Say which templates are in use, and how another is put in their place."""
    return Card(
        title="文档模板",
        fields=tuple((title, f"第 {one.number} 版，{one.by_name}" if one else "自带的") for title, one in versions),
        text="改好的 .typ 文件直接发到这里，用样例检查没有问题就启用；命令行 liaodan template show 可以导出现在的模板",
    )
