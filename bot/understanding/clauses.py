"""Parts a template into clauses and says what keeps one from being a command: no, what if, who said so, a question."""

import re
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Final

from bot.understanding.sentence import CONTACT, CUSTOMER, ENDS, QUOTED, TIME, Sentence

_END = re.compile(rf"[{ENDS}]")
_JOINT = re.compile(
    r"(?<=.)(?=顺便|顺手|另外|然后(?!再联)|同时(?!也)|并且|再帮我|接着(?!聊|谈|说)|顺带|再(?:开|建|立)一?个?商机|还要提醒|并提醒|记得提醒)|(?<=[^Ⓣ我要得想该])(?=(?:直接|又|再|后来|随后|顺路|顺道|转头|完了)(?:去|到|跑|拐|赶|见|找|奔)(?:了|到|去)?[ⒸⓅ])"
)
_JOINT_WORD = re.compile(r"(?:顺便|顺手|另外|然后|同时|并且|接着|顺带|以及|还有|并)+(?:再)?(?:，)?")
_COURTESY = re.compile(
    r"(?:你好|您好|嗨|哈喽|那个|好的?(?=，)|哎|诶|欸|喂|ok(?=，)|那(?!边|天|个|条|家|单|时|份|位)|请问|辛苦|同学|小助手|机器人|聊单|亲|快点|快(?=帮|给|把|查|看)|赶紧|赶快|"
    r"能不能(?=[^，]{2})(?!打|给.*折)|能否(?=[^，]{2})|可不可以(?=[^，]{2})|可否|可以的话|我想要?(?!问)|我要(?!了)|我需要|想要|我来|你|你们|你来|[给让]我(?=[看瞅瞧查发导记建出搜])|"
    r"@[^，。\s]{1,8}?(?=Ⓒ|记|跟|看|查|帮)|：|，|、|-|》|>|现在就?|直接|就(?=[退领把]))+"
)
_NEGATION: Final = re.compile(
    r"(?<![特分区级类个差性辨识鉴送])别(?![的人家处墅致名])|(?<!要)不要(?!紧|脸)|(?<!用)不用|不必|不该|甭|(?<!请)勿|莫(?!名)|不许|(?<![拿说吃看])不准(?!时)|(?<!想)不想|(?<!能)不能|(?<!会)不会|(?<!可)不可以|不需要|不打算|无需|没必要|"
    r"没(?:有)?(?!人)(?=[^，]{0,3}(?:退|转|领|建|记|跟|签|丢|拿|推|改|发|出|申请|批|导|删|说|打算|想|回款|付|到账|下单|成交|约|安排|催|中标|拿下|赢|搞定|成交))|没(?:有)?(?=[到进](?:Ⓖ|谈判|报价|方案|商务))|未(?=[退转领建签付])|还没|尚未|(?<!是)不是(?!.*是)|谁说|怎么可能|不(?=退|转|领|建|批|删|推|改|发|合并|作废|撤|导|分|派|申|走特)"
)
_ASKS: Final = re.compile(
    r"(?:吗|么(?<!什么)(?<!怎么)(?<!那么)(?<!这么)|(?<![都也])没有|了没|[^没有]没(?!了)|不呢|吗呢|(?<!不)行不行|好不好|对不对|是不是|可以不|成不成|不(?!了$))[呢啊呀哈嘛了]*$"
)
_ASKS_WHAT: Final = re.compile(r"^(?!.*(?:没|不|无|再?问|任)).*[了到过说的是些点聊谈讲](?:啥|什么)[呢啊呀来着了]*$")
_WONDERS: Final = re.compile(
    r"(?<!不)([一-龥])不\1|是不是|有没有|会不会|该不该|要不要|用不用|能不能|可不可以|怎么|如何|咋(?!办理)|为什么|为啥|凭什么|凭啥|多少|(?<!随便)(?<!不管)(?<!无论)哪(?!怕|能|吒|天都|天有空)|谁|(?:什么|啥)(?:折|价|情况|样|原因|进展|阶段|状态|地步|程度|份上|份儿|火候)|[聊谈说讲跟推走]到(?:了)?几(?:成|分|步)|什么时候|啥时候|几时|何时|(?<![十好])几(?:号|点(?!意|要|建|问|想|疑|钟后))|(?:周|星期|礼拜)几|是否|多久|难道|到底"
)
_POLITE: Final = re.compile(
    r"(?:能|可以|可否|能否|麻烦|方便|可不可以|能不能|劳驾|请|帮).{0,3}(?:帮|给|替|把)|帮我|帮忙|麻烦|劳驾|^请|给我|替我|我想|我要|^能不能|^能否|^可否|^可不可以|^可以(?!吗)"
)
_REALLY_ASKS: Final = re.compile(r"什么|啥|谁|哪|多少|为什么|为啥|怎么(?!.*吗)|有没有|是不是|了吗|了没")
_SUPPOSES: Final = re.compile(
    r"不行(?:的话)?，?(?:就)?再|要是|如果|假如|假设|万一|若是|倘若|(?<![说讲问听ⒸⓅ])的话(?![题术语筒费音本说里])|就算|即使|会怎么?样|会怎样|当初|本来想|差点|原本|曾经想|假使|设想|早知道"
)
_SPEAKER: Final = (
    r"(?:领导|老板娘?|老大|经理|总监|主管|同事|客户|对方|人家|有人|他们?|她们?|财务|法务|朋友|群里|Ⓟ|Ⓜ|Ⓒ|"
    r"[一-龥](?:总|工|经理|主任|老师|先生|女士|姐|哥|处|局|厂长|院长|部长|科长)|老[一-龥]|小[一-龥])"
)
_REPORTED: Final = re.compile(
    rf"(?<![跟和给对向诉]){_SPEAKER}(?:那边|这边|那里|刚|刚才|刚刚|昨天|今天|Ⓣ|又|也|就|都|一直|总|还|居然|竟然|跟我|和我|给我|对我|来电话?|打电话|发微信|发消息|微信|电话)*"
    r"(?:说|讲|表示|问我?|要求|让我们?|叫我们?|通知|回复|提出|希望|想(?!法)|觉得|反馈|告诉|提到|建议|嫌|打算|准备|答应|认为|喊|嘱咐|交代|吩咐|来问|抱怨|强调|透露|念叨|嚷)"
)
_GOES_ON_SAYING: Final = re.compile(r"(?:就|也|又|还|并|都)*(?:说(?!一[声下])|讲|表示|反馈|透露|提到|嫌|抱怨)")
"""A clause that goes on with what somebody said who was named in front of it: 宋主任托人带话，说招标推迟到五月."""

