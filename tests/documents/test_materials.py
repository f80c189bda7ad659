"""The library: files come in by chat, are described, found by words, offered at a stage, and counted."""

from collections.abc import Mapping
from typing import Any

import pytest

from bot.event import EventKind
from bot.handlers.deals import Moved
from core.errors import BadInput, DeliveryFailed, NotAllowed
from core.errors.files import NoSuchMaterial
from core.model.contract import ContractTerms
from core.model.deal import Deal
from core.model.ids import MaterialId, Ref
from core.model.money import Money
from core.rules.materials import matching
from core.services.contracts import draw_up, sign
from core.services.materials import (
    About,
    add_material,
    change_material,
    find_materials,
    materials_for,
    replace_file,
    retire_material,
    send_material,
)
from tests.documents.test_ordering import an_account
from tests.world import World

PDF = b"%PDF-1.7 case"


class Sent:
    """What is to be had on the platform, by its media id."""

    def __init__(self, **files: tuple[str, bytes]) -> None:
        self.files = files

    def fetch(self, channel: str, fields: Mapping[str, Any]) -> tuple[str, bytes]:
        if fields["media_id"] not in self.files:
            raise DeliveryFailed("素材编号无效或已过期")
        return self.files[fields["media_id"]]


def sends(world: World, who: str, name: str, content: bytes = PDF) -> list[str]:
    """Somebody sends a file, the worker fetches it, and the sender reads what then is asked."""
    world.program.__dict__["downloads"] = Sent(m1=(name, content))
    world.comes(who, EventKind.FILE, fields={"media_id": "m1", "file_name": name})
    world.settles().works()
    world.delivers()
    return world.heard(who)


def stocked(world: World) -> World:
    with world.work("周婷") as uow:
        for title, about in (
            ("汽车零部件客户案例", About(industries=("汽车", "制造业"), stages=("方案报价",))),
            ("软件行业案例集", About(industries=("软件",), stages=("方案报价",))),
            ("公司介绍 2026", About(stages=("初步接洽",))),
            ("项目建议书方案模板", About(stages=("方案报价",), tags=("常用",))),
        ):
            add_material(uow, About(**{**about.__dict__, "title": title}), (f"{title}.pdf", PDF))
    return world


def test_a_sent_file_goes_into_the_library_and_is_described(world: World) -> None:
    first, asked = sends(world, "吴昊", "新能源客户案例.pdf")
    assert "正在保存" in first
    assert "存进资料库" in [button.label for button in world.card("吴昊").buttons]
    assert "「新能源客户案例.pdf」保存好了" in asked
    (kept,) = world.taps("吴昊", "存进资料库")
    assert "存进资料库了" in kept
    (changed,) = world.says("吴昊", "资料设置 E1 阶段 方案报价 行业 新能源、制造业 有效期 2026-12-31")
    assert "方案报价" in changed
    with world.work() as uow:
        material = uow.materials.get(MaterialId(1))
        assert (material.kind, material.stages, material.industries) == ("案例", ("方案报价",), ("新能源", "制造业"))
    (found, file) = world.says("张伟", "有没有新能源的案例")
    assert "新能源客户案例" in found
    assert file == "［新能源客户案例.pdf］"
    assert world.files("张伟")[-1] == ("新能源客户案例.pdf", PDF)


def test_it_is_found_by_kind_industry_and_words_and_counted(world: World) -> None:
    stocked(world)
    for said, title in (
        ("发我一份方案模板", "项目建议书方案模板"),
        ("有没有制造业的案例", "汽车零部件客户案例"),
        ("有软件行业的案例吗", "软件行业案例集"),
        ("公司介绍发我", "公司介绍 2026"),
    ):
        answer = world.says("张伟", said)
        assert title in answer[0], said
        assert f"{title}.pdf" in answer[1], said
    (several,) = world.says("张伟", "发我一份案例")
    assert "找到 2 份资料" in several
    world.taps("张伟", "发我 软件行业案例集"[:12])
    assert "发过 2 次" in world.says("张伟", "资料库")[0]


def test_what_is_not_there_is_said_with_what_is(world: World) -> None:
    stocked(world)
    (answer,) = world.says("张伟", "有没有医药行业的案例")
    assert "没有" in answer
    assert "汽车零部件客户案例" in answer


def test_the_card_of_a_reached_stage_offers_what_fits_the_customer(world: World) -> None:
    stocked(world)
    account = an_account(world)
    with world.work("张伟") as uow:
        uow.accounts.get(account.id).industry = "汽车零部件"
        deal = Deal(
            name="伺服采购", account_id=account.id, owner_id=uow.actor.id, stage="方案报价",
            stage_since=uow.now, touched_at=uow.now, created_at=uow.now, updated_at=uow.now,
        )  # fmt: skip
        assert [one.title for one in materials_for(uow, deal)] == ["汽车零部件客户案例", "项目建议书方案模板"]
        deal.stage = "商务谈判"
        assert materials_for(uow, deal) == []
    assert Moved("需求确认", ()).before == "需求确认"


def test_an_old_edition_stays_when_a_newer_file_comes(world: World) -> None:
    stocked(world)
    with world.work("吴昊") as uow:
        material = find_materials(uow, "公司介绍")[0]
        newer = replace_file(uow, material, "公司介绍 2027.pdf", PDF + b"2027")
        assert (material.edition, material.file_id) == (2, newer.id)
        assert [one.edition for one in uow.files.of(material.ref)] == [2, 1]


