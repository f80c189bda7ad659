"""The sending half: cards, messages and files out."""

import json
import logging
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, ClassVar

from bot.cards.card import Card
from bot.channels.base import NOWHERE, Locks, Receipt, Tokens
from bot.channels.dingtalk import failures, limits
from bot.channels.dingtalk.api import CONNECT_SECONDS, READ_SECONDS, DingTalkApi
from bot.channels.dingtalk.cards import Cards
from bot.channels.dingtalk.check import check
from bot.channels.dingtalk.media import FILE_TYPES, MEDIA_LIVES, check_size, sendable, suffix_of
from bot.channels.dingtalk.messages import Message
from bot.channels.dingtalk.render import in_words, render, title_of
from bot.channels.media import Download, Uploads, file_name
from core.errors import CardOutOfReach, DeliveryFailed

SESSION_MARGIN = timedelta(minutes=5)
FLOW_PAUSE = timedelta(seconds=10)
MOST_UNFINISHED = 1000
TEMPLATE_REST = timedelta(minutes=10)  # in which a template that was refused is not tried again
_STRANGER = "$:"  # begins ids that nothing can be sent to by API
_WITHHELD = "有一条消息没有通过钉钉的内容审核，未能显示。请换个说法再试，或请管理员查看待发消息 {card_id}。"

_log = logging.getLogger(__name__)


@dataclass
class _Errand:
    """One card on its way: to whom, where, and what it has taken so far."""

    user_id: str
    group: str
    webhook: str
    calls: int = 0
    platform_id: str = ""


