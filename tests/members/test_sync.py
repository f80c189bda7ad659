"""A platform's directory and our members: new ones, known ones, leavers, and what must never happen."""

import re
from dataclasses import replace

import pytest
from sqlalchemy import select

from bot.event import EventKind
from bot.jobs import JOBS, Jobs, Means
from core.errors import DeliveryFailed
from core.model.directory import Department, Listing, Person
from core.model.member import ChannelUser, Member
from core.services.directory import SyncReport, sync_members
from core.services.linking import unlink
from scheduler.jobs import DAILY
from storage import tables
from tests.world import PEOPLE, World

COMPANY = (
    Department(id="1", name="安捷科技"),
    Department(id="2", name="销售部", parent_id="1"),
    Department(id="3", name="华东", parent_id="2"),
    Department(id="4", name="财务部", parent_id="1"),
    Department(id="5", name="人事部", parent_id="1"),
)
HOME = {"销售部": "2", "销售部/华东": "3", "财务部": "4"}


class Book:
    """A directory that says what one puts into it. `gone` are ids that the platform knows no more."""

    def __init__(self, *people: Person, gone: set[str] | None = None) -> None:
        self.people, self.gone, self.gaps = people, gone or set(), ()
        self.failing: DeliveryFailed | None = None
        self.departments = COMPANY

    def listing(self) -> Listing:
        if self.failing:
            raise self.failing
        return Listing(departments=self.departments, people=self.people, gaps=self.gaps)

    def has_left(self, user_id: str) -> bool:
        return user_id in self.gone


def everybody() -> tuple[Person, ...]:
    """The world's people as their platform lists them."""
    return tuple(
        Person(user_id=user_id, name=name, departments=(HOME.get(department, "1"),))
        for user_id, name, _, department, _ in PEOPLE
    )


def synced(world: World, book: Book, channel: str = "wecom", **how: bool) -> SyncReport:
    return sync_members(world.program.open_work, channel, book, **how)


def people(world: World) -> dict[str, Member]:
    with world.work() as uow:
        return {member.name: member for member in uow.members.everybody()}


def test_new_people_get_the_role_of_their_department_and_its_leader(world: World) -> None:
    book = Book(
        *everybody(),
        Person(user_id="BoSs", name="高峰", departments=("2",), leads=frozenset({"2"})),
        Person(user_id="n1", name="新人", phone="13800000001", departments=("3",)),
        Person(user_id="n2", name="会计", departments=("4",)),
        Person(user_id="n3", name="人事", departments=("5",)),
        Person(user_id="n4", name="散户", departments=("1",)),
    )
    report = synced(world, book)
    now = people(world)
    assert len(report.new) == 5
    assert (now["高峰"].roles, now["高峰"].department) == (("manager",), "销售部")
    assert (now["新人"].roles, now["新人"].department, now["新人"].phone) == (("rep",), "销售部/华东", "13800000001")
    assert now["新人"].manager_id == now["高峰"].id
    assert now["会计"].roles == ("finance",)
    assert now["人事"].roles == (), "nobody opens the pool to somebody who plainly does not sell"
    assert (now["散户"].roles, now["散户"].department) == (("rep",), "")
    world.ids["新人"] = "n1"
    assert "一句话就能记" in world.says("新人", "帮助")[0]


def test_the_same_listing_again_changes_nothing(world: World) -> None:
    book = Book(*everybody(), Person(user_id="n1", name="新人", departments=("3",)))
    synced(world, book)
    before = {name: member.version for name, member in people(world).items()}
    again = synced(world, book)
    assert (again.new, again.refreshed, again.left, again.linked) == ([], [], [], [])
    assert {name: member.version for name, member in people(world).items()} == before


def test_a_rehearsal_reports_the_same_and_keeps_nothing(world: World) -> None:
    book = Book(*everybody()[1:], Person(user_id="n1", name="新人"), gone={"zhangwei"})
    rehearsed = synced(world, book, dry_run=True)
    assert (len(rehearsed.new), len(rehearsed.left)) == (1, 1)
    assert "新人" not in people(world)
    assert people(world)["张伟"].active
    assert world.heard("吴昊") == []
    done = synced(world, book)
    assert replace(done, dry_run=True) == rehearsed


