"""What somebody may never have, whatever the words: judged from the role, before anything is asked or shown."""

import re
from typing import Final

from bot.intents import deed
from bot.understanding.sentence import MEMBER
from bot.understanding.slots.draft import Draft
from core.errors import NotAllowed
from core.model.ids import MemberId
from core.model.member import LEADING, SELLING, Member, Role
from core.rules.permissions import scope_of
from core.services.approvals.deciding import waiting_for
from core.services.playbook.applying import only_administrators

_SETTLES: Final = LEADING | {Role.ADMIN}
_APPROVES: Final = LEADING | {Role.FINANCE, Role.LEGAL, Role.ADMIN}
_LEADERS: Final = frozenset({
    "team.activity", "team.silent", "ramp.show", "handover", "split", "handover.loss", "target.set",
    "appeal.accept", "lead.assign",
    "member.profile", "assignment.speed",
})  # fmt: skip
_SETTING: Final = frozenset({"rule.change", "rule.simulate", "playbook.rollback", "field.add", "calendar.set"})
_DECIDING: Final = frozenset({
    "approval.approve", "approval.reject", "approval.conditional", "approval.transfer", "approval.add_sign",
    "approval.return", "approval.take_back", "approval.batch", "approval.delegate",
})  # fmt: skip
_WATCHING: Final = frozenset({"access.log"})
_RIGHTS: Final = {"team.activity": "查看团队跟进", "team.silent": "查看团队跟进", "access.log": "查看访问记录"}
_EVERYTHING: Final = re.compile(r"所有|全部|全公司|整个|每个|全体|完整|大家|别人|其他人|同事|全都|清空|删库")
_OWN: Final = re.compile(r"我的|我自己|自己的|本人|我名下|我手")
_NO_FILE_OF: Final = re.compile("回款|收款|到账|流水|应收|台账|开票|发票|合同|报价|订单|工单|审批")
_FILE_OF: Final = re.compile("客户|线索|联系人|商机|名单|电话|号码|公海")
_NO_FILE: Final = (
    "能导出成文件的是客户、线索、联系人和商机，回款、发票、合同、报价和订单还不能。可以发送「回款记录」在聊天里看"
)
_ASK_LEADER: Final = "需要的话请联系您的主管"
_RESERVED: Final = (
    (_DECIDING, _APPROVES),
    (_LEADERS, _SETTLES),
    (_WATCHING, _SETTLES),
)


def refused(member: Member, draft: Draft) -> str:
    """Return why this may not be, as a sentence that says what to do next; empty when it may."""
    name = draft.intent.name
    if member.id == 0:
        return ""
    if name in _SETTING and not member.is_any(_SETTLES):
        return only_administrators(draft.ctx.uow)
    if name in _DECIDING and _is_asked(member, draft):
        return ""
    if any(name in intents and not member.is_any(roles) for intents, roles in _RESERVED):
        return str(NotAllowed(_RIGHTS.get(name, deed(name))))
    if name in ("export", "record.delete", "account.show", "record.list", "deal.list"):
        return _beyond_own(member, draft)
    return ""


_LISTS_OF_SOMEBODY: Final = frozenset({"account.show", "record.list", "deal.list"})


def _beyond_own_team(member: Member, draft: Draft) -> str:
    """Refuse a leader who asks for the customers of somebody whom they do not lead."""
    ref = draft.refs.get("member", "")
    if not isinstance(ref, str) or not ref.startswith("member:") or not member.is_any(LEADING):
        return ""
    asked = draft.ctx.uow.members.get(MemberId(int(ref.partition(":")[2])))
    if scope_of(member).covers(asked.id, asked.department):
        return ""
    return f"{asked.name}不在您的部门，只能看本部门同事的客户。需要的话请联系{asked.name}的主管"


def _is_asked(member: Member, draft: Draft) -> bool:
    """Say whether something waits for a decision of somebody whose role alone would give them none to make."""
    return not member.is_any(_APPROVES) and bool(waiting_for(draft.ctx.uow, member.id))


def _beyond_own(member: Member, draft: Draft) -> str:
    """Refuse whoever reaches for more than the own records, or for a file that there is not."""
    if draft.intent.name == "export" and _NO_FILE_OF.search(draft.text) and not _FILE_OF.search(draft.text):
        return _NO_FILE
    others = [p for p in draft.marked(MEMBER) if not any(c.ref == f"member:{member.id}" for c in p.value.candidates)]
    if member.is_any(_SETTLES):
        return _beyond_own_team(member, draft) if draft.intent.name in _LISTS_OF_SOMEBODY else ""
    if draft.intent.name in _LISTS_OF_SOMEBODY:
        return f"只能看自己名下的客户。发送「今天」看看您的客户，{_ASK_LEADER}" if others else ""
    everything = _EVERYTHING.search(draft.text) and not _OWN.search(draft.text)
    if draft.intent.name == "record.delete":
        return (
            f"您没有批量删除的权限。{_ASK_LEADER}"
            if everything or (not draft.slots.get("customer") and not draft.choices)
            else ""
        )
    if everything or others or not (member.is_any(SELLING) or member.is_any(frozenset({Role.MARKETING}))):
        return f"您没有导出全部客户资料的权限。可以发送「导出我的客户」导出自己名下的，{_ASK_LEADER}"
    return ""
