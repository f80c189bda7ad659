"""The index of names goes with what it stands for, in the same transaction, on both databases."""

from contextlib import suppress

import pytest
from click.testing import CliRunner
from sqlalchemy import Engine, delete, func, select, text

from bot.command.root import liaodan
from core.errors import Ambiguous, NotFound
from core.model.customer import Account, Contact
from core.services.customers import find_customer
from storage import migrate, tables
from storage.engine import open_engine
from storage.naming import rebuild
from tests.understanding.test_entities import mentions
from tests.world import World


def found(world: World, who: str, words: str) -> str:
    with world.work(who) as uow:
        return find_customer(uow, words).name


def test_a_customer_is_found_within_the_work_that_makes_it(any_world: World) -> None:
    with any_world.work("张伟") as uow:
        uow.accounts.add(
            Account(name="苏州汇川技术有限公司", owner_id=uow.actor.id, created_at=uow.now, updated_at=uow.now)
        )
        assert find_customer(uow, "汇川").name == "苏州汇川技术有限公司"
    assert found(any_world, "张伟", "苏州汇川") == "苏州汇川技术有限公司"


def test_what_is_given_up_leaves_no_name(any_world: World) -> None:
    with any_world.work("张伟") as uow:
        with suppress(ValueError), uow.attempt():
            uow.accounts.add(
                Account(name="苏州汇川技术", owner_id=uow.actor.id, created_at=uow.now, updated_at=uow.now)
            )
            uow.flush()
            raise ValueError
        with pytest.raises(NotFound):
            find_customer(uow, "汇川")


def test_people_go_with_the_account_to_its_next_holder(any_world: World) -> None:
    with any_world.work("张伟") as uow:
        account = Account(name="苏州汇川技术", owner_id=uow.actor.id, created_at=uow.now, updated_at=uow.now)
        uow.accounts.add(account)
        uow.flush()
        uow.contacts.add(
            Contact(account_id=account.id, name="李明", title="总经理", created_at=uow.now, updated_at=uow.now)
        )
    assert mentions(any_world, "张伟", "刚跟李总通了电话")[0].candidates[0].name == "李明"
    with any_world.work("王强") as uow:
        uow.accounts.get(account.id).owner_id = any_world.member("陈晨").id
    assert mentions(any_world, "陈晨", "刚跟李总通了电话")[0].candidates[0].name == "李明"
    assert mentions(any_world, "张伟", "刚跟李总通了电话") == ()


def test_many_leads_taken_back_and_given_out_alike_stay_findable(any_world: World) -> None:
    names = tuple(f"第{'甲乙丙丁戊己庚辛壬癸子丑寅卯辰'[n]}泰来机电" for n in range(15))
    leads = any_world.has_leads(*names, held_by="张伟")
    any_world.passes(hours=25)
    with pytest.raises(NotFound):
        found(any_world, "张伟", names[3])
    with any_world.work() as uow:
        for lead in uow.leads.find(lead.id for lead in leads):
            lead.assign(any_world.member("陈晨").id, uow.now)
    assert found(any_world, "陈晨", names[3]) == names[3]


def test_many_accounts_handed_on_alike_take_their_people_along(any_world: World) -> None:
    with any_world.work("张伟") as uow:
        for sign in "甲乙丙丁戊己庚辛壬癸子丑":
            account = Account(name=f"{sign}泰来机电", owner_id=uow.actor.id, created_at=uow.now, updated_at=uow.now)
            uow.accounts.add(account)
            uow.flush()
            person = Contact(
                account_id=account.id, name=f"李{sign}", title="总经理", created_at=uow.now, updated_at=uow.now
            )
            uow.contacts.add(person)
    with any_world.work() as uow:
        for account in uow.accounts.held_by(any_world.member("张伟").id):
            account.owner_id = any_world.member("陈晨").id
    assert found(any_world, "陈晨", "丁泰来机电") == "丁泰来机电"
    assert mentions(any_world, "陈晨", "给李丁发报价")[0].candidates[0].name == "李丁"