_SAYS: Final = re.compile(
    r"[一-龥]{2,}[一-龥了吧的过完]$|[没不说要问催嫌想回答聊谈打签定付退改拒发收通接][一-龥]?$|[一-龥][了过完好行贵]$"
    r"|[ⓂⒶⓉⒹⒼⓆ](?:了|吧)?$|[退领丢签黄输赢](?:了|掉|吧)$"
)
"""Words that say something of the customer in front of them, and do not only join it to the next: 电话没打通."""

_GIVES_UP: Final = re.compile(
    r"(?:就|先|还是|直接)*(?:(?:扔|丢|放|退|甩)(?:回去|掉|了)|不要了|不跟了|(?:退|扔|丢|放)(?:回|到|进)公海)(?:吧|了|算了)*$"
)
"""A last word that gives a lead back, behind a blank: 打了三次都关机 不要了."""

_HEADING: Final = re.compile(r"(?:说|讲|表示|问|写|写道|发来|回复|回|原话|转发|短信|内容|留言)(?:了)?(?:：|:)?$")
_MACHINE: Final = re.compile(
    r"(?:忽略|无视|忘记|忘掉|不用管|别管|不要管|跳过|绕过|绕开|解除|关闭|disregard|ignore|forget|bypass|override).{0,12}(?:规则|指令|限制|设定|提示词?|约束|权限校验|权限|审批流程?|审核|安全|以上|之前|前面|上面|instruction|rule|previous|prompt|above|check)"
    r"|system\s?prompt|系统提示词|提示词|开发者模式|developermode|越狱|jailbreak|扮演|假装你|假设你是|从现在起你|你现在是|你是一个|root权限|管理员模式|超级管理员|sudo|进入.{0,4}模式|不受(?:任何)?限制|作为(?:一个)?(?:ai|人工智能|系统管理员|管理员)"
    r"|<\/?(?:system|script|admin)|drop\s?table\s?(?:leads|accounts)?$|以(?:系统|管理员)(?:的)?身份"
)


@dataclass(frozen=True)
class Clause:
    """A stretch of the template, `start` behind its courtesies; `sign` is what ended it, empty at the very end."""

    sentence: Sentence
    begin: int
    start: int
    end: int
    sign: str
    after_report: bool = False

    @property
    def words(self) -> str:
        return self.sentence.template[self.start : self.end]

    @property
    def span(self) -> tuple[int, int]:
        """The stretch of the text, courtesies included."""
        start = self.sentence.span(self.begin, self.end)[0]
        places = self.sentence.places
        return start, places[self.end][0] if self.end < len(places) else len(self.sentence.text)

    @cached_property
    def asks(self) -> bool:
        """Say whether this is a question, but for a polite request."""
        words = self.words
        if _ASKS_WHAT.search(words):
            return True
        if not (self.sign == "？" or _ASKS.search(words) or _WONDERS.search(words)):
            return False
        start, end = self.span
        said = self.sentence.text[start:end]
        return not (
            _POLITE.search(said)
            and not re.search(r"什么|啥|谁|哪|多少|为什么|为啥|怎么(?!.*吗)|有没有|是不是|了吗|了没", words)
        )

    @cached_property
    def supposes(self) -> bool:
        return _SUPPOSES.search(self.words) is not None

    def negated(self, until: int) -> bool:
        """Say whether a no stands before `until`, an offset within the clause's words."""
        return any(hit.start() < until for hit in _NEGATION.finditer(self.words))

    def reported(self, until: int) -> bool:
        """Say whether somebody else is said to have said it."""
        if _GOES_ON_SAYING.match(self.words):
            return True
        hit = _REPORTED.search(self.words)
        return self.after_report or (hit is not None and hit.start() < until)

    @property
    def is_reported(self) -> bool:
        return self.after_report or (_REPORTED.search(self.words) or _GOES_ON_SAYING.match(self.words)) is not None


