"""Who answers for whom, from one day to another: asked for, agreed to by whoever is asked, ended by either."""

from datetime import date

from core.errors import ActRefused, BadInput, NotAllowed
from core.model.approval import Proxy
from core.model.member import Member
from core.notices.approvals import ApprovalNews
from core.ports import UnitOfWork
from core.services.approvals.keeping import load
from core.services.approvals.telling import show_to

LONGEST = 180


def ask(uow: UnitOfWork, member: Member, begins_on: date, ends_on: date, reason: str = "") -> Proxy:
    """Ask a colleague to answer for the actor; it holds once they agree. Asking the same again asks once more."""
    today = uow.calendar.local(uow.now).date()
    if member.id == uow.actor.id:
        raise BadInput("不能委托给自己，请写上同事的名字，例如「3月9号到13号让李娜替我批」")
    if ends_on < begins_on or ends_on < today:
        raise BadInput("委托的日期已经过去了，或者前后颠倒了。请再写一次，例如「3月9号到13号让李娜替我批」")
    if (ends_on - begins_on).days > LONGEST:
        raise BadInput(f"一次最多委托 {LONGEST} 天，请把日期改短后再发一次")
    for other in uow.proxies.of(uow.actor.id):
        if other.agreed_at is not None and other.begins_on <= ends_on and begins_on <= other.ends_on:
            raise ActRefused(
                f"{other.begins_on:%m-%d} 到 {other.ends_on:%m-%d} 已经委托了别人。先在原来的卡片上结束，再重新委托"
            )
    uow.does("approval.delegate")
    proxy = Proxy(
        member_id=uow.actor.id,
        proxy_id=member.id,
        begins_on=begins_on,
        ends_on=ends_on,
        created_at=uow.now,
        updated_at=uow.now,
    )
    uow.proxies.add(proxy)
    uow.flush()
    uow.tell(
        ApprovalNews(
            to=member.id,
            approval_id=0,
            title=f"{uow.actor.name}想请您代批 {span(proxy)}",
            quote=reason,
            text=f"您同意后，这几天等{uow.actor.name}审批的也会发给您，您和他谁处理都行",
            asks="proxy",
            number=proxy.id,
        )
    )
    return proxy


def agree(uow: UnitOfWork, number: int) -> Proxy:
    """Agree to answer for somebody; what waits for them now is shown at once, if it is the time."""
    proxy = _asked_of_actor(uow, number)
    if proxy.agreed_at is None:
        uow.does("approval.delegate")
        proxy.agreed_at = uow.now
        uow.flush()
        _tell_principal(
            uow, proxy, f"{uow.actor.name}同意代您审批 {span(proxy)}", "提前回来就点「结束代批」", "proxy_end"
        )
        if proxy.holds_on(uow.calendar.local(uow.now).date()):
            for approval_id in dict.fromkeys(task.approval_id for task in uow.approvals.pending_of([proxy.member_id])):
                show_to(uow, load(uow, approval_id), proxy.proxy_id)
    return proxy


def decline(uow: UnitOfWork, number: int) -> Proxy:
    """Say no; whoever asked hears it and may ask somebody else."""
    proxy = _asked_of_actor(uow, number)
    if proxy.agreed_at is not None:
        raise ActRefused("您已经同意代批了。要结束请对方点「结束代批」")
    uow.does("approval.delegate")
    proxy.deleted_at = uow.now
    _tell_principal(uow, proxy, f"{uow.actor.name}不方便代您审批 {span(proxy)}", "请换一位同事，例如「让赵敏替我批」")
    return proxy


def end(uow: UnitOfWork, number: int) -> Proxy:
    """End a stand-in before its time; both may."""
    proxy = uow.proxies.get(number)
    if proxy is None:
        raise ActRefused("这次代批已经结束了")
    if uow.actor.id not in (proxy.member_id, proxy.proxy_id):
        raise NotAllowed("结束这次代批")
    uow.does("approval.delegate")
    proxy.deleted_at = uow.now
    other = proxy.proxy_id if uow.actor.id == proxy.member_id else proxy.member_id
    uow.tell(ApprovalNews(to=other, approval_id=0, title=f"{uow.actor.name}结束了代批 {span(proxy)}"))
    return proxy


def span(proxy: Proxy) -> str:
    """Say the days of a stand-in."""
    if proxy.begins_on == proxy.ends_on:
        return f"{proxy.begins_on:%m-%d}"
    return f"{proxy.begins_on:%m-%d} 到 {proxy.ends_on:%m-%d}"


def _asked_of_actor(uow: UnitOfWork, number: int) -> Proxy:
    proxy = uow.proxies.get(number)
    if proxy is None:
        raise ActRefused("这次代批已经取消了，不用处理")
    if proxy.proxy_id != uow.actor.id:
        raise NotAllowed("答复这次代批")
    return proxy


def _tell_principal(uow: UnitOfWork, proxy: Proxy, title: str, text: str, asks: str = "") -> None:
    uow.tell(ApprovalNews(to=proxy.member_id, approval_id=0, title=title, text=text, asks=asks, number=proxy.id))
