"""A company that keeps its audit trail in its platform's own approvals, with the whole product behind it."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from core.model.approval import Approval
from core.model.customer import Account
from core.model.member import SYSTEM
from core.model.mirror import ApprovalMirror
from core.model.money import Money
from core.model.version import Treatment
from core.ports import UnitOfWork
from core.services.approvals import deciding
from core.services.playbook.applying import Change, apply_change, newest_number
from core.services.quote_lines import Wanted
from core.services.quotes import Terms, create_quote
from emulator.dingtalk.work import approvals as dingtalk_approvals
from emulator.wecom import approvals as wecom_approvals
from emulator.wecom.approval_forms import RECORD_ID, TEMPLATE_ID
from scheduler.jobs import tick
from storage.queues import jobs_waiting
from tests.contract.company import Company
from tests.contract.dingtalk import DingTalkSide
from tests.contract.wecom import WeComSide

PASSES = 12


@dataclass(frozen=True)
class Instance:
    """An instance on its platform, as somebody sees it: how it stands, its form, its levels with what was said."""

    number: str
    state: str
    form: dict[str, str]
    levels: tuple[tuple[str, ...], ...]


class WeComOffice(WeComSide):
    """WeCom with its 审批 as people use it."""

    template, record = TEMPLATE_ID, RECORD_ID
    decides = False
    no_right = "企业微信 oa/gettemplatedetail：应用没有用审批接口的权限"

    def opens(self, port: int, folder: Path) -> Mapping[str, Any]:
        given = super().opens(port, folder)
        # What is told here is told of approvals, not of how fast a busy machine answers.
        self._platform.switches.verify_limit_s = self._platform.switches.answer_limit_s = 20.0
        return given

    @property
    def platform(self) -> Any:
        return self._platform

    def idle(self) -> None:
        self._platform.callbacks.idle()

    def decide(self, user_id: str, number: str, what: str, words: str = "", to: str = "") -> None:
        action = {"同意": "agree", "驳回": "reject", "转交": "transfer", "评论": "comment", "撤销": "withdraw"}[what]
        self._control("approve", sp_no=number, userid=user_id, action=action, speech=words, to=to)

    def instances(self) -> list[Instance]:
        return [self._seen(one) for one in self._platform.applications.values()]

    def _seen(self, one: dict[str, Any]) -> Instance:
        controls = self._platform.templates[one["template_id"]]["template_content"]["controls"]
        titles = {known["property"]["id"]: known["property"]["title"][0]["text"] for known in controls}
        form = {titles[value["id"]]: _plain(value["value"]) for value in one["apply_data"]["contents"]}
        marks = {1: "?", 2: "✓", 3: "✕", 4: "→"}
        levels = tuple(
            tuple(f"{part['approver']['userid']}{marks[part['sp_status']]}" for part in node["details"])
            for node in one["sp_record"]
        )
        state = {1: "running", 2: "agreed", 3: "refused", 4: "withdrawn"}[one["sp_status"]]
        return Instance(one["sp_no"], state, form, levels)

    def loses_right(self) -> None:
        self._platform.switches.approval_api = False

    def gets_right(self) -> None:
        self._platform.switches.approval_api = True

    def loses_callbacks(self, count: int) -> None:
        self._control("fault", name="drop", count=count)

    def loses_answer(self) -> None:
        self._control("fault", name="answer_lost", api="oa/applyevent")

    def asks_also(self, title: str) -> None:
        self._control(
            "template",
            id=self.template,
            controls=[
                {"kind": "Text", "title": "事由", "required": True},
                {"kind": "Date", "title": title, "required": 1},
            ],
        )

    def foreign(self, number: str) -> None:
        """The platform tells of an instance that is none of ours."""
        wecom_approvals.tell(
            self._platform,
            {
                "sp_no": number,
                "sp_name": "请假",
                "sp_status": 2,
                "template_id": "other",
                "apply_time": 1,
                "applyer": {"userid": "zhangwei", "partyid": "1"},
                "sp_record": [],
                "notifyer": [],
                "comments": [],
            },
            2,
        )

    def repeats(self, number: str) -> None:
        wecom_approvals.tell(self._platform, self._platform.applications.get(number), 2)


class DingTalkOffice(DingTalkSide):
    """DingTalk with its OA 审批 as people use it, heard over Stream."""

    template = record = "PROC-LIAODAN"
    decides = True
    no_right = "权限"

    def __init__(self) -> None:
        super().__init__(template=True, stream=True)

    @property
    def platform(self) -> Any:
        return self._platform

    def idle(self) -> None:
        self._platform.pushes.idle()

    def decide(self, user_id: str, number: str, what: str, words: str = "", to: str = "") -> None:
        action = {"同意": "agree", "驳回": "refuse", "转交": "redirect", "评论": "comment", "撤销": "terminate"}[what]
        self._control("approve", processInstanceId=number, userid=user_id, action=action, remark=words, to=to)

    def instances(self) -> list[Instance]:
        return [self._seen(one) for one in self._platform.approvals.values()]

    def _seen(self, one: dict[str, Any]) -> Instance:
        form = {value["name"]: value["value"] for value in one["formComponentValues"]}
        levels: dict[str, list[str]] = {}
        for task in one["tasks"]:
            mark = {"AGREE": "✓", "REFUSE": "✕", "REDIRECTED": "→"}.get(task["result"], "?")
            mark = "–" if task["status"] == "CANCELED" else mark
            levels.setdefault(task["activityId"], []).append(f"{task['userId']}{mark}")
        asked = [tuple(level) for level in levels.values()]
        asked += [tuple(f"{user}?" for user in one_["userIds"]) for one_ in one["levels"][len(asked) :]]
        state = {"RUNNING": "running", "TERMINATED": "withdrawn"}.get(one["status"])
        state = state or ("agreed" if one["result"] == "agree" else "refused")
        return Instance(one["processInstanceId"], state, form, tuple(asked))

    def loses_right(self) -> None:
        self._control("scopes", denied=["Workflow.Instance.Write"])

    def gets_right(self) -> None:
        self._control("scopes", denied=[])

    def loses_callbacks(self, count: int) -> None:
        self._control("fault", name="drop_push", count=count)

    def loses_answer(self) -> None:
        self._control("fault", name="answer_lost", api="workflow/processInstances")

    def asks_also(self, title: str) -> None:
        self._control(
            "form",
            code=self.template,
            items=[
                {"kind": "TextField", "label": "标题", "required": True},
                {"kind": "DDDateField", "label": title, "required": True},
            ],
        )

    def foreign(self, number: str) -> None:
        inner = {"processInstanceId": number, "processCode": "PROC-OTHER", "type": "finish", "result": "agree"}
        self._control("event", eventType="bpms_instance_change", data=inner, wait=True)

    def repeats(self, number: str) -> None:
        dingtalk_approvals._tell_instance(self._platform, self._platform.approvals.get(number), "finish")


def _plain(value: dict[str, Any]) -> str:
    (inner,) = value.values()
    return str(inner) if not isinstance(inner, dict) else json.dumps(inner, ensure_ascii=False)


class OaCompany(Company):
    """Worked by hand: `works` lets everything happen that follows from what was done."""

    side: Any

    def __init__(self, side: WeComOffice | DingTalkOffice, folder: Path, *, way: str = "live") -> None:
        super().__init__(side, folder)
        template = side.template if way == "live" else side.record
        self.mirrors({"channel": side.channel, "template": template, "way": way})

    def mirrors(self, *mirrors: dict[str, Any]) -> None:
        """Let approvals stand in the platform's own ones too."""
        with self.program.open_work(SYSTEM) as uow:
            document = uow.documents.read(
                json.dumps({"approvals": {"mirrors": [{"name": "平台审批", **one} for one in mirrors]}})
            )
            change = Change(document=document, why="测试", base=newest_number(uow), treatment=Treatment.RECALCULATE)
            apply_change(uow, change)

    @contextmanager
    def work(self, name: str) -> Iterator[UnitOfWork]:
        with self.program.open_work(self.member(name)) as uow:
            yield uow

    def offers(self, discount: str, *, by: str = "张伟", to: str = "华东机电", price: int = 100_000) -> int:
        """Somebody offers a customer a line so many percent below the list; return the number of the approval."""
        with self.work(by) as uow:
            life = {"owner_id": uow.actor.id, "created_at": uow.now, "updated_at": uow.now}
            account = Account(name=to, core_name=to, **life)
            uow.accounts.add(account)
            uow.flush()
            line = Wanted(words="产线改造", quantity=Decimal(1), unit="项", price=Money(price * 100), free=True)
            quote = create_quote(uow, account, [line], Terms(discount=Decimal(discount), reason="对手报得低"))
            uow.flush()
            (approval,) = uow.approvals.running_on(quote.ref)
        self.works()
        return approval.id

    def works(self) -> "OaCompany":
        """Let everything happen: what the platform reports, long work, deliveries, until nothing moves."""
        for _ in range(PASSES):
            self.side.idle()
            self.settles()
            with self.program.open_work.reading() as session:
                waiting = jobs_waiting(session, self.side.now(), 100)
            for job in waiting:
                self.program.jobs.run(str(job))
            if not waiting:
                break
        return self

    def ticks(self, minutes: int) -> "OaCompany":
        """Let time go by on the platform, and the clock do what is due."""
        self.side.passes(minutes)
        tick(self.program.open_work, self.program.workdays)
        return self.works()

    def decides(self, name: str, number: str, what: str, words: str = "", to: str = "") -> "OaCompany":
        """Somebody does something with an instance on the platform."""
        self.side.decide(self.ids[name], number, what, words, self.ids.get(to, to))
        return self.works()

    def approves(self, name: str, approval: int, comment: str = "") -> "OaCompany":
        """Somebody agrees in chat."""
        with self.work(name) as uow:
            deciding.approve(uow, approval, comment=comment)
        return self.works()

    def rejects(self, name: str, approval: int, comment: str) -> "OaCompany":
        with self.work(name) as uow:
            deciding.reject(uow, approval, comment=comment)
        return self.works()

    def approval(self, number: int) -> Approval:
        with self.program.open_work(SYSTEM, reading=True) as uow:
            return uow.approvals.get(number)

    def log(self, number: int) -> list[str]:
        """What was done, one after the other: who and what."""
        with self.program.open_work(SYSTEM, reading=True) as uow:
            said = [(change.after or {}).get("did", {}) for change in uow.approvals.log(number)]
            names = {member.id: member.name for member in uow.members.everybody()}
        return [f"{names.get(one['by'], '系统')} {one['deed']}" for one in said]

    def mirror(self, number: int) -> ApprovalMirror:
        """The newest instance of an approval, as we know it."""
        with self.program.open_work(SYSTEM, reading=True) as uow:
            return uow.mirrors.of(number)[-1]

    @property
    def instances(self) -> list[Instance]:
        return self.side.instances()  # type: ignore[no-any-return]  # of either side

    @property
    def instance(self) -> Instance:
        return self.instances[-1]

    def reads(self, name: str) -> str:
        """Everything that has come to somebody's screen since the last look."""
        return "\n".join(self.works().heard(name))
