"""Interactive cards: created and delivered in one call, changed by key, each known by the id we give it.

https://open.dingtalk.com/document/orgapp/create-and-deliver-cards
"""

import hashlib
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from bot.cards.card import Card
from bot.channels.base import Tokens
from bot.channels.dingtalk import failures, limits
from bot.channels.dingtalk.api import DingTalkApi
from bot.channels.dingtalk.check import check_card
from bot.channels.dingtalk.crypto import card_secret
from bot.channels.dingtalk.messages import Message
from bot.channels.dingtalk.render import InteractiveCard, render_card
from core.errors import DeliveryFailed

CREATE, DELIVER = "card/instances/createAndDeliver", "card/instances/deliver"
INSTANCES, REGISTER = "card/instances", "card/callbacks/register"
CALLBACK_PATH = "/callback/dingtalk/card"
REGISTERED = timedelta(days=7)
"""How long a registered address is taken for known; registering it again does no harm."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Sent:
    """A card that was delivered, and what it took."""

    platform_id: str
    calls: int


class Cards:
    """Sends and changes interactive cards of one template."""

    def __init__(
        self,
        api: DingTalkApi,
        robot_code: str,
        template_id: str,
        client_secret: str,
        public_url: str,
        tokens: Tokens,
        *,
        stream_alive: Callable[[], bool],
    ) -> None:
        self._api, self._robot_code, self._template_id = api, robot_code, template_id
        self._secret, self._tokens, self._stream_alive = card_secret(client_secret), tokens, stream_alive
        self._address = public_url.rstrip("/") + CALLBACK_PATH
        digest = hashlib.sha256(f"{self._address}|{self._secret}".encode()).hexdigest()[:16]
        self._route = f"liaodan-{digest}"  # another address is another route; cards on screens keep theirs

    @property
    def usable(self) -> bool:
        """Whether there is a template."""
        return bool(self._template_id)

    def fill(self, card: Card, card_id: str, *, in_public: bool) -> InteractiveCard | None:
        """Fill the template; None when our own check says that the platform would not take it."""
        shown = render_card(card, card_id=card_id, in_public=in_public)
        if faults := [*check_card(shown.public), *_faults(card_id)]:
            _log.error("interactive card not sent: %s", "; ".join(faults))
            return None
        return shown

    def send(self, user_id: str, group: str, shown: InteractiveCard, card_id: str, *, title: str, again: bool) -> Sent:
        """Create and deliver a card; `title` is what the list of conversations says of it.

        Refused for a known `card_id`: when `again`, an earlier try was delivered; otherwise it was created and is
        delivered now.
        """
        calls = 1
        how, registered = self._callback()
        where = self._where(user_id, group, title)
        try:
            answer = self._api.call("POST", CREATE, self._body(user_id, shown, card_id, how, where))
            results = (answer.get("result") or {}).get("deliverResults")
        except DeliveryFailed as failure:
            if failure.code != failures.KNOWN_CARD:
                raise
            if again:
                return Sent(platform_id="", calls=registered)
            answer = self._api.call("POST", DELIVER, {"outTrackId": card_id, "userIdType": 1, **where})
            results, calls = answer.get("result"), 2
        return Sent(platform_id=_delivered(results), calls=calls + registered)

    def update(
        self, user_id: str, card: Card, card_id: str, *, in_public: bool, others: Sequence[str] = ()
    ) -> tuple[Message, ...]:
        """Let the card show `card`; return the messages for the words it has no room for.

        What one person sees of their own stays until it is written over, so the `others` get what everybody sees.
        """
        shown = render_card(card, in_public=in_public)
        if faults := check_card(shown.public):
            raise DeliveryFailed(reason=f"钉钉：卡片内容不合要求（{'；'.join(faults)}）")
        body: dict[str, Any] = {
            "outTrackId": card_id,
            "userIdType": 1,
            "cardData": {"cardParamMap": shown.public},
            "cardUpdateOptions": {"updateCardDataByKey": True, "updatePrivateDataByKey": True},
        }
        if shown.private:
            everybodys = {name: shown.public[name] for name in shown.private}
            body["privateData"] = {other: {"cardParamMap": everybodys} for other in others}
            body["privateData"][user_id] = {"cardParamMap": shown.private}
        self._api.call("PUT", INSTANCES, body)
        return shown.words

    def _body(
        self, user_id: str, shown: InteractiveCard, card_id: str, how: dict[str, str], where: dict[str, Any]
    ) -> dict[str, Any]:
        body = {
            "cardTemplateId": self._template_id,
            "outTrackId": card_id,
            "userIdType": 1,
            "cardData": {"cardParamMap": shown.public},
            **how,
            **where,
        }
        if shown.private != {name: shown.public[name] for name in shown.private}:
            body["privateData"] = {user_id: {"cardParamMap": shown.private}}
        return body

    def _where(self, user_id: str, group: str, title: str) -> dict[str, Any]:
        """Return the space of a card, and what the list of conversations shows of it."""
        space = {
            "supportForward": False,
            "lastMessageI18n": {"ZH_CN": title},
            "searchSupport": {"searchDesc": title[: limits.SEARCH]},
            "notification": {"alertContent": title},
        }
        if group:
            return {
                "openSpaceId": f"dtv1.card//IM_GROUP.{group}",
                "imGroupOpenSpaceModel": space,
                "imGroupOpenDeliverModel": {"robotCode": self._robot_code},
            }
        return {
            "openSpaceId": f"dtv1.card//IM_ROBOT.{user_id}",
            "imRobotOpenSpaceModel": space,
            "imRobotOpenDeliverModel": {"spaceType": "IM_ROBOT", "robotCode": self._robot_code},
        }

    def _callback(self) -> tuple[dict[str, str], int]:
        """Return how taps shall come, and how many calls it took to say so."""
        if self._stream_alive():
            return {"callbackType": "STREAM"}, 0
        how = {"callbackType": "HTTP", "callbackRouteKey": self._route}
        if self._tokens.get(self._known):
            return how, 0
        body = {
            "callbackRouteKey": self._route,
            "callbackUrl": self._address,
            "apiSecret": self._secret,
            "forceUpdate": True,
        }
        self._api.call("POST", REGISTER, body)
        self._tokens.put(self._known, "registered", REGISTERED)
        return how, 1

    @property
    def _known(self) -> str:
        return f"dingtalk:route:{self._route}"


def _faults(card_id: str) -> list[str]:
    return [] if 0 < len(card_id) <= limits.TRACK_ID and card_id.isascii() else ["outTrackId: malformed"]


def _delivered(results: Any) -> str:
    """Return the handle of the message that carries the card. Success as a whole may hide that nobody got it."""
    rows = [row for row in results if isinstance(row, dict)] if isinstance(results, list) else []
    if not rows:
        raise failures.unanswered(CREATE, "应答里没有投放结果", delivers=False)
    for row in rows:
        if row.get("success") not in (True, "true"):
            raise DeliveryFailed(reason=f"钉钉 {CREATE}：卡片没有投放成功", code=failures.NOT_SENT)
    return str(rows[0].get("carrierId") or "")
