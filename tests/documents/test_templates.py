"""A company's template is a stranger's program: it is checked with samples, and what it may not do is said by line."""

import re
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.fonts import missing
from connectors.typesetting.typesetter import LARGEST_TEMPLATE, TypstTypesetter
from core.errors import NotAllowed
from core.errors.files import NoSuchTemplate, TemplateBroken
from core.model.money import Money
from core.model.quote import QuoteState
from core.ports.files import Setting
from core.rules.printing import printed
from core.services.documents import samples
from core.services.documents.kinds import KINDS, contract_data, kind_of, quote_data
from core.services.documents.templates import check_template, fields_of, keep_template, template_in_use
from tests.world import World

AT = datetime(2026, 3, 5, 2, tzinfo=UTC)
USES = '#import "liaodan.typ": *\n'


@pytest.fixture(scope="module")
def typesetter() -> TypstTypesetter:
    return TypstTypesetter()


def broken(typesetter: TypstTypesetter, source: str, data: dict[str, Any] | None = None) -> str:
    with pytest.raises(TemplateBroken) as refused:
        typesetter.document(Setting(template=source, data=data or KINDS["quote"].samples()[1], at=AT))
    return str(refused.value)


@pytest.mark.parametrize("kind", KINDS)
def test_the_shipped_templates_set_full_and_bare_records(world: World, typesetter: TypstTypesetter, kind: str) -> None:
    with world.work("吴昊") as uow:
        pdf = check_template(typesetter, uow, kind, typesetter.shipped(kind))
    assert pdf.startswith(b"%PDF-")
    assert b"/FontFile2" in pdf or b"/FontFile3" in pdf


@pytest.mark.parametrize(
    ("source", "line", "words"),
    [
        ("#while true {}", 1, "循环不会结束"),
        ("\n#let i = 0\n#while i >= 0 { i += 1 }", 3, "循环不会结束"),
        ("#let f(x) = f(x + 1)\n#f(1)", 1, "递归"),
        ("\n\n" + USES + "#d.buyr", 4, "没有「buyr」这个字段"),
        (USES + "#d.lines.map(line => line.cost)", 2, "没有「cost」这个字段"),
        ("一行\n#foo(1)", 2, "不认识「foo」"),
        ('#read("/etc/passwd")', 1, "不能读取文件"),
        ('#read("../../../../etc/passwd")', 1, "不能读取文件"),
        ('\n#image("logo.png")', 2, "不能读取文件"),
        ('#plugin("x.wasm")', 1, "不能读取文件"),
        ('#import "@preview/cetz:0.2.0"', 1, "外部包"),
        ('\n#include("@local/x:1.0.0")', 2, "外部包"),
        ("#let a = [", 1, "没有成对"),
        ("#let = 3", 1, "写法不对"),
        ('#text(size: "大")[x]', 1, "类型不对"),
        (USES + '#items((1fr,), ("甲",), (1,), (left,))', 2, "类型不对"),
        ('#import "main": *', 1, "引用自己"),
    ],
)
def test_a_broken_template_is_refused_with_its_line(
    typesetter: TypstTypesetter, source: str, line: int, words: str
) -> None:
    told = broken(typesetter, source)
    assert f"第 {line} 行" in told
    assert words in told


@pytest.mark.parametrize("source", ["#range(300000000).len()", '#let s = "ab"\n#for i in range(60) { s = s + s }'])
def test_a_huge_allocation_kills_its_own_process_only(typesetter: TypstTypesetter, source: str) -> None:
    assert "内存太多" in broken(typesetter, source)


def test_what_never_ends_is_ended() -> None:
    loop = "#for i in range(30000) { for j in range(30000) { let x = i * j } }"
    assert "用时太长" in broken(TypstTypesetter(patience=1.5), loop)


def test_a_template_that_is_too_long_is_not_even_read(typesetter: TypstTypesetter) -> None:
    assert "请精简" in broken(typesetter, "长" * (LARGEST_TEMPLATE + 1))