class DingTalkClient:
    """Sends for one app of one company. Every failure is a DeliveryFailed; safe to share between threads.

    What answers somebody goes to their session webhook while it lives, which costs no API call; everything else, and
    every card that changes, goes by API. A card whose words need several messages sends them one after the other. When
    a later one fails, the next try in this process goes on from there; another process begins again, and a lost answer
    means that it may be seen twice. The platform drops no repeated message, but for a card, which has an id.

    `unseal` opens the session of an event, `stream_alive` says whether taps come over a Stream connection.
    """

    updates_once: ClassVar[bool] = False

    def __init__(
        self,
        client_id: str,
        client_secret: str,
        *,
        robot_code: str = "",
        template_id: str = "",
        api_base: str,
        oapi_base: str,
        public_url: str,
        tokens: Tokens,
        locks: Locks,
        unseal: Callable[[str], str | None],
        now: Callable[[], datetime],
        stream_alive: Callable[[], bool],
        timeout: tuple[float, float] = (CONNECT_SECONDS, READ_SECONDS),
    ) -> None:
        self._robot_code = robot_code or client_id
        self._unseal, self._now = unseal, now
        self.api = DingTalkApi(
            client_id,
            client_secret,
            api_base=api_base,
            oapi_base=oapi_base,
            tokens=tokens,
            locks=locks,
            now=now,
            timeout=timeout,
        )
        self._cards = Cards(
            self.api, self._robot_code, template_id, client_secret, public_url, tokens, stream_alive=stream_alive
        )
        self._uploads = Uploads(tokens, f"dingtalk:{client_id}", MEDIA_LIVES)
        self._no_template_until = 0.0
        self._progress: OrderedDict[str, int] = OrderedDict()  # what is known of cards that are not done

    def close(self) -> None:
        """Give the connections back."""
        self.api.close()

    def send(
        self, user_id: str, card: Card, *, card_id: str, again: bool, reply_to: Mapping[str, str] = NOWHERE
    ) -> Receipt:
        """Send `card` to one person, or where they spoke, as an interactive card or as messages.

        `again` helps an interactive card only: refused for a known `card_id`, it was delivered.
        """
        errand = self._errand(user_id, reply_to)
        parts = 0
        try:
            if f"{card_id} refused" not in self._progress and self._wants_template(card, errand):
                parts = self._send_card(errand, card, card_id, again=again)
            response_code = card_id if parts else ""
            if not parts:
                parts = self._send_messages(errand, card, card_id)
        except DeliveryFailed as failure:
            if failure.code in failures.UNSAFE:
                # Whoever waits for it learns that there was something; the failure itself is the operator's.
                with suppress(DeliveryFailed):
                    self._say(errand, Message(kind="text", text=_WITHHELD.format(card_id=card_id)))
            raise
        return Receipt(platform_id=errand.platform_id, response_code=response_code, parts=parts, calls=errand.calls)

    def update(self, user_id: str, card: Card, *, response_code: str, reply_to: Mapping[str, str] = NOWHERE) -> Receipt:
        """Let an interactive card show `card` for everybody; words it has no room for follow as messages.

        Repeated, it does the same: the card is named, so nothing is used up.
        """
        errand = self._errand(user_id, reply_to)
        if not response_code:
            raise CardOutOfReach(reason="钉钉：普通消息不能改写")
        try:
            others = reply_to.get("viewers", "").split() if errand.group else []
            words = self._cards.update(user_id, card, response_code, in_public=bool(errand.group), others=others)
        except DeliveryFailed as failure:
            if _waits(failure, errand):
                raise
            raise CardOutOfReach(reason=failure.reason, code=failure.code) from None
        errand.calls += 1
        self._say_all(errand, [] if card.repeats else list(words), f"{response_code} updated")
        return Receipt(calls=errand.calls)

    def send_file(
        self, user_id: str, filename: str, content: bytes, *, again: bool = False, reply_to: Mapping[str, str] = NOWHERE
    ) -> Receipt:
        """Send a file or a picture, uploaded unless it was lately; kinds the robot cannot send travel in a zip."""
        name, content = sendable(file_name(filename), content)
        kind = "image" if suffix_of(name) in FILE_TYPES["image"] else "file"
        errand = self._errand(user_id, {"group": reply_to.get("group", "")})
        for _ in range(2):
            media_id, known = self._uploads.media_id(kind, name, content, lambda: self.upload(kind, name, content))
            errand.calls += 0 if known else 1
            if kind == "image":
                key, params = "sampleImageMsg", {"photoURL": media_id}
            else:
                key, params = "sampleFile", {"mediaId": media_id, "fileName": name, "fileType": suffix_of(name)}
            try:
                self._deliver(errand, {"msgKey": key, "msgParam": json.dumps(params, ensure_ascii=False)})
            except DeliveryFailed as failure:
                if not known or failure.temporary or failure.unknown:
                    raise
                self._uploads.forget(kind, name, content, media_id)  # it may be the id that is refused
            else:
                break
        return Receipt(platform_id=errand.platform_id, calls=errand.calls)

    def upload(self, kind: str, filename: str, content: bytes) -> str:
        """Upload an image, voice, video or file and return its media id, which may be used again."""
        check_size(kind, filename, content)
        answer = self.api.upload(kind, file_name(filename), content)
        if media_id := str(answer.get("media_id") or ""):
            return media_id
        raise failures.unanswered("media/upload", "应答里没有素材编号", delivers=False)

    def download(self, download_code: str, name: str = "file") -> Download:
        """Fetch what somebody sent to the robot; the code stops working after a while."""
        body = {"downloadCode": download_code, "robotCode": self._robot_code}
        answer = self.api.call("POST", "robot/messageFiles/download", body)
        url = answer.get("downloadUrl")
        if not isinstance(url, str) or not url.startswith(("http://", "https://")):
            raise failures.unanswered("robot/messageFiles/download", "应答里没有下载地址", delivers=False)
        return self.api.fetch(url, name)

    def recall(self, platform_id: str, *, group: str = "") -> bool:
        """Take a message back within 24 hours; say whether the platform did."""
        body: dict[str, Any] = {"robotCode": self._robot_code, "processQueryKeys": [platform_id]}
        path = "robot/groupMessages/recall" if group else "robot/otoMessages/batchRecall"
        answer = self.api.call("POST", path, {**body, "openConversationId": group} if group else body)
        return platform_id in _ids(answer, "successResult")

    def _errand(self, user_id: str, reply_to: Mapping[str, str]) -> _Errand:
        if not user_id or not user_id.isprintable() or len(user_id) > limits.USER_ID:
            raise DeliveryFailed(reason="钉钉：接收人账号不正确")
        return _Errand(user_id, reply_to.get("group", ""), self._live_session(reply_to))

    def _live_session(self, reply_to: Mapping[str, str]) -> str:
        """Return the session webhook while it surely lives."""
        sealed, until = reply_to.get("session", ""), reply_to.get("until", "")
        try:
            alive = bool(sealed) and datetime.fromisoformat(until) - SESSION_MARGIN > self._now()
        except (ValueError, TypeError):
            return ""
        return (self._unseal(sealed) or "") if alive else ""

    def _wants_template(self, card: Card, errand: _Errand) -> bool:
        """Say whether `card` is worth an interactive card: it changes, or it costs no more than a message.

        In a group it is also how the person asking sees numbers that others do not.
        """
        if not self._cards.usable or time.monotonic() < self._no_template_until or card.fresh().is_plain:
            return False
        if errand.user_id.startswith(_STRANGER):
            return False
        asks = bool(card.selects or card.checklist) or any(not button.url for button in card.pressable())
        changes = asks and not card.settled
        return changes or not errand.webhook or (bool(errand.group) and card.in_public() != card)

    def _send_card(self, errand: _Errand, card: Card, card_id: str, *, again: bool) -> int:
        """Send an interactive card; return how many messages it took, none when it must be said otherwise.

        Words without room on it come first, so that its buttons stand last on the screen.
        """
        shown = self._cards.fill(card, card_id, in_public=bool(errand.group))
        if shown is None:
            return 0
        words, said = list(shown.words), f"{card_id} words"
        self._say_all(errand, words, said)
        title = title_of(card.in_public() if errand.group else card)
        try:
            sent = self._cards.send(errand.user_id, errand.group, shown, card_id, title=title, again=again)
        except DeliveryFailed as failure:
            if _waits(failure, errand):
                self._note(said, len(words))
                raise
            if failure.code in failures.NO_TEMPLATE:
                self._no_template_until = time.monotonic() + TEMPLATE_REST.total_seconds()
            if failure.code == failures.NOT_SENT:  # it exists all the same, so a next try must not take it for sent
                errand.calls += 1
                self._note(f"{card_id} refused", 1)
            _log.warning("interactive card refused, saying it in messages: %s", failure.reason)
            return 0
        errand.calls += sent.calls
        errand.platform_id = sent.platform_id
        return 1 + len(words)

    def _send_messages(self, errand: _Errand, card: Card, card_id: str) -> int:
        shown = card.in_public() if errand.group else card
        messages = render(shown, card_id=card_id)
        if faults := [fault for message in messages for fault in check(message)]:
            _log.error("card not sent, saying it in text: %s", "; ".join(faults))
            messages = in_words(shown)
        return self._say_all(errand, messages, card_id)

    def _say_all(self, errand: _Errand, messages: list[Message], name: str) -> int:
        """Send messages one after the other; those of an earlier try under this `name` are not sent again."""
        begin = self._progress.pop(name, 0)
        for number, message in enumerate(messages[begin:], begin):
            try:
                self._say(errand, message)
            except DeliveryFailed as failure:
                if number:
                    self._note(name, number)
                    failure.reason += f"；前 {number} 条已送达，还有 {len(messages) - number} 条"
                raise
        return len(messages)

    def _note(self, name: str, number: int) -> None:
        self._progress[name] = number
        while len(self._progress) > MOST_UNFINISHED:
            self._progress.popitem(last=False)

    def _say(self, errand: _Errand, message: Message) -> None:
        """Say it at the session webhook while there is one, else by API; in a group that is gone, to the person."""
        if errand.webhook:
            try:
                self.api.answer(errand.webhook, message.by_webhook())
            except DeliveryFailed as failure:
                if _passes(failure) or failure.code in failures.UNSAFE:
                    raise
                errand.webhook = ""
            else:
                return
        self._deliver(errand, message.by_api())

    def _deliver(self, errand: _Errand, sample: dict[str, str]) -> None:
        """Send by API; in a group that is gone, to the person."""
        try:
            self._by_api(errand, sample)
        except DeliveryFailed as failure:
            if not errand.group or failure.code not in failures.GROUP_GONE:
                raise
            _log.warning("the group is out of reach, answering in private: %s", failure.reason)
            errand.group = ""
            self._by_api(errand, sample)

    def _by_api(self, errand: _Errand, sample: dict[str, str]) -> None:
        if errand.group:
            group = {"robotCode": self._robot_code, "openConversationId": errand.group, **sample}
            answer = self.api.call("POST", "robot/groupMessages/send", group)
        else:
            if errand.user_id.startswith(_STRANGER):
                raise failures.no_receiver("robot/oToMessages/batchSend")
            people = {"robotCode": self._robot_code, "userIds": [errand.user_id], **sample}
            answer = self.api.call("POST", "robot/oToMessages/batchSend", people)
            _check_reached(errand.user_id, answer)
        errand.calls += 1
        errand.platform_id = str(answer.get("processQueryKey") or "")


