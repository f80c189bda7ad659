"""Files put to an approval: asked for, sent, seen on every approver's card, and handed out with a tap."""

from collections.abc import Mapping
from typing import Any

import pytest

from bot.event import EventKind
from core.errors.files import NoSuchFile
from core.model.ids import FileId
from core.services.fetching import fetch_file
from tests.approving import Office
from tests.world import World

PDF = b"%PDF-1.7\n" + b"offer" * 100


class Sent:
    """What the platform would hand out for a media id."""

    def __init__(self) -> None:
        self.content = PDF

    def fetch(self, channel: str, fields: Mapping[str, Any]) -> tuple[str, bytes]:
        return str(fields.get("file_name") or "图片.png"), self.content


@pytest.fixture
def sent(world: World) -> Sent:
    made = Sent()
    world.program.__dict__["downloads"] = made
    return made


@pytest.fixture
def office(world: World, sent: Sent) -> Office:
    return Office(world)


def sends(world: World, who: str, name: str, kind: EventKind = EventKind.FILE) -> str:
    world.heard(who)
    world.comes(who, kind, fields={"media_id": "m1", "file_name": name} if name else {"media_id": "m1"})
    world.settles().works()
    world.delivers()
    return "\n".join(world.heard(who))


def test_a_rep_puts_a_file_to_what_waits_and_the_approver_gets_it_with_a_tap(office: Office, world: World) -> None:
    office.offers("8")
    assert "把文件或图片发到这里" in "\n".join(world.says("张伟", "附件"))
    assert "「竞品报价.pdf」附到审批了" in sends(world, "张伟", "竞品报价.pdf")
    world.delivers()
    seen = "\n".join(world.heard("王强"))
    assert "附件：1 个：竞品报价.pdf" in seen
    assert "张伟加了附件" in seen
    world.taps("王强", "附件（1）")
    assert world.files("王强") == [("竞品报价.pdf", PDF)]


def test_several_files_go_one_after_the_other_until_one_lets_it_be(office: Office, world: World) -> None:
    office.offers("8")
    world.says("张伟", "补充材料")
    sends(world, "张伟", "一.pdf")
    sends(world, "张伟", "二.pdf")
    assert "没有加附件" in "\n".join(world.says("张伟", "算了"))
    assert "它是做什么用的" in sends(world, "张伟", "三.pdf")
    world.taps("王强", "附件（2）")
    assert [name for name, _ in world.files("王强")] == ["一.pdf", "二.pdf"]


def test_a_file_that_was_just_sent_is_offered_to_what_runs(office: Office, world: World) -> None:
    office.offers("8")
    sends(world, "张伟", "竞品报价.pdf")
    world.taps("张伟", "附到审批 华东机电 92折 92,000元"[:18])
    world.delivers()
    assert "附件：1 个：竞品报价.pdf" in "\n".join(world.heard("王强"))


def test_an_approver_adds_one_too_and_the_next_ones_see_it(office: Office, world: World) -> None:
    office.offers("15")
    world.taps("王强", "更多")
    assert "把文件或图片发到这里" in "\n".join(world.taps("王强", "加附件"))
    assert "附到审批了" in sends(world, "王强", "成本测算.pdf")
    world.says("王强", "同意")
    assert "附件：1 个：成本测算.pdf" in "\n".join(world.heard("赵敏"))


def test_finance_who_keeps_no_files_otherwise_may_answer_with_one(office: Office, world: World) -> None:
    office.offers("15")
    world.says("王强", "同意")
    world.says("陈静", "附件")
    assert "附到审批了" in sends(world, "陈静", "测算.pdf")


def test_a_picture_counts_as_well_and_a_return_asks_for_it(office: Office, world: World, sent: Sent) -> None:
    office.offers("8")
    world.says("王强", "打回去 补竞品报价截图")
    world.taps("张伟", "补附件")
    sent.content = b"\x89PNG\r\n\x1a\n" + b"x" * 50
    assert "附到审批了" in sends(world, "张伟", "", EventKind.IMAGE)
    world.says("张伟", "改好了再提交")
    assert "附件：1 个：图片.png" in "\n".join(world.heard("王强"))


def test_a_file_that_cannot_be_kept_is_said_and_nothing_is_put_to_it(office: Office, world: World, sent: Sent) -> None:
    office.offers("8")
    world.says("张伟", "附件")
    assert "只能存" in sends(world, "张伟", "病毒.exe")
    sent.content = b"%PDF-" + b"x" * (20 * 2**20 + 1)
    assert "最大 20 MB" in sends(world, "张伟", "太大.pdf")
    world.heard("王强")
    assert "没有附件" in "\n".join(world.presses("王强", "approval.files", {"approval": "1"}))


def test_without_anything_that_runs_there_is_nothing_to_put_it_to(office: Office, world: World) -> None:
    assert "附件没有地方放" in "\n".join(world.says("李娜", "附件"))


def test_whoever_has_nothing_to_do_with_it_gets_no_file(office: Office, world: World) -> None:
    office.offers("8")
    world.says("张伟", "附件")
    sends(world, "张伟", "竞品报价.pdf")
    with world.work() as uow:
        (attached,) = uow.files.of(uow.approvals.get(1).ref)
    for who, may in (("王强", True), ("张伟", True), ("李娜", False), ("陈静", False)):
        with world.work(who) as uow:
            if may:
                assert fetch_file(uow, FileId(attached.id))[1] == PDF
            else:
                with pytest.raises(NoSuchFile):
                    fetch_file(uow, FileId(attached.id))


def test_once_it_is_decided_nothing_more_is_put_to_it(office: Office, world: World) -> None:
    office.offers("8")
    world.says("张伟", "附件")
    world.taps("王强", "同意")
    told = sends(world, "张伟", "晚了.pdf")
    assert "没有附上" in told
    assert "已通过" in told


def test_files_stay_in_the_history_and_go_along_when_it_begins_anew(office: Office, world: World) -> None:
    quote = office.offers("8")
    world.says("张伟", "附件")
    sends(world, "张伟", "竞品报价.pdf")
    with world.work() as uow:
        assert (uow.approvals.log(1)[-1].after or {})["did"]["deed"] == "attach"
    world.says("张伟", "华东机电的报价改成85折")
    world.says("张伟", "确认")
    with world.work() as uow:
        running = uow.approvals.running_on(quote.ref)
        assert [one["name"] for one in running[-1].course["files"]] == ["竞品报价.pdf"]
        assert running[-1].id != 1


def test_a_file_that_comes_before_one_has_said_which_of_several_asks_where_it_belongs(
    office: Office, world: World
) -> None:
    office.offers("8")
    office.offers("8", to="星河软件")
    assert "是哪一个" in "\n".join(world.says("张伟", "附件"))
    assert "它是做什么用的" in sends(world, "张伟", "竞品报价.pdf")
