"""REST: a file's bytes, to whoever may see the record it belongs to."""

import re
from urllib.parse import quote

from apiflask import APIBlueprint
from flask import Response, g

from core.errors.files import NoSuchFile
from core.model.ids import FileId
from core.services.fetching import fetch_file
from web.problems import Problem
from web.site import Site

_REF = re.compile(r"W([1-9][0-9]{0,17})", re.ASCII)


def add_files(api: APIBlueprint, site: Site) -> None:
    """Register the download of a file."""

    @api.get("/files/<ref>", endpoint="get_files")
    @api.doc(
        summary="下载一个文件",
        description="看得到文件所属的记录，就能下载它；回答是文件本身，一律作为附件。",
        tags=["文件"],
        operation_id="get_files",
    )
    def get(ref: str) -> Response:
        found = _REF.fullmatch(ref)
        if found is None:
            raise Problem("not-found")
        try:
            with site.open_work(g.reader, reading=True) as uow:
                file, content = fetch_file(uow, FileId(int(found[1])))
        except NoSuchFile:
            raise Problem("not-found") from None
        response = Response(content, mimetype=file.media_type)
        response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(file.name, safe='')}"
        response.headers["ETag"] = f'"{file.sha256}"'
        response.headers["Cache-Control"] = "private, no-cache"
        return response
