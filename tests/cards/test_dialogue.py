"""Several answers on one card."""

from bot.cards.card import Button, Card
from bot.cards.dialogue import joined_card

UNDO = Button(label="撤销", action="undo")
ASKED = Button(label="申请特价", action="discount.request", values={"customer": "account:1"})
OPEN = Button(label="打开", action="customer.open")


def test_one_undo_for_all_and_what_an_answer_tells_people_to_tap() -> None:
    told = Card(title="已记跟进：华为", text="要给就点「申请特价」", buttons=(UNDO, ASKED))
    card = joined_card([told, Card(title="已记跟进：中兴", buttons=(UNDO, OPEN))])
    assert [button.label for button in card.buttons] == ["全部撤销", "申请特价"]
    assert card.text.splitlines()[0].startswith("1. 已记跟进：华为")
