"""Cards of every kind, and any card at all, for the tests of how channels show them."""

from collections.abc import Iterator
from typing import Any

from hypothesis import strategies as st

from bot.cards.card import Button, Card, Checklist, Option, Select, Style

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


wordy_cards = st.builds(
    Card,
    title=st.sampled_from(["客户", "很长很长的标题" * 6, "更长的标题" * 70]),
    subtitle=st.sampled_from(["", "短", "很长的副标题" * 8, "更长的副标题" * 60]),
    quote=st.sampled_from(["", "原话" * 3, "原话" * 80, "原话" * 200]),
    text=st.sampled_from(["短", "中等长度的一句话，刚好放得下。", "很长的话。" * 50, "很长的话。" * 80]),
    fields=st.lists(
        st.sampled_from([("金额", "20万"), ("信用代码", "9133"), ("备注", "很长的备注" * 9), ("附注", "附" * 400)]),
        max_size=9,
    ).map(tuple),
    emphasis=st.sampled_from([None, ("20万", "金额"), ("很长的数字" * 4, "很长的说明" * 4)]),
    buttons=st.sampled_from([(), APPROVAL.buttons, tuple(Button(label=f"按钮{n}", action=f"a{n}") for n in range(40))]),
    selects=st.sampled_from([(), (STAGE,), (STAGE, CHANCE)]),
    checklist=st.sampled_from([None, None, Checklist(key="c", options=STAGE.options)]),
    image_url=st.sampled_from(["", "https://crm.example.com/i.png"]),
)
"""Cards with little or far too much to say in every place."""


def words_on(card: Card) -> list[str]:
    """Return everything there is to read on a card."""
    words = [card.title, card.subtitle, card.quote, card.text, *(part for field in card.fields for part in field)]
    words += [*(card.emphasis or ()), *(button.label for button in card.buttons)]
    return words + [option.label for select in card.selects for option in select.options]
