"""Files that people send: received, put where they belong, or refused."""

from bot.cards.card import Button, Card
from bot.cards.leads import undo_button
from core.calendar import WorkCalendar
from core.model.material import Material
from core.notices.files import FileNotReceived, FileReceived, TemplateChecked

KILO = 1024
TRIED = "下面是用样例排的一份。要退回请管理员用 liaodan template restore"


def receiving_card(name: str) -> Card:
    """Say that a file came in."""
    return Card(title=f"收到{f'「{name}」' if name else ''}，正在保存", private=True)


def received_card(notice: FileReceived, _: WorkCalendar) -> Card:
    """Ask where a file belongs."""
    about = {"file": str(notice.file)}
    buttons = [
        Button(label=f"签好的 {label}"[:18], action="file.to_contract", values={**about, "contract": str(contract)})
        for contract, label in notice.contracts
    ]
    buttons += [
        Button(label=f"附到审批 {label}"[:18], action="file.to_approval", values={**about, "approval": str(approval)})
        for approval, label in notice.approvals
    ]
    buttons.append(Button(label="存到客户", action="file.to_customer", values=about))
    if notice.library:
        buttons.append(Button(label="存进资料库", action="file.to_library", values=about))
    if notice.template:
        buttons = [
            Button(label="用作报价单模板", action="file.to_template", values={**about, "words": "quote"}),
            Button(label="用作合同模板", action="file.to_template", values={**about, "words": "contract"}),
        ]
    return Card(
        title=f"「{notice.name}」保存好了",
        subtitle=f"{max(1, round(notice.size / KILO))} KB，只有您看得到",
        text="它是做什么用的？",
        buttons=tuple(buttons),
    )


def not_received_card(notice: FileNotReceived, _: WorkCalendar) -> Card:
    """Say why a file was not kept."""
    return Card(title="文件没有保存", text=notice.why)


def kept_card(words: str, command: str) -> Card:
    """A file was put where it belongs."""
    return Card(title=words, buttons=(undo_button(command),))


def material_kept_card(material: Material, command: str) -> Card:
    """A file was put into the library; what can still be said of it."""
    return Card(
        title=f"「{material.title}」存进资料库了",
        subtitle=f"{material.ref} · {material.kind}",
        text=f"补充适用的阶段和行业，例如发送「资料设置 {material.ref} 阶段 方案报价 行业 制造业 有效期 2026-12-31」",
        buttons=(
            Button(label="发我看看", action="material.send", values={"material": str(material.id)}),
            undo_button(command),
        ),
    )


def template_ordered_card(title: str) -> Card:
    """A template is being checked."""
    return Card(title=f"{title}模板正在用样例检查，没有问题就启用，并把样例发给您")


def template_checked_card(notice: TemplateChecked, _: WorkCalendar) -> Card:
    """A template is in use, or is not."""
    if notice.trouble:
        return Card(title=f"{notice.title}模板没有启用", text=f"{notice.trouble}\n改好后再发一次，现在用的还是原来的")
    return Card(
        title=f"{notice.title}模板第 {notice.number} 版启用了",
        text="下面是用样例排的一份。要退回请管理员用 liaodan template restore",
    )
