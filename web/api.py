"""REST, reading: every kind of record, each a list and an item, within the rights of the token's member."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial
from typing import Any, Literal

from apiflask import APIBlueprint
from flask import Response, g, request
from pydantic import BaseModel, ConfigDict, Field, create_model

from core.model.approval import Approval
from core.model.contract import Contract
from core.model.customer import Account, Contact
from core.model.deal import Deal
from core.model.followup import FollowUp, Plan
from core.model.ids import Ref
from core.model.lead import Lead
from core.model.member import Member
from core.model.messages import OutboxMessage
from core.model.payment import Payment
from core.model.product import Product
from core.model.quote import Quote
from core.rules.quoting import may_see_margin
from core.services.fields.showing import own_values
from web import money_shapes, offers, shapes
from web.cursors import BadCursor, seal, unseal
from web.files import add_files
from web.problems import Problem
from web.shapes import Reading
from web.site import Page, Site

PREFIX = "/api/v1"
CARRIERS = (Lead, Account, Contact, Deal)
"""Records that carry the company's own fields."""

LIMIT, LARGEST = 50, 200
WORDS = 200
_NOTICE = re.compile(r"N([1-9][0-9]{0,17})", re.ASCII)


class ListQuery(BaseModel):
    """What every list takes."""

    model_config = ConfigDict(extra="forbid")

    q: str = Field("", max_length=WORDS, description="名称包含这些字（跟进、计划、消息：内容包含）")
    limit: int = Field(LIMIT, ge=1, le=LARGEST, description="一页最多几条")
    cursor: str = Field("", description="上一页回答里的 next；不可改写，也不能用于别的令牌、列表或 q")


class LeadQuery(ListQuery):
    """Leads besides: whose."""

    pool: Literal["true", "false"] = Field("false", description="true：列出公海线索（联系方式打码），仅销售角色能看到")


class NoQuery(BaseModel):
    """An item takes nothing."""

    model_config = ConfigDict(extra="forbid")


@dataclass(frozen=True, kw_only=True)
class Resource:
    """One kind of record: its path, its class, its shape, and what the documentation says of it."""

    path: str
    kind: type[Any]
    out: type[shapes.Item]
    show: Callable[[Any, Reading], shapes.Item]
    title: str
    rights: str
    prefix: str
    query: type[ListQuery] = ListQuery


HELD = "看得到自己名下的；主管和总监还看得到本部门及下级部门的。"
ABOUT = "看得到客户，就看得到它的"

