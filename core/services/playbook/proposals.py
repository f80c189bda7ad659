"""A change of the playbook on its way through chat: drafted, decided by its author, agreed to by a second one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from core.errors import BadInput
from core.model.member import Member
from core.model.version import DraftState, PlaybookDraft, PlaybookVersion, Treatment
from core.notices.playbook import PlaybookDeclined, PlaybookProposed
from core.ports import Document, Edit, UnitOfWork
from core.rules.playbook_changes import Difference, moves_clocks, weighty
from core.services.playbook.applying import (
    Change,
    administrators,
    apply_change,
    compared,
    document_of,
    newest_number,
    require_administrator,
)
from core.services.playbook.clocks import Preview, preview

ANSWER_WITHIN = timedelta(hours=24)
"""How long a second administrator may take."""

ALONE = "公司只有一位管理员，没有第二人确认"


@dataclass(frozen=True, kw_only=True)
class Drafted:
    """What would change, before anything does."""

    draft: PlaybookDraft
    found: tuple[Difference, ...]
    preview: Preview | None
    weighty: tuple[str, ...]

    @property
    def moves_clocks(self) -> bool:
        return self.preview is not None


@dataclass(frozen=True, kw_only=True)
class Decided:
    """What became of a draft: a version, or a proposal that waits for one of `asked`."""

    version: PlaybookVersion | None = None
    asked: tuple[Member, ...] = ()
    until_hours: int = 24


def draft_change(uow: UnitOfWork, document: Document, why: str, restores: int | None = None) -> Drafted:
    """Keep a changed document for its author's decision. Refuses whoever may not, and what changes nothing."""
    require_administrator(uow)
    found = tuple(compared(uow, document))
    if not found and restores is None:
        raise BadInput("和现在的规则一样，没有要改的。发送「看看规则」查看现在的设置")
    draft = PlaybookDraft(
        document=document.text,
        base=newest_number(uow),
        restores=restores,
        why=why,
        drafted_at=uow.now,
        drafted_by=uow.actor.id,
    )
    uow.versions.add_draft(draft)
    return _drafted(uow, draft, document, found)


def drafted_before(uow: UnitOfWork, draft_id: int) -> Drafted:
    """Return the actor's own draft as it would change what is in force now."""
    require_administrator(uow)
    draft = _waiting(uow, draft_id, DraftState.OPEN)
    document = uow.documents.read(draft.document)
    return _drafted(uow, draft, document, tuple(compared(uow, document)))


def _drafted(uow: UnitOfWork, draft: PlaybookDraft, document: Document, found: tuple[Difference, ...]) -> Drafted:
    return Drafted(
        draft=draft,
        found=found,
        preview=preview(uow, document.playbook) if moves_clocks(found) else None,
        weighty=weighty(found),
    )


def decide(uow: UnitOfWork, draft_id: int, treatment: Treatment | None) -> Decided:
    """Put the actor's own draft in force, or before a second administrator where it weighs so much."""
    require_administrator(uow)
    draft = _waiting(uow, draft_id, DraftState.OPEN)
    if draft.drafted_by != uow.actor.id:
        raise BadInput("这份改动是别人起草的，请由起草人决定，或者自己重新提一次")
    document = uow.documents.read(draft.document)
    found = compared(uow, document)
    draft.treatment = treatment if treatment is not None and moves_clocks(found) else ""
    others = tuple(member for member in administrators(uow) if member.id != uow.actor.id)
    if weighty(found) and others:
        return _propose(uow, draft, found, others)
    return Decided(version=_put_in_force(uow, draft, document, uow.actor, remark=ALONE if weighty(found) else ""))


def drop(uow: UnitOfWork, draft_id: int) -> None:
    """Let the actor's own draft go; nothing was changed by it."""
    draft = _waiting(uow, draft_id, DraftState.OPEN)
    if draft.drafted_by == uow.actor.id:
        draft.settle(DraftState.DROPPED, uow.now, uow.actor.id)