def test_an_index_that_is_lost_is_written_anew(any_world: World) -> None:
    any_world.has_leads("苏州汇川技术有限公司", held_by="张伟")
    with any_world.work("张伟") as uow:
        account = Account(name="南京联创", owner_id=uow.actor.id, created_at=uow.now, updated_at=uow.now)
        uow.accounts.add(account)
        uow.flush()
        uow.contacts.add(
            Contact(account_id=account.id, name="李明", title="总经理", created_at=uow.now, updated_at=uow.now)
        )
    engine, rows = any_world.program.engine, tables.names.c
    everything = select(rows.key, rows.owner_id, rows.kind, rows.ref_id, rows.name)
    with engine.begin() as connection:
        before = set(connection.execute(everything).all())
        connection.execute(delete(tables.names))
    with pytest.raises(NotFound):
        found(any_world, "张伟", "汇川")
    assert rebuild(engine) == 3
    with engine.connect() as connection:
        now = set(connection.execute(everything).all())
    assert now < before, "rows of the time before the lead had a holder are gone"
    assert found(any_world, "张伟", "汇川") == "苏州汇川技术有限公司"


def test_a_database_from_before_the_index_gets_it_with_the_migration(any_engine: Engine) -> None:
    from alembic import command

    command.upgrade(migrate.config(any_engine), "0004")
    texts = ("core_name", "contact_name", "contact_title", "source", "region", "industry", "grade", "need")
    row = dict.fromkeys(texts, "") | {
        "name": "苏州汇川技术",
        "state": "pooled",
        "pool": "公海",
        "cycle": 0,
        "version": 1,
    }
    row |= {"created_at": "2026-03-05 10:00:00", "updated_at": "2026-03-05 10:00:00"}
    with any_engine.begin() as connection:
        connection.execute(
            text(f"insert into leads ({', '.join(row)}) values ({', '.join(f':{name}' for name in row)})"), row
        )
    migrate.upgrade(any_engine)
    with any_engine.connect() as connection:
        assert connection.scalar(select(func.count()).where(tables.names.c.name == "汇川"))


def test_the_command_that_writes_it_anew(tmp_path: object, monkeypatch: pytest.MonkeyPatch) -> None:
    url = f"sqlite:///{tmp_path}/liaodan.db"
    monkeypatch.setenv("DATABASE_URL", url)
    monkeypatch.setenv("LIAODAN_SECRET_KEY", "k" * 40)
    migrate.upgrade(engine := open_engine(url))
    engine.dispose()
    ended = CliRunner().invoke(liaodan, ["db", "reindex"])
    assert (ended.exit_code, "共 0 条记录" in ended.output) == (0, True)


def test_names_that_may_mean_two_are_asked_about(any_world: World) -> None:
    any_world.has_leads("上海宏达贸易", "上海宏大机电", held_by="张伟")
    with pytest.raises(Ambiguous) as asked:
        found(any_world, "张伟", "宏达")
    assert len(asked.value.choices) == 2
    assert found(any_world, "张伟", "宏大机电") == "上海宏大机电"
    for words in ("宏", "上海", "贸易", "宏图", "", "%", "_", "宏达那边报价"):
        with pytest.raises(NotFound):
            found(any_world, "张伟", words)


def test_a_name_that_hundreds_have_is_told_apart_by_what_stands_around_it(any_world: World) -> None:
    trades = ("贸易", "机电", "电子", "科技", "食品", "物流", "化工", "建材")
    places = (
        "苏州",
        "杭州",
        "宁波",
        "无锡",
        "常州",
        "南通",
        "温州",
        "嘉兴",
        "合肥",
        "厦门",
        "福州",
        "泉州",
        "东莞",
        "佛山",
    )
    with any_world.work() as uow:
        for place in places:
            for trade in trades:
                uow.accounts.add(
                    Account(
                        name=f"{place}华兴{trade}有限公司", owner_id=any_world.member("陈晨").id, created_at=uow.now,
                        updated_at=uow.now,
                    )
                )  # fmt: skip
    assert found(any_world, "王强", "泉州华兴化工有限公司") == "泉州华兴化工有限公司"
    assert found(any_world, "王强", "佛山华兴建材") == "佛山华兴建材有限公司"
    [mention] = mentions(any_world, "王强", "跟进 厦门华兴食品 聊了")
    assert [one.name for one in mention.candidates] == ["厦门华兴食品有限公司"]
    with pytest.raises(Ambiguous):
        found(any_world, "王强", "华兴")
