"""What a time in a told follow-up is, judged from the words around it; none of these lines is among the examples."""

import pytest

from bot.understanding.roles import ANSWER, DONE, MOMENT, NEXT, THEIRS, Role, examples, role_of

TOLD = (
    (NEXT, "ⒸⓅ电话打不通，Ⓣ换个时间再打"),
    (NEXT, "ⒸⓅ嫌价格高，要我Ⓣ前重新报一版"),
    (NEXT, "Ⓟ让我Ⓣ把两份授权书送到他们公司"),
    (NEXT, "Ⓒ说ⓣ投产，让我们Ⓣ前把配置单发过去"),
    (NEXT, "我答应人家Ⓣ内回复"),
    (ANSWER, "Ⓟ说要跟老板汇报，Ⓣ给我们答复"),
    (ANSWER, "他们内部评估一下，Ⓣ打给我"),
    (MOMENT, "Ⓟ去外地了，Ⓣ回来再细谈"),
    (MOMENT, "Ⓟ休年假，Ⓣ才上班"),
    (MOMENT, "样机在他们那跑着，Ⓣ出测试报告"),
    (THEIRS, "Ⓒ的新厂Ⓣ竣工"),
    (THEIRS, "Ⓟ透露他们Ⓣ招标"),
    (THEIRS, "催交期，我说Ⓣ能发货"),
    (THEIRS, "老设备的维保Ⓣ到期"),
    (THEIRS, "友商Ⓣ去做演示"),
    (DONE, "Ⓣ去Ⓒ跟Ⓟ见了一面"),
    (DONE, "补记Ⓣ给Ⓒ做的培训"),
)


def judged(told: str) -> Role:
    before, behind = told.split("Ⓣ")
    return role_of(before, behind)


@pytest.mark.parametrize(("role", "told"), TOLD)
def test_a_time_is_what_the_words_around_it_make_it(role: str, told: str) -> None:
    assert judged(told).name == role


def test_what_may_be_either_is_not_taken_for_sure() -> None:
    either = judged("Ⓟ说评审放在Ⓣ")
    assert max(either.shares.values()) < 0.75
    assert sum(either.shares.values()) == pytest.approx(1)


def test_who_acts_makes_the_difference() -> None:
    assert judged("让我Ⓣ过去装机").share(NEXT) > 0.75
    assert judged("友商Ⓣ过去装机").share(NEXT) < 0.45


def test_the_examples_agree_with_each_other() -> None:
    listed = [(role, told) for role, several in examples().items() for told in several]
    assert len({told for _, told in listed}) == len(listed)
    assert all(told.count("Ⓣ") == 1 for _, told in listed)
    odd = [told for role, told in listed if judged(told).name != role]
    assert len(odd) <= len(listed) * 0.05, odd
