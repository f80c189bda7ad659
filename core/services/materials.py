"""The library of materials: kept by administrators and marketing, offered at a stage, sent to whoever asks."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from urllib.parse import urlsplit

from core.errors import BadInput
from core.errors.files import NoSuchMaterial
from core.model.deal import Deal
from core.model.enclosure import Enclosure
from core.model.file import File
from core.model.ids import MaterialId, Ref
from core.model.material import Material, MaterialKind
from core.model.member import Member, Role
from core.ports import UnitOfWork
from core.rules.materials import Deals, fitting, kind_in, matching
from core.rules.permissions import require
from core.services.files import keep_file

PURPOSE = "material"
LONGEST_TITLE, LONGEST_LINK, MOST_WORDS = 80, 500, 20
OFFERED = 3
KEEPERS = frozenset({Role.ADMIN, Role.MARKETING})


@dataclass(frozen=True, kw_only=True)
class About:
    """What is said of a material; what is None stays as it is."""

    title: str | None = None
    kind: str | None = None
    tags: tuple[str, ...] | None = None
    stages: tuple[str, ...] | None = None
    industries: tuple[str, ...] | None = None
    valid_until: date | None = None
    link: str | None = None


def may_keep_materials(member: Member) -> bool:
    """Say whether `member` looks after the library."""
    return member.id == 0 or (member.active and member.is_any(KEEPERS))


def add_material(uow: UnitOfWork, about: About, file: tuple[str, bytes] | None = None) -> Material:
    """Put a file, by name and bytes, or a link into the library; what its title tells is filled in."""
    require(may_keep_materials(uow.actor), "管理资料库")
    title = (about.title or (file[0].rpartition(".")[0] if file else "")).strip()
    if not title:
        raise BadInput("资料要有标题，请写上，例如「公司介绍 2026」")
    if file is None and not about.link:
        raise BadInput("资料要有文件或链接，请发文件，或写上 https 开头的地址")
    guessed = replace(about, kind=about.kind or kind_in(title) or MaterialKind.OTHER, title=title)
    material = Material(title=title[:LONGEST_TITLE], created_at=uow.now, updated_at=uow.now)
    material.created_by = uow.actor.id or None
    uow.does("material.add")
    _take(uow, material, guessed)
    uow.materials.add(material)
    uow.flush()
    if file is not None:
        _put_file(uow, material, *file)
    return material


def change_material(uow: UnitOfWork, material: Material, about: About) -> Material:
    """Change what is said of a material."""
    require(may_keep_materials(uow.actor), "管理资料库")
    uow.does("material.change")
    _take(uow, material, about)
    return material


def replace_file(uow: UnitOfWork, material: Material, name: str, content: bytes) -> File:
    """Give a material a newer file; the older ones are kept as its editions."""
    require(may_keep_materials(uow.actor), "管理资料库")
    uow.does("material.replace")
    return _put_file(uow, material, name, content)


def retire_material(uow: UnitOfWork, material: Material) -> None:
    """Take a material out of the library."""
    require(may_keep_materials(uow.actor), "管理资料库")
    uow.does("material.retire")
    material.deleted_at = uow.now


def library(uow: UnitOfWork) -> list[Material]:
    """Return what may be offered today, the most used first."""
    today = uow.calendar.local(uow.now).date()
    return sorted((one for one in uow.materials.all() if one.is_valid(today)), key=lambda one: (-one.used, one.id))


def find_materials(uow: UnitOfWork, words: str) -> list[Material]:
    """Return the materials that words may mean, best first."""
    return matching(library(uow), words)


def material_of(uow: UnitOfWork, words: str) -> Material:
    """Return the material of a number (`E3`) or, for whoever keeps them, the one that words mean."""
    try:
        ref = Ref.parse(words.strip().upper())
    except ValueError:
        found = matching([one for one in uow.materials.all() if one.deleted_at is None], words)
        if not found:
            raise NoSuchMaterial(words) from None
        return found[0]
    if ref.kind != "material":
        raise NoSuchMaterial(words)
    return uow.materials.get(MaterialId(ref.id))


def materials_for(uow: UnitOfWork, deal: Deal) -> list[Material]:
    """Return up to three materials made for the stage that a deal has reached, its customer's industry first."""
    account = uow.accounts.get(deal.account_id) if deal.account_id is not None else None
    return fitting(library(uow), Deals(deal.stage, account.industry if account else ""), OFFERED)


def send_material(uow: UnitOfWork, material: Material) -> Enclosure | None:
    """Count a material as used and return its file for the message; None where it is a link."""
    if not material.is_valid(uow.calendar.local(uow.now).date()):
        raise NoSuchMaterial(material.title)
    uow.does("material.send")
    material.used += 1
    return Enclosure(file=material.file_id) if material.file_id is not None else None


def _put_file(uow: UnitOfWork, material: Material, name: str, content: bytes) -> File:
    file = keep_file(uow, material.ref, PURPOSE, name, content)
    material.file_id, material.edition = file.id, file.edition
    return file


def _take(uow: UnitOfWork, material: Material, about: About) -> None:
    if about.title is not None:
        material.title = about.title.strip()[:LONGEST_TITLE] or material.title
    if about.kind is not None:
        if about.kind not in set(MaterialKind):
            raise BadInput(f"没有「{about.kind[:20]}」这种资料，可以是{'、'.join(MaterialKind)}")
        material.kind = about.kind
    if about.tags is not None:
        material.tags = _words(about.tags)
    if about.industries is not None:
        material.industries = _words(about.industries)
    if about.stages is not None:
        material.stages = tuple(_stage(uow, stage) for stage in _words(about.stages))
    if about.valid_until is not None:
        material.valid_until = about.valid_until
    if about.link is not None:
        material.link = _link(about.link)


def _words(words: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one.strip()[:MOST_WORDS] for one in words if one.strip()))[:MOST_WORDS]


def _stage(uow: UnitOfWork, words: str) -> str:
    stages = [stage.name for pipeline in uow.playbook.pipelines for stage in pipeline.stages]
    named = [stage.name for line in uow.playbook.pipelines for stage in line.stages if words in stage.aliases]
    if words in stages or named:
        return words if words in stages else named[0]
    raise BadInput(f"没有「{words}」这个阶段，可以是{'、'.join(dict.fromkeys(stages))}")


def _link(link: str) -> str:
    parts = urlsplit(link.strip())
    if parts.scheme not in ("http", "https") or not parts.hostname or len(link) > LONGEST_LINK:
        raise BadInput("链接要以 https:// 或 http:// 开头，不超过 500 字，请改好再发")
    return link.strip()
