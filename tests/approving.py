"""张伟 offers a customer something below the list, and whoever must agrees or does not."""

from datetime import datetime
from decimal import Decimal

from core.model.customer import Account
from core.model.ids import AccountId, QuoteId
from core.model.money import Money
from core.model.quote import Quote
from core.services.quote_lines import Wanted
from core.services.quotes import Terms, create_quote
from tests.world import SHANGHAI, World

MORE = (("songlan", "宋岚", "vp", "公司", ""), ("liuyang", "刘洋", "legal", "法务部", ""))


def at(text: str) -> datetime:
    """Return an instant of 2026: 03-05 10:32."""
    return datetime.strptime(f"2026-{text}", "%Y-%m-%d %H:%M").replace(tzinfo=SHANGHAI)


class Office:
    """A world in which 张伟 offers 华东机电 a line of 100,000 yuan below the list."""

    def __init__(self, world: World) -> None:
        self.world = world
        world.enrols(MORE)
        self.accounts = {name: self._meets(name) for name in ("华东机电",)}

    def _meets(self, name: str, who: str = "张伟") -> AccountId:
        with self.world.work(who) as uow:
            life = {"owner_id": uow.actor.id, "created_at": uow.now, "updated_at": uow.now}
            made = Account(name=name, core_name=name, **life)
            uow.accounts.add(made)
            uow.flush()
            return made.id

    def offers(
        self, discount: str, *, to: str = "华东机电", price: int = 100_000, by: str = "张伟", reason: str = "对手报得低"
    ) -> Quote:
        """Somebody offers a line of so many yuan, so many percent below the list."""
        if to not in self.accounts:
            self.accounts[to] = self._meets(to, by)
        with self.world.work(by) as uow:
            line = Wanted(words="产线改造", quantity=Decimal(1), unit="项", price=Money(price * 100), free=True)
            account = uow.accounts.get(self.accounts[to])
            quote = create_quote(uow, account, [line], Terms(discount=Decimal(discount), reason=reason))
        self.world.delivers()
        return quote

    def quote(self, quote: Quote) -> Quote:
        with self.world.work() as uow:
            return uow.quotes.get(QuoteId(quote.id))

    def last(self, name: str) -> str:
        """The newest thing on somebody's phone, as text."""
        return self.world.card(name).as_text()

    def cards(self, name: str) -> list[str]:
        """What somebody has read since the last look."""
        return self.world.heard(name)
