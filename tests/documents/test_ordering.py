"""报价单发我pdf: a document is made by the worker, kept with its record, and reaches whoever wanted it."""

from decimal import Decimal

from core.model.contract import ContractTerms
from core.model.customer import Account
from core.model.ids import Ref
from core.model.member import ChannelUser
from core.model.money import Money
from core.model.quote import Quote, QuoteState
from core.services.contracts import draw_up
from core.services.documents.ordering import order_document
from core.services.documents.templates import keep_template
from core.services.quote_lines import Wanted
from core.services.quotes import Terms, create_quote
from tests.world import World


def an_account(world: World, name: str = "苏州汇川技术有限公司", held_by: str = "张伟") -> Account:
    with world.work(held_by) as uow:
        account = Account(name=name, core_name=name, owner_id=uow.actor.id, created_at=uow.now, updated_at=uow.now)
        uow.accounts.add(account)
        uow.flush()
        return account


def a_quote(world: World, account: Account, *, discount: str = "0") -> Quote:
    wanted = [Wanted(words="伺服电机", quantity=Decimal(10), unit="台", price=Money.yuan(Decimal(12000)), free=True)]
    with world.work("张伟") as uow:
        return create_quote(uow, account, wanted, Terms(discount=Decimal(discount)))


def made(world: World) -> World:
    world.works()
    world.delivers()
    return world


def test_the_quote_comes_as_a_pdf_and_is_kept_with_it(world: World) -> None:
    quote = a_quote(world, an_account(world))
    (answer,) = world.says("张伟", "苏州汇川的报价单发我pdf")
    assert "正在生成" in answer
    ready, sent = made(world).heard("张伟")
    assert f"报价单 {quote.label} 好了" in ready
    assert sent == f"［报价单 苏州汇川技术有限公司 {quote.label}.pdf］"
    ((name, content),) = world.files("张伟")
    assert content.startswith(b"%PDF-")
    with world.work() as uow:
        (kept,) = uow.files.of(quote.ref, "quote")
        assert (kept.name, kept.edition, uow.files.content(kept)) == (name, 1, content)


def test_asked_for_twice_at_once_it_is_made_once(world: World) -> None:
    quote = a_quote(world, an_account(world))
    world.says("张伟", "苏州汇川的报价单发我pdf")
    world.says("张伟", "苏州汇川的报价单发我pdf")
    made(world)
    assert len(world.files("张伟")) == 1
    world.says("张伟", "苏州汇川的报价单发我pdf")
    assert "第 2 次生成" in made(world).heard("张伟")[-2]
    with world.work() as uow:
        assert [one.edition for one in uow.files.of(quote.ref)] == [2, 1]


def test_whoever_may_not_see_the_customer_gets_no_document(world: World) -> None:
    quote = a_quote(world, an_account(world))
    answers = world.says("李娜", "苏州汇川技术有限公司的报价单发我pdf")
    assert "正在生成" not in "".join(answers)
    answers = world.says("李娜", "帮助") and world.presses("李娜", "document.quote", {"quote": str(quote.id)})
    assert "正在生成" not in "".join(answers)
    made(world)
    assert world.files("李娜") == []


def test_a_right_that_ends_before_the_worker_comes_ends_the_order_too(world: World) -> None:
    account = an_account(world)
    a_quote(world, account)
    world.says("张伟", "苏州汇川的报价单发我pdf")
    with world.work() as uow:
        uow.accounts.get(account.id).owner_id = world.member("李娜").id
    assert "报价单没有生成" in made(world).heard("张伟")[-1]
    assert world.files("张伟") == []


def test_without_a_quote_it_is_said_how_one_is_made(world: World) -> None:
    an_account(world)
    (answer,) = world.says("张伟", "苏州汇川的报价单发我pdf")
    assert "还没有报价" in answer
    assert "出个报价" in answer


def test_an_unapproved_price_is_marked_and_said_to_be_for_us_alone(world: World) -> None:
    quote = a_quote(world, an_account(world), discount="40")
    assert quote.state == QuoteState.PENDING
    world.says("张伟", "苏州汇川的报价单发我pdf")
    assert "不要发给客户" in made(world).heard("张伟")[-2]


def test_a_template_that_fails_on_the_record_is_told_to_whoever_waits(world: World) -> None:
    a_quote(world, an_account(world))
    with world.work("吴昊") as uow:
        keep_template(uow, "quote", '#import "liaodan.typ": *\n#d.lines.at(7).name')
    world.says("张伟", "苏州汇川的报价单发我pdf")
    told = made(world).heard("张伟")[-1]
    assert "报价单没有生成" in told
    assert "第 2 行" in told
    assert "管理员" in told


def test_characters_without_a_form_are_named(world: World) -> None:
    a_quote(world, an_account(world, "𠮷野家华东有限公司"))
    with world.work("张伟") as uow:
        (quote,) = uow.quotes.made_by([uow.actor.id])
        order_document(uow, "quote", quote.ref)
    assert "空框：𠮷" in made(world).heard("张伟")[-2]


def test_a_contract_comes_as_a_pdf_too(world: World) -> None:
    account = an_account(world)
    with world.work("张伟") as uow:
        contract = draw_up(uow, account, ContractTerms(amount=Money.yuan(Decimal(123000))))
    world.says("张伟", "帮助")
    assert "正在生成" in world.presses("张伟", "document.contract", {"contract": str(contract.id)})[0]
    assert f"合同 {contract.number} 好了" in made(world).heard("张伟")[-2]
    with world.work() as uow:
        assert uow.files.of(Ref("contract", contract.id), "contract")[0].name.endswith(".pdf")


def test_it_comes_to_the_platform_on_which_it_was_asked_for(world: World) -> None:
    world.opens("dingtalk", 张伟="dZ")
    with world.work() as uow:
        zhang = world.member("张伟").id
        uow.members.add_account(ChannelUser(channel="dingtalk", user_id="dZ", display_id="dZ", member_id=zhang))
    a_quote(world, an_account(world))
    world.says("张伟", "苏州汇川的报价单发我pdf", on="dingtalk")
    world.works()
    world.delivers()
    assert "好了" in world.heard("张伟", on="dingtalk")[-2]
    assert world.files("张伟") == []
