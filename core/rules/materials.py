"""Which material is meant by some words, and which fits a deal."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from core.model.material import Material, MaterialKind

_KIND_WORDS = {
    MaterialKind.CASE: ("案例", "成功故事", "客户故事"),
    MaterialKind.INTRO: ("介绍", "简介", "画册", "手册", "彩页", "宣传"),
    MaterialKind.PROPOSAL: ("方案", "建议书"),
    MaterialKind.TEMPLATE: ("模板", "范本", "模版"),
}
_NOISE = re.compile(
    r"发我|发给我|给我|发一?下|发|来|要|看看|看|找|一?[份个张]|有没有|有无|有|哪些|什么|的|吗|呢|吧|啊|资料|材料|文件|公司|我们|请|帮我|一下|pdf|ppt|word",
    re.IGNORECASE,
)
_PAIR = 2


@dataclass(frozen=True)
class Deals:
    """What is known of a deal when materials for it are looked for."""

    stage: str
    industry: str


def kind_in(words: str) -> MaterialKind | None:
    """Return which kind of material words name; the last one counts, 方案模板 is a template."""
    found = [(words.rfind(word), kind) for kind, all_ in _KIND_WORDS.items() for word in all_ if word in words]
    return max(found)[1] if found else None


def matching(materials: Iterable[Material], words: str) -> list[Material]:
    """Return the materials that words may mean, best first; every word that says something must be met somehow."""
    kind, core = kind_in(words), _NOISE.sub("", words)
    for word in _KIND_WORDS.get(kind, ()) if kind else ():
        core = core.replace(word, "")
    scored = [(score, one) for one in materials if (score := _score(one, kind, core)) > 0]
    return [one for _, one in sorted(scored, key=lambda pair: (-pair[0], -pair[1].used, -pair[1].id))]


def fitting(materials: Sequence[Material], deal: Deals, most: int) -> list[Material]:
    """Return the materials made for a deal's stage; its industry's come first, others' are left out."""
    found = [
        one
        for one in materials
        if deal.stage in one.stages and (not one.industries or _meets(one.industries, deal.industry))
    ]
    return sorted(found, key=lambda one: (not one.industries, -one.used, one.id))[:most]


def _score(one: Material, kind: MaterialKind | None, core: str) -> float:
    """Say how well a material answers; 0 where a word of the wish is not met at all."""
    of_kind = kind is not None and (one.kind == kind or kind in one.title)
    if kind is not None and not of_kind:
        return 0.0
    if not core:
        return 1.0 if of_kind else 0.0
    haystack = " ".join((one.title, *one.tags, *one.industries, *one.stages))
    pairs = [core[at : at + _PAIR] for at in range(max(len(core) - 1, 1))]
    met = sum(pair.lower() in haystack.lower() for pair in pairs) / len(pairs)
    if core.lower() in haystack.lower():
        met = 1.5
    return met + (0.5 if of_kind else 0.0) if met >= 0.5 else 0.0  # noqa: PLR2004 - half of what was said


def _meets(industries: Iterable[str], industry: str) -> bool:
    return any(one and industry and (one in industry or industry in one) for one in industries)
