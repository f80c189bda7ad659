"""WeCom's own approvals (审批): handed in with a template of the company's, read, and found again.

https://developer.work.weixin.qq.com/document/path/91853 (applyevent), 91983 (detail), 91816 (numbers), 91982 (template)
No call decides or withdraws one, so `decides` is false: people are asked to tap there themselves.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.channels.oa import entry_for, mismatched, names, words_in
from bot.channels.wecom.api import WeComApi
from bot.channels.words import clip, one_line
from core.errors import DeliveryFailed
from core.ports.mirrors import Application, Entry, OaState, Remark, Said, Standing, Voice

ANY_ONE, EVERYBODY = 1, 2
WINDOW = timedelta(days=31)
PAGE = 100
TEXT, TEXTAREA, SUMMARY, SUMMARIES = 200, 2000, 20, 3
UNANSWERED = 301057
"""The platform failed within: whether the application came in must be looked at before it is handed in again."""

_STATES = {1: OaState.RUNNING, 2: OaState.AGREED, 3: OaState.REFUSED, 10: OaState.AGREED}
_OVER = ("2", "3", "4", "6", "7", "10")
_SAID = {1: Said.WAITING, 2: Said.YES, 3: Said.NO, 4: Said.MOVED}


class WeComOa:
    """Implements `core.ports.mirrors.Oa` by the app's own API."""

    decides = False
    settling = timedelta(0)
    pause = timedelta(minutes=5)
    patience = timedelta(minutes=30)

    def __init__(self, api: WeComApi, now: Callable[[], datetime]) -> None:
        self._api, self._now = api, now

    def create(self, application: Application) -> str:
        controls = self._controls(application.template)
        lines = [application.title, *(entry.text for entry in application.entries if entry.labels[-1] == "customer")]
        body = {
            "creator_userid": application.user_id,
            "template_id": application.template,
            "use_template_approver": int(application.own_flow),
            "approver": [
                {"attr": EVERYBODY if one.everybody else ANY_ONE, "userid": list(one.user_ids)}
                for one in application.levels
            ],
            "notifyer": list(application.readers),
            "notify_type": 1,
            "apply_data": {"contents": list(_filled(controls, application))},
            "summary_list": [
                {"summary_info": [{"text": clip(one_line(line), SUMMARY), "lang": "zh_CN"}]}
                for line in lines[:SUMMARIES]
                if line
            ],
        }
        try:
            answer = self._api.post("oa/applyevent", data=body)
        except DeliveryFailed as failure:
            if failure.code == UNANSWERED:
                raise DeliveryFailed(failure.reason, temporary=True, unknown=True, code=UNANSWERED) from failure
            raise
        number = str(answer.get("sp_no") or "")
        if not number:
            raise DeliveryFailed("企业微信 oa/applyevent：应答里没有单号", temporary=True, unknown=True)
        return number

    def find(self, application: Application, since: datetime) -> str:
        wanted = {"template_id": application.template, "creator": application.user_id}
        for number in self._numbers(since, wanted):
            contents = (self._detail(number).get("apply_data") or {}).get("contents") or []
            if any(names(application.name, words_in(one.get("value"))) for one in contents):
                return number
        return ""

    def read(self, number: str) -> Standing:
        info = self._detail(number)
        levels, reached = [], True
        for place, node in enumerate(info.get("sp_record") or []):
            levels.append(tuple(_voices(number, place, node, reached=reached)))
            reached = reached and node.get("sp_status") != 1
        state = _STATES.get(int(info.get("sp_status") or 1), OaState.WITHDRAWN)
        by = str((info.get("applyer") or {}).get("userid") or "") if state is OaState.WITHDRAWN else ""
        return Standing(state=state, levels=tuple(levels), remarks=tuple(_remarks(info)), by=by)

    def decide(self, number: str, voice: Voice, comment: str, *, agrees: bool) -> None:
        raise DeliveryFailed("企业微信不让应用代人审批")

    def withdraw(self, number: str, user_id: str, comment: str) -> None:
        raise DeliveryFailed("企业微信不让应用代人撤销审批单")

    def ended(self, template: str, since: datetime) -> frozenset[str]:
        return frozenset(
            number
            for status in _OVER
            for number in self._numbers(since, {"template_id": template, "sp_status": status})
        )

    def _numbers(self, since: datetime, filters: dict[str, str]) -> Iterator[str]:
        """List numbers by when they were handed in, window by window."""
        begin, now = since - timedelta(minutes=1), max(since, self._now())
        while begin <= now:
            end, cursor = min(begin + WINDOW, now + timedelta(minutes=1)), ""
            while True:
                body = {
                    "starttime": str(int(begin.timestamp())),
                    "endtime": str(int(end.timestamp())),
                    "new_cursor": cursor,
                    "size": PAGE,
                    "filters": [{"key": key, "value": value} for key, value in filters.items()],
                }
                answer = self._api.post("oa/getapprovalinfo", data=body)
                yield from (str(one) for one in answer.get("sp_no_list") or [])
                cursor = str(answer.get("new_next_cursor") or "")
                if not cursor:
                    break
            begin = end + timedelta(seconds=1)

    def _detail(self, number: str) -> dict[str, Any]:
        info: dict[str, Any] = self._api.post("oa/getapprovaldetail", data={"sp_no": number}).get("info") or {}
        return info

    def _controls(self, template: str) -> list[dict[str, Any]]:
        """Return what a form asks; it is asked for anew every time, since an administrator may just have changed it."""
        answer = self._api.post("oa/gettemplatedetail", data={"template_id": template})
        controls = (answer.get("template_content") or {}).get("controls") or []
        return [one for one in controls if isinstance(one.get("property"), dict)]


