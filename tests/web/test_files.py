"""A file is downloaded by whoever may see what it belongs to, and to nobody else is it there."""

import pytest

from core.errors.files import FileRefused
from core.model.ids import Ref
from core.services.files import keep_file, plain_name
from tests.web.conftest import Api
from tests.world import World

PDF = b"%PDF-1.7 " + b"x" * 100


def kept(world: World, name: str = "报价单 第1版.pdf") -> str:
    (lead,) = world.has_leads("华东机电", held_by="张伟")
    with world.work() as uow:
        return str(keep_file(uow, lead.ref, "quote", name, PDF).ref)


def test_the_holder_and_whoever_leads_them_get_the_file(api: Api) -> None:
    ref = kept(api.world)
    for name in ("张伟", "王强", "赵敏"):
        answer = api.as_(name).get(f"files/{ref}")
        assert (answer.status_code, answer.data, answer.mimetype) == (200, PDF, "application/pdf")
        assert "%E6%8A%A5%E4%BB%B7%E5%8D%95" in answer.headers["Content-Disposition"]


def test_for_everybody_else_it_is_as_if_it_were_not_there(api: Api) -> None:
    ref = kept(api.world)
    answers = [api.as_(name).get(f"files/{path}") for name in ("李娜", "陈静") for path in (ref, "W999", "L1", "W0")]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.data for answer in answers}) == 1


def test_a_second_file_is_the_next_edition(world: World) -> None:
    (lead,) = world.has_leads("华东机电", held_by="张伟")
    with world.work("张伟") as uow:
        first = keep_file(uow, lead.ref, "quote", "a.pdf", PDF)
        second = keep_file(uow, lead.ref, "quote", "a.pdf", PDF)
        other = keep_file(uow, lead.ref, "signed", "a.pdf", PDF)
        assert [one.edition for one in (first, second, other)] == [1, 2, 1]
        assert [one.id for one in uow.files.of(lead.ref, "quote")] == [second.id, first.id]
        assert uow.files.content(first) == PDF


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("病毒.exe", b"MZ", "换一种格式"),
        ("网页.html", b"<script>", "换一种格式"),
        ("没有后缀", b"x", "换一种格式"),
        ("空.pdf", b"", "空的"),
        ("假.pdf", b"<html>", "重新导出"),
        ("大.pdf", b"%PDF-" + b"x" * (20 * 2**20), "20 MB"),
    ],
)
def test_what_is_not_kept_is_said_with_what_to_do(world: World, name: str, content: bytes, why: str) -> None:
    with world.work("张伟") as uow, pytest.raises(FileRefused) as refused:
        keep_file(uow, Ref("lead", 1), "quote", name, content)
    assert why in str(refused.value)


def test_a_name_has_no_folders_and_keeps_its_end() -> None:
    assert plain_name("../../etc/合同\x00\n(终).pdf") == "合同(终).pdf"
    assert plain_name("C:\\x\\报价.docx") == "报价.docx"
    long = plain_name("长" * 300 + ".pdf")
    assert len(long) == 120
    assert long.endswith("长.pdf")