def test_the_same_record_gives_the_same_bytes(typesetter: TypstTypesetter) -> None:
    setting = Setting(template=typesetter.shipped("quote"), data=KINDS["quote"].samples()[1], at=AT)
    assert typesetter.document(setting) == typesetter.document(setting)


@pytest.mark.parametrize(("count", "most"), [(1, 1), (30, 2), (300, 15), (500, 24)])
def test_long_tables_go_on_over_pages(typesetter: TypstTypesetter, count: int, most: int) -> None:
    data = quote_data(samples.a_quote(count))
    pdf = typesetter.document(Setting(template=typesetter.shipped("quote"), data=data, at=AT))
    pages = len(re.findall(rb"/Type\s*/Page\b", pdf))
    assert max(1, most - 4) <= pages <= most


def test_what_a_customer_may_not_rely_on_says_so_across_the_page() -> None:
    assert quote_data(samples.a_quote(1, QuoteState.PENDING))["draft"] == "审批中"
    assert quote_data(samples.a_quote(1, QuoteState.DRAFT))["draft"] == "草稿"
    assert quote_data(samples.a_quote(1, QuoteState.VALID))["draft"] == ""
    assert contract_data(samples.a_contract(1, "draft"))["draft"] == "草稿"
    assert contract_data(samples.a_contract(1, "signed"))["draft"] == ""


def test_nothing_that_we_earn_is_within_reach_of_a_template() -> None:
    for kind in KINDS:
        names = {path.rpartition(".")[2] for path, _ in fields_of(kind)}
        assert not names & {"cost", "cost_total", "margin", "granted", "reason"}


@given(st.integers(min_value=-(10**15), max_value=10**15))
def test_money_is_printed_to_the_fen(fen: int) -> None:
    text = printed(samples.TaxFacts(rate=Decimal(13), amount=Money(fen), tax=Money(0)))["amount"]
    assert Decimal(text.replace(",", "")) * 100 == fen


@given(st.integers(min_value=1, max_value=120))
def test_the_lines_of_a_document_add_up_to_its_foot(count: int) -> None:
    data = quote_data(samples.a_quote(count))
    yuan = lambda text: Decimal(text.replace(",", ""))  # noqa: E731 - said five times below
    assert sum(yuan(line["amount"]) for line in data["lines"]) == yuan(data["total"])
    assert sum(yuan(tax["tax"]) for tax in data["taxes"]) == yuan(data["tax_total"])
    assert yuan(data["untaxed"]) + yuan(data["tax_total"]) == yuan(data["total"])


def test_rare_characters_are_set_or_reported(typesetter: TypstTypesetter) -> None:
    assert missing("王㼆峣 堃喆 ①㎡ €100 — ～") == ""
    assert typesetter.missing({"buyer": "𠮷野家🚀", "lines": [{"name": "𠮷"}]}) == "𠮷🚀"


def test_versions_are_kept_and_an_old_one_is_brought_back(world: World, typesetter: TypstTypesetter) -> None:
    first, second = USES + "#d.label", USES + "#d.label 第二版"
    with world.work("吴昊") as uow:
        assert template_in_use(uow, typesetter, "quote").number == 0
        keep_template(uow, "quote", first, "第一次改")
        keep_template(uow, "quote", second)
        kept = keep_template(uow, "quote", first, restores=1)
        assert (kept.number, template_in_use(uow, typesetter, "quote").source) == (3, first)
        assert template_in_use(uow, typesetter, "quote", 2).source == second
        assert "masthead" in template_in_use(uow, typesetter, "quote", 0).source
        with pytest.raises(NoSuchTemplate):
            template_in_use(uow, typesetter, "quote", 9)
        with pytest.raises(NoSuchTemplate):
            kind_of("小说")


def test_only_administrators_change_templates(world: World) -> None:
    for name in ("张伟", "赵敏", "陈静"):
        with world.work(name) as uow, pytest.raises(NotAllowed):
            keep_template(uow, "quote", "x")