def _filled(controls: list[dict[str, Any]], application: Application) -> Iterator[dict[str, Any]]:
    """Fill a form control by control. DeliveryFailed when it asks for what we do not know."""
    named, missing = False, []
    for one in controls:
        asked = one["property"]
        label = str(((asked.get("title") or [{}])[0]).get("text") or "")
        entry = entry_for(label, application.entries)
        value = _value(str(asked.get("control")), entry, one.get("config") or {}) if entry is not None else None
        if value is None and asked.get("require"):
            if asked.get("control") in ("Text", "Textarea"):
                value = {"text": "无"}
            else:
                missing.append(label)
        if value is not None:
            named = named or names(application.name, words_in(value))
            yield {"control": asked["control"], "id": asked["id"], "value": value}
    if missing:
        why = f"必填的「{'、'.join(missing)}」聊单没有内容可填，请改成选填，或在规则的 fields 里写明填哪一项"
        raise mismatched("企业微信", why)
    if not named:
        raise mismatched("企业微信", "要有一个叫「事由」「标题」或「单号」的文本控件，聊单用它写标题和单号，请加上")


def _value(control: str, entry: Entry, config: dict[str, Any]) -> dict[str, Any] | None:
    """Say an entry as a control of this kind takes it; None when it cannot."""
    make = _VALUES.get(control)
    return make(entry, config) if make is not None else None


Value = dict[str, Any] | None


def _number(name: str) -> Callable[[Entry, dict[str, Any]], Value]:
    """Numbers go as text."""
    return lambda entry, _: {name: f"{entry.number:f}"} if entry.number is not None else None


def _date(entry: Entry, _: dict[str, Any]) -> Value:
    if entry.day is None:
        return None
    noon = datetime(entry.day.year, entry.day.month, entry.day.day, 4, tzinfo=UTC)
    return {"date": {"type": "day", "s_timestamp": str(int(noon.timestamp()))}}


def _chosen(entry: Entry, config: dict[str, Any]) -> Value:
    options = (config.get("selector") or {}).get("options") or []
    fitting = [one["key"] for one in options if entry.text in [v.get("text") for v in one.get("value") or []]]
    return {"selector": {"type": "single", "options": [{"key": fitting[0]}]}} if fitting else None


_VALUES: dict[str, Callable[[Entry, dict[str, Any]], Value]] = {
    "Text": lambda entry, _: {"text": clip(one_line(entry.text), TEXT)} if entry.text else None,
    "Textarea": lambda entry, _: {"text": clip(entry.text, TEXTAREA)} if entry.text else None,
    "Number": _number("new_number"),
    "Money": _number("new_money"),
    "Date": _date,
    "Contact": lambda entry, _: {"members": [{"userid": entry.user_id, "name": entry.text}]} if entry.user_id else None,
    "Selector": _chosen,
}
"""How each kind of control takes an entry."""


def _voices(number: str, place: int, node: dict[str, Any], *, reached: bool) -> Iterator[Voice]:
    details = node.get("details") or []
    over = node.get("sp_status") != 1
    for at, one in enumerate(details):
        status = int(one.get("sp_status") or 1)
        said = _SAID.get(status, Said.CLOSED)
        if said is Said.WAITING:
            said = Said.CLOSED if over else Said.WAITING if reached else Said.LATER
        user_id = str((one.get("approver") or {}).get("userid") or "")
        # Whoever something is handed on to follows whoever handed it on.
        to = str((details[at + 1].get("approver") or {}).get("userid") or "") if at + 1 < len(details) else ""
        yield Voice(
            key=f"{number}:{place}:{at}:{user_id}:{status}",
            user_id=user_id,
            said=said,
            comment=str(one.get("speech") or ""),
            to=to if said is Said.MOVED else "",
        )


def _remarks(info: dict[str, Any]) -> Iterator[Remark]:
    for one in info.get("comments") or []:
        who = str((one.get("commentUserInfo") or {}).get("userid") or "")
        yield Remark(key=f"c{one.get('commentid')}", user_id=who, text=str(one.get("commentcontent") or ""))
