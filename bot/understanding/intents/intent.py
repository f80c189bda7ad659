"""One intent: the cues that call it, the slots it reads, and how careful it must be."""

import re
from dataclasses import dataclass, field
from typing import Final

from bot.understanding.acts import Outcome

MACROS: Final = {
    "客": "(?:Ⓒ(?:的|那边的?|这边的?)?Ⓟ|Ⓒ|Ⓟ)",
    "赢": "(?:拿下|拿到手|签下来?|签成|签妥|签好|签掉|签定|签完(?:字|合同|约)?|签字|签约|签单|签合同|签|成交|成单|赢单|赢下?|中标|搞定|搞掂|落单|下单|敲定|敲下来|谈成|谈妥|谈下来|啃下来?|攻下来?|吃下来?|到手)",
    "丢": "(?:丢单?|丢掉|输掉?|输单|黄掉?|黄透|凉凉|凉透|凉|吹掉?|打水漂|没指望|没希望|歇菜|翻车|飞单|飞|跑单|泡汤|没戏|告吹|流标|落标|废标|败|战败|出局|落选|陪跑|没中标?|没拿下|没拿到|没签下|没签成|没谈成|没成|没抢过|没干过|没竞争过|没选我们|没选上)",
    "弃": "(?:不做|不搞|不上|不买|不采购?|不弄|不要|不考虑|取消|叫停|停掉?|搁浅|搁置|砍掉?|被砍|下马|暂停|黄掉|作罢|没下文)",
    "抢": "(?:抢|撬|截|拿|挖|签|抢单|截胡|撬走)",
    "迟": "(?:隔天|改天|晚点儿?|晚些时候|待会儿?|等会儿?|一会儿?|稍后|过(?:一)?会儿?|过几天|过两三天|过些天|过阵子|过一阵子?|过段时间|回头|有空|得空|抽空|找时间|找个时间|找机会)",
    "谁": "(?:Ⓜ|他|她|他们)",
    "啥": "(?:什么|啥|哪些|哪几[个家条位单笔]|多少|几[个家条位单笔]|谁|哪[个家条位单笔])",
    "看": "(?:看看|看一看|看|查看|查查|查|瞧瞧|瞅瞅|瞅|列出|列|调出|拉|拉一?[份张]|出一?[份张]|来一?[份张]|给我|显示|展示|想知道|想看|我要看)",
    "发": "(?:发|转|传|导|寄|推|甩|丢|给)",
    "给": "(?:给|分给|分配给|转给|派给|交给|指派给|划给|移给|转移给|拨给|归|让给|让)",
    "建": "(?:建|新建|开|录|录入|加|添加|创建|立|新增|挂|登记|记|新开|建立|搞|弄|来)",
    "改": "(?:改成|改为|改到|改|调成|调到|调整为|调整到|调为|变成|变为|变更为|变更|更新为|更新成|更新到|更新|修改为|修改成|修改|换成)",
    "没": "(?:没有|没|未|还没|尚未)",
    "都": "(?:都|全都|全部|全|统统|一起|一并|批量|一律)",
    "为啥": "(?:为什么|为啥|为何|凭什么|凭啥|咋|怎么(?:就|又|会|还|把|给)?|什么原因|啥原因)",
    "了": "(?:了|过|完)",
    "法": "(?:打?电话|发?微信|当面|拜访|上门拜访|上门|登门|见面|面谈|视频|视频会|开会|邮件|发邮件|短信|演示)",
    "长": "(?:(?:半|[一二两三四五六七八九十几]{1,3}|\\d{1,3})个?半?(?:工作日|天|周|星期|礼拜|月|小时|钟头|分钟|刻钟))",
    "唤": "(?:提醒|叫|喊|戳|呼|敲|通知|告诉|提示|提个醒|提|call)",
    "做的": "(?:(?:做|说|讲|记|录|建|写|打|加|贴|标|发|领|设|定|约|改|点|弄|搞)的?)",
    "联": "(?:打给|拨给|致电|会会|碰碰|见见|联系|拜访|回访|演示|见面?|约|开会|打电话|打个电话|跟进|沟通|聊|上门|走访|面谈|谈|碰面?|送样|交流|回电话?|对接|汇报|吃饭|签约|交付|培训|验收|考察|送|去|找|到)",
    "约": "(?:拜访|见面|会面|计划|日程|行程|约|约会|会|会议|视频会|演示|回访|提醒|安排|饭局|预约|待办|下次联系|电话)",
    "刚": "(?:刚刚?才?|刚才|方才|上一?[步条个次笔]|前一[步条个笔]|上面|上边|前面|最后一?[步条个次笔]|最近一?[步条个次笔])",
    "撤": "(?:撤销|撤回|撤掉|撤下来?|撤|作废|不算数?|删掉|删除|删|取消|收回|回滚|退回去?|倒回去?|还原|恢复|回退|抹掉|划掉|清掉|作罢|当没发生过?|当没有过?|当我没(?:说|发|记|弄|做)过?|不要|别记|别算)(?:了|掉|吧|回来|回去|原样|一下|一[条个次步笔]|多的)*",
    "滑": "(?:手(?:滑|抖|快|误|贱|残|欠)|(?:点|按|搞|弄|发|打|写|记|录|输|填|操作|整|选|建|领|贴|加|约)(?:错|岔|串|混|歪|反|多|重复?|快|早|急)|误(?:操作|触|点|发|记|录)|不小心(?:点|按|发|记|碰|弄|搞)[^，]{0,4}?)",
    "句尾": "[吧啊呀哈呗哦噢喔嘛哟啦了呢哒咯的吗么]*(?:谢谢|谢了|辛苦[了啦]?|多谢|thx)?(?=[，。；！？\n]|\\Z)",
}


@dataclass(frozen=True, kw_only=True)
class Intent:
    """What somebody may want. `slots` are read in this order, `needs` are asked for when they are missing.

    In a cue `…` stands for a few characters (`……` also across a comma), `^` for the begin of a clause (after courtesies), `$` for its end, and
    `{客}` for a macro; a named group gives its words to the slot of that name. `writes` intents are not heard in
    questions, suppositions, reported speech or behind a negation, unless `questions`, `supposes`, `hearsay` or `negates`
    says that their cues carry that themselves. A cue whose `doubt` group caught something is only a guess: what it would do is
    shown first, and a decision is not guessed for somebody who has none to make. A cue with an `instead` group
    says itself what shall be in place of what it denies: 不要给张伟，换陈晨. `beside_talk` intents may stand in one message with a told follow-up.
    """

    name: str
    cues: tuple[str, ...]
    slots: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    outcome: Outcome = Outcome.DO
    writes: bool = True
    questions: bool = False
    supposes: bool = False
    hearsay: bool = False
    negates: bool = False
    beside_talk: bool = False
    swallows: bool = False
    rank: int = 0
    example: str = field(default="")


_GAP: Final = "[^，。；！？\n]{0,12}?"
_FAR: Final = "[^。；！？\n]{0,14}?"


def expanded(cue: str) -> str:
    """Write a cue out as a regular expression."""
    pattern = re.sub(r"\{([一-龥]+)\}", lambda hit: MACROS[hit[1]], cue)
    pattern = r"\A" + pattern[1:] if pattern.startswith("^") else pattern
    pattern = re.sub(r"(?<!\\)\$", lambda _: MACROS["句尾"], pattern)
    return pattern.replace("…?", "…").replace("……", _FAR).replace("…", _GAP)
