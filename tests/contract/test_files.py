"""Files and pictures reach people on every channel: uploaded, shown, opened, and uploaded again when they are gone."""

from sqlalchemy import select

from bot.cards.card import Card
from core.model.chart import ChartKind, one_series
from core.model.enclosure import Enclosure
from core.model.file import File
from core.model.member import SYSTEM, Sender
from core.services.files import keep_file
from storage.tables import outbox
from tests.contract.company import Company

PDF = b"%PDF-1.7\n" + b"quote" * 400
CHART = one_series(ChartKind.FUNNEL, "3月漏斗", [("线索", 480), ("报价", 120), ("赢单", 28)], "个")


def kept(company: Company, name: str = "报价单 华东机电.pdf", content: bytes = PDF) -> File:
    lead = company.has_lead(f"客户{name}"[:20])
    with company.program.open_work(SYSTEM) as uow:
        return keep_file(uow, lead.ref, "quote", name, content)


def hands(company: Company, *enclosed: Enclosure, words: str = "报价单好了") -> None:
    with company.program.open_work(company.member("张伟")) as uow:
        uow.reply(Sender(company.side.channel, "zhangwei"), Card(title=words).as_json(), encloses=enclosed)


def test_a_file_follows_its_words_and_can_be_opened(company: Company) -> None:
    file = kept(company)
    hands(company, Enclosure(file=file.id))
    assert company.settles().heard("张伟")[0].startswith("报价单好了")
    assert company.side.files("zhangwei") == [("file", "报价单 华东机电.pdf", PDF)]


def test_a_chart_comes_as_a_picture(company: Company) -> None:
    hands(company, Enclosure(chart=CHART), words="3月漏斗\n线索：480个")
    company.settles()
    ((kind, _, content),) = company.side.files("zhangwei")
    assert kind == "image"
    assert content.startswith(b"\x89PNG")
    assert 4_000 < len(content) < 120_000


def test_the_same_file_is_uploaded_once_while_the_platform_has_it(company: Company) -> None:
    file = kept(company)
    for _ in range(3):
        hands(company, Enclosure(file=file.id))
        company.settles()
    assert len(company.side.files("zhangwei")) == 3
    assert company.side.calls("media/upload") == 1


def test_a_file_that_cannot_be_sent_is_said_in_words(company: Company) -> None:
    file = kept(company)
    hands(company, Enclosure(file=file.id), words="报价单在这")
    with company.program.open_work(SYSTEM) as uow:
        uow.files.get(file.id).deleted_at = uow.now
    company.settles().settles()
    first, second = company.heard("张伟")
    assert "报价单在这" in first
    assert "文件没有发出来" in second
    assert "管理员" in second


def test_a_file_goes_to_whoever_asked_alone_and_a_picture_to_where_it_was_asked(company: Company) -> None:
    file = kept(company)
    with company.program.open_work(company.member("张伟")) as uow:
        to, group = Sender(company.side.channel, "zhangwei"), {"group": "cid-nobody"}
        uow.reply(
            to, Card(title="在群里问的").as_json(), None, group, (Enclosure(file=file.id), Enclosure(chart=CHART))
        )
        uow.flush()
    with company.program.open_work.reading() as session:
        rows = session.execute(select(outbox.c.kind, outbox.c.reply_to).order_by(outbox.c.id)).all()
    assert [tuple(row) for row in rows] == [("card", group), ("file", None), ("picture", group)]
