"""Cards as the platform's JSON: what is kept in golden files, and the laws that hold for any card."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.cards.card import Button, Card, Checklist, Option, Select, Style
from bot.channels.keys import read_key
from bot.channels.wecom.check import check, check_card
from bot.channels.wecom.render import in_words, render, render_update

GOLDEN = Path(__file__).parent / "golden"
PUBLIC = "https://crm.example.com"
STAGE = Select(
    key="stage", title="阶段", options=(Option(id="talk", label="洽谈", chosen=True), Option(id="won", label="赢单"))
)
CHANCE = Select(key="chance", title="可能性", options=(Option(id="h", label="高"), Option(id="l", label="低")))
APPROVAL = Card(
    title="小李 申请 15% 折扣",
    subtitle="商机 杭州某某科技",
    source="聊单 · 审批",
    quote="客户说 85 折今天就签",
    fields=(("商机", "杭州某某科技 年框"), ("金额", "¥200,000.00")),
    buttons=(
        Button(label="同意", action="approve", values={"approval_id": "42"}, style=Style.PRIMARY),
        Button(label="驳回", action="reject", values={"approval_id": "42"}, style=Style.DANGER),
        Button(label="看详情", url="https://crm.example.com/a/42"),
    ),
)
CARDS = {
    "plain": Card(title="已记录", text="杭州某某科技：周三回访 <a href='http://evil'>点我</a>"),
    "lead": Card(
        title="新线索 杭州某某科技有限公司",
        subtitle="来自展会",
        source="聊单",
        emphasis=("20万", "预计金额"),
        text="上次联系：11月10日",
        fields=(("联系人", "李经理"), ("电话", "138****0000")),
        link="https://crm.example.com/c/42",
    ),
    "approval": APPROVAL,
    "nine_buttons": Card(
        title="今天的 11 家客户",
        buttons=tuple(Button(label=f"客户{n}", action="show_lead", values={"lead_id": str(n)}) for n in range(1, 12)),
    ),
    "long_text": Card(title="周报", text="本周跟进情况如下。" * 40, buttons=(Button(label="收到", action="seen"),)),
    "many_fields": Card(
        title="客户资料",
        fields=(*((f"项目{n}", f"内容{n}") for n in range(1, 9)), ("统一社会信用代码", "91330100MA2B0XXXXX")),
    ),
    "picture": Card(
        title="11月业绩简报",
        text="赢单 2 单\n共 38 万",
        image_url="https://crm.example.com/r.png",
        link="https://crm.example.com/r",
        buttons=(Button(label="订阅", action="subscribe"), Button(label="看板", url="https://crm.example.com/r")),
    ),
    "vote": Card(
        title="本周重点客户",
        checklist=Checklist(
            key="focus",
            options=(
                Option(id="c42", label="某某科技", chosen=True),
                Option(id="c43", label="宁波甬江智能装备制造有限公司"),
            ),
        ),
        submit=Button(label="提交", action="focus", values={"week": "47"}),
        text="可多选",
    ),
    "form": Card(
        title="补全商机信息",
        selects=(STAGE, CHANCE),
        submit=Button(label="保存", action="fill", values={"deal_id": "42"}),
    ),
    "one_select": Card(
        title="商机 42",
        selects=(STAGE,),
        buttons=(Button(label="保存", action="stage"), Button(label="取消", action="cancel")),
    ),
    "settled": Card(title="小李 申请 15% 折扣", fields=(("商机", "某某科技"),), settled="已由陈立同意"),
    "settled_vote": Card(
        title="本周重点客户",
        checklist=Checklist(key="focus", options=(Option(id="c42", label="某某科技", chosen=True),)),
        settled="已收到",
    ),
}


@pytest.mark.parametrize("name", CARDS)
def test_cards_look_as_they_did(name: str) -> None:
    card = CARDS[name]
    update = render_update(card, public_url=PUBLIC)
    shown = {
        "send": render(card, card_id="card-1", public_url=PUBLIC),
        "update": {"template_card": update.template_card, "words": update.words},
        "markdown": render(card, card_id="card-1", public_url="", markdown=True),
    }
    written = json.dumps(shown, ensure_ascii=False, indent=1) + "\n"
    assert written == (GOLDEN / f"wecom_{name}.json").read_text("utf-8")


labels = st.one_of(
    st.text(min_size=1, max_size=40), st.sampled_from(["杭州某某科技有限公司" * 4, "<a href=x>", "# > [x](y)", "客户"])
)
long_texts = st.one_of(st.just(""), labels, st.sampled_from(["本周跟进。\n" * 60, "字" * 3000]))
options = st.lists(labels, max_size=25).map(
    lambda all_: tuple(Option(id=f"o{n}", label=text) for n, text in enumerate(all_))
)
buttons = st.lists(
    st.builds(
        Button,
        label=labels,
        action=st.sampled_from(["claim", "show", "later"]),
        values=st.dictionaries(st.sampled_from("ab"), st.sampled_from(["1", "二"])),
        url=st.sampled_from(["", "", "https://crm.example.com/x", "not a link"]),
        style=st.sampled_from(Style),
    ),
    max_size=12,
).map(tuple)
cards = st.builds(
    Card,
    title=labels,
    subtitle=long_texts,
    source=long_texts,
    emphasis=st.one_of(st.none(), st.tuples(labels, labels)),
    quote=long_texts,
    text=long_texts,
    fields=st.lists(st.tuples(labels, long_texts), max_size=9).map(tuple),
    buttons=buttons,
    selects=st.lists(options, max_size=5).map(
        lambda all_: tuple(Select(key=f"q{n}", title=f"问{n}", options=one) for n, one in enumerate(all_))
    ),
    checklist=st.one_of(st.none(), st.builds(Checklist, key=st.just("c"), options=options, many=st.booleans())),
    submit=st.one_of(st.none(), st.just(Button(label="提交", action="send"))),
    settled=st.one_of(st.just(""), labels),
    link=st.sampled_from(["", "https://crm.example.com/c/1", "ftp://x"]),
    image_url=st.sampled_from(["", "https://crm.example.com/i.png"]),
)


def strings(found: Any) -> Iterator[str]:
    match found:
        case dict():
            for value in found.values():
                yield from strings(value)
        case list():
            for value in found:
                yield from strings(value)
        case str():
            yield found


@settings(max_examples=150, deadline=None)
@given(card=cards, public_url=st.sampled_from(["", PUBLIC]), markdown=st.booleans())
def test_no_card_breaks_a_limit(card: Card, public_url: str, markdown: bool) -> None:
    messages = render(card, card_id="card-1", public_url=public_url, markdown=markdown)
    update = render_update(card, public_url=public_url, markdown=markdown)
    assert [check(message) for message in (*messages, *update.words, *in_words(card))].count([]) == len(messages) + len(
        update.words
    ) + len(in_words(card))
    assert check_card(update.template_card, sending=False) == []
    assert [message["msgtype"] for message in messages][:-1].count("template_card") == 0
    json.dumps(messages, ensure_ascii=False).encode()


@settings(max_examples=150, deadline=None)
@given(
    text=st.sampled_from(["短", "中等长度的一句话，刚好放得下。", "很长的话。" * 50]),
    fields=st.lists(
        st.sampled_from([("金额", "20万"), ("统一社会信用代码", "9133"), ("备注", "很长的备注" * 9)]), max_size=8
    ),
    title=st.sampled_from(["客户", "很长很长的标题" * 6]),
    spoken=st.tuples(st.sampled_from(["", "短", "很长的副标题" * 8]), st.sampled_from(["", "原话" * 3, "原话" * 80])),
    emphasis=st.sampled_from([None, ("20万", "金额"), ("很长的数字" * 4, "很长的说明" * 4)]),
    pressed=st.sampled_from([(), APPROVAL.buttons, tuple(Button(label=f"按钮{n}", action=f"a{n}") for n in range(12))]),
    kind=st.sampled_from(["", "select", "form", "vote", "picture"]),
    updated=st.booleans(),
)
def test_no_word_of_a_card_is_lost(
    text: str,
    fields: list[tuple[str, str]],
    title: str,
    spoken: tuple[str, str],
    emphasis: tuple[str, str] | None,
    pressed: tuple[Button, ...],
    kind: str,
    updated: bool,
) -> None:
    subtitle, quote = spoken
    card = Card(
        title=title,
        subtitle=subtitle,
        quote=quote,
        emphasis=emphasis,
        text=text,
        fields=tuple(fields),
        buttons=pressed,
        selects={"select": (STAGE,), "form": (STAGE, CHANCE)}.get(kind, ()),
        checklist=Checklist(key="c", options=STAGE.options) if kind == "vote" else None,
        image_url="https://crm.example.com/i.png" if kind == "picture" else "",
    )
    update = render_update(card, public_url=PUBLIC)
    sent = [update.template_card, update.words] if updated else render(card, card_id="c", public_url=PUBLIC)
    said = "\n".join(strings(sent)).replace("\n", "")
    words = [title, subtitle, quote, text, *(part for field in fields for part in field), *(emphasis or ())]
    words += [button.label for button in pressed] + [option.label for one in card.selects for option in one.options]
    assert [word for word in words if word not in said] == []


def test_every_button_on_a_card_comes_back_as_what_it_was() -> None:
    (message,) = render(APPROVAL, card_id="card-1", public_url=PUBLIC)
    keys = [button.get("key", "") for button in message["template_card"]["button_list"]]
    assert [read_key(key) for key in keys] == [
        ("approve", {"approval_id": "42"}),
        ("reject", {"approval_id": "42"}),
        None,
    ]


def test_every_card_bears_its_name_so_that_no_two_are_equal() -> None:
    for card in CARDS.values():
        last = render(card, card_id="card-1", public_url=PUBLIC)[-1]
        assert last.get("template_card", {"task_id": "card-1"})["task_id"] == "card-1"


@pytest.mark.parametrize("card_id", ["", "卡片", "a b", "x" * 129, "a|b", "a\n"])
def test_a_malformed_card_id_is_our_own_mistake(card_id: str) -> None:
    with pytest.raises(ValueError, match="task_id"):
        render(APPROVAL, card_id=card_id, public_url=PUBLIC)


def test_check_finds_what_the_platform_would_refuse() -> None:
    (message,) = render(APPROVAL, card_id="card-1", public_url=PUBLIC)
    sound = message["template_card"]
    button = sound["button_list"][0]
    broken: list[dict[str, Any]] = [
        {"task_id": ""},
        {"button_list": []},
        {"button_list": [button] * 2},
        {"button_list": [{**button, "text": "字" * 11}]},
        {"button_list": [{**button, "key": "k" * 1025}]},
        {"button_list": [{"type": 1, "text": "打开", "url": "ftp://x"}]},
        {"main_title": {"title": ""}},
        {"main_title": {"title": "字" * 37}},
        {"horizontal_content_list": [{"keyname": "六个字的名称", "value": ""}]},
        {"horizontal_content_list": [{"keyname": "名", "value": ""}] * 7},
        {"emphasis_content": {"title": "20万"}},
        {"replace_text": "好"},
        {"submit_button": {"text": "提交", "key": "k"}},
        {"button_selection": {"question_key": "q", "option_list": []}},
        {"action_menu": {"action_list": [{"text": "x", "key": f"k{n}"} for n in range(4)]}},
    ]
    assert check_card(sound) == []
    assert [change for change in broken if not check_card({**sound, **change})] == []
    assert check({"msgtype": "text", "text": {"content": "字" * 683}})
    assert check({"msgtype": "text", "text": {"content": " \n"}})
    assert check({"msgtype": "file", "file": {"media_id": "m"}}) == []
