"""Writes docs/playbook.md, the reference for administrators, from the models' own descriptions."""

from collections.abc import Callable, Iterator, Mapping
from datetime import time, timedelta
from typing import Annotated, Any, get_args, get_origin

from connectors.playbook_files import YamlPlaybooks
from core.model.playbook import Playbook
from core.model.playbook.parts import Part, write_duration
from core.rules.playbook_changes import CLOCKS, WEIGHTY
from core.rules.playbook_outline import Place, held_by, parts_of, places, said_kind, section_title

HEAD = """\
# 规则（playbook）

<!-- 由 `make docs` 从 core/model/playbook/ 生成，请勿手改 -->

公司和公司不一样的地方都写在一份规则里：一个 YAML 文本文件，键是英文，值写中文。
没写的节用默认值；写了的列表和表格整段代替默认值。

**怎么写。** 时长写 `24h`、`3d`、`30m`、`90s`；时刻写 `8:30`；百分比写 `50%`；`#` 后面是说明，改来改去都会留着。
不支持 `&`、`*` 引用和 `!` 类型，最大 1 MB。

**怎么改。** 管理员在聊天里直接说「回收改成48小时」，看过改动再点生效；整份的用「导出规则」和「提交规则」。命令行：

```sh
liaodan playbook export 规则.yaml
liaodan playbook check 规则.yaml
liaodan playbook diff 规则.yaml
liaodan playbook apply 规则.yaml --why 放宽回收 --base 3
liaodan playbook history
liaodan playbook rollback 2 --why 改回去
```

生效后所有进程立即按新规则办，不用重启；每一版都留着，谁、什么时候、为什么都有记录；退回也是一版。

**时钟。** 改动{clocks}时要说明正在走的时钟怎么办：「从现在起」（`--clocks from_now`）让它们按老规则走完，
「重新计算」（`--clocks recalculate`）让所有没结束的按新规则重算。

**两个人。** 改动{weighty}或删除字段，要另一位管理员在 24 小时内确认；公司只有一位管理员时直接生效，并记在这一版里。
命令行由部署的人负责，不用第二人。

编辑器里自动补全和检查：`liaodan playbook schema` 输出 JSON Schema。

"""

COLUMNS = "| 键 | 含义 | 写什么 | 默认 |\n|---|---|---|---|\n"


def playbook_page() -> str:
    """Return docs/playbook.md."""
    known = places(Playbook)
    titles = {name: section_title(name) for name in known}
    head = HEAD.format(
        clocks="、".join(titles[name] for name in known if name in CLOCKS),
        weighty="、".join(titles[name] for name in known if name in WEIGHTY),
    )
    listed = "".join(f"- [{titles[name]}](#{_anchor(name, titles[name])}) `{name}`\n" for name in known)
    told: dict[type[Part], str] = {}
    return head + "## 各节\n\n" + listed + "".join(_section(place, told) for place in known.values())


def _section(place: Place, told: dict[type[Part], str]) -> str:
    title = section_title(place.key)
    text = f"\n## {title} {place.key}\n\n{place.meaning}。写{said_kind(place.kind)}。\n"
    tables: list[str] = []
    _tables(place.key, place.kind, place.default, tables, told)
    return text + "".join(tables) + _example(place.key)


def _tables(path: str, kind: Any, default: Any, tables: list[str], told: dict[type[Part], str]) -> None:
    """Add a table for every part that may stand at `path`, and for those in it; what was `told` before is named."""
    for part in parts_of(kind):
        here = path + ("[]" if _is_list(kind) else ".名称" if held_by(kind) is not None else "")
        if part in told:
            tables.append(f"\n`{here}`：写法和 `{told[part]}` 一样。\n")
            continue
        told[part] = here
        sample = default if isinstance(default, part) else None
        inside = list(places(part).values())
        tables.append(f"\n`{here}`\n\n{COLUMNS}{''.join(_row(one, sample) for one in inside)}")
        for one in inside:
            _tables(f"{here}.{one.key}", one.kind, one.default, tables, told)


def _row(place: Place, sample: Part | None) -> str:
    default = getattr(sample, place.key, place.default) if sample is not None else place.default
    shown = "必填" if place.is_required else _shown(default)
    allowed = said_kind(place.kind) + _bounds(place.kind)
    return f"| `{place.key}` | {_cell(place.meaning)} | {_cell(allowed)} | {_cell(shown)} |\n"


def _shown(value: Any) -> str:
    if value is None or value in ((), {}, ""):
        return "不写"
    if isinstance(value, tuple):
        return "见例子" if any(isinstance(one, Part) for one in value) else "、".join(map(_shown, value))
    return next((write(value) for kind, write in _WRITTEN if isinstance(value, kind)), str(value))


_WRITTEN: tuple[tuple[Any, Callable[[Any], str]], ...] = (
    (bool, lambda value: "true" if value else "false"),
    (timedelta, write_duration),
    (time, lambda value: f"{value:%H:%M}"),
    (Part | Mapping, lambda _: "见下"),
)


def _bounds(kind: Any) -> str:
    """Say between what a number must lie."""
    marks = get_args(kind)[1:] if get_origin(kind) is Annotated else ()
    low = next((mark.ge for mark in marks if hasattr(mark, "ge")), None)
    high = next((mark.le for mark in marks if hasattr(mark, "le")), None)
    if not isinstance(low, int) or isinstance(low, bool):
        return ""
    return f"，{low} 到 {high}" if high is not None else f"，不小于 {low}"


def _example(section: str) -> str:
    """Return how a kit writes a section, where one does."""
    files = YamlPlaybooks()
    for kit in ("general", *files.kits()):
        lines = list(_lines_of(files.kit(kit), section))
        if lines:
            where = "" if kit == "general" else f"（取自 {kit} 模板）"
            return f"\n例子{where}：\n\n```yaml\n" + "\n".join(lines).rstrip() + "\n```\n"
    return ""


def _lines_of(text: str, section: str) -> Iterator[str]:
    inside = False
    for line in text.splitlines():
        if line[:1] not in ("", " ", "#", "-"):
            inside = line.startswith(f"{section}:")
        if inside and not line.startswith("#"):
            yield line


def _is_list(kind: Any) -> bool:
    return held_by(kind) is not None and said_kind(kind).startswith("列表")


def _anchor(key: str, title: str) -> str:
    return f"{title} {key}".lower().replace(" ", "-").replace("、", "")


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")