def test_roles_stay_and_what_the_platform_does_not_know_is_not_wiped_out(world: World) -> None:
    with world.work() as uow:
        zhang = uow.members.get(world.member("张伟").id)
        zhang.roles, zhang.phone = ("rep", "admin"), "13800138001"
    listed = [replace(one, departments=()) if one.user_id == "zhangwei" else one for one in everybody()]
    synced(world, Book(*listed))
    zhang = people(world)["张伟"]
    assert (zhang.roles, zhang.phone, zhang.department) == (("rep", "admin"), "13800138001", "销售部/华东")
    assert zhang.manager_id == people(world)["王强"].id


def test_a_new_name_and_department_are_taken_over(world: World) -> None:
    renamed = [
        replace(one, name="张玮", departments=("2",)) if one.user_id == "zhangwei" else one for one in everybody()
    ]
    report = synced(world, Book(*renamed))
    assert [label for label in report.refreshed if "zhangwei" in label] == ["张玮（wecom:zhangwei）"]
    assert people(world)["张玮"].department == "销售部"


def test_who_is_gone_is_shut_out_and_the_customers_wait_for_somebody(world: World) -> None:
    world.has_leads("华东机电", "苏州汇川", held_by="张伟")
    report = synced(world, Book(*everybody()[2:], gone={"zhangwei", "chenchen"}))
    assert report.left == ["陈晨（wecom:chenchen）", "张伟（wecom:zhangwei）"]
    assert world.lead("华东机电").owner_id == people(world)["张伟"].id
    world.delivers()
    for reader in ("吴昊", "王强"):
        [told] = world.heard(reader)
        assert "2 人已离开企业微信" in told
        assert "张伟（销售部/华东）：2 位客户" in told
        assert "陈晨（销售部/华东）：名下没有客户" in told
    assert "还没有在聊单开通" in world.says("张伟", "今天")[0]
    assert synced(world, Book(*everybody()[2:], gone={"zhangwei", "chenchen"})).left == []


def test_whom_the_app_may_not_see_has_not_left(world: World) -> None:
    report = synced(world, Book(*everybody()[1:]))
    assert report.unseen == ["张伟（wecom:zhangwei）"]
    assert people(world)["张伟"].active


def test_a_disabled_account_is_shut_out(world: World) -> None:
    listed = [replace(one, active=one.user_id != "zhangwei") for one in everybody()]
    assert synced(world, Book(*listed)).left == ["张伟（wecom:zhangwei）"]


def test_who_comes_back_works_on(world: World) -> None:
    synced(world, Book(*everybody()[1:], gone={"zhangwei"}))
    world.passes(hours=1)
    report = synced(world, Book(*everybody()))
    assert report.returned == ["张伟（wecom:zhangwei）"]
    assert people(world)["张伟"].roles == ("rep",)
    assert "今天没有到期" in world.says("张伟", "今天")[0]


def test_who_leaves_while_the_directory_is_read_does_not_come_back_with_it(world: World) -> None:
    class Slow(Book):
        def listing(self) -> Listing:
            world.now = world.now.replace(minute=1)
            world.comes("", EventKind.DIRECTORY, fields={"change_type": "delete_user", "user_id": "zhangwei"})
            world.settles()
            return super().listing()

    assert synced(world, Slow(*everybody())).returned == []
    assert not people(world)["张伟"].active


@pytest.mark.parametrize("listed", [0, 1, 3])
def test_a_directory_that_says_too_little_shuts_nobody_out_and_the_administrators_hear_of_it(
    world: World, listed: int
) -> None:
    book = Book(*everybody()[:listed], gone={user_id for user_id, *_ in PEOPLE})
    report = synced(world, book)
    assert (report.left, "只读到其中" in report.doubt) == ([], True)
    assert all(member.active for member in people(world).values())
    synced(world, book)
    world.delivers()
    [told] = world.heard("吴昊")
    assert "通讯录读得不全，没有停用任何人" in told


def test_a_platform_that_does_not_answer_changes_nothing(world: World) -> None:
    book = Book()
    book.failing = DeliveryFailed("连接不上", temporary=True)
    with pytest.raises(DeliveryFailed):
        synced(world, book)
    assert all(member.active for member in people(world).values())


def with_phone(world: World, name: str, phone: str) -> None:
    with world.work() as uow:
        next(member for member in uow.members.everybody() if member.name == name).phone = phone


