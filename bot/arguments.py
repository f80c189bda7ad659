"""Words to typed arguments: one parser per type a handler may ask for."""

import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, NewType

from bot.aims import Aims, Figures, aims, figures
from bot.context import Context
from bot.money_arguments import PARSERS as MONEY_PARSERS
from bot.quoting import AnyQuote, Lines, ProductName, any_quote, lines, product_name
from bot.understanding.money import find_discounts
from core.errors import Ambiguous, BadInput, NoSuchMember, NotFound, Refusal
from core.model.deal import Deal
from core.model.followup import Method
from core.model.handover import Split
from core.model.ids import ContactId, DealId, LeadId, MemberId, Ref, RequestId
from core.model.lead import Lead
from core.model.member import CHANNELS, Member, channel_named
from core.model.rhythm import Rhythm
from core.services.claiming import just_claimed
from core.services.customers import Customer, as_ref, find_customer
from core.services.deals import deal_of, may_see_deal
from core.services.duplicates import on_record
from core.services.members import find_member
from core.services.naming import find_pooled

CompanyName = NewType("CompanyName", str)
"""What a company is called, on record or not."""

Pooled = NewType("Pooled", Ref)
"""A lead or account to be had from a pool, or a lead that a colleague was just faster to claim."""

OwnLead = NewType("OwnLead", int)
"""A lead within the asker's sight."""

AnyLead = NewType("AnyLead", int)
"""A lead within the asker's sight, or one of the pool."""

OpenDeal = NewType("OpenDeal", Deal)
"""An open deal within the asker's sight, by its number or its customer's."""

AnyDeal = NewType("AnyDeal", Deal)
"""A deal within the asker's sight; of a customer's the open one first, else the last."""

Tags = NewType("Tags", tuple[str, ...])
"""Short words that a customer is marked with."""

Said = NewType("Said", dict[str, str])
"""What was said of the company's own fields, by their names."""

Channel = NewType("Channel", str)
"""A platform that people name."""

Groups = NewType("Groups", dict[str, MemberId])
"""Groups of customers, by industry, region or grade, and to whom each goes."""

Elsewhere = NewType("Elsewhere", dict[str, MemberId])
"""Customers by name, and to whom each goes."""

ApprovalNumber = NewType("ApprovalNumber", int)
"""An approval by its number, S12 or 12."""

Percent = NewType("Percent", Decimal)
"""Percent off the list price, as a number or as people say it: 92折."""

Colleague = NewType("Colleague", Member)
"""A member, active or not, by name or number."""

LONGEST_ID = 18
_PERSON = re.compile(r"contact:([1-9][0-9]{0,17})", re.ASCII)
_DEAL = re.compile(r"(?:[Dd]|deal:)([1-9][0-9]{0,17})", re.ASCII)
EARLIEST, LATEST = 1970, 2100
TAG_LENGTH, MOST_TAGS = 20, 10

KEEP_IT = "不退了"
"""The way out of the question why a lead is given back."""

YES = frozenset(
    {
        "yes",
        "仍然退回",
        "仍然恢复",
        "仍然新建",
        "新建",
        "要新建",
        "新建吧",
        "确定",
        "确认",
        "不是",
        "不是同一家",
        "换",
        "换成新的",
    }
)
NO = frozenset(
    {
        "no",
        "不退了",
        "不恢复",
        "不用了",
        "不用",
        "算了",
        "取消",
        "不新建",
        "别新建",
        "是同一家",
        "同一家",
        "不换",
        "不换了",
    }
)
DECISIONS = YES | NO


_AND = re.compile(r"[、，,;；/\s]+|和|以及|还有|跟|与")
_SPELT = re.compile(r"^member:(?=[1-9])")


class Absent(Exception):
    """A required word was not said."""


def _lead_id(_: Context, given: Any) -> LeadId:
    text = str(given).upper().removeprefix("L")
    if not (text.isascii() and text.isdigit() and len(text) <= LONGEST_ID):
        raise BadInput(f"「{given}」不是线索编号。发送「公海」查看编号")
    return LeadId(int(text))


def _request(_: Context, given: Any) -> RequestId:
    text = str(given)
    if not (text.isascii() and text.isdigit() and len(text) <= LONGEST_ID):
        raise BadInput("没有看出是哪个申请，请在卡片上再点一次")
    return RequestId(int(text))


