"""Words to typed arguments: one parser per type a handler may ask for, one question per slot that may be missing."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, NewType

from bot.context import Context
from core.errors import Ambiguous, BadInput, NotFound
from core.model.followup import Method
from core.model.ids import LeadId
from core.model.lead import Lead
from core.services.customers import Customer, as_ref, find_customer, on_record
from core.services.leads import just_claimed

PooledLead = NewType("PooledLead", int)
"""A lead to be had from the pool, or one that a colleague was just faster to claim."""

OwnLead = NewType("OwnLead", int)
"""A lead within the asker's sight."""

LONGEST_ID = 18
EARLIEST, LATEST = 1970, 2100

KEEP_IT = "不退了"
"""The way out of the question why a lead is given back."""

YES = frozenset({"yes", "仍然新建", "新建", "要新建", "新建吧", "确定", "确认", "不是", "不是同一家"})
NO = frozenset({"no", "不用了", "不用", "算了", "取消", "不新建", "别新建", "是同一家", "同一家"})


class Absent(Exception):
    """A required word was not said."""


def _lead_id(_: Context, given: Any) -> LeadId:
    text = str(given).upper().removeprefix("L")
    if not (text.isascii() and text.isdigit() and len(text) <= LONGEST_ID):
        raise BadInput(f"「{given}」不是线索编号。发送「公海」查看编号")
    return LeadId(int(text))


def _decision(_: Context, given: Any) -> bool:
    answer = str(given).strip("。.!！ ").lower()
    if answer in YES:
        return True
    if answer in NO:
        return False
    raise BadInput("没看懂是要还是不要。请回复「仍然新建」或「不用了」")


def _pooled_lead(ctx: Context, given: Any) -> PooledLead:
    words = str(given)
    ref = as_ref(words)
    if ref is not None and ref.kind == "lead":
        return PooledLead(ref.id)
    found = ctx.uow.leads.pooled(words=words, limit=5)
    if len(found) > 1:
        raise Ambiguous(words, tuple((f"{lead.name}（{lead.ref}）", str(lead.ref)) for lead in found))
    if found:
        return PooledLead(found[0].id)
    for match in on_record(ctx.uow, words, None):
        if isinstance(match.found, Lead) and just_claimed(ctx.uow, match.found):
            return PooledLead(match.found.id)  # whoever comes second hears who was first
    raise NotFound(words)


def _own_lead(ctx: Context, given: Any) -> OwnLead:
    found = find_customer(ctx.uow, str(given))
    if not isinstance(found, Lead):
        raise BadInput(f"「{found.name}」已经是客户，不能退回公海。需要换人跟进请联系主管")
    return OwnLead(found.id)


def _moment(ctx: Context, given: Any) -> datetime:
    try:
        moment = datetime.fromisoformat(str(given))
    except ValueError:
        raise BadInput(f"没看懂时间「{given}」，请写成「明天下午三点」或「3月17日 15:00」") from None
    if not EARLIEST <= moment.year <= LATEST:
        raise BadInput(f"{moment.year} 年太远了，请核对日期后再发一次")
    return moment if moment.tzinfo else moment.replace(tzinfo=ctx.uow.calendar.zone)


def _method(_: Context, given: Any) -> Method:
    return Method(given) if given in set(Method) else Method.OTHER


PARSERS: dict[Any, Callable[[Context, Any], Any]] = {
    str: lambda _, given: str(given),
    Method: _method,
    bool | None: _decision,
    LeadId | None: _lead_id,
    PooledLead: _pooled_lead,
    OwnLead: _own_lead,
    datetime: _moment,
    datetime | None: _moment,
    Customer: lambda ctx, given: find_customer(ctx.uow, str(given)),
}


def subject(ctx: Context, arguments: dict[str, Any]) -> str:
    """Name whom a question is about, from what is known so far: 「汇川：」."""
    about = arguments.get("customer")
    if about is None and arguments.get("lead") is not None:
        about = ctx.uow.leads.get(LeadId(arguments["lead"]))
    return f"{about.name}：" if about is not None else ""


Choices = Callable[[Context], tuple[tuple[str, str], ...]]

QUESTIONS: dict[str, tuple[str, Choices]] = {
    "customer": ("是哪个客户？请回复客户名", lambda _: ()),
    "lead": ("是哪条线索？请回复公司名或编号", lambda _: ()),
    "content": ("聊了什么？请回复跟进内容，可以带上下次联系时间", lambda _: ()),
    "name": ("请回复公司名称", lambda _: ()),
    "at": ("什么时候？请回复时间，比如「明天下午三点」", lambda _: ()),
    "reason": (
        "退回公海的原因是？回复数字或直接写原因",
        lambda ctx: tuple((reason, reason) for reason in (*ctx.uow.playbook.return_reasons, KEEP_IT)),
    ),
}
