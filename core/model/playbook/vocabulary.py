"""The company's own words: grades, sources, tags and reasons."""

from difflib import get_close_matches
from enum import StrEnum
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from core.model.playbook.parts import Name, Part


class Reason(Part):
    """A reason that may be chosen, and words by which it is known in a sentence."""

    name: Name = Field(description="原因")
    words: tuple[Name, ...] = Field(default=(), description="话里出现哪些词就是它")

    def is_meant_by(self, text: str) -> bool:
        """Say whether a sentence names the reason."""
        return any(word in text for word in (self.name, *self.words))


def _read_reason(value: Any) -> Any:
    """Read a bare word as the reason of that name."""
    return {"name": value} if isinstance(value, str) else value


Reasoned = Annotated[Reason, BeforeValidator(_read_reason)]


def _won() -> tuple[Reason, ...]:
    return (
        Reason(name="产品", words=("功能", "性能", "质量")),
        Reason(name="价格", words=("便宜", "性价比")),
        Reason(name="服务", words=("售后", "响应")),
        Reason(name="关系", words=("老客户", "介绍")),
        Reason(name="交期", words=("现货", "交货")),
        Reason(name="其他"),
    )


def _lost() -> tuple[Reason, ...]:
    return (
        Reason(name="价格", words=("太贵", "贵了", "价低", "便宜")),
        Reason(name="功能不符", words=("功能", "参数", "不满足", "性能")),
        Reason(name="选了竞争对手", words=("友商", "对手", "竞品", "别家", "别人", "同行")),
        Reason(name="预算取消", words=("预算", "项目取消", "不采购", "不做了")),
        Reason(name="联系不上", words=("失联", "不接电话", "不回")),
        Reason(name="其他"),
    )


class Reasons(Part):
    """What may be chosen when something ends."""

    returning: tuple[Name, ...] = Field(
        default=("无需求", "联系不上", "预算不符", "不在负责区域", "其他"), min_length=1, description="退回公海的原因"
    )
    invalid: tuple[Name, ...] = Field(
        default=("空号", "重复", "同行或广告", "不是目标客户", "其他"), min_length=1, description="作废的原因"
    )
    refusing: tuple[Name, ...] = Field(
        default=("低于成本价", "毛利太低", "缺竞品报价", "账期太长"), min_length=1, description="不同意审批的原因"
    )
    incomplete: tuple[Name, ...] = Field(
        default=("补竞品报价", "补客户预算", "补成本测算", "写清楚理由"), min_length=1, description="审批打回时要补什么"
    )
    won: tuple[Reasoned, ...] = Field(default_factory=_won, min_length=1, description="赢单的原因")
    lost: tuple[Reasoned, ...] = Field(default_factory=_lost, min_length=1, description="输单的原因")


class Word(Part):
    """A word of the company: a grade, a source or a tag, and what else people call it."""

    name: Name = Field(description="名称")
    aliases: tuple[Name, ...] = Field(default=(), description="大家还怎么叫它")


def _read_word(value: Any) -> Any:
    """Read a bare word as the one of that name."""
    return {"name": value} if isinstance(value, str) else value


Worded = Annotated[Word, BeforeValidator(_read_word)]


class Vocabulary(Part):
    """Words that are known; `free` lets others in as they are said."""

    known: tuple[Worded, ...] = Field(default=(), max_length=500, description="公司的叫法")
    free: bool = Field(default=True, description="没列出的也能用；关掉后只能用列出的，说错时给出最接近的")

    @property
    def words(self) -> tuple[Word, ...]:
        """Every word that is known."""
        return self.known

    def named(self, said: str) -> str:
        """Return the company's own word for what was said; empty when it is not known."""
        plain = said.strip().casefold()
        return next((one.name for one in self.words if plain in _folded(one)), "")

    def nearest(self, said: str) -> str:
        """Return the known word that is most like what was said; empty when none is."""
        by_word = {word: one.name for one in self.words for word in _folded(one)}
        near = get_close_matches(said.strip().casefold(), by_word, n=1, cutoff=0.4)
        return by_word[near[0]] if near else ""


class Colour(StrEnum):
    """The colour of a group of tags, as the console shows it."""

    GREY = "grey"
    BLUE = "blue"
    GREEN = "green"
    ORANGE = "orange"
    RED = "red"
    PURPLE = "purple"


class TagGroup(Part):
    """Tags that belong together."""

    name: Name = Field(description="分组")
    colour: Colour = Field(default=Colour.GREY, description="颜色")
    tags: tuple[Worded, ...] = Field(min_length=1, max_length=100, description="标签")
    single: bool = Field(default=False, description="同组只留一个，打新的就换掉旧的")


class Tags(Vocabulary):
    """The company's tags by group."""

    groups: tuple[TagGroup, ...] = Field(default=(), max_length=50, description="标签分组")

    @property
    def words(self) -> tuple[Word, ...]:
        """Every tag that is known, those in groups first."""
        return (*(tag for group in self.groups for tag in group.tags), *self.known)

    def group_of(self, tag: str) -> TagGroup | None:
        """Return the group that a tag belongs to."""
        return next((group for group in self.groups if any(one.name == tag for one in group.tags)), None)


def default_grades() -> Vocabulary:
    """Return the grades of the general kit."""
    words = (
        Word(name="A", aliases=("重点", "核心")),
        Word(name="B", aliases=("普通", "一般")),
        Word(name="C", aliases=("培养",)),
        Word(name="D"),
    )
    return Vocabulary(known=words, free=False)


def default_tags() -> Tags:
    """Return the tags of the general kit; others may be used as they are said."""
    return Tags(
        groups=(
            TagGroup(name="意向", colour=Colour.GREEN, tags=_words("高意向", "中意向", "低意向"), single=True),
            TagGroup(name="决策", colour=Colour.BLUE, tags=_words("决策链长", "老板拍板", "要招标")),
            TagGroup(name="关注", colour=Colour.ORANGE, tags=_words("价格敏感", "交期敏感", "看重服务")),
        )
    )


def _words(*names: str) -> tuple[Word, ...]:
    return tuple(Word(name=name) for name in names)


def _folded(word: Word) -> tuple[str, ...]:
    return tuple(one.casefold() for one in (word.name, *word.aliases))
