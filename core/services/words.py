"""The company's own words for grades, tags and sources."""

from collections.abc import Iterable

from core.errors import BadInput
from core.model.playbook import Vocabulary
from core.ports import UnitOfWork

SOURCE_LENGTH = 64


def known_word(words: Vocabulary, said: str, what: str) -> str:
    """Return the company's own word for what was said. Where only known ones may be used, refuse with the nearest."""
    said = said.strip()
    if (own := words.named(said)) or words.free:
        return own or said
    near = words.nearest(said)
    listed = "、".join(one.name for one in words.words[:12])
    raise BadInput(f"没有{what}「{said}」{f'，是不是「{near}」？' if near else '。'}可以用的有：{listed}")


def known_source(uow: UnitOfWork, said: str) -> str:
    """Return the company's own word for where somebody came from."""
    return known_word(uow.playbook.sources, said, "来源")[:SOURCE_LENGTH] if said.strip() else ""


def known_tags(uow: UnitOfWork, said: Iterable[str]) -> tuple[str, ...]:
    """Return the company's own words for tags."""
    return tuple(dict.fromkeys(known_word(uow.playbook.tags, tag, "标签") for tag in said))
