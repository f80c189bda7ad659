"""Long work as rows: each kind with what does it; the worker claims a row, does it, and closes it."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from core.errors import DeliveryFailed, Refusal
from core.model.job import Job
from core.model.member import SYSTEM
from core.notices.handover import HandoverSettled
from core.ports import Directory, Intake, OpenWork, Typesetter
from core.ports.files import Sheets
from core.ports.mirrors import Platforms
from core.rules.completeness import COMPLETENESS
from core.rules.retry import event_pause
from core.services.approvals.mirroring import LOOK, look, mirror
from core.services.approvals.mirrors import MIRROR
from core.services.coaching import JOB as REPORT
from core.services.coaching import send_report
from core.services.completeness import keep_figures
from core.services.directory import SYNC, order_sync, sync_members
from core.services.documents.ordering import JOB as DOCUMENT
from core.services.documents.ordering import set_document
from core.services.documents.uploading import JOB as TEMPLATE
from core.services.documents.uploading import use_template
from core.services.export_matter import EXPORT
from core.services.exports import make_export
from core.services.fields.reindexing import JOB as REINDEX
from core.services.fields.reindexing import reindex
from core.services.handover import JOB as HANDOVER
from core.services.handover import Order, settle_large
from core.services.passages import JOB as PASSAGES
from core.services.passages import rewrite_passages
from core.services.playbook.applying import RECALCULATE
from core.services.playbook.clocks import recalculate
from core.services.receiving import JOB as RECEIVE
from core.services.receiving import receive_file
from core.services.reports.sheets import JOB as SHEET
from core.services.reports.sheets import make_sheet
from core.services.simulation import JOB as REHEARSE
from core.services.simulation import rehearse

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=10)


@dataclass(frozen=True, kw_only=True)
class Means:
    """What jobs work with; each takes what it needs. `directories` are those of the channels that are set."""

    open_work: OpenWork
    directories: Callable[[], Mapping[str, Directory]] = dict
    typesetter: Callable[[], Typesetter] | None = None
    sheets: Callable[[], Sheets] | None = None
    platforms: Callable[[], Platforms] = Platforms
    intake: Callable[[], Intake] | None = None


Work = Callable[[Means, dict[str, Any]], dict[str, Any]]


def forget_old(means: Means, _: dict[str, Any]) -> dict[str, Any]:
    """Let go of handled events, delivered messages and settled deadlines that nobody asks for any more."""
    with means.open_work(SYSTEM) as uow:
        return uow.housekeeping.forget()


def sync_channel(means: Means, content: dict[str, Any]) -> dict[str, Any]:
    """Read one channel's directory; without a channel, order a job for each that is set: none waits for another."""
    directories = means.directories()
    channel = str(content.get("channel") or "")
    if not channel:
        with means.open_work(SYSTEM) as uow:
            for name in directories:
                order_sync(uow, name)
        return {"ordered": list(directories)}
    if channel not in directories:
        return {"skipped": channel}
    return sync_members(means.open_work, channel, directories[channel]).as_json()


def reindex_fields(means: Means, content: dict[str, Any]) -> dict[str, Any]:
    """Write the keys of the company's own fields anew after one has changed its type."""
    return {"records": reindex(means.open_work, list(content["kinds"]))}


def recalculate_clocks(means: Means, content: dict[str, Any]) -> dict[str, Any]:
    """Move every running clock to the rules in force."""
    return {"leads": recalculate(means.open_work, int(content.get("after", 0)))}


def hand_over_book(means: Means, content: dict[str, Any]) -> dict[str, Any]:
    """Hand a large book over, all of it or nothing; a refusal is told to whoever ordered it."""
    with means.open_work(SYSTEM, reading=True) as uow:
        actor = uow.members.get(content["actor"])
    try:
        with means.open_work(actor) as uow:
            settle_large(uow, Order.from_json(uow, content["order"]))
    except Refusal as refusal:
        with means.open_work(SYSTEM) as uow:
            leaver = uow.members.get(content["order"]["leaver"])
            uow.tell(HandoverSettled(to=actor.id, leaver=leaver.name, trouble=str(refusal)))
        return {"refused": refusal.code}
    return {"handed_over": True}


def make_table(means: Means, content: dict[str, Any]) -> dict[str, Any]:
    """Make the file of an export and send it to whoever asked for it."""
    if means.sheets is None:
        raise RuntimeError("nothing here writes tables")
    return make_export(means.open_work, means.sheets(), content)


