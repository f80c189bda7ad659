"""Files: what is known of them, and their bytes apart, each kept once."""

from collections.abc import Iterable

from sqlalchemy import Select, select

from core.errors.files import NoSuchFile, NoSuchMaterial
from core.model.file import File
from core.model.ids import FileId, MaterialId, Ref
from core.model.material import Material
from core.model.template import Template
from storage import tables
from storage.repositories import Repository, chunks, insert_new


class SqlFiles(Repository):
    """See `core.ports.files.Files`."""

    def get(self, file_id: FileId) -> File:
        file = self._session.get(File, file_id)
        if file is None or file.deleted_at is not None:
            raise NoSuchFile
        return file

    def of(self, owner: Ref, purpose: str = "") -> list[File]:
        rows = tables.files.c
        query = select(File).where(rows.owner_kind == owner.kind, rows.owner_id == owner.id, rows.deleted_at.is_(None))
        if purpose:
            query = query.where(rows.purpose == purpose)
        return self._all(query.order_by(rows.id.desc()))

    def find(self, file_ids: Iterable[FileId]) -> list[File]:
        rows = tables.files.c
        return [
            file
            for some in chunks(set(file_ids))
            for file in self._all(select(File).where(rows.id.in_(some), rows.deleted_at.is_(None)).order_by(rows.id))
        ]

    def content(self, file: File) -> bytes:
        kept = tables.file_contents.c
        found: bytes | None = self._session.scalar(select(kept.content).where(kept.sha256 == file.sha256))
        if found is None:
            raise NoSuchFile
        return bytes(found)

    def add(self, file: File, content: bytes) -> None:
        insert_new(self._session, tables.file_contents, [{"sha256": file.sha256, "content": content}])
        self._add(file)


class SqlTemplates(Repository):
    """See `core.ports.files.Templates`."""

    def newest(self, kind: str) -> Template | None:
        return next(iter(self._all(self._of(kind).limit(1))), None)

    def get(self, kind: str, number: int) -> Template | None:
        return self._session.get(Template, (kind, number))

    def versions(self, kind: str) -> list[Template]:
        return self._all(self._of(kind))

    def add(self, template: Template) -> None:
        self._add(template)
        self._session.flush()

    @staticmethod
    def _of(kind: str) -> Select[Template]:
        rows = tables.document_templates.c
        return select(Template).where(rows.kind == kind).order_by(rows.number.desc())


class SqlMaterials(Repository):
    """See `core.ports.files.Materials`."""

    MOST = 1000

    def add(self, material: Material) -> None:
        self._add(material)

    def get(self, material_id: MaterialId) -> Material:
        material = self._session.get(Material, material_id)
        if material is None or material.deleted_at is not None:
            raise NoSuchMaterial(str(Ref("material", material_id)))
        return material

    def all(self) -> list[Material]:
        rows = tables.materials.c
        return self._all(select(Material).where(rows.deleted_at.is_(None)).order_by(rows.id.desc()).limit(self.MOST))
