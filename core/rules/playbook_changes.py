"""What one playbook says otherwise than another, in sentences; and which changes weigh so much that two must agree."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from core.model.playbook import Playbook
from core.model.playbook.fields import OBJECTS
from core.rules.playbook_outline import IDS, label_at, place_at, said_value, says_nothing, section_title

CLOCKS: Final = frozenset({"first_contact", "recycle"})
"""Sections by which clocks run: whoever changes one says what becomes of those that run already (semantics B3-8)."""

WEIGHTY: Final = frozenset({"recycle", "assignment", "pools", "roles", "rights", "approvals", "capacity"})
"""Sections that decide who holds what, and who may do what: a change needs a second administrator."""

_NAMED: Final = "「"
_ITEM: Final = 3
"""Settings of an added item that are shown."""


@dataclass(frozen=True, kw_only=True)
class Difference:
    """One thing that is otherwise: `path` names keys and items, `before` or `after` is None where nothing stands."""

    path: tuple[str, ...]
    before: Any
    after: Any
    is_item: bool = False

    @property
    def section(self) -> str:
        return self.path[0]

    def __str__(self) -> str:
        title = section_title(self.section)
        items = [name for name in self.path[1:] if name[0] == _NAMED]
        if self.is_item:
            around = title + "".join(items[:-1])
            return f"{around}：{'新增' if self.before is None else '删除'}{items[-1]}{_item(self.path, self.after)}"
        last = max((place for place, name in enumerate(self.path) if name[0] == _NAMED), default=0)
        inner = range(last + 1, len(self.path))
        keys = "".join(label_at(self.path[: place + 1]) for place in inner) if inner else ""
        return f"{title}{''.join(items)}：{keys}{' ' if keys else ''}{_change(self.before, self.after)}"


def differences(before: Playbook, after: Playbook) -> list[Difference]:
    """Return everything that `after` says otherwise, section by section in the order of the document."""
    return list(_compared((), _told(before), _told(after)))


def sections(found: Sequence[Difference]) -> frozenset[str]:
    """Return the sections that changes are in."""
    return frozenset(one.section for one in found)


def moves_clocks(found: Sequence[Difference]) -> bool:
    """Say whether rules by which clocks run are among the changes."""
    return bool(sections(found) & CLOCKS)


def weighty(found: Sequence[Difference]) -> tuple[str, ...]:
    """Name what among the changes needs a second administrator: whole sections, and fields that go."""
    titles = [section_title(one.section) for one in found if one.section in WEIGHTY]
    titles += ["删除字段" for one in found if one.section == "fields" and one.is_item and one.after is None]
    return tuple(dict.fromkeys(titles))


def undone_by(found: Sequence[Difference], last: Sequence[Difference]) -> list[Difference]:
    """Return those changes of `last` that `found` takes back: whoever wrote it may not have known of them."""
    back = {one.path: one for one in found}
    return [one for one in last if one.path in back and back[one.path].after == one.before]


def _told(playbook: Playbook) -> dict[str, Any]:
    return playbook.model_dump(mode="json", by_alias=True)


def _compared(path: tuple[str, ...], before: Any, after: Any) -> Iterator[Difference]:
    if before == after:
        return
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        for key in dict.fromkeys((*before, *after)):
            called = OBJECTS.get(key, key) if path == ("fields",) else key
            here = (*path, key if _is_key(path, key) else f"{_NAMED}{called}」")
            if key in before and key in after:
                yield from _compared(here, before[key], after[key])
            elif isinstance(alone := before.get(key) or after.get(key), list) and (known := _known_by(alone, [])):
                yield from _items(here, known, before.get(key) or [], after.get(key) or [])
            else:
                yield Difference(
                    path=here, before=before.get(key), after=after.get(key), is_item=not _is_key(path, key)
                )
    elif path and isinstance(before, list) and isinstance(after, list) and (key := _known_by(before, after)):
        yield from _items(path, key, before, after)
    else:
        yield Difference(path=path, before=before, after=after)


def _is_key(path: tuple[str, ...], key: str) -> bool:
    """Say whether a key is one of ours; in a table of names it is the company's."""
    return place_at((*path, key)) is not None


def _items(path: tuple[str, ...], key: str, before: list[Any], after: list[Any]) -> Iterator[Difference]:
    """Compare lists whose items have names: by name, and then their order."""
    old, new = {str(item[key]): item for item in before}, {str(item[key]): item for item in after}
    for name in dict.fromkeys((*old, *new)):
        here = (*path, f"「{(new.get(name) or old[name]).get('label') or name}」")
        if name not in old or name not in new:
            yield Difference(path=here, before=old.get(name), after=new.get(name), is_item=True)
        else:
            yield from _compared(here, old[name], new[name])
    kept, now = [name for name in old if name in new], [name for name in new if name in old]
    if kept != now:
        yield Difference(path=(*path, "顺序"), before=kept, after=now)


def _known_by(before: list[Any], after: list[Any]) -> str:
    items = [*before, *after]
    for key in IDS:
        if items and all(isinstance(item, Mapping) and item.get(key) for item in items):
            return key
    return ""


def _change(before: Any, after: Any) -> str:
    if isinstance(before, list) and isinstance(after, list) and not any(isinstance(x, dict) for x in (*before, *after)):
        added = [str(one) for one in after if one not in before]
        gone = [str(one) for one in before if one not in after]
        parts = [f"加上 {'、'.join(added)}"] if added else []
        parts += [f"去掉 {'、'.join(gone)}"] if gone else []
        return "，".join(parts) or f"改为 {'、'.join(map(str, after))}"
    return f"{said_value(before)} → {said_value(after)}"


def _item(path: tuple[str, ...], item: Any) -> str:
    if not isinstance(item, Mapping):
        return "" if item is None else f"：{said_value(item)}"
    known = {*IDS, "label"}
    told = [
        f"{label_at((*path, key))} {said_value(value)}"
        for key, value in item.items()
        if key not in known and not says_nothing(value)
    ]
    more = f" 等 {len(told)} 项" if len(told) > _ITEM else ""
    return f"（{'，'.join(told[:_ITEM])}{more}）" if told else ""