def _approval(_: Context, given: Any) -> ApprovalNumber:
    text = str(given).strip().upper().removeprefix("S")
    if not (text.isascii() and text.isdigit() and len(text) <= LONGEST_ID):
        raise BadInput(f"「{given}」不是审批编号。发送「待我审批的」或「审批进度」查看编号")
    return ApprovalNumber(int(text))


def _percent(ctx: Context, given: Any) -> Percent:
    found = find_discounts(str(given))
    percent = found[0].percent if found else _decimal(ctx, given)
    if not 0 < percent < 100:  # noqa: PLR2004 - nobody gives it away
        raise BadInput(f"没看懂折扣「{given}」，请写成「92折」或「8个点」")
    return Percent(percent)


def _decision(_: Context, given: Any) -> bool:
    answer = str(given).strip("。.!！ ").lower()
    if answer in YES:
        return True
    if answer in NO:
        return False
    raise BadInput("没看懂是要还是不要。请直接点按钮，或者回复按钮上的字")


def _pooled(ctx: Context, given: Any) -> Pooled:
    words = str(given)
    ref = as_ref(words)
    if ref is not None:
        return Pooled(ctx.uow.customers.standing(ref))
    named = find_pooled(ctx.uow, words)
    found = ctx.uow.leads.find(LeadId(ref.id) for ref in named) or ctx.uow.leads.pooled(words=words, limit=5)
    if len(found) > 1:
        raise Ambiguous(words, tuple((f"{lead.name}（{lead.ref}）", str(lead.ref)) for lead in found))
    if found:
        return Pooled(found[0].ref)
    for match in on_record(ctx.uow, words, None):
        if isinstance(match.found, Lead) and just_claimed(ctx.uow, match.found):
            return Pooled(match.found.ref)  # whoever comes second hears who was first
    raise NotFound(words)


def _own_lead(ctx: Context, given: Any) -> OwnLead:
    found = find_customer(ctx.uow, str(given))
    if not isinstance(found, Lead):
        raise BadInput(f"「{found.name}」已经是客户，不再是线索。发送「看看 {found.name}」查看现状")
    return OwnLead(found.id)


def _any_lead(ctx: Context, given: Any) -> AnyLead:
    try:
        return AnyLead(_own_lead(ctx, given))
    except NotFound as nowhere:
        try:
            pooled = _pooled(ctx, given)
        except NotFound:
            raise nowhere from None
        if pooled.kind != "lead" or not ctx.uow.leads.get(LeadId(pooled.id)).is_pooled:
            raise nowhere from None
        return AnyLead(pooled.id)


def _deals_of(ctx: Context, given: Any) -> tuple[str, list[Deal]]:
    """Return the customer's name with the deals that words mean: one by its number, or all of a customer."""
    number = _DEAL.fullmatch(str(given).strip())
    if number is not None:
        deal = deal_of(ctx.uow, DealId(int(number[1])))
        return deal.name, [deal]
    found = find_customer(ctx.uow, str(given))
    if isinstance(found, Lead):
        raise BadInput(f"「{found.name}」还是线索，没有商机。可以说「给{found.name}建个商机」，会先转为客户")
    return found.name, [deal for deal in ctx.uow.deals.of(found.id) if may_see_deal(ctx.uow, deal)]


def _one_deal(name: str, deals: list[Deal]) -> Deal:
    """Return the only one of several deals; Ambiguous names them all."""
    if not deals:
        raise BadInput(f"「{name}」没有进行中的商机。可以说「给{name}建个商机 产品 金额 预计签约日」")
    if len(deals) > 1:
        labels = tuple((f"{d.name}（{d.stage}{f' {d.amount}' if d.amount else ''}）", str(d.ref)) for d in deals[:8])
        raise Ambiguous(name, labels, of="商机")
    return deals[0]


def _open_deal(ctx: Context, given: Any) -> OpenDeal:
    name, deals = _deals_of(ctx, given)
    named = len(deals) == 1 and _DEAL.fullmatch(str(given).strip()) is not None
    return OpenDeal(_one_deal(name, deals if named else [deal for deal in deals if deal.is_open]))


