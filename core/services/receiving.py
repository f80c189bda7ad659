"""Files that people send in chat: fetched by the worker, kept with the sender, and put where they say."""

from datetime import timedelta
from typing import Any

from core.errors import DeliveryFailed, Refusal
from core.errors.files import NoSuchFile
from core.model.approval import Approval
from core.model.contract import Contract, ContractState
from core.model.file import File, suffix_of
from core.model.ids import ContractId, FileId, MemberId, Ref
from core.model.job import Job
from core.model.material import Material
from core.model.member import SYSTEM
from core.notices.approvals import ApprovalNews
from core.notices.files import FileNotReceived, FileReceived
from core.ports import Intake, OpenWork, UnitOfWork
from core.rules.permissions import may_manage, require
from core.services.approvals.attaching import attach as attach_to_approval
from core.services.approvals.attaching import attachable
from core.services.contracts import attach, contract_of, listed
from core.services.customers import Customer, require_writer
from core.services.files import keep_file
from core.services.materials import About, add_material, may_keep_materials, replace_file
from core.services.members import account_on

JOB = "receive_file"
RECEIVED, SIGNED, ATTACHED = "received", "signed", "attached"
MOST_A_DAY = 60
OFFERED = 3
TEMPLATE_END = "typ"
WAIT_FOR_SIGNATURE = (ContractState.APPROVED, ContractState.SIGNED, ContractState.RUNNING)


def order_receiving(uow: UnitOfWork, fields: dict[str, Any], approval: int = 0) -> bool:
    """Order the fetching of a file that the actor has just sent; False where they have sent too many today.

    With an `approval` it is put there without asking where it belongs.
    """
    if uow.jobs.count(JOB, uow.actor.id, uow.now - timedelta(days=1)) >= MOST_A_DAY:
        return False
    content = {"channel": uow.channel, "fields": fields, "by": uow.actor.id, "approval": approval}
    uow.jobs.add(Job(kind=JOB, content=content, created_at=uow.now, created_by=uow.actor.id))
    return True


def receive_file(open_work: OpenWork, intake: Intake, content: dict[str, Any]) -> dict[str, Any]:
    """Fetch what somebody sent, keep it, and ask where it belongs. What passes is tried again by the worker."""
    sender = MemberId(content["by"])
    with open_work(SYSTEM, reading=True) as uow:
        actor = uow.members.get(sender)
    try:
        name, got = intake.fetch(str(content["channel"]), dict(content["fields"]))
        with open_work(actor) as uow:
            file = keep_file(uow, Ref("member", sender), RECEIVED, name, got)
            said = _attached(uow, file, int(content.get("approval") or 0)) or _received(uow, file)
            uow.tell(said, account_on(uow, sender, str(content["channel"])))
            return {"file": file.id}
    except DeliveryFailed as failure:
        if failure.temporary:
            raise
        trouble = "平台上已经取不到这个文件，请重新发一次"
    except Refusal as refusal:
        trouble = str(refusal)
    with open_work(actor) as uow:
        uow.tell(FileNotReceived(to=sender, why=trouble), account_on(uow, sender, str(content["channel"])))
    return {"failed": trouble}


def received_file(uow: UnitOfWork, file_id: FileId) -> File:
    """Return a file that the actor themselves sent; NoSuchFile for any other."""
    file = uow.files.get(file_id)
    if file.owner != Ref("member", uow.actor.id):
        raise NoSuchFile
    return file


def to_contract(uow: UnitOfWork, file: File, contract_id: ContractId) -> Contract:
    """Make a file the signed copy of a contract."""
    contract = contract_of(uow, contract_id, lock=True)
    attach(uow, contract, file.name, signed=True)
    keep_file(uow, contract.ref, SIGNED, file.name, uow.files.content(file))
    return contract


def to_customer(uow: UnitOfWork, file: File, customer: Customer) -> File:
    """Put a file with a customer."""
    require_writer(uow, customer)
    uow.does("file.attach")
    return keep_file(uow, customer.ref, ATTACHED, file.name, uow.files.content(file))


def to_library(uow: UnitOfWork, file: File, newer_of: Material | None = None) -> Material:
    """Put a file into the library of materials, as a new one or as the newer edition of another."""
    if newer_of is not None:
        replace_file(uow, newer_of, file.name, uow.files.content(file))
        return newer_of
    return add_material(uow, About(), (file.name, uow.files.content(file)))


def template_source(uow: UnitOfWork, file: File) -> str:
    """Return a sent file as the text of a template."""
    require(may_manage(uow.actor), "改文档模板")
    return uow.files.content(file).decode("utf-8", "replace")


def to_approval(uow: UnitOfWork, file: File, approval_id: int) -> Approval:
    """Put a file to an approval."""
    return attach_to_approval(uow, approval_id, file)


def _attached(uow: UnitOfWork, file: File, approval_id: int) -> ApprovalNews | None:
    """Put a file to the approval that it was asked for; say what became of it."""
    if not approval_id:
        return None
    try:
        with uow.attempt():
            approval = to_approval(uow, file, approval_id)
    except Refusal as refusal:
        title, text, asks = f"「{file.name}」没有附上", str(refusal), ""
    else:
        title, text, asks = f"「{file.name}」附到审批了：{approval.title}", "审批人在卡片上点「附件」就能看", "files"
    return ApprovalNews(to=uow.actor.id, approval_id=approval_id, title=title, text=text, asks=asks)


def _received(uow: UnitOfWork, file: File) -> FileReceived:
    mine = [one for one in listed(uow, WAIT_FOR_SIGNATURE) if one.owner_id == uow.actor.id and not one.signed_file]
    is_template = suffix_of(file.name) == TEMPLATE_END
    return FileReceived(
        to=uow.actor.id,
        file=file.id,
        name=file.name,
        size=file.size,
        contracts=() if is_template else tuple((one.id, f"{one.party_a} {one.number}") for one in mine[:OFFERED]),
        library=may_keep_materials(uow.actor) and not is_template,
        template=is_template and may_manage(uow.actor),
        approvals=() if is_template else tuple((one.id, one.title) for one in attachable(uow, OFFERED)),
    )