RESOURCES = (
    Resource(
        path="leads",
        kind=Lead,
        out=shapes.LeadOut,
        show=shapes.lead_out,
        title="线索",
        rights=HELD + "公海线索用 pool=true 列出，也可按编号查看，联系方式打码；领取后才完整显示。",
        prefix="L",
        query=LeadQuery,
    ),
    Resource(
        path="accounts",
        kind=Account,
        out=shapes.AccountOut,
        show=shapes.account_out,
        title="客户",
        rights=HELD,
        prefix="A",
    ),
    Resource(
        path="contacts",
        kind=Contact,
        out=shapes.ContactOut,
        show=shapes.contact_out,
        title="联系人",
        rights=ABOUT + "联系人。",
        prefix="P",
    ),
    Resource(
        path="deals",
        kind=Deal,
        out=shapes.DealOut,
        show=shapes.deal_out,
        title="商机",
        rights=HELD + "同意了分成的同事也看得到这个商机。",
        prefix="D",
    ),
    Resource(
        path="approvals",
        kind=Approval,
        out=shapes.ApprovalOut,
        show=shapes.approval_out,
        title="审批",
        rights="看得到自己提交的、要自己处理或处理过的；主管和总监还看得到下属提交的。",
        prefix="S",
    ),
    Resource(
        path="contracts",
        kind=Contract,
        out=money_shapes.ContractOut,
        show=money_shapes.contract_out,
        title="合同",
        rights=ABOUT + "合同；财务和法务看得到全部。",
        prefix="C",
    ),
    Resource(
        path="payments",
        kind=Payment,
        out=money_shapes.PaymentOut,
        show=money_shapes.payment_out,
        title="回款",
        rights=ABOUT + "回款和退款；财务看得到全部。",
        prefix="R",
    ),
    Resource(
        path="quotes",
        kind=Quote,
        out=offers.QuoteOut,
        show=offers.quote_out,
        title="报价",
        rights=ABOUT + "报价的每个版本；毛利只有规则里写明的角色看得到。",
        prefix="Q",
    ),
    Resource(
        path="products",
        kind=Product,
        out=offers.ProductOut,
        show=offers.product_out,
        title="产品",
        rights="任何成员都看得到产品目录；成本只有规则里写明的角色看得到。",
        prefix="G",
    ),
    Resource(
        path="followups",
        kind=FollowUp,
        out=shapes.FollowUpOut,
        show=shapes.followup_out,
        title="跟进",
        rights=ABOUT + "跟进；客户退回公海或转给别人后，原来的人不再看得到。",
        prefix="F",
    ),
    Resource(
        path="plans",
        kind=Plan,
        out=shapes.PlanOut,
        show=shapes.plan_out,
        title="计划",
        rights="看得到自己的计划和提醒；" + ABOUT + "计划。",
        prefix="T",
    ),
    Resource(
        path="members",
        kind=Member,
        out=shapes.MemberOut,
        show=shapes.member_out,
        title="成员",
        rights="任何成员都看得到在职同事的姓名、部门和角色；电话只有本人和其部门的主管看得到。",
        prefix="M",
    ),
    Resource(
        path="notices",
        kind=OutboxMessage,
        out=shapes.NoticeOut,
        show=shapes.notice_out,
        title="消息",
        rights="只看得到聊单对自己说过的话；其中的电话号码打码。",
        prefix="N",
    ),
)


def make_api(site: Site) -> APIBlueprint:
    """Build the blueprint over `site`."""
    api = APIBlueprint("api", __name__, url_prefix=PREFIX)
    api.before_request(partial(authenticate, site))
    for resource in RESOURCES:
        _serve(api, site, resource)
    add_files(api, site)
    return api


def authenticate(site: Site) -> None:
    """Find out who asks, before anything else is looked at; each request anew, so that a right ends at once."""
    if request.method == "OPTIONS":
        return
    given = request.authorization
    if given is None or given.type != "bearer" or not given.token:
        raise Problem("unauthorized", headers={"WWW-Authenticate": 'Bearer realm="liaodan"'})
    member_id = site.member_of(given.token)
    reader = site.browse.reader(member_id) if member_id is not None else None
    if reader is None:
        challenge = 'Bearer realm="liaodan", error="invalid_token"'
        raise Problem(
            "unauthorized", "令牌无效、已过期、已吊销，或者它的主人已离职。", headers={"WWW-Authenticate": challenge}
        )
    g.reader, g.token = reader, given.token
    _refuse_repeated()


def _refuse_repeated() -> None:
    """A parameter given twice has no one meaning."""
    repeated = [name for name, values in request.args.lists() if len(values) > 1]
    if repeated:
        raise Problem("invalid-parameters", errors=[{"name": name[:64], "reason": "只能给一次"} for name in repeated])


def _serve(api: APIBlueprint, site: Site, resource: Resource) -> None:
    """Register the list and the item of `resource`."""
    page_out, name = _page_of(resource.out), resource.path

    @api.get(f"/{name}", endpoint=f"list_{name}")
    @api.input(resource.query, location="query", arg_name="query")
    @api.output(page_out)
    @api.doc(
        summary=f"{resource.title}列表",
        description=f"新的在前。{resource.rights}",
        tags=[resource.title],
        operation_id=f"list_{name}",
    )
    def list_(query: ListQuery) -> Response:
        return _list(site, resource, page_out, query)

    @api.get(f"/{name}/<ref>", endpoint=f"get_{name}")
    @api.input(NoQuery, location="query", arg_name="_query")
    @api.output(resource.out)
    @api.doc(
        summary=f"一条{resource.title}", description=resource.rights, tags=[resource.title], operation_id=f"get_{name}"
    )
    def get(ref: str, _query: NoQuery) -> Response:
        return _item(site, resource, ref)


