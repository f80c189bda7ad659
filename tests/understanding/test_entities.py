"""What a sentence names, out of a company's own data, seen by whoever says it."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.context import Context
from bot.event import Event, EventKind
from bot.understanding.acts import Mention
from bot.understanding.entities import Finder
from bot.understanding.text import normalise
from core.model.customer import Account, Contact
from core.model.deal import Deal
from core.model.ids import AccountId
from core.services.naming import find_pooled
from tests.world import World

OWN = (
    "苏州汇川技术有限公司", "华为技术有限公司", "中兴通讯股份有限公司", "大疆创新", "比亚迪股份有限公司",
    "上海宏达贸易有限公司", "上海宏大机电有限公司", "Acme Corp", "J-Texon", "Bubba Gump", "明天科技有限公司",
    "锦州港股份有限公司", "字节跳动",
)  # fmt: skip

Told = list[tuple[str, str, list[str]]]
Finds = Callable[..., Told]


@pytest.fixture(scope="module")
def company() -> Iterator[World]:
    """张伟's customers and an account of his with its people; one lead of 李娜's, one in the pool."""
    world = World()
    world.has_leads(*OWN, held_by="张伟")
    world.has_leads("广州海大饲料", held_by="李娜")
    world.has_leads("厦门金龙客车")
    with world.work("张伟") as uow:
        account = Account(
            name="南京联创科技有限公司", short_name="联创", aliases=("老联",), phone="02584201234",
            owner_id=uow.actor.id, created_at=uow.now, updated_at=uow.now,
        )  # fmt: skip
        uow.accounts.add(account)
        uow.flush()
        for name, title, phone in (
            ("李国强", "采购总监", "13812345678"), ("王建", "工程师", None), ("刘伟", "总经理", None),
            ("单小红", "会计", None),
        ):  # fmt: skip
            uow.contacts.add(
                Contact(
                    account_id=account.id, name=name, title=title, phone=phone, created_at=uow.now, updated_at=uow.now
                )
            )
        uow.deals.add(
            Deal(name="服务器", account_id=account.id, stage="方案报价", product="GTX Pro", created_at=uow.now,
                 updated_at=uow.now)
        )  # fmt: skip
    yield world
    world.close()


@pytest.fixture(scope="module")
def finds(company: World) -> Finds:
    """Tell the mentions of a sentence as (words, kind, [candidate how])."""

    def find(who: str, text: str) -> Told:
        return [
            (mention.words, mention.kind, [f"{one.name} {one.how}" for one in mention.candidates])
            for mention in mentions(company, who, text)
        ]

    return find


def mentions(world: World, who: str, text: str) -> tuple[Mention, ...]:
    with world.program.open_work(world.member(who), reading=True, channel=world.platform) as uow:
        event = Event(
            channel=world.platform, kind=EventKind.TEXT, key="1", user_id=world.ids[who], at=world.now, text=text
        )
        return Finder()(Context(event, uow), normalise(text))


@pytest.mark.parametrize(
    ("text", "words", "found"),
    [
        ("跟进 华为 电话沟通了报价", "华为", ["华为技术有限公司 core"]),
        ("跟进華為聊了报价", "華為", ["华为技术有限公司 core"]),
        ("苏州汇川技术有限公司发合同", "苏州汇川技术有限公司", ["苏州汇川技术有限公司 full"]),
        ("苏州汇川要100台", "苏州汇川", ["苏州汇川技术有限公司 core"]),
        ("公海里那个汇川我要了", "汇川", ["苏州汇川技术有限公司 core"]),
        ("老联那边回款了", "老联", ["南京联创科技有限公司 alias"]),
        ("联创丢了", "联创", ["南京联创科技有限公司 short"]),
        ("华唯那边价格还是有点高", "华唯", ["华为技术有限公司 pinyin"]),
        ("huawei 联系一下", "huawei", ["华为技术有限公司 pinyin"]),
        ("跟进 hua wei 聊了", "hua wei", ["华为技术有限公司 pinyin"]),
        ("hw 联系一下", "hw", ["华为技术有限公司 pinyin"]),
        ("BYD签了", "BYD", ["比亚迪股份有限公司 pinyin"]),
        ("比亚弟签了", "比亚弟", ["比亚迪股份有限公司 pinyin"]),
        ("汇州技术电话聊了", "汇州技术", ["苏州汇川技术有限公司 near"]),
        ("acme corp called", "acme corp", ["Acme Corp full"]),
        ("跟进ACME聊了报价", "ACME", ["Acme Corp core"]),
        ("amce 那边要样品", "amce", ["Acme Corp typo"]),
        ("跟进j-texon聊了", "j-texon", ["J-Texon full"]),
        ("跟进 Bubbz Gump 聊了", "Bubbz Gump", ["Bubba Gump typo"]),
        ("Acmee那边要样品", "Acmee", ["Acme Corp typo"]),
        ("汇大川技术电话聊了", "汇大川技术", ["苏州汇川技术有限公司 typo"]),
        ("锦州港报价", "锦州港", ["锦州港股份有限公司 core"]),
        ("跟进 字节 聊了", "字节", ["字节跳动 part"]),
        ("跟进 明天 电话聊了", "明天", ["明天科技有限公司 core"]),
    ],
)  # fmt: skip
def test_a_customer_is_found_by_whatever_people_call_it(finds: Finds, text: str, words: str, found: list[str]) -> None:
    assert finds("张伟", text)[0] == (words, "customer", found)


@pytest.mark.parametrize("text", ["跟进：宏达，发了样品", "跟进 宏答 聊了", "hongda 那边要发票", "跟进宏大"])
def test_two_that_may_be_meant_stay_two(finds: Finds, text: str) -> None:
    [(_, _, found)] = finds("张伟", text)
    assert {one.split()[0] for one in found} == {"上海宏达贸易有限公司", "上海宏大机电有限公司"}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("跟进 汇川食品 打了电话", "汇川食品"),
        ("今天去了中兴大酒店", "中兴大酒店"),
        ("宏达物流今天微信问价", "宏达物流"),
        ("杭州汇川打来电话", "汇川"),
        ("比亚迪幼儿园微信聊了", "比亚迪幼儿园"),
    ],
)
def test_a_stranger_whose_name_begins_alike_is_only_near(company: World, text: str, words: str) -> None:
    [mention] = [one for one in mentions(company, "张伟", text) if one.kind == "customer"]
    assert (mention.words, {one.how for one in mention.candidates}) == (words, {"near"})


@pytest.mark.parametrize(
    "text", ["汇川技术打来电话", "江苏汇川打来电话", "中兴通讯今天签了", "苏州汇川改造项目推进", "宏达贸易来电"]
)
def test_what_is_said_of_a_name_makes_no_stranger_of_it(company: World, text: str) -> None:
    [mention] = [one for one in mentions(company, "张伟", text) if one.kind == "customer"]
    assert "near" not in {one.how for one in mention.candidates}


def test_a_customer_is_found_by_what_they_do(company: World) -> None:
    [mention] = [one for one in mentions(company, "张伟", "那个做贸易的今天来电") if one.kind == "customer"]
    assert [(one.name, one.how) for one in mention.candidates] == [("上海宏达贸易有限公司", "described")]


def test_a_longer_name_wins_over_one_inside_it(finds: Finds) -> None:
    assert finds("张伟", "宏大机电退回公海吧") == [("宏大机电", "customer", ["上海宏大机电有限公司 core"])]


def test_several_customers_are_several_mentions(finds: Finds) -> None:
    told = finds("张伟", "上午去了华为和中兴，华为要改方案下周一给，中兴没见到人")
    assert [words for words, _, _ in told] == ["华为", "中兴", "华为", "中兴"]


@pytest.mark.parametrize(
    "text", ["明天联系客户", "苏州那边的客户", "今天干啥", "好的", "贸易公司的线索", "电话联系一下报价", "对方很满意"]
)
def test_words_of_everyday_talk_name_nobody(finds: Finds, text: str) -> None:
    assert finds("张伟", text) == []


def test_what_one_may_not_see_is_not_there(finds: Finds) -> None:
    for text in ("看看海大", "跟进 海大饲料 聊了", "haida 报价", "看看金龙", "看看广州海大饲料", "L14"):
        assert finds("张伟", text) == [], text
    assert finds("李娜", "看看海大") == [("海大", "customer", ["广州海大饲料 core"])]
    assert finds("李娜", "看看华为") == []
    assert finds("周婷", "看看华为") == [("华为", "customer", ["华为技术有限公司 core"])], "named, not seen"


def test_a_manager_finds_the_customers_of_the_own_department(finds: Finds) -> None:
    assert finds("王强", "看看华为和海大") == [("华为", "customer", ["华为技术有限公司 core"])]
    assert [words for words, _, _ in finds("赵敏", "看看华为和海大")] == ["华为", "海大"]


def test_a_person_of_the_customer_that_is_named(finds: Finds) -> None:
    assert finds("张伟", "刚跟联创李总通完电话")[1] == ("李总", "contact", ["李国强 contact"])
    assert finds("张伟", "联创王工说好的")[1] == ("王工", "contact", ["王建 contact"])
    assert finds("张伟", "联创的单会计要发票")[1] == ("单会计", "contact", ["单小红 contact"])


def test_a_person_alone_is_sought_among_the_own_customers(company: World, finds: Finds) -> None:
    assert finds("张伟", "上次跟刘总聊到哪了") == [("刘总", "contact", ["刘伟 contact"])]
    assert finds("张伟", "给李国强发报价") == [("李国强", "contact", ["李国强 contact"])]
    assert finds("陈晨", "上次跟刘总聊到哪了") == []
    [mention] = mentions(company, "张伟", "上次跟刘总聊到哪了")
    assert mention.candidates[0].of == "account:1"


def test_nobody_else_is_offered_for_a_person_of_a_customer(finds: Finds) -> None:
    assert finds("张伟", "大疆王工加一下") == [("大疆", "customer", ["大疆创新 core"])]


@pytest.mark.parametrize(
    ("who", "text", "words", "found"),
    [
        ("王强", "把汇川给小陈", "小陈", ["陈晨"]),
        ("赵敏", "小陈上手怎么样", "小陈", ["陈晨"]),
        ("张伟", "转给赵总看", "赵总", ["赵敏"]),
        ("张伟", "催一下王经理", "王经理", ["王强"]),
        ("王强", "我出差，让李娜替我批", "李娜", ["李娜"]),
        ("张伟", "跟进华为 @chenchen 你看下", "@chenchen", ["陈晨"]),
        ("张伟", "@李娜 你看下", "@李娜", ["李娜"]),
        ("张伟", "工单12派给老李", "老李", ["李娜"]),
    ],
)
def test_colleagues_by_name_nickname_title_and_account(
    company: World, who: str, text: str, words: str, found: list[str]
) -> None:
    member = next(one for one in mentions(company, who, text) if one.kind == "member")
    assert (member.words, [one.name for one in member.candidates]) == (words, found)


def test_someone_who_may_be_a_contact_or_a_colleague_is_offered_as_both(company: World) -> None:
    with company.work("张伟") as uow:
        uow.contacts.add(
            Contact(account_id=AccountId(1), name="赵刚", title="总经理", created_at=uow.now, updated_at=uow.now)
        )
    [mention] = mentions(company, "张伟", "发给赵总看看")
    assert [one.ref.partition(":")[0] for one in mention.candidates] == ["contact", "member"]


@pytest.mark.parametrize("text", ["刚跟华为王经理通完电话", "跟华为的王经理聊了", "录个客户 杭州海康 联系人 王经理"])
def test_a_person_of_a_customer_is_no_colleague(company: World, text: str) -> None:
    assert all(mention.kind == "customer" for mention in mentions(company, "张伟", text))


def test_a_number_and_a_phone_stand_for_their_customer(finds: Finds) -> None:
    assert finds("张伟", "L1 退回公海") == [("L1", "customer", ["苏州汇川技术有限公司 id"])]
    assert finds("张伟", "138 1234 5678 是谁") == [("138 1234 5678", "customer", ["南京联创科技有限公司 phone"])]
    assert finds("李娜", "13812345678 是谁") == []


def test_a_product_that_deals_are_about(finds: Finds) -> None:
    assert finds("张伟", "联创要10台gtx pro")[1] == ("gtx pro", "product", ["GTX Pro full"])


def test_them_means_the_customer_last_spoken_of(company: World, finds: Finds) -> None:
    company.says("张伟", "跟进 华为 电话沟通了报价细节")
    assert finds("张伟", "刚才那个再约一下") == [("刚才那个", "customer", ["华为技术有限公司 recent"])]
    assert finds("张伟", "他们要发票") == [("他们", "customer", ["华为技术有限公司 recent"])]
    assert finds("张伟", "跟进 没这家公司 电话聊了报价") == []
    assert finds("张伟", "他们说中兴报价低") == [("中兴", "customer", ["中兴通讯股份有限公司 core"])]
    assert finds("陈晨", "他们要发票") == []
    company.now += timedelta(minutes=31)
    assert finds("张伟", "他们要发票") == []


def test_a_customer_is_found_the_moment_it_is_on_record_or_renamed(company: World, finds: Finds) -> None:
    assert finds("张伟", "跟进 杭州群核 聊了") == []
    [lead] = company.has_leads("杭州群核信息技术", held_by="张伟")
    assert finds("张伟", "跟进 群核 聊了")[0][2] == ["杭州群核信息技术 core"]
    with company.work("张伟") as uow:
        uow.leads.get(lead.id).name = "杭州酷家乐信息技术"
    assert finds("张伟", "跟进 群核 聊了") == []
    assert finds("张伟", "跟进 酷家乐 聊了")[0][2] == ["杭州酷家乐信息技术 core"]


def test_a_customer_goes_with_its_holder(company: World, finds: Finds) -> None:
    [lead] = company.has_leads("无锡先导智能装备")
    assert finds("陈晨", "跟进先导聊了报价") == []
    company.says("陈晨", f"领取 {lead.id}")
    assert finds("陈晨", "跟进先导聊了报价")[0][0] == "先导"
    company.says("陈晨", f"退回 {lead.id} 无需求")
    assert finds("陈晨", "跟进先导聊了报价") == []


NAUGHTY = (
    "\x00",
    "华为\x00中兴",
    "\ud800华为",
    "🎉" * 50,
    "' OR 1=1 --",
    "华" * 10_000,
    "a" * 10_000,
    "１２３" * 3_000,
    "İ" * 99,
)


@pytest.mark.parametrize("text", NAUGHTY, ids=range(len(NAUGHTY)))
def test_nothing_that_is_typed_makes_it_stumble(company: World, text: str) -> None:
    for raw in (text, normalise(text)):
        with company.program.open_work(company.member("张伟"), reading=True, channel="wecom") as uow:
            event = Event(channel="wecom", kind=EventKind.TEXT, key="1", user_id="zhangwei", at=company.now)
            Finder()(Context(event, uow), raw)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.sampled_from([*"华为海大金龙宏达李总王工小陈他们 ，1L", "haida", "hw", "@"]) | st.characters(), max_size=30
    )
)
def test_mentions_stand_apart_in_order_and_show_nobody_else_s_customer(company: World, signs: list[str]) -> None:
    text = normalise("".join(signs))
    found = mentions(company, "张伟", text)
    assert all(one.end <= other.start for one, other in pairwise(found))
    for mention in found:
        assert text[mention.start : mention.end] == mention.words
        assert mention.candidates
        assert not {"广州海大饲料", "厦门金龙客车"} & {one.name for one in mention.candidates}


def test_the_branch_in_brackets_belongs_to_the_name(finds: Finds) -> None:
    found = finds("张伟", "给华为技术（深圳）有限公司出个报价")
    assert [(words, kind) for words, kind, _ in found] == [("华为技术（深圳）有限公司", "customer")]


def test_the_pool_is_asked_by_any_name_too(company: World) -> None:
    with company.work("张伟") as uow:
        assert [ref.kind for ref in find_pooled(uow, "金龙客车")] == ["lead"]
        assert find_pooled(uow, "金泷") == find_pooled(uow, "厦门金龙客车")
        assert find_pooled(uow, "华为") == find_pooled(uow, "厦门") == find_pooled(uow, "") == []
    assert company.says("陈晨", "领取 金泷客车")[0].startswith("领取成功：厦门金龙客车")
    company.says("陈晨", "退回 厦门金龙客车 无需求")
