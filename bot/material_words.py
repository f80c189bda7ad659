"""What somebody says of a material: 资料设置 E1 阶段 方案报价 行业 制造业、汽车 有效期 2026-12-31."""

import re
from datetime import date

from core.errors import BadInput
from core.services.materials import About

_LABELS = {"阶段": "stages", "行业": "industries", "标签": "tags", "类型": "kind", "标题": "title", "链接": "link",
           "有效期": "valid_until"}  # fmt: skip
_LABEL = re.compile(rf"(?:^|[\s，,；;])({'|'.join(_LABELS)})(?:是|为|：|:|改成|到|至)?\s*")
_BETWEEN = re.compile(r"[、,，/\s]+")
_DAY = re.compile(r"^(\d{4})[-./年](\d{1,2})[-./月](\d{1,2})日?$")
_CALLED = re.compile(r"^\s*资料(?:设置|修改|说明)[：:\s]*")
_GONE = re.compile(r"[\s，,]*(?:删除|下架|作废|不用了)[了吧]?$")


def about_in(words: str, today: date) -> tuple[str, About, bool]:
    """Return which material is meant, what is said of it, and whether it shall go; BadInput for a day that is none."""
    words = _CALLED.sub("", words).strip()
    if found := _GONE.search(words):
        return words[: found.start()].strip(), About(), True
    parts = _LABEL.split(words)
    said = {_LABELS[label]: value.strip(" ，,；;") for label, value in zip(parts[1::2], parts[2::2], strict=True)}
    lists = {name: tuple(_BETWEEN.split(said[name])) for name in ("stages", "industries", "tags") if name in said}
    until = _day(said["valid_until"], today) if "valid_until" in said else None
    about = About(
        title=said.get("title"),
        kind=said.get("kind"),
        link=said.get("link"),
        valid_until=until,
        stages=lists.get("stages"),
        industries=lists.get("industries"),
        tags=lists.get("tags"),
    )
    return parts[0].strip(), about, False


def _day(words: str, today: date) -> date:
    found = _DAY.match(words)
    try:
        day = date(int(found[1]), int(found[2]), int(found[3])) if found else None
    except ValueError:
        day = None
    if day is None or day < today:
        raise BadInput(f"没看懂有效期「{words[:20]}」，请写今天以后的日期，例如「2026-12-31」")
    return day
