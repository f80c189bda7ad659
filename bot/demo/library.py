"""The demo's library of materials: a few files that look like a company's own."""

from core.model.member import SYSTEM
from core.ports import OpenWork, Typesetter
from core.ports.files import Setting
from core.services.materials import About, add_material

MATERIALS = (
    (About(title="公司介绍 2026", kind="介绍", stages=("初步接洽",)), ("我们做什么", "三百家客户的选择", "服务网络")),
    (
        About(title="汽车零部件客户案例", kind="案例", stages=("方案报价",), industries=("汽车", "制造业")),
        ("客户遇到的问题", "我们怎么做", "一年节省 180 万元"),
    ),
    (
        About(title="软件行业案例集", kind="案例", stages=("方案报价",), industries=("软件",)),
        ("从线索到回款", "上线三个月的变化", "客户怎么说"),
    ),
    (
        About(title="项目方案模板", kind="模板", stages=("方案报价",), tags=("常用",)),
        ("现状", "目标", "方案", "报价", "计划"),
    ),
)
PAGE = """#import "liaodan.typ": *
#show: look.with(title: d.title)
#v(60mm)
#text(size: 28pt, weight: "bold", d.title)
#v(10mm)
#for part in d.parts [
  == #part
  #v(4mm)
]
"""


def stock_the_library(open_work: OpenWork, typesetter: Typesetter) -> None:
    """Put some materials into an empty library, each a page or two."""
    with open_work(SYSTEM, reading=True) as uow:
        if uow.materials.all():
            return
        now = uow.now
    for about, parts in MATERIALS:
        data = {"title": about.title, "parts": list(parts)}
        pdf = typesetter.document(Setting(template=PAGE, data=data, at=now))
        with open_work(SYSTEM) as uow:
            add_material(uow, about, (f"{about.title}.pdf", pdf))