@cache
def _page_of(out: type[shapes.Item]) -> type[BaseModel]:
    """Make the shape of a page of `out`."""
    return create_model(
        out.__name__.removesuffix("Out") + "Page",
        items=(list[out], ...),  # type: ignore[valid-type]
        next=(str | None, Field(description="下一页的 cursor；没有更多时为 null")),
    )


def _list(site: Site, resource: Resource, page_out: type[BaseModel], query: ListQuery) -> Response:
    words = query.q.strip()
    if "\0" in words:
        raise Problem("invalid-parameters", errors=[{"name": "q", "reason": "不能含空字符"}])
    pool = getattr(query, "pool", "false") == "true"
    which = f"{resource.path}?pool={pool}&q={words}"
    page = site.browse.page(
        resource.kind,
        g.reader,
        words=words,
        limit=query.limit,
        after=_after(query.cursor, which),
        pool=pool,
    )
    reading = _reading(site, resource, page, pool=pool)
    last = seal(page.items[-1].id, token=g.token, of=which) if page.more else None
    return _json(page_out(items=[resource.show(item, reading) for item in page.items], next=last))


def _reading(site: Site, resource: Resource, page: Page[Any], *, pool: bool) -> Reading:
    """Return a page with the company's own fields, as far as there are such and the reader may see them."""
    if resource.kind in (Quote, Product):
        with site.open_work(g.reader, reading=True) as uow:
            return Reading(page, g.reader, sees_margin=may_see_margin(g.reader, uow.playbook.pricing))
    if resource.kind not in CARRIERS or not any(item.custom for item in page.items):
        return Reading(page, g.reader, pool)
    with site.open_work(g.reader, reading=True) as uow:
        values = own_values(uow, page.items, stranger=pool)
    own = {item.id: fields for item, fields in zip(page.items, values, strict=True)}
    return Reading(page, g.reader, pool, own)


def _after(cursor: str, which: str) -> int | None:
    if not cursor:
        return None
    try:
        return unseal(cursor, token=g.token, of=which)
    except BadCursor:
        raise Problem("bad-cursor") from None


def _item(site: Site, resource: Resource, ref: str) -> Response:
    """Answer with one record. What is out of sight and what does not exist take the same way and look the same."""
    number = _number(resource, ref)
    if resource.kind in (Lead, Account) and (became := site.browse.became(resource.kind, number)) is not None:
        return _lead_on(site, became)
    for pool in (False, True) if resource.query is LeadQuery else (False,):
        page = site.browse.page(resource.kind, g.reader, only=number, pool=pool)
        if page.items:
            return _json(resource.show(page.items[0], _reading(site, resource, page, pool=pool)))
    raise Problem("not-found")


def _lead_on(site: Site, became: Ref) -> Response:
    """Lead whoever asks for a converted or merged record to what it has become, if they may see that."""
    kept = next(one for one in RESOURCES if one.prefix == str(became)[0])
    if not site.browse.page(kept.kind, g.reader, only=became.id).items:
        raise Problem("not-found")
    return Response(status=308, headers={"Location": f"{PREFIX}/{kept.path}/{became}"})


def _number(resource: Resource, ref: str) -> int:
    if resource.prefix == "N":
        if found := _NOTICE.fullmatch(ref):
            return int(found[1])
        raise Problem("not-found")
    try:
        parsed = Ref.parse(ref)
    except ValueError:
        raise Problem("not-found") from None
    if not ref.startswith(resource.prefix):
        raise Problem("not-found")
    return parsed.id


def _json(shape: BaseModel) -> Response:
    return Response(shape.model_dump_json(), mimetype="application/json")