def test_what_is_over_or_was_taken_out_is_offered_to_nobody(world: World) -> None:
    stocked(world)
    with world.work("吴昊") as uow:
        intro, case = find_materials(uow, "公司介绍")[0], find_materials(uow, "软件行业的案例")[0]
        change_material(uow, intro, About(valid_until=world.now.date().replace(day=4)))
        retire_material(uow, case)
        assert find_materials(uow, "公司介绍") == []
        with pytest.raises(NoSuchMaterial):
            send_material(uow, intro)
    assert "下架" in world.says("吴昊", "资料设置 E1 下架")[0]


def test_only_those_who_keep_the_library_change_it(world: World) -> None:
    for name in ("张伟", "王强", "陈静"):
        with world.work(name) as uow, pytest.raises(NotAllowed):
            add_material(uow, About(title="x", link="https://example.com"))
    sends(world, "张伟", "a.pdf")
    assert "存进资料库" not in [button.label for button in world.card("张伟").buttons]


@pytest.mark.parametrize(
    ("about", "words"),
    [
        (About(title="x"), "文件或链接"),
        (About(title="  ", link="https://a.cn"), "标题"),
        (About(title="x", link="javascript:alert(1)"), "https"),
        (About(title="x", link="https://a.cn", stages=("第九阶段",)), "没有「第九阶段」这个阶段"),
        (About(title="x", link="https://a.cn", kind="小说"), "可以是介绍"),
    ],
)
def test_what_cannot_be_is_said(world: World, about: About, words: str) -> None:
    with world.work("吴昊") as uow, pytest.raises(BadInput) as refused:
        add_material(uow, about)
    assert words in str(refused.value)


def test_a_link_is_sent_as_a_link(world: World) -> None:
    with world.work("吴昊") as uow:
        add_material(uow, About(title="产品手册", link="https://example.com/manual"))
    (answer,) = world.says("张伟", "发我一份产品手册")
    assert "https://example.com/manual" in answer


def test_a_signed_contract_is_photographed_and_kept_with_it(world: World) -> None:
    account = an_account(world)
    with world.work("张伟") as uow:
        contract = draw_up(uow, account, ContractTerms(amount=Money(12_300_000)))
        contract.state = "approved"
        sign(uow, contract)
    sends(world, "张伟", "盖章.pdf")
    label = next(button.label for button in world.card("张伟").buttons if button.label.startswith("签好的"))
    assert f"存为合同 {contract.number} 的签署文件了" in world.taps("张伟", label)[0]
    with world.work("张伟") as uow:
        assert uow.contracts.get(contract.id).signed_file == "盖章.pdf"
        assert uow.files.content(uow.files.of(contract.ref, "signed")[0]) == PDF


def test_a_file_is_put_with_a_customer_that_is_asked_for(world: World) -> None:
    account = an_account(world)
    sends(world, "张伟", "技术协议.pdf")
    assert "哪个客户" in world.taps("张伟", "存到客户")[0]
    assert "存到「苏州汇川技术有限公司」了" in world.says("张伟", "苏州汇川")[0]
    with world.work() as uow:
        assert [one.name for one in uow.files.of(account.ref, "attached")] == ["技术协议.pdf"]


def test_nobody_puts_away_a_file_that_another_sent(world: World) -> None:
    sends(world, "张伟", "技术协议.pdf")
    with world.work() as uow:
        (file,) = uow.files.of(Ref("member", world.member("张伟").id))
    world.says("吴昊", "帮助")
    answer = world.presses("吴昊", "file.to_library", {"file": str(file.id)})[0]
    assert "没有这个文件" in answer


def test_a_file_that_is_gone_or_unfit_is_said(world: World) -> None:
    assert "没有保存" in sends(world, "张伟", "病毒.exe")[-1]
    world.comes("张伟", EventKind.IMAGE, fields={"media_id": "old"})
    world.settles().works()
    world.delivers()
    assert "重新发一次" in world.heard("张伟")[-1]


def test_a_template_that_an_administrator_sends_is_checked_and_used(world: World) -> None:
    good = '#import "liaodan.typ": *\n= 报价 #d.label\n#d.total'.encode()
    sends(world, "吴昊", "报价.typ", good)
    assert "正在用样例检查" in world.taps("吴昊", "用作报价单模板")[0]
    world.works()
    world.delivers()
    told, shown = world.heard("吴昊")
    assert "报价单模板第 1 版启用了" in told
    assert shown == "［报价单模板第1版 样例.pdf］"
    assert "第 1 版，吴昊" in world.says("吴昊", "看模板")[0]
    sends(world, "吴昊", "坏的.typ", good + b"\n#d.nothing")
    world.taps("吴昊", "用作报价单模板")
    world.works()
    world.delivers()
    assert "第 4 行" in world.heard("吴昊")[-1]
    assert "第 1 版，吴昊" in world.says("吴昊", "看模板")[0]


def test_words_that_say_nothing_find_nothing(world: World) -> None:
    stocked(world)
    with world.work() as uow:
        assert matching(uow.materials.all(), "给我") == []