def agree(uow: UnitOfWork, draft_id: int) -> PlaybookVersion:
    """Put a colleague's proposal in force."""
    draft, author = _proposal(uow, draft_id)
    return _put_in_force(uow, draft, uow.documents.read(draft.document), author, confirmed=uow.actor)


def decline(uow: UnitOfWork, draft_id: int) -> Member:
    """Turn a colleague's proposal down, and tell them; return whose it was."""
    draft, author = _proposal(uow, draft_id)
    draft.settle(DraftState.DROPPED, uow.now, uow.actor.id)
    uow.tell(PlaybookDeclined(to=author.id, by=uow.actor.name, why=draft.why))
    return author


def _propose(uow: UnitOfWork, draft: PlaybookDraft, found: list[Difference], others: tuple[Member, ...]) -> Decided:
    draft.state, draft.proposed_at = DraftState.PROPOSED, uow.now
    for member in others:
        uow.tell(
            PlaybookProposed(
                to=member.id,
                draft=draft.id,
                by=uow.actor.name,
                why=draft.why,
                lines=tuple(map(str, found)),
                weighty=weighty(found),
                treatment=draft.treatment,
                until=uow.now + ANSWER_WITHIN,
            )
        )
    return Decided(asked=others, until_hours=round(ANSWER_WITHIN.total_seconds() / 3600))


def _proposal(uow: UnitOfWork, draft_id: int) -> tuple[PlaybookDraft, Member]:
    """Return a proposal that the actor may decide, and whose it is."""
    require_administrator(uow)
    draft = _waiting(uow, draft_id, DraftState.PROPOSED)
    if draft.drafted_by == uow.actor.id:
        raise BadInput("这是您自己提的改动，要由另一位管理员确认。请联系他看一下通知卡片")
    if draft.proposed_at is None or uow.now > draft.proposed_at + ANSWER_WITHIN:
        raise BadInput("这份改动超过 24 小时没有人确认，已经作废，没有生效。需要的话请重新提一次")
    return draft, uow.members.get(draft.drafted_by)


def _waiting(uow: UnitOfWork, draft_id: int, state: DraftState) -> PlaybookDraft:
    draft = uow.versions.draft(draft_id)
    if draft is None:
        raise BadInput("没有找到这份改动，请重新提一次")
    if draft.state == DraftState.APPLIED:
        raise BadInput(f"这份改动已经生效，是第 {draft.number} 版。发送「规则历史」查看")
    if draft.state != state:
        waits = draft.state == DraftState.PROPOSED
        raise BadInput("这份改动已经在等另一位管理员确认" if waits else "这份改动已经放弃，没有生效")
    return draft


def _put_in_force(
    uow: UnitOfWork,
    draft: PlaybookDraft,
    document: Document,
    author: Member,
    *,
    confirmed: Member | None = None,
    remark: str = "",
) -> PlaybookVersion:
    change = Change(
        document=document,
        why=draft.why,
        base=draft.base,
        treatment=Treatment(draft.treatment) if draft.treatment else None,
        restores=draft.restores,
        by=author,
        confirmed=confirmed,
        remark=remark,
    )
    version = apply_change(uow, change)
    draft.settle(DraftState.APPLIED, uow.now, uow.actor.id, version.number)
    return version


def with_edits(uow: UnitOfWork, edits: Sequence[Edit]) -> Document:
    """Return the document in force with some settings changed; comments and order stay.

    A section that the document leaves to the defaults is written out first, so that a change of one item keeps the
    others.
    """
    text = document_of(uow, newest_number(uow))
    written = uow.documents.read(text).content
    told = uow.playbook.model_dump(mode="json", by_alias=True, exclude_none=True)
    absent = dict.fromkeys(str(edit.path[0]) for edit in edits if edit.path[0] not in written)
    whole = [Edit(path=(section,), value=told[section]) for section in absent if section in told]
    return uow.documents.read(uow.documents.edited(text, [*whole, *edits]))