def clauses_of(sentence: Sentence) -> list[Clause]:
    """Cut the template at its punctuation and where somebody adds something."""
    template = sentence.template
    found: list[Clause] = []
    after_report = False
    place = 0
    while place < len(template):
        stop = _END.search(template, place)
        end = stop.start() if stop else len(template)
        for begin, until in _parts(sentence, place, end):
            start = begin_of(sentence, begin, until)
            if start < until:
                sign = template[until] if until < len(template) else ""
                found.append(Clause(sentence, begin, start, until, sign if sign in ENDS else "", after_report))
                after_report = start == begin and _leads_in(template[begin:until])
        place = end + 1
    return found


def begin_of(sentence: Sentence, begin: int, until: int) -> int:
    """Where a clause begins to say something, behind words that join it and courtesies."""
    joint = _JOINT_WORD.match(sentence.template, begin, until)
    start = joint.end() if joint else begin
    courtesy = _COURTESY.match(sentence.template, start, until)
    return min(courtesy.end(), until) if courtesy else start


def stretch_of(clauses: list[Clause]) -> tuple[int, int]:
    """The text that clauses cover; the first and the last of a message take what stands around them too."""
    first, last = clauses[0], clauses[-1]
    start = first.span[0] if first.begin else 0
    ends = not last.sentence.template[last.end :].strip(ENDS)
    return start, len(last.sentence.text) if ends else last.span[1]


def speaks_to_the_machine(sentence: Sentence) -> bool:
    """Say whether the words try to give the machine orders about itself; what a customer is quoted with does not."""
    text = sentence.text
    if any(piece.mark in (CUSTOMER, CONTACT) for piece in sentence.pieces):
        for piece in sentence.marked(QUOTED):
            text = text.replace(piece.words, QUOTED)
    return _MACHINE.search(sentence.template) is not None or _MACHINE.search(text.lower()) is not None


def _parts(sentence: Sentence, start: int, end: int) -> list[tuple[int, int]]:
    template = sentence.template
    joints = {start, *(start + hit.start() for hit in _JOINT.finditer(template[start:end])), end}
    joints |= {place for place in range(start + 1, end) if _begins_another(sentence, start, place)}
    joints |= {start + hit.start("next") for hit in _NEXT_VISIT.finditer(template[start:end])}
    joints |= {place for place in range(start + _ENOUGH, end) if _orders_anew(sentence, place, end)}
    if (given_up := _GIVES_UP.search(template, start + 1, end)) and _is_apart(sentence, given_up.start()):
        joints.add(given_up.start())
    return [(begin, until) for begin, until in pairwise(sorted(joints)) if begin < until]


def _begins_another(sentence: Sentence, start: int, place: int) -> bool:
    """Say whether a customer stands behind a blank, and something was said of another one in front of it."""
    template = sentence.template
    if template[place] != CUSTOMER or not _is_apart(sentence, place):
        return False
    last = template.rfind(CUSTOMER, start, place)
    if re.search("一人一|一家一|分别|各自", template[start:place]):
        return False
    return last >= 0 and _SAYS.search(template[last + 1 : place]) is not None


def _orders_anew(sentence: Sentence, place: int, end: int) -> bool:
    """Say whether an order of its own stands behind a blank: 袁主任说明天没空 改后天."""
    return _is_apart(sentence, place) and _ORDERS_ANEW.match(sentence.template, place, end) is not None


_NEXT_VISIT: Final = re.compile(
    "Ⓣ[^ⓉⒸ]{0,6}Ⓒ[^ⓉⒸ]{0,4}(?=(?P<next>Ⓣ(?:我|先|再|又|就|去|到|见|跑|找|跟|约|拜访|回访|了|一?趟)*Ⓒ))"
)
"""A second time with a second customer, though no sign parts them: 明天上午海昌下午启明."""

_ENOUGH: Final = 4
"""Signs in front of a blank that may stand for themselves."""

_ORDERS_ANEW: Final = re.compile(
    r"(?:再|就|那|先|顺便|帮我|给我|咱|还要|记得)*(?:(?:改|换|挪|推|延|移)(?:到|成|在|约)?Ⓣ|(?:打|贴|加)(?:个|上|一个)?标签|提醒我|叫我|喊我|改约|改期)"
)


def _is_apart(sentence: Sentence, place: int) -> bool:
    """Say whether a blank stands in front of a place."""
    before, after = sentence.places[place - 1][1], sentence.places[place][0]
    return before < after and sentence.text[after - 1] == " "


def _leads_in(words: str) -> bool:
    """Say whether a clause only announces what somebody said: 领导说，…"""
    return _HEADING.search(words) is not None and TIME not in words and _REPORTED.search(words) is not None
