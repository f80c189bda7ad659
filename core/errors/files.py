"""What can be wrong with files and documents."""

from dataclasses import dataclass
from typing import ClassVar

from core.errors.refusal import Refusal


@dataclass(eq=False)
class FileRefused(Refusal):
    """A file that is not kept; `reason` ends with what to do."""

    code: ClassVar[str] = "file.refused"
    name: str
    reason: str

    def __str__(self) -> str:
        return f"「{self.name[:60]}」没有保存：{self.reason}"


@dataclass(eq=False)
class NoSuchFile(Refusal):
    """No file of that number that the asker may have; worded alike whether it exists or not."""

    code: ClassVar[str] = "file.not_found"

    def __str__(self) -> str:
        return "没有这个文件，或者您看不到它所属的记录。请让负责人发给您"


class PaintFailed(Exception):
    """A chart could not be drawn; its numbers are in the words beside it."""


@dataclass(eq=False)
class TemplateBroken(Refusal):
    """A document's template that cannot be used; `line` is where, 0 for the whole of it."""

    code: ClassVar[str] = "template.broken"
    line: int
    reason: str

    def __str__(self) -> str:
        where = f"第 {self.line} 行：" if self.line else ""
        return f"模板用不了。{where}{self.reason}"


@dataclass(eq=False)
class NoSuchTemplate(Refusal):
    """No kind of document of that name, or no such version of its template."""

    code: ClassVar[str] = "template.not_found"
    wanted: str
    kinds: tuple[str, ...]

    def __str__(self) -> str:
        return f"没有「{self.wanted[:40]}」这个模板。现有：{'、'.join(self.kinds)}"


@dataclass(eq=False)
class NoSuchMaterial(Refusal):
    """No material of that name or number in the library."""

    code: ClassVar[str] = "material.not_found"
    words: str

    def __str__(self) -> str:
        return f"资料库里没有「{self.words[:40]}」。发送「资料库」看看有什么；管理员把文件发到这里就能存进去"
