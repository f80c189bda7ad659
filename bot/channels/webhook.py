"""The operator's other system as a channel: it is told events, never cards, and answers nothing."""

from collections.abc import Mapping
from typing import ClassVar, Protocol

from bot.cards.card import Card
from bot.channels.base import NOWHERE, Receipt
from core.errors import CardOutOfReach, DeliveryFailed


class Posts(Protocol):
    """What carries a message to the address; `connectors/webhooks.py` signs it."""

    def post(self, message_id: str, body: bytes) -> None: ...


class WebhookOutlet:
    """Sends what `UnitOfWork.publish` left in the outbox: the card's text is the body, its id the message's."""

    updates_once: ClassVar[bool] = True

    def __init__(self, webhook: Posts) -> None:
        self._webhook = webhook

    def send(
        self, user_id: str, card: Card, *, card_id: str, again: bool, reply_to: Mapping[str, str] = NOWHERE
    ) -> Receipt:
        """Post the event. It counts against nobody's budget."""
        self._webhook.post(card_id, card.text.encode())
        return Receipt(platform_id=card_id, parts=0, calls=0)

    def send_file(
        self, user_id: str, filename: str, content: bytes, *, again: bool = False, reply_to: Mapping[str, str] = NOWHERE
    ) -> Receipt:
        """Events carry no files; whoever wants one fetches it over REST."""
        raise DeliveryFailed(reason="webhook：事件不带文件")

    def update(self, user_id: str, card: Card, *, response_code: str, reply_to: Mapping[str, str] = NOWHERE) -> Receipt:
        """Events do not change."""
        raise CardOutOfReach(reason="webhook：事件不能改写")