def test_the_same_mobile_on_the_other_platform_is_the_same_person(world: World) -> None:
    with_phone(world, "张伟", "+86 138-0013-8001")
    world.opens("dingtalk", 张伟="dZ")
    book = Book(Person(user_id="dZ", name="Zhang Wei", phone="13800138001", departments=("4",)))
    report = synced(world, book, "dingtalk")
    assert report.linked == [f"Zhang Wei（dingtalk:dZ） ＝ 张伟（{people(world)['张伟'].ref}）"]
    assert "张伟，一句话就能记" in world.says("张伟", "帮助", on="dingtalk")[0]
    synced(world, book, "dingtalk")
    assert people(world)["张伟"].department == "销售部/华东", "the platform that knew him first has the word"


@pytest.mark.parametrize("twice", ["on our side", "on theirs"])
def test_a_mobile_that_names_two_people_joins_nobody(world: World, twice: str) -> None:
    with_phone(world, "张伟", "13800138001")
    if twice == "on our side":
        with_phone(world, "陈晨", "13800138001")
    others = [Person(user_id="d2", name="李四", phone="13800138001")] if twice == "on theirs" else []
    report = synced(world, Book(Person(user_id="d1", name="张三", phone="13800138001"), *others), "dingtalk")
    assert report.linked == []
    assert report.ambiguous[0].startswith("张三（dingtalk:d1）：手机号和 张伟")
    assert people(world)["张三"].id != people(world)["张伟"].id


def test_of_one_name_on_two_platforms_without_mobiles_the_person_is_asked_once_and_nobody_is_joined(
    world: World,
) -> None:
    world.opens("dingtalk", 张伟="dZ")
    book = Book(Person(user_id="dZ", name="张伟", departments=("3",)), Person(user_id="d2", name="新人"))
    report = synced(world, book, "dingtalk")
    number = world.member("张伟").ref
    assert report.linked == []
    assert report.ambiguous == [
        f"张伟（dingtalk:dZ）和企业微信的张伟（{number}）同名，没有手机号可以核对，没有自动绑定。"
        "已提醒本人，是同一个人的话请本人发送「绑定」"
    ]
    [asked] = world.settles().heard("张伟")
    assert asked.startswith("钉钉通讯录里也有一位张伟\n销售部/华东")
    synced(world, book, "dingtalk")
    assert world.settles().heard("张伟") == []
    code = re.sub(r"\D", "", world.taps("张伟", "绑定")[0].splitlines()[0])
    assert "绑定好了" in world.says("张伟", f"绑定 {code}", on="dingtalk")[0]
    assert synced(world, book, "dingtalk").ambiguous == []


@pytest.mark.parametrize("why", ["two here", "two there", "other mobiles", "parted", "left"])
def test_a_name_that_proves_nothing_asks_nobody(world: World, why: str) -> None:
    mine = Person(user_id="dZ", name="张伟", phone="13800138002" if why == "other mobiles" else "")
    book = Book(mine, *([Person(user_id="d2", name="张伟")] if why == "two here" else []))
    if why == "two there":
        world.enrols((("zhangwei2", "张伟", "rep", "销售部/华南", ""),))
    if why == "other mobiles":
        with_phone(world, "张伟", "13800138001")
    if why == "left":
        with world.work() as uow:
            uow.members.get(world.member("张伟").id).active = False
    if why == "parted":
        number = world.member("张伟").id
        with world.work() as uow:
            door = ChannelUser(channel="dingtalk", user_id="dz", display_id="dZ", member_id=number)
            uow.members.add_account(door)
        with world.work("张伟") as uow:
            unlink(uow, uow.actor, "dingtalk")
        world.settles().heard("张伟")
    report = synced(world, book, "dingtalk")
    assert report.ambiguous == []
    assert not [said for said in world.settles().heard("张伟") if "也有一位" in said]


def two_members(world: World, *, customers: tuple[str, ...]) -> SyncReport:
    """张伟 is known on both platforms as two members; only later it turns out that their mobile is the same."""
    world.opens("dingtalk", 张伟="dZ")
    book = Book(Person(user_id="dZ", name="张玮", phone="13800138001", departments=("3",)))
    synced(world, book, "dingtalk")
    for name in customers:
        owner = people(world)[name].id
        lead = world.has_leads(f"{name}的客户", held_by="张伟")[0]
        with world.work() as uow:
            uow.leads.get(lead.id).owner_id = owner
    with_phone(world, "张伟", "13800138001")
    return synced(world, book, "dingtalk")


