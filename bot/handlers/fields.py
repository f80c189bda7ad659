"""The company's own fields: changed by their name, asked for one by one, and what is found by them."""

import json
from typing import Any

from pydantic import ValidationError

from bot.arguments import Said
from bot.cards.card import Card
from bot.cards.fields import field_set_card, records_card, with_question
from bot.context import Context
from bot.handlers.rules import drafted
from bot.new_fields import new_field
from bot.router import Router
from bot.understanding.values import reading
from core.errors import BadInput
from core.model.lead import Lead
from core.model.messages import Question, QuestionKind
from core.model.playbook import Condition
from core.model.playbook.fields import OBJECTS
from core.ports import Edit
from core.rules.conditions import ready
from core.rules.fields.catalogue import Facts, catalogue_of
from core.rules.fields.field import NOTHING
from core.rules.permissions import may_open_pool, require
from core.services.customers import Customer, require_own
from core.services.fields.finding import Found, find_records
from core.services.fields.showing import hides, text_of
from core.services.fields.values import missing, question_about, write_field
from core.services.playbook.applying import require_administrator
from core.services.questions import ask

router = Router()

LONGEST_WORDS = 2000
NOTHING_SAID = Said({})


@router.command("field.set", "改资料")
def set_field(ctx: Context, customer: Customer, field: str, value: str, fields: Said = NOTHING_SAID) -> Card:
    """改资料 客户名 行业改成 机械制造：改线索、客户、商机上的一项资料，自定义字段也这样改"""
    require_own(ctx.uow, customer)
    written, record = [], _carrier(ctx, customer, field)
    for words, meant in {field: value, **fields}.items():
        if _carrier(ctx, customer, words) is not record:
            raise BadInput(f"「{field}」和「{words}」不在同一条记录上，请分两次说")
        written.append(write_field(ctx.uow, record, words, meant, reading(ctx)))
    name = customer.name if record is customer else f"{customer.name} · {record.name}"
    return with_question(field_set_card(name, written, ctx.uow.command), ask_missing(ctx, record))


def _carrier(ctx: Context, about: Customer, field: str) -> Any:
    """Return which record of a customer carries a field: itself, its one deal or its one person."""
    if catalogue_of(ctx.uow.playbook, about.ref.kind).find(field) is not None or isinstance(about, Lead):
        return about
    for kind, carried in (("deal", ctx.uow.deals.of(about.id)), ("contact", ctx.uow.contacts.of(about.id))):
        if catalogue_of(ctx.uow.playbook, kind).find(field) is None:
            continue
        if not carried:
            raise BadInput(f"「{field}」是{OBJECTS[kind]}的字段，「{about.name}」还没有{OBJECTS[kind]}。请先新建")
        if len(carried) > 1:
            names = "、".join(one.name for one in carried[:5])
            raise BadInput(
                f"「{about.name}」有 {len(carried)} 个{OBJECTS[kind]}（{names}），还不能说是哪一个。请导入时一起改"
            )
        return carried[0]
    return about


def ask_missing(ctx: Context, record: Any) -> Question | None:
    """Ask for the first required field that a record has no value in; the answer asks for the next."""
    if record.ref.kind not in ("lead", "account"):
        return None
    for field in missing(ctx.uow, record):
        words, choices = question_about(field)
        slots = {"customer": str(record.ref), "field": field.label}
        return ask(ctx.uow, "field.set", "value", slots, choices, kind=QuestionKind.OFFER, words=words)
    return None


@router.command("field.add", "加字段", "新增字段", drafts=True)
def add_field(ctx: Context, text: str) -> Card:
    """加字段 线索 设备类型 选项 注塑机/冲压机：给线索、客户、联系人、商机加一个自定义字段，先看改动再生效"""
    require_administrator(ctx.uow)
    kind, spec = new_field(ctx.uow.playbook, text)
    return drafted(ctx, (Edit(path=("fields", kind, ("key", spec["key"])), value=spec),), text)


@router.command("record.list", "按条件找")
@router.button("record.list")
def find(ctx: Context, words: str, after: int | None = None) -> Card:
    """按条件找 行业是机械的客户：按任何字段查自己能看到的线索、客户、联系人、商机"""
    require(may_open_pool(ctx.member), "查找客户")
    kind, condition = _condition(words)
    if after is None:
        page, kind = _first_found(ctx, ["account", "lead"] if kind == "account" else [kind], condition)
    else:
        page = find_records(ctx.uow, kind, condition, after=after)
    alike = {test.field for test in condition.children if test.op.value == "=" and len(test.values) == 1}
    catalogue = catalogue_of(ctx.uow.playbook, kind)
    keys = sorted(
        key for key in ready(condition, catalogue).fields - {"name"} if catalogue.by_key[key].label not in alike
    )
    lines = [(str(facts.record.ref), facts.record.name, _about(ctx, facts, keys)) for facts in page.facts]
    found = f"{len(lines)} 条" if page.after is None else f"前 {len(lines)} 条"
    if not page.is_whole:
        found = f"找到 {len(lines)} 条（只看了最近一部分，请加条件缩小范围）"
    again = json.dumps(json.loads(words) | {"of": kind}, ensure_ascii=False)
    return records_card(_said(condition, kind), lines, found, again, page.after)


def _first_found(ctx: Context, kinds: list[str], condition: Condition) -> tuple[Found, str]:
    """Return what is found among the first kind that has the fields and something to show."""
    refused: BadInput | None = None
    page, chosen = Found((), None), ""
    for kind in kinds:
        try:
            found = find_records(ctx.uow, kind, condition)
        except BadInput as bad:
            refused = refused or bad
            continue
        if found.facts:
            return found, kind
        page, chosen = found, chosen or kind
    if not chosen and refused is not None:
        raise refused
    return page, chosen


def _condition(words: str) -> tuple[str, Condition]:
    try:
        said = json.loads(words[:LONGEST_WORDS])
        return str(said["of"]), Condition.model_validate({"all": said["all"]})
    except (ValueError, KeyError, TypeError, ValidationError):
        raise BadInput("没看懂条件。可以说「设备类型是注塑机的线索」「预算大于50万的客户」") from None


def _about(ctx: Context, facts: Facts, keys: list[str]) -> str:
    said = []
    for key in keys:
        field = facts.catalogue.by_key[key]
        if facts.value(key) not in NOTHING:
            masked = hides(ctx.uow, field, facts) if field.is_custom else False
            said.append(f"{field.label} {text_of(field, facts, masked=masked)}")
    return "，".join(said)


def _said(condition: Condition, kind: str) -> str:
    tests = [
        f"{test.field}{'是' if test.op.value == '=' else f' {test.op.value} '}{'/'.join(map(str, test.values))}".strip()
        for test in condition.children
    ]
    return f"{'，'.join(tests)}的{OBJECTS[kind]}"