def _any_deal(ctx: Context, given: Any) -> AnyDeal:
    name, deals = _deals_of(ctx, given)
    return AnyDeal(_one_deal(name, [deal for deal in deals if deal.is_open] or deals[:1]))


def _moment(ctx: Context, given: Any) -> datetime:
    try:
        moment = datetime.fromisoformat(str(given))
    except ValueError:
        raise BadInput(f"没看懂时间「{given}」，请写成「明天下午三点」或「3月17日 15:00」") from None
    if not EARLIEST <= moment.year <= LATEST:
        raise BadInput(f"{moment.year} 年太远了，请核对日期后再发一次")
    return moment if moment.tzinfo else moment.replace(tzinfo=ctx.uow.calendar.zone)


def _day(ctx: Context, given: Any) -> date:
    return ctx.wall(_moment(ctx, given)).date()


def _channel(_: Context, given: Any) -> Channel:
    if str(given) in CHANNELS:
        return Channel(str(given))
    if channel := channel_named(str(given)):
        return Channel(channel)
    raise BadInput(f"没看懂平台「{given}」，可以说：{'、'.join(CHANNELS.values())}")


def _colleague(ctx: Context, given: Any) -> Colleague:
    words = _SPELT.sub("M", str(given).strip())
    found = [one for one in ctx.uow.members.everybody() if words in (one.name, str(one.ref))]
    if len(found) > 1:
        several = tuple((f"{one.name}（{one.department or one.ref}）", str(one.ref)) for one in found[:8])
        raise Ambiguous(words, several, of="同事")
    if not found:
        raise NoSuchMember(words)
    return Colleague(found[0])


def _whole(_: Context, given: Any) -> int:
    return int(given)


def _method(_: Context, given: Any) -> Method:
    return Method(given) if given in set(Method) else Method.OTHER


def _number(_: Context, given: Any) -> int:
    text = str(given).strip()
    if not (text.isascii() and text.isdigit() and len(text) <= 4):  # noqa: PLR2004 - nobody means ten thousand things
        raise BadInput(f"没看懂数量「{given}」，请写成数字，例如「3」")
    return int(text)


def _decimal(_: Context, given: Any) -> Decimal:
    try:
        value = Decimal(str(given))
    except InvalidOperation:
        raise BadInput(f"没看懂数字「{given}」，请写成「36万」或「9折」") from None
    if not value.is_finite():
        raise BadInput(f"没看懂数字「{given}」，请写成「36万」或「9折」")
    return value


def _tags(_: Context, given: Any) -> Tags:
    words = [str(one) for one in given] if isinstance(given, list) else str(given).replace("，", "、").split("、")
    tags = tuple(dict.fromkeys(word.strip() for word in words if word.strip()))
    if not tags or len(tags) > MOST_TAGS or any(len(tag) > TAG_LENGTH for tag in tags):
        raise BadInput(f"一次最多 {MOST_TAGS} 个标签，每个不超过 {TAG_LENGTH} 个字，请改短后再发一次")
    return Tags(tags)


def _every(_: Context, given: Any) -> Rhythm:
    try:
        return Rhythm.parse(str(given))
    except ValueError:
        raise BadInput(f"没看懂多久重复一次「{given}」，例如「每天下午五点提醒我填跟进」") from None


def _several(_: Context, given: Any) -> tuple[str, ...]:
    words = given if isinstance(given, list) else str(given).replace("，", "、").split("、")
    return tuple(dict.fromkeys(str(one).strip() for one in words if str(one).strip()))


def _people(ctx: Context, given: Any) -> tuple[Member, ...]:
    words = given if isinstance(given, list) else [one for one in _AND.split(str(given)) if one]
    return tuple({one.id: one for one in (find_member(ctx.uow, str(word)) for word in words)}.values())


def _split(_: Context, given: Any) -> Split:
    try:
        return Split(str(given))
    except ValueError:
        raise BadInput("没看懂怎么分。可以按行业、按地区、按等级，或者平均分") from None


def _to_members(ctx: Context, given: Any, what: str) -> dict[str, MemberId]:
    """Read who gets what: the reader gives a list of what and to whom."""
    pairs = [one for one in given if isinstance(one, dict)] if isinstance(given, list) else []
    return {str(one.get(what, "")): _colleague(ctx, one.get("member", "")).id for one in pairs}


