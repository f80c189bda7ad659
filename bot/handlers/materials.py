"""The library of materials: found, sent, described."""

from datetime import date

from bot.cards.card import Card
from bot.cards.materials import changed_material_card, library_card, no_material_card, sent_card, several_card
from bot.context import Context
from bot.material_words import about_in
from bot.router import Router
from core.errors import BadInput
from core.model.ids import MaterialId
from core.services.materials import (
    change_material,
    find_materials,
    library,
    material_of,
    may_keep_materials,
    retire_material,
    send_material,
)

router = Router()


@router.command("material.find", "发我一份")
def find(ctx: Context, text: str) -> Card:
    """发我一份 方案模板：从资料库里找介绍、案例、方案，直接发给您"""
    found = find_materials(ctx.uow, text)
    if not found:
        return no_material_card(text, library(ctx.uow), keeps=may_keep_materials(ctx.member))
    if len(found) == 1:
        return sent_card(found[0], send_material(ctx.uow, found[0]))
    return several_card(found)


@router.command("material.list", "资料库")
def everything(ctx: Context) -> Card:
    """资料库：看看有哪些介绍、案例、方案和模板"""
    return library_card(library(ctx.uow), keeps=may_keep_materials(ctx.member))


@router.command("material.change", "资料设置")
def describe(ctx: Context, text: str) -> Card:
    """资料设置 E1 阶段 方案报价：管理员补充一份资料适用的阶段、行业、标签、有效期"""
    which, about, gone = about_in(text, _today(ctx))
    if not which:
        raise BadInput("请说是哪份资料，例如「资料设置 E1 阶段 方案报价 行业 制造业」")
    material = material_of(ctx.uow, which)
    if gone:
        retire_material(ctx.uow, material)
    else:
        change_material(ctx.uow, material, about)
    return changed_material_card(material, ctx.uow.command, gone=gone)


@router.button("material.send")
def send(ctx: Context, material: int) -> Card:
    """The button 发我 on a material."""
    found = ctx.uow.materials.get(MaterialId(material))
    return sent_card(found, send_material(ctx.uow, found))


def _today(ctx: Context) -> date:
    return ctx.wall(ctx.uow.now).date()
