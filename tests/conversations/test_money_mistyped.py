"""What is no sum, no discount, no day and no stage changes nothing, and the answer says what would be one."""

import pytest

from tests.world import World


@pytest.fixture
def deal(world: World) -> World:
    world.says("张伟", "录个客户 华为技术有限公司 王工 13912345678")
    world.says("张伟", "跟进 华为 电话聊了服务器需求，明天下午三点再联系")
    world.says("张伟", "给华为建个商机 服务器采购 38.5万 6月底签")
    return world


@pytest.mark.parametrize(
    ("by", "said", "told"),
    [
        ("张伟", "华为 金额改成-50000", "改成什么？请带上新的金额"),
        ("张伟", "华为 金额改成1000000000000000", "金额要大于 0、小于一千亿"),
        ("张伟", "华为 预计签约改到2月1日", "以后的日期"),
        ("张伟", "华为推进到吃饭阶段", "没有「吃饭」这个阶段，可以是：初步接洽"),
        ("张伟", "给华为出个报价 服务器10台 单价1.2.3", "不是一个数"),
        ("张伟", "给华为出个报价 服务器10台 单价-5000", "不能是负数"),
        ("张伟", "给华为出个报价 服务器10台 单价1万 打120折", "不是合理的折扣"),
        ("张伟", "给华为出个报价 服务器0台 单价1万", "数量要大于 0"),
        ("张伟", "拟合同 华为 -5万", "合同金额要大于 0"),
        ("张伟", "拟合同 华为 1000000000000000元", "合同金额要大于 0、小于一千亿"),
        ("陈静", "华为回了-3万", "回款金额要大于 0"),
    ],
)
def test_it_is_refused_with_what_to_say_instead(deal: World, by: str, said: str, told: str) -> None:
    assert told in deal.says(by, said)[-1]
    deal.says(by, "算了")
    card = deal.says("张伟", "看看商机 华为")[-1]
    assert "金额：385,000元" in card
    assert "初步接洽" in card


@pytest.mark.parametrize("sum_", ["1.2.3万", "NaN", "Infinity", "一二三点四五六万元整吗"])
def test_words_that_are_no_sum_write_none(deal: World, sum_: str) -> None:
    deal.says("张伟", f"华为 金额改成{sum_}")
    deal.says("张伟", "算了")
    assert "金额：385,000元" in deal.says("张伟", "看看商机 华为")[-1]


def test_full_width_figures_are_figures(deal: World) -> None:
    assert "385,000元 → 360,000元" in deal.says("张伟", "华为 金额改成３６万")[-1]
