"""Refusals about products and quotes."""

from dataclasses import dataclass
from typing import ClassVar

from core.errors.refusal import Refusal


@dataclass(eq=False)
class NoSuchProduct(Refusal):
    """No product of that name; `choices` are the nearest ones, as (label, name)."""

    code: ClassVar[str] = "product.not_found"
    words: str
    choices: tuple[tuple[str, str], ...] = ()

    def __str__(self) -> str:
        if self.choices:
            near = "、".join(label for label, _ in self.choices)
            return f"产品目录里没有「{self.words}」。相近的有：{near}。请用其中一个名称再发一次"
        return f"产品目录里没有「{self.words}」。发送「产品目录」看看有哪些"


@dataclass(eq=False)
class NoSuchQuote(Refusal):
    """No quote of that number within what the asker may see."""

    code: ClassVar[str] = "quote.not_found"
    words: str

    def __str__(self) -> str:
        return f"没有找到报价「{self.words}」。发送「我的报价」看看有哪些，或「给客户出个报价 产品 数量」新建"
