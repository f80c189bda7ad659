"""Words a company teaches: 以后 HW 就是华为."""

import pytest

from core.errors import BadInput, NotFound
from core.model.customer import Account
from core.model.ids import Ref
from core.services.customers import find_customer
from core.services.terms import forget, known_terms, teach
from core.services.undo import undo_last
from tests.understanding.test_entities import mentions
from tests.world import World


def test_a_taught_word_means_its_customer_for_everybody_who_may_see_it(any_world: World) -> None:
    [lead] = any_world.has_leads("华为技术有限公司", held_by="张伟")
    with any_world.work("张伟") as uow:
        teach(uow, "菊厂", lead.ref, lead.name)
    for who in ("张伟", "王强"):
        [mention] = mentions(any_world, who, "跟进菊厂聊了报价")
        assert [(one.ref, one.name, one.how) for one in mention.candidates] == [
            (f"lead:{lead.id}", "华为技术有限公司", "term")
        ]
    assert mentions(any_world, "李娜", "跟进菊厂聊了报价") == ()
    with any_world.work("李娜") as uow:
        assert known_terms(uow) == []
    with any_world.work("张伟") as uow:
        assert find_customer(uow, "菊厂").id == lead.id


def test_a_personal_word_is_nobody_else_s(world: World) -> None:
    [lead] = world.has_leads("华为技术有限公司", held_by="张伟")
    with world.work("张伟") as uow:
        teach(uow, "大客户一号", lead.ref, lead.name, personal=True)
    assert mentions(world, "张伟", "跟进大客户一号")[0].candidates[0].how == "term"
    assert mentions(world, "王强", "跟进大客户一号") == ()


def test_a_word_taught_anew_means_the_new_thing_and_a_forgotten_one_nothing(world: World) -> None:
    one, other = world.has_leads("华为技术有限公司", "汉威电子", held_by="张伟")
    with world.work("张伟") as uow:
        teach(uow, "HW", one.ref, one.name)
    with world.work("张伟") as uow:
        teach(uow, "hw", other.ref, other.name)
        assert [term.meaning for term in known_terms(uow)] == [other.ref]
    assert [one.name for one in mentions(world, "张伟", "跟进 HW 聊了")[0].candidates] == ["汉威电子"]
    with world.work("张伟") as uow:
        forget(uow, "HW")
    with world.work("张伟") as uow:
        assert known_terms(uow) == []
        with pytest.raises(NotFound):
            forget(uow, "HW")


def test_teaching_is_taken_back_like_everything_else(world: World) -> None:
    [lead] = world.has_leads("华为技术有限公司", held_by="张伟")
    with world.work("张伟") as uow:
        teach(uow, "菊厂", lead.ref, lead.name)
    world.passes(minutes=1)
    with world.work("张伟") as uow:
        undo_last(uow)
    assert mentions(world, "张伟", "跟进菊厂") == ()


@pytest.mark.parametrize("words", ["明天", "电话", "苏州", "贸易", "12", "好", "！！", "很" * 40])
def test_words_of_everyday_talk_are_not_learnt(world: World, words: str) -> None:
    [lead] = world.has_leads("华为技术有限公司", held_by="张伟")
    with world.work("张伟") as uow, pytest.raises(BadInput):
        teach(uow, words, lead.ref, lead.name)


def test_nobody_teaches_a_name_for_a_customer_they_may_not_see(world: World) -> None:
    [lead] = world.has_leads("华为技术有限公司", held_by="张伟")
    with world.work("李娜") as uow, pytest.raises(NotFound):
        teach(uow, "菊厂", lead.ref, lead.name)


def test_a_word_may_mean_a_colleague_or_a_product(world: World) -> None:
    with world.work("张伟") as uow:
        teach(uow, "二当家", Ref("member", world.member("王强").id), "王强")
        teach(uow, "老三样", Ref("product", 0), "GTX Pro")
    assert [(m.words, m.kind, m.candidates[0].ref) for m in mentions(world, "张伟", "让二当家批一下老三样")] == [
        ("二当家", "member", f"member:{world.member('王强').id}"),
        ("老三样", "product", "product:GTX Pro"),
    ]


def test_a_taught_word_outlives_a_new_name_of_what_it_means(world: World) -> None:
    with world.work("张伟") as uow:
        account = Account(name="旧名科技", owner_id=uow.actor.id, created_at=uow.now, updated_at=uow.now)
        uow.accounts.add(account)
        uow.flush()
        teach(uow, "阿黄家", account.ref, account.name)
    with world.work("张伟") as uow:
        uow.accounts.get(account.id).name = "新名科技"
    assert mentions(world, "张伟", "跟进阿黄家")[0].candidates[0].name == "新名科技"