def _company_name(ctx: Context, given: Any) -> CompanyName:
    """Return the name that was said; a record that the reader found stands for its own."""
    words = str(given).strip()
    return CompanyName(find_customer(ctx.uow, words).name if as_ref(words) is not None else words)


def _words(ctx: Context, given: Any) -> str:
    """Return words as they were said; a person whom the reader found on record goes by their name."""
    if isinstance(given, list):
        return "、".join(map(str, given))
    person = _PERSON.fullmatch(str(given))
    if person is None:
        return str(given)
    found = ctx.uow.contacts.get(ContactId(int(person[1])))
    return found.name if found is not None else ""


def _customer(ctx: Context, given: Any) -> Customer:
    """Return the customer that words mean; a deal's number stands for whose it is."""
    number = _DEAL.fullmatch(str(given).strip())
    if number is None:
        return find_customer(ctx.uow, str(given))
    deal = deal_of(ctx.uow, DealId(int(number[1])))
    return find_customer(ctx.uow, str(Ref("account", deal.account_id or 0)))


def _said(_: Context, given: Any) -> Said:
    return Said({str(name): str(value) for name, value in given.items()} if isinstance(given, dict) else {})


PARSERS: dict[Any, Callable[[Context, Any], Any]] = {
    str: _words,
    CompanyName: _company_name,
    Method: _method,
    Method | None: _method,
    Rhythm | None: _every,
    bool | None: _decision,
    int | None: _number,
    Decimal | None: _decimal,
    Decimal: _decimal,
    LeadId | None: _lead_id,
    Pooled: _pooled,
    Pooled | None: _pooled,
    RequestId: _request,
    ApprovalNumber: _approval,
    ApprovalNumber | None: _approval,
    Percent | None: _percent,
    AnyLead: _any_lead,
    OwnLead: _own_lead,
    OpenDeal: _open_deal,
    AnyDeal: _any_deal,
    OwnLead | None: _own_lead,
    int: _whole,
    Split | None: _split,
    Groups | None: lambda ctx, given: Groups(_to_members(ctx, given, "group")),
    Elsewhere | None: lambda ctx, given: Elsewhere(_to_members(ctx, given, "customer")),
    Said: _said,
    Channel: _channel,
    Channel | None: _channel,
    Colleague: _colleague,
    datetime: _moment,
    datetime | None: _moment,
    date: _day,
    date | None: _day,
    Customer: _customer,
    Customer | None: _customer,
    Member | None: lambda ctx, given: find_member(ctx.uow, str(given)),
    Member: lambda ctx, given: find_member(ctx.uow, str(given)),
    tuple[Member, ...]: _people,
    Aims: aims,
    Figures: figures,
    Tags: _tags,
    Tags | None: _tags,
    tuple[str, ...]: _several,
    AnyQuote: any_quote,
    AnyQuote | None: any_quote,
    Lines | None: lines,
    ProductName: product_name,
    ProductName | None: product_name,
    **MONEY_PARSERS,
}


def subject(ctx: Context, arguments: Mapping[str, Any]) -> str:
    """Name whom a question is about, from what was found so far: 「汇川：」."""
    found = arguments.get("customer")
    if isinstance(found, int):
        found = ctx.uow.leads.get(LeadId(found))
    name = getattr(found, "name", "")
    return f"{name}：" if name else ""


def about(ctx: Context, slots: Mapping[str, Any], after: str = "") -> str:
    """Name the customer of an act from its slots, as far as the asker may know it; `after` follows a name."""
    words = str(slots.get("customer") or "")
    number = _DEAL.fullmatch(words)
    if number is not None:
        with suppress(Refusal):
            return f"{deal_of(ctx.uow, DealId(int(number[1]))).name}{after}"
    ref = as_ref(words)
    if ref is not None:
        try:
            words = find_customer(ctx.uow, words).name
        except Refusal:
            pooled = [lead for lead in ctx.uow.leads.find([LeadId(ref.id)]) if ref.kind == "lead" and not lead.owner_id]
            words = pooled[0].name if pooled else ""
    return f"{words}{after}" if words else ""