@pytest.mark.parametrize(("customers", "stays"), [((), "张伟"), (("张伟",), "张伟"), (("张玮",), "张玮")])
def test_two_members_who_turn_out_to_be_one_become_one_if_one_of_them_is_empty(
    world: World, customers: tuple[str, ...], stays: str
) -> None:
    report = two_members(world, customers=customers)
    assert report.linked == [f"张玮（dingtalk:dZ） ＝ {stays}（{people(world)[stays].ref}）"]
    with world.work() as uow:
        assert {door.channel for door in uow.members.open_accounts([people(world)[stays].id]).popitem()[1]} == {
            "wecom",
            "dingtalk",
        }
    assert [member.active for name, member in people(world).items() if name in {"张伟", "张玮"} - {stays}] == [False]


def test_two_members_who_both_have_customers_are_asked_to_say_so_themselves(world: World) -> None:
    report = two_members(world, customers=("张伟", "张玮"))
    assert report.linked == []
    assert "请本人发送「绑定」合并" in report.ambiguous[0]
    assert people(world)["张玮"].active


def test_an_account_that_was_parted_is_not_joined_again_by_its_mobile(world: World) -> None:
    with_phone(world, "张伟", "13800138001")
    book = Book(Person(user_id="dZ", name="张三", phone="13800138001"))
    synced(world, book, "dingtalk")
    with world.work("张伟") as uow:
        unlink(uow, uow.actor, "dingtalk")
    report = synced(world, book, "dingtalk")
    assert (report.linked, report.new) == ([], ["张三（dingtalk:dZ）"])
    assert synced(world, book, "dingtalk").linked == []
    assert people(world)["张三"].id != people(world)["张伟"].id


def test_ids_that_differ_in_case_only_are_one_person_on_one_platform_and_two_on_the_other(world: World) -> None:
    assert synced(world, Book(*everybody()[1:], Person(user_id="ZhangWei", name="张伟"))).new == []
    report = synced(world, Book(Person(user_id="Abc", name="甲"), Person(user_id="aBC", name="乙")), "dingtalk")
    assert len(report.new) == 2


def test_a_circle_of_departments_and_names_with_strokes_do_no_harm(world: World) -> None:
    book = Book(*everybody(), Person(user_id="n1", name="新人", departments=("8",)))
    book.departments = (
        *COMPANY,
        Department(id="8", name="华北/东北", parent_id="9"),
        Department(id="9", name="大区", parent_id="8"),
    )
    synced(world, book)
    assert people(world)["新人"].department.endswith("华北-东北")


def worker(world: World, **books: Book) -> Jobs:
    return Jobs(Means(open_work=world.program.open_work, directories=lambda: books), JOBS)


def jobs(world: World) -> list[tuple[int, str]]:
    waiting = select(tables.jobs).where(tables.jobs.c.state == "waiting")
    with world.program.open_work.reading() as session:
        return [(row.id, row.content["channel"]) for row in session.execute(waiting)]


def test_a_burst_of_changes_is_read_once(world: World) -> None:
    for number in range(5):
        world.comes("", EventKind.DIRECTORY, fields={"change_type": "create_user", "user_id": f"n{number}"})
    world.settles()
    [(job, channel)] = jobs(world)
    assert channel == "wecom"
    done = worker(world, wecom=Book(*everybody(), Person(user_id="n1", name="新人")))
    assert not done.run(str(job)), "it waits until the burst is over"
    world.passes(seconds=10)
    assert done.run(str(job))
    assert "新人" in people(world)


def test_every_night_each_platform_is_read_and_none_waits_for_another(world: World) -> None:
    assert "sync_members" in {job.name for job in DAILY}
    world.ticks(world.now.replace(day=6, hour=2, minute=45))
    down = Book()
    down.failing = DeliveryFailed("连接不上", temporary=True)
    books = {"wecom": down, "dingtalk": Book(Person(user_id="d1", name="新人"))}
    [(ordered, _)] = [one for one in jobs(world) if one[1] == ""]
    worker(world, **books).run(str(ordered))
    for job, _ in jobs(world):
        worker(world, **books).run(str(job))
    assert "新人" in people(world)
    assert [channel for _, channel in jobs(world)] == ["wecom"], "tried again a little later"
