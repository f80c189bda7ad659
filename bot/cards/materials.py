"""Materials in chat: what was found, what is sent, what the library holds."""

from collections.abc import Sequence

from bot.cards.card import Button, Card
from bot.cards.leads import undo_button
from core.model.enclosure import Enclosure
from core.model.material import Material

SHOWN, LISTED = 4, 20
LABEL = 12
KEEPING = "把文件发到这里就能存进来；「资料设置 E1 阶段 方案报价」说明用在哪"


def send_buttons(materials: Sequence[Material]) -> tuple[Button, ...]:
    """Return a button for each material that sends it."""
    return tuple(
        Button(label=f"发我 {one.title}"[:LABEL], action="material.send", values={"material": str(one.id)})
        for one in materials
    )


def material_line(material: Material) -> str:
    """Say a material in one line."""
    suits = "、".join((*material.stages, *material.industries))
    about = "，".join(
        part for part in (material.kind, suits, f"发过 {material.used} 次" if material.used else "") if part
    )
    return f"{material.ref} {material.title}（{about}）"


def sent_card(material: Material, enclosed: Enclosure | None) -> Card:
    """A material goes along, or is a link."""
    until = f"有效到 {material.valid_until:%Y-%m-%d}" if material.valid_until else ""
    edition = f"第 {material.edition} 版" if material.edition > 1 else ""
    return Card(
        title=material.title,
        subtitle=" · ".join(part for part in (material.kind, edition, until) if part),
        text="文件在下面，可以直接转发给客户" if enclosed else "点开链接查看",
        link=material.link if enclosed is None else "",
        encloses=(enclosed,) if enclosed else (),
    )


def several_card(found: Sequence[Material]) -> Card:
    """Several materials may be meant."""
    lines = [material_line(one) for one in found[:SHOWN]]
    if len(found) > SHOWN:
        lines.append(f"还有 {len(found) - SHOWN} 份，说得更具体一些就能找到")
    return Card(
        title=f"找到 {len(found)} 份资料，要哪一份？", text="\n".join(lines), buttons=send_buttons(found[:SHOWN])
    )


def no_material_card(words: str, everything: Sequence[Material], *, keeps: bool) -> Card:
    """Nothing in the library is meant; what there is instead."""
    some = "现有：" + "、".join(one.title for one in everything[:5]) if everything else "资料库还是空的"
    hint = "把文件发到这里就能存进资料库" if keeps else "需要的话请市场部或管理员补充"
    return Card(title=f"资料库里没有「{words[:30]}」", text=f"{some}\n{hint}", buttons=send_buttons(everything[:3]))


def library_card(everything: Sequence[Material], *, keeps: bool) -> Card:
    """All that may be offered today."""
    hint = (
        "把文件发到这里就能存进来；「资料设置 E1 阶段 方案报价」说明用在哪"
        if keeps
        else "发送「发我一份 名称」就能收到"
    )
    lines = [material_line(one) for one in everything[:LISTED]] or ["还没有资料"]
    if len(everything) > LISTED:
        lines.append(f"…共 {len(everything)} 份")
    return Card(
        title=f"资料库 {len(everything)} 份", text="\n".join((*lines, hint)), buttons=send_buttons(everything[:SHOWN])
    )


def changed_material_card(material: Material, command: str, *, gone: bool) -> Card:
    """What a material is for was changed, or it went."""
    title = f"「{material.title}」从资料库下架了" if gone else f"资料改好了：{material.title}"
    fields = (
        ("类型", material.kind),
        ("阶段", "、".join(material.stages) or "不限"),
        ("行业", "、".join(material.industries) or "不限"),
        ("标签", "、".join(material.tags)),
        ("有效期", f"{material.valid_until:%Y-%m-%d}" if material.valid_until else "一直有效"),
    )
    shown = () if gone else tuple(field for field in fields if field[1])
    return Card(title=title, fields=shown, buttons=(undo_button(command),))
