"""Finds people by how they are spoken of, whether on record or not: 采购张经理, 王先生, 老刘, 陈总监."""

import re
from dataclasses import dataclass
from typing import Final

_SURNAMES: Final = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许邓冯韩曹曾彭萧蔡潘田董袁于余叶蒋杜苏魏程吕丁沈任姚卢钟姜崔谭范汪陆金石戴贾韦夏邱"
    "方侯邹熊孟秦白江薛尹段雷黎史龙陶贺顾毛郝龚邵钱严武莫孔汤常温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝"
    "包宁符阮纪梅童凌毕单季成霍苗裴路涂谷曲盛冉翁蓝骆辛游靳管柴蒙鲍华喻祁房屈饶解牟艾尤时穆司古吉缪简车项连芦麦褚娄窦戚岑景党宫费卜冷"
    "晏席卫柏宗桂全佟应臧闵苟邬卞姬师仇隋刁褚沙柯阳池肖闫付代向"
    "廖傅阎覃赖洪尚丘卓甄蒲滕舒瞿储丛狄封冀揭匡邝郎荣茹桑佘束宿屠宛巫奚冼幸胥鄢伊雍虞禹郁苑恽湛竺祖阙隗晁邸茅荆巩芮郜敖蔺逄"
)
_TITLES: Final = (
    "董事长|总经理|副总裁|副总|总裁|总监|经理|主任|主管|部长|厂长|院长|校长|处长|科长|局长|所长|站长|店长|队长|组长|老师|教授|博士|医生|"
    "先生|女士|小姐|律师|工程师|师傅|会计|秘书|助理|老板|总(?!价|额|部|体|结|是|之|共|量|算|监|裁|经)|工(?!厂|艺|作|具|程|业|单|期|资|人|控|商|地)|董(?!事)|姐|哥|处|局(?!域|部|面)|书记|院士"
)
_ROLES: Final = "采购|技术|财务|生产|设备|行政|人事|研发|销售|市场|项目|工程|运维|信息|法务|质量|总务|工艺|电气|仓库|物流|品质|IT|it"
_PERSON = re.compile(
    rf"(?P<role>(?:{_ROLES})(?:部|部门|那边|的|负责人)?)?"
    rf"(?P<name>(?P<surname>欧阳|司马|上官|诸葛|[{_SURNAMES}])(?P<given>[一-龥]{{1,2}}?)?(?P<title>(?:{_ROLES})?(?:{_TITLES}))"
    rf"|(?<![最陈古年])(?P<nick>[老小](?:[{_SURNAMES[:100]}])(?![一-龥]?(?:客户|板|户|师|家|事|程|范|数|区|时|组|问|店|型|规|米|麦|龙)))"
    r"|(?P<given_nick>(?<!西)[一-龥](?<![大小表堂空师学老二那这位的跟和与给找叫请陪帅西洛八哥姐叔])(?:哥|姐|叔)(?![们夫妹弟伦本])|阿[强明伟华芳珍娟丽玲英杰辉雄荣彪斌标文军兵莲霞敏珊婷豪坤勇刚峰涛波超飞健])"
    r"|(?P<foreign>(?<![A-Za-z])(?:(?:Mr|Ms|Mrs|Miss)\.?\s?[A-Z][a-z]+|(?!Excel|Zoom|Teams|Word|Demo|Call|Email|Wechat|Visit|Budget|Price|Sample|Quote|Project|Deal|Offer)[A-Z][a-z]{2,8}(?=\s?(?:说|聊|问|讲|回复|让|表示|反馈|觉得|催|那边)))))"
)
_SURNAME_PLUS = re.compile(rf"^(?:欧阳|司马|上官|诸葛|[{_SURNAMES}])[一-龥]{{1,2}}$")


_NOBODY: Final = frozenset({"对方", "我方", "双方", "甲方", "乙方"})


@dataclass(frozen=True, slots=True)
class PersonSpan:
    """A person, where they are named, and their name with title but without the role before it."""

    start: int
    end: int
    name: str
    role: str


def find_people(text: str) -> list[PersonSpan]:
    """Find everybody who is named with a title, or as 老刘 and 小王."""
    found = []
    for hit in _PERSON.finditer(text):
        start = hit.start("name")
        if text[start - 1 : start + 1] in _NOBODY:
            continue
        found.append(PersonSpan(start, hit.end(), hit["name"], (hit["role"] or "").rstrip("的那边")))
    return found


def is_full_name(words: str) -> bool:
    """Say whether words look like a person's name without a title: 王建国."""
    return _SURNAME_PLUS.match(words) is not None