def _passes(failure: DeliveryFailed) -> bool:
    """Say whether the same call may succeed before anybody has to mend anything."""
    return failure.temporary and not failures.mends(failure.code or 0)


def _waits(failure: DeliveryFailed, errand: _Errand) -> bool:
    """Say whether a card shall be tried again; else it is said in messages, free of charge in a used-up month."""
    return _passes(failure) and not (failure.code in failures.QUOTA and errand.webhook)


def _check_reached(user_id: str, answer: Mapping[str, Any]) -> None:
    """An answer without an error may still say, in one of three lists, that nobody got it."""
    api = "robot/oToMessages/batchSend"
    if user_id in _ids(answer, "invalidStaffIdList"):
        raise failures.no_receiver(api)
    if user_id in _ids(answer, "flowControlledStaffIdList"):
        raise DeliveryFailed(reason=f"钉钉 {api}：发给接收人的消息太多，被限流", temporary=True, retry_after=FLOW_PAUSE)
    if user_id in _ids(answer, "filteredStaffIdList"):
        raise DeliveryFailed(reason=f"钉钉 {api}：接收人屏蔽了机器人或消息被过滤", code="filtered")


def _ids(answer: Mapping[str, Any], name: str) -> list[str]:
    listed = answer.get(name)
    return [str(one) for one in listed] if isinstance(listed, list) else []
