"""Files that people send, and where they belong."""

from bot.answers import SENT
from bot.cards.card import Card
from bot.cards.files import kept_card, material_kept_card, receiving_card, template_ordered_card
from bot.context import Context
from bot.event import EventKind
from bot.router import Router
from core.model.ids import ContractId, FileId
from core.model.member import SELLING
from core.rules.permissions import may_manage
from core.services.approvals.attaching import attachable
from core.services.customers import Customer
from core.services.documents.uploading import order_template
from core.services.materials import may_keep_materials
from core.services.questions import open_question
from core.services.receiving import order_receiving, received_file, to_contract, to_customer, to_library

router = Router()

TOO_MANY = "今天发来的文件太多了，这个没有保存。请明天再发，或请管理员用命令行导入"
NEEDED = ("media_id", "download_code", "file_name")


@router.on(EventKind.FILE)
@router.on(EventKind.IMAGE)
def sent(ctx: Context) -> Card:
    """Fetch what was sent, and ask where it belongs."""
    fields = {name: ctx.event.fields[name] for name in NEEDED if ctx.event.fields.get(name)}
    member, asked = ctx.member, open_question(ctx.uow)
    if asked is not None and asked.slot == SENT:
        if not order_receiving(ctx.uow, fields, int(asked.slots["approval"])):
            return Card(title=TOO_MANY)
        return receiving_card(str(fields.get("file_name") or ""))
    if not (member.is_any(SELLING) or may_keep_materials(member) or may_manage(member) or attachable(ctx.uow, 1)):
        return Card(title="您的岗位目前不需要在这里存文件，这个文件没有保存")
    if not order_receiving(ctx.uow, fields):
        return Card(title=TOO_MANY)
    return receiving_card(str(fields.get("file_name") or ""))


@router.button("file.to_contract")
def sign_with(ctx: Context, file: int, contract: int) -> Card:
    """The sent file is the signed copy of a contract."""
    signed = to_contract(ctx.uow, received_file(ctx.uow, FileId(file)), ContractId(contract))
    return kept_card(f"存为合同 {signed.number} 的签署文件了", ctx.uow.command)


@router.button("file.to_customer")
def attach_to(ctx: Context, file: int, customer: Customer) -> Card:
    """The sent file belongs to a customer."""
    kept = to_customer(ctx.uow, received_file(ctx.uow, FileId(file)), customer)
    return kept_card(f"「{kept.name}」存到「{customer.name}」了", ctx.uow.command)


@router.button("file.to_library")
def to_materials(ctx: Context, file: int) -> Card:
    """The sent file is a material for everybody."""
    return material_kept_card(to_library(ctx.uow, received_file(ctx.uow, FileId(file))), ctx.uow.command)


@router.button("file.to_template")
def as_template(ctx: Context, file: int, words: str) -> Card:
    """The sent file is the company's template for a kind of document."""
    return template_ordered_card(order_template(ctx.uow, words, FileId(file)))
