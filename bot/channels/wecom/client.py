"""The sending half: cards, files and menus."""

import logging
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, ClassVar

from bot.cards.card import Card
from bot.channels.base import NOWHERE, Locks, Receipt, Tokens
from bot.channels.media import Download, Uploads, file_name
from bot.channels.wecom import failures
from bot.channels.wecom.api import CONNECT_SECONDS, READ_SECONDS, WeComApi
from bot.channels.wecom.check import check
from bot.channels.wecom.events import fold
from bot.channels.wecom.media import MEDIA_LIVES, check_size, kind_of
from bot.channels.wecom.menu import MenuEntry, menu_json
from bot.channels.wecom.render import in_words, render, render_update
from core.errors import CardOutOfReach, DeliveryFailed

DUPLICATE_CHECK_SECONDS = 1800
"""The platform's default. Longer would swallow more texts that merely read alike, shorter would miss late tries."""

_USER_ID = re.compile(r"[0-9A-Za-z_.\-][0-9A-Za-z_.\-@]{0,63}")  # so neither @all nor a list joined by |

_log = logging.getLogger(__name__)


class WeComClient:
    """Sends for one self-built app. Every failure is a DeliveryFailed; safe to share between threads.

    A card whose words need several messages sends them one after the other. When a later one fails, those before it
    are on the screen: the failure then counts as `unknown`, because the next try repeats all of them, with `again`, so
    that the platform may drop those it showed within the last half hour. Later they are seen twice.
    """

    updates_once: ClassVar[bool] = True

    def __init__(
        self,
        corp_id: str,
        agent_id: int | str,
        secret: str,
        *,
        base_url: str,
        public_url: str,
        tokens: Tokens,
        locks: Locks,
        markdown: bool = False,
        timeout: tuple[float, float] = (CONNECT_SECONDS, READ_SECONDS),
        proxy: str = "",
    ) -> None:
        self._agent_id = int(agent_id)
        self._public_url = public_url
        self._markdown = markdown
        self.api = WeComApi(
            corp_id, secret, base_url=base_url, tokens=tokens, locks=locks, timeout=timeout, proxy=proxy
        )
        self._uploads = Uploads(tokens, f"wecom:{corp_id}", MEDIA_LIVES)

    def close(self) -> None:
        """Give the connections back."""
        self.api.close()

    def send(
        self, user_id: str, card: Card, *, card_id: str, again: bool, reply_to: Mapping[str, str] = NOWHERE
    ) -> Receipt:
        """Send `card` to one person, as one message or several.

        The platform's duplicate check compares words, not obligations. Text goes out without it, or a second 「帮助」
        within half an hour would stay unanswered; only when `again` it is asked for, and since the platform compares
        whole requests (page 90236), it may still show such a text twice. A card differs from every other by its
        `card_id`, so it always asks, a repeated try is equal to the byte, and shows it once. Refused for a known
        `card_id` when `again`, it was delivered. A malformed `card_id` or button is our own mistake, a ValueError.
        """
        messages = render(card, card_id=card_id, public_url=self._public_url, markdown=self._markdown)
        receipts = self._send_all(user_id, messages, card, again=again)
        last = receipts[-1] if receipts else Receipt()
        code = next((receipt.response_code for receipt in receipts if receipt.response_code), "")
        return Receipt(platform_id=last.platform_id, response_code=code, parts=len(messages), calls=len(messages))

    def update(self, user_id: str, card: Card, *, response_code: str, reply_to: Mapping[str, str] = NOWHERE) -> Receipt:
        """Replace the card on the screen; words it has no room for follow as text.

        A response code works once. When the answer is lost, or the words fail after the card was replaced, the next
        try ends in CardOutOfReach, and the fresh card then says everything.
        """
        update = render_update(card, public_url=self._public_url, markdown=self._markdown)
        wanted = {
            "userids": [_receiver(user_id)],
            "agentid": self._agent_id,
            "response_code": response_code,
            "template_card": update.template_card,
        }
        try:
            answer = self.api.post("message/update_template_card", data=wanted)
        except DeliveryFailed as failure:
            if failure.code in failures.OUT_OF_REACH | failures.CARD_FAULTS:
                raise CardOutOfReach(reason=failure.reason, code=failure.code) from None
            raise
        _check_reached(user_id, answer)
        words = [] if card.repeats else update.words
        self._send_all(user_id, words, card, again=False)
        return Receipt(calls=1 + len(words))

    def send_file(
        self, user_id: str, filename: str, content: bytes, *, again: bool = False, reply_to: Mapping[str, str] = NOWHERE
    ) -> Receipt:
        """Send a file or a picture, uploaded unless the platform still has it from an earlier sending.

        The media id is kept for its three days, so a repeated try is equal to the byte and shown once. One that the
        platform no longer knows is uploaded anew, once.
        """
        kind, name = kind_of(filename, content), file_name(filename)
        for _ in range(2):
            media_id, known = self._uploads.media_id(kind, name, content, lambda: self.upload(kind, name, content))
            try:
                receipt = self._send(user_id, {"msgtype": kind, kind: {"media_id": media_id}}, again=again)
            except DeliveryFailed as failure:
                if not known or failure.code not in failures.MEDIA_GONE:
                    raise
                self._uploads.forget(kind, name, content, media_id)
            else:
                return receipt if known else replace(receipt, calls=receipt.calls + 1)
        raise AssertionError("an id just made cannot be known")

    def upload(self, kind: str, filename: str, content: bytes) -> str:
        """Upload an image, voice, video or file and return its media id, which lives three days."""
        check_size(kind, content)
        answer = self.api.media.upload(kind, (file_name(filename), content))
        if media_id := str(answer.get("media_id") or ""):
            return media_id
        raise failures.unanswered("media/upload", "应答里没有素材编号", delivers=False)

    def download(self, media_id: str) -> Download:
        """Fetch what somebody sent; three days later it is gone."""
        answer = self.api.media.download(media_id)
        if isinstance(answer, Download):
            return answer
        raise failures.unanswered("media/get", "应答里没有文件", delivers=False)

    def create_menu(self, entries: Sequence[MenuEntry]) -> None:
        """Replace the app's menu. Phones show it when the app is opened again."""
        self.api.menu.create(self._agent_id, menu_json(entries))

    def about(self) -> dict[str, Any]:
        """Return what the platform knows of our app: visible range, trusted domain, whether it is closed."""
        return dict(self.api.agent.get(self._agent_id))

    def _send_all(self, user_id: str, messages: list[dict[str, Any]], card: Card, *, again: bool) -> list[Receipt]:
        receipts: list[Receipt] = []
        waiting = list(messages)
        while waiting:
            message = waiting.pop(0)
            if "template_card" in message and (faults := check(message)):
                _log.error("card not sent, saying it in text: %s", "; ".join(faults))
                waiting = in_words(card)
                continue
            try:
                receipts.append(self._send(user_id, message, again=again))
            except DeliveryFailed as failure:
                if failure.code in failures.CARD_FAULTS and "template_card" in message:
                    _log.warning("card refused with %s, saying it in text", failure.code)
                    waiting = in_words(card)
                    continue
                if receipts:
                    failure.unknown = True
                    failure.reason += f"；前 {len(receipts)} 条已送达，还有 {len(waiting) + 1} 条"
                raise
        return receipts

    def _send(self, user_id: str, message: dict[str, Any], *, again: bool) -> Receipt:
        unique = "template_card" in message
        checked = {"enable_duplicate_check": 1, "duplicate_check_interval": DUPLICATE_CHECK_SECONDS}
        try:
            answer = self.api.message.send(
                self._agent_id, _receiver(user_id), msg={**message, **(checked if again or unique else {})}
            )
        except DeliveryFailed as failure:
            if again and failure.code == failures.DUPLICATE_CARD and unique:
                return Receipt()
            raise
        _check_reached(user_id, answer)
        return Receipt(platform_id=str(answer.get("msgid", "")), response_code=str(answer.get("response_code", "")))


def _receiver(user_id: str) -> str:
    if not _USER_ID.fullmatch(user_id):
        raise DeliveryFailed(reason="企业微信：接收人账号不正确")
    return user_id


def _check_reached(user_id: str, answer: dict[str, Any]) -> None:
    """An answer without an error may still say that nobody got it. The platform lists ids in lower case."""
    missed = answer.get("invaliduser") or ""
    names = missed.split("|") if isinstance(missed, str) else missed
    if fold(user_id) in [fold(str(name)) for name in names]:
        raise DeliveryFailed(reason=f"企业微信 message/send：接收人{failures.UNREACHABLE}", code=failures.NO_RECEIVER)
