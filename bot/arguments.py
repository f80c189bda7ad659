"""Words to typed arguments: one parser per type a handler may ask for, one question per slot that may be missing."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from bot.context import Context
from core.errors import BadInput
from core.model.ids import LeadId, Ref
from core.services.customers import Customer, find_customer


class Absent(Exception):
    """A required word was not said."""


def _lead_id(_: Context, given: Any) -> LeadId:
    text = str(given).upper().removeprefix("L")
    if not (text.isascii() and text.isdigit()):
        raise BadInput(f"「{given}」不是线索编号。发送「公海」查看编号")
    return LeadId(int(text))


def _moment(ctx: Context, given: Any) -> datetime:
    try:
        moment = datetime.fromisoformat(str(given))
    except ValueError:
        raise BadInput(f"没看懂时间「{given}」，请写成「明天下午三点」或「3月17日 15:00」") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=ctx.uow.calendar.zone)


PARSERS: dict[Any, Callable[[Context, Any], Any]] = {
    str: lambda _, given: str(given),
    int: lambda _, given: int(given),
    bool: lambda _, given: given in (True, "yes", "true", "1"),
    bool | None: lambda _, given: given in (True, "yes", "true", "1"),
    LeadId: _lead_id,
    LeadId | None: _lead_id,
    Ref: lambda _, given: Ref.parse(str(given)),
    datetime: _moment,
    datetime | None: _moment,
    Customer: lambda ctx, given: find_customer(ctx.uow, str(given)),
    Customer | None: lambda ctx, given: find_customer(ctx.uow, str(given)),
}

Choices = Callable[[Context], tuple[tuple[str, str], ...]]

QUESTIONS: dict[str, tuple[str, Choices]] = {
    "customer": ("是哪个客户？请回复客户名", lambda _: ()),
    "lead": ("是哪条线索？请回复公司名或编号", lambda _: ()),
    "content": ("聊了什么？请回复跟进内容，可以带上下次联系时间", lambda _: ()),
    "name": ("请回复公司名称", lambda _: ()),
    "at": ("什么时候？请回复时间，比如「明天下午三点」", lambda _: ()),
    "reason": (
        "退回公海的原因是？回复数字或直接写原因",
        lambda ctx: tuple((reason, reason) for reason in ctx.uow.playbook.return_reasons),
    ),
}