def mirror_approval(means: Means, content: dict[str, Any]) -> dict[str, Any]:
    """Let the platforms' own lists and approvals show how an approval stands."""
    return mirror(means.open_work, means.platforms(), int(content["approval"]))


def look_at_mirrors(means: Means, content: dict[str, Any]) -> dict[str, Any]:
    """Ask a platform what has become of the approvals that stand there too."""
    return look(means.open_work, means.platforms(), str(content["channel"]))


def rehearse_rule(means: Means, content: dict[str, Any]) -> dict[str, Any]:
    """Replay history under a draft of the playbook."""
    return {"rehearsed": rehearse(means.open_work, content["draft"], content["days"], content["for"])}


def make_document(means: Means, content: dict[str, Any]) -> dict[str, Any]:
    """Set a document and send it."""
    if means.typesetter is None:
        raise LookupError("no typesetter")
    return set_document(means.open_work, means.typesetter(), content)


def check_sent_template(means: Means, content: dict[str, Any]) -> dict[str, Any]:
    """Check a template that was sent in chat and put it in use."""
    if means.typesetter is None:
        raise LookupError("no typesetter")
    return use_template(means.open_work, means.typesetter(), content)


def fetch_sent_file(means: Means, content: dict[str, Any]) -> dict[str, Any]:
    """Fetch a file that was sent in chat."""
    if means.intake is None:
        raise LookupError("no intake")
    return receive_file(means.open_work, means.intake(), content)


def measure_records(means: Means, _: dict[str, Any]) -> dict[str, Any]:
    """Keep this week's figure of how complete everybody's customers are."""
    with means.open_work(SYSTEM) as uow:
        return {"records": keep_figures(uow)}


def write_passages(means: Means, _: dict[str, Any]) -> dict[str, Any]:
    """Write the passages of all deals anew after stages have changed."""
    return {"turns": rewrite_passages(means.open_work)}


def make_report(means: Means, content: dict[str, Any]) -> dict[str, Any]:
    """Make a report for somebody and tell it."""
    return send_report(means.open_work, content)


def make_report_sheet(means: Means, content: dict[str, Any]) -> dict[str, Any]:
    """Make a report's table and send it to whoever asked for it."""
    if means.sheets is None:
        raise LookupError("no sheets")
    return make_sheet(means.open_work, means.sheets(), content)


JOBS: dict[str, Work] = {
    "forget_old": forget_old,
    SYNC: sync_channel,
    RECALCULATE: recalculate_clocks,
    REINDEX: reindex_fields,
    HANDOVER: hand_over_book,
    MIRROR: mirror_approval,
    LOOK: look_at_mirrors,
    EXPORT: make_table,
    REHEARSE: rehearse_rule,
    COMPLETENESS: measure_records,
    PASSAGES: write_passages,
    DOCUMENT: make_document,
    TEMPLATE: check_sent_template,
    RECEIVE: fetch_sent_file,
    REPORT: make_report,
    SHEET: make_report_sheet,
}
"""Every kind of long work by its name; an area that needs some adds its line here."""


@dataclass(frozen=True)
class Jobs:
    """Runs job rows. A job that fails is tried again, then kept as failed with its reason."""

    means: Means
    kinds: Mapping[str, Work]

    @property
    def open_work(self) -> OpenWork:
        return self.means.open_work

    def run(self, job_id: str) -> bool:
        """Do one job; False when somebody else has it or it is done."""
        job = self._lease(int(job_id))
        if job is None:
            return False
        try:
            result = self.kinds[job.kind](self.means, job.content)
        except DeliveryFailed as failure:
            log.warning("job %s (%s) must wait: %s", job.id, job.kind, failure.reason)
            self._settle(job.id, None, failure.reason)
            return True
        except Exception as error:
            log.exception("job %s (%s) failed", job.id, job.kind)
            self._settle(job.id, None, f"{type(error).__name__}: {error}")
            return True
        self._settle(job.id, result, "")
        return True

    def _lease(self, job_id: int) -> Job | None:
        with self.open_work(SYSTEM) as uow:
            return uow.jobs.lease(job_id, uow.now, uow.now + LEASE)

    def _settle(self, job_id: int, result: dict[str, Any] | None, error: str) -> None:
        with self.open_work(SYSTEM) as uow:
            job = uow.jobs.get(job_id)
            if job is None:
                return
            pause = event_pause(job.attempts, 0.5) if error else None
            job.settle(uow.now, result, error, None if pause is None else uow.now + pause)
