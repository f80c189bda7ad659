"""A lead becomes an account: who it is, whom one talks to there, and everything that was done moves along."""

from dataclasses import dataclass

from core.errors import DuplicateLead
from core.model.customer import Account, Contact
from core.model.deal import Deal
from core.model.lead import Lead
from core.model.routing import WON
from core.ports import UnitOfWork
from core.rules.fields.catalogue import catalogue_of
from core.services.customers import may_see, require_own
from core.services.deals import Details, create_deal
from core.services.duplicates import look_up
from core.services.fields.values import carried_over
from core.services.keeping import set_clocks
from core.services.leads import end_assignment
from core.services.moving import move_belongings


@dataclass(frozen=True)
class Converted:
    """What a lead has become, and what moved along."""

    account: Account
    contact: Contact | None
    deal: Deal | None
    followups: int
    plans: int


def convert_lead(uow: UnitOfWork, lead: Lead, *, deal: Details | None = None) -> Converted:
    """Make an account of a lead: its contact, follow-ups and plans move along, its clocks stop, nothing is reset.

    `deal` is a chance to begin with. Refuses with DuplicateLead when the company is an account already.
    """
    require_own(uow, lead)
    _refuse_known(uow, lead)
    uow.does("lead.convert")
    account = Account(
        name=lead.name,
        core_name=lead.core_name,
        credit_code=lead.credit_code,
        region=lead.region,
        industry=lead.industry,
        grade=lead.grade,
        source=lead.source,
        note=lead.need,
        tags=lead.tags,
        custom=carried_over(catalogue_of(uow.playbook, "lead"), lead.custom, catalogue_of(uow.playbook, "account")),
        owner_id=lead.owner_id,
        last_followup_at=lead.last_followup_at,
        created_by=uow.actor.id or None,
        created_at=uow.now,
        updated_at=uow.now,
    )
    uow.accounts.add(account)
    uow.flush()
    set_clocks(uow, account)
    lead.convert(account.ref)
    contact = contact_of(uow, lead, account)
    moved = move_belongings(uow, lead.ref, account.ref)
    end_assignment(uow, lead, WON, "")
    set_clocks(uow, lead)
    made = create_deal(uow, account, deal) if deal is not None else None
    uow.does("lead.convert")
    uow.flush()
    return Converted(account, contact, made, moved.followups, moved.open_plans)


def contact_of(uow: UnitOfWork, lead: Lead, account: Account) -> Contact | None:
    """Put the person whom a lead knows into an account; None when it knows nobody."""
    if not (lead.contact_name or lead.phone or lead.email):
        return None
    contact = Contact(
        account_id=account.id,
        name=lead.contact_name or "联系人",
        title=lead.contact_title,
        phone=lead.phone,
        email=lead.email,
        external_id=lead.external_id,
        owner_id=account.owner_id,
        created_at=uow.now,
        updated_at=uow.now,
    )
    uow.contacts.add(contact)
    uow.flush()
    return contact


def _refuse_known(uow: UnitOfWork, lead: Lead) -> None:
    uow.twins.reserve(lead.identity)
    for match in look_up(uow, lead.identity, but=[lead.ref]):
        if match.certain and isinstance(match.found, Account):
            joined = f"要并到一起，请发送「合并 {lead.ref} 和 {match.found.ref}」"
            advice = joined if may_see(uow, match.found) else f"请和{match.holder or '主管'}确认"
            raise DuplicateLead(match.told, match.holder, match.matched, advice)
