"""The company's own templates: checked before they are kept, kept in versions, taken back by a new one."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from core.errors.files import NoSuchTemplate, TemplateBroken
from core.model.template import SHIPPED, Template
from core.ports import Typesetter, UnitOfWork
from core.ports.files import Setting
from core.rules.permissions import may_manage, require
from core.services.documents.kinds import KINDS, kind_of

REMARK = 200


@dataclass(frozen=True)
class InUse:
    """The template of a kind that is in use; number 0 is the one that ships."""

    kind: str
    number: int
    source: str


def template_in_use(uow: UnitOfWork, typesetter: Typesetter, kind: str, number: int | None = None) -> InUse:
    """Return the template of a kind, the newest unless a number says which; NoSuchTemplate when there is none."""
    kind_of(kind)
    if number == SHIPPED:
        return InUse(kind, SHIPPED, typesetter.shipped(kind))
    found = uow.templates.newest(kind) if number is None else uow.templates.get(kind, number)
    if found is None and number is not None:
        raise NoSuchTemplate(f"{kind} 第 {number} 版", tuple(KINDS))
    return InUse(kind, SHIPPED, typesetter.shipped(kind)) if found is None else InUse(kind, found.number, found.source)


def check_template(typesetter: Typesetter, uow: UnitOfWork, kind: str, source: str) -> bytes:
    """Set a template with every sample of its kind and return the first one's PDF; TemplateBroken where it fails.

    The samples are one with every field filled and one with all of them empty that may be, so that neither a missing
    field nor an empty one comes to light only at a customer's.
    """
    if not source.strip():
        raise TemplateBroken(0, "模板是空的，请先写内容")
    made = [typesetter.document(Setting(template=source, data=data, at=uow.now)) for data in kind_of(kind).samples()]
    return made[0]


def keep_template(
    uow: UnitOfWork, kind: str, source: str, remark: str = "", *, restores: int | None = None
) -> Template:
    """Put a checked template in use as the next version of its kind."""
    require(may_manage(uow.actor), "改文档模板")
    kind_of(kind)
    before = uow.templates.newest(kind)
    uow.does("template.keep")
    template = Template(
        kind=kind,
        number=before.number + 1 if before else 1,
        source=source,
        remark=remark[:REMARK],
        restores=restores,
        at=uow.now,
        by=uow.actor.id or None,
        by_name=uow.actor.name,
    )
    uow.templates.add(template)
    return template


def fields_of(kind: str) -> list[tuple[str, str]]:
    """Return every field that a template of a kind may use, with what the sample has in it; lists as `lines[].name`."""
    return list(_fields("d", kind_of(kind).samples()[0]))


def _fields(path: str, value: Any) -> Sequence[tuple[str, str]]:
    if isinstance(value, dict):
        return [pair for name, one in value.items() for pair in _fields(f"{path}.{name}", one)]
    if isinstance(value, list) and value:
        return _fields(f"{path}[]", value[0])
    return [(path, str(value))]
