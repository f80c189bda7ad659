"""Setting documents: files for the process, its limits, and its complaints in words that say what to do."""

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from connectors.fonts import missing
from connectors.typesetting.child import BROKEN
from core.errors.files import TemplateBroken
from core.ports.files import Setting

PATIENCE = 15.0
LARGEST_TEMPLATE = 200_000
LARGEST_RESULT = 20 * 2**20
PREVIEW_PPI = 110.0
MAIN = "main"
TEMPLATES = Path(__file__).parent / "templates"
LIBRARY = "liaodan.typ"

_PLACE = re.compile(r"┌─ (?:\S*/)?([\w.]+):(\d+):\d+")
_PACKAGE = re.compile(r"""(?:import|include)\s*\(?\s*"@[^"]*""")
_HINTS: tuple[tuple[str, str], ...] = (
    (r'does not contain key "(.+?)"', "没有「{}」这个字段。能用的字段见 liaodan template fields"),
    (r"unknown variable: (.+)", "不认识「{}」，请检查拼写"),
    (r"cannot access fields on type|has no field|no method", "这个值没有这样的字段，请检查点号后面的名字"),
    (r"condition is always true|loop seems to be infinite", "循环不会结束，请改成有限的循环，或直接 for 遍历 d.lines"),
    (r"maximum .*depth exceeded", "函数一直调用自己，请去掉递归"),
    (r"file not found|escape the project root|failed to load|access denied", "模板不能读取文件或图片，请去掉这一行"),
    (r"failed to download package|package not found", "模板不能使用外部包，请去掉这一行"),
    (r"unclosed", "括号或引号没有成对"),
    (r"unexpected|expected (?!content|string|integer|length|array)", "写法不对，请检查这一行的标点和括号"),
    (r"expected (.+)", "这里放的值类型不对（需要 {}）"),
    (r"cyclic import", "模板不能引用自己"),
    (r"layout did not converge", "版面排不稳定，请简化页码或引用"),
)


class TypstTypesetter:
    """See `core.ports.files.Typesetter`. Every document has a process of its own; safe to share between threads."""

    def __init__(self, patience: float = PATIENCE) -> None:
        self._patience = patience

    def shipped(self, kind: str) -> str:
        """Return the template that comes with the product."""
        return (TEMPLATES / f"{kind}.typ").read_text("utf-8")

    def document(self, setting: Setting) -> bytes:
        """Return the document as PDF; TemplateBroken says what to mend in the template."""
        return self._set(setting, "pdf")[0]

    def pages(self, setting: Setting) -> list[bytes]:
        """Return the pages as pictures; TemplateBroken says what to mend in the template."""
        return self._set(setting, "png")

    def missing(self, data: Mapping[str, Any]) -> str:
        """Return the characters in `data` that our font cannot draw."""
        return missing("".join(_texts(data)))

    def _set(self, setting: Setting, form: str) -> list[bytes]:
        _check_source(setting.template)
        request = {
            "files": {
                MAIN: setting.template,
                LIBRARY: (TEMPLATES / LIBRARY).read_text("utf-8"),
                "data.json": json.dumps(setting.data, ensure_ascii=False),
            },
            "format": form,
            "ppi": PREVIEW_PPI,
            "at": int(setting.at.timestamp()),
        }
        return _read(self._run(request))

    def _run(self, request: dict[str, Any]) -> bytes:
        environment = {name: os.environ[name] for name in ("PATH", "LANG", "PYTHONPATH") if name in os.environ}
        with TemporaryDirectory(prefix="liaodan-typeset-") as root:
            try:
                done = subprocess.run(
                    [sys.executable, "-m", "connectors.typesetting.child"],
                    input=json.dumps(request | {"root": root}, ensure_ascii=False).encode(),
                    capture_output=True,
                    timeout=self._patience,
                    env=environment,
                    check=False,
                )
            except subprocess.TimeoutExpired:
                raise TemplateBroken(0, "排版用时太长，请减少循环或拆成几份") from None
        if done.returncode == BROKEN:
            raise _complaint(json.loads(done.stdout))
        if done.returncode in (-signal.SIGXCPU, -signal.SIGKILL):
            raise TemplateBroken(0, "排版用时太长，请减少循环或拆成几份")
        if done.returncode:
            raise TemplateBroken(0, "排版占用的内存太多，请检查模板里很大的循环或很长的文字")
        return done.stdout


def _check_source(template: str) -> None:
    if len(template) > LARGEST_TEMPLATE:
        raise TemplateBroken(0, f"模板有 {len(template)} 字，最多 {LARGEST_TEMPLATE} 字，请精简")
    if found := _PACKAGE.search(template):
        line = template.count("\n", 0, found.start()) + 1
        raise TemplateBroken(line, "模板不能使用外部包，请去掉这一行")


def _complaint(told: Mapping[str, str]) -> TemplateBroken:
    """Put what typst says into words; a mistake inside our library is placed where the template calls it."""
    message = told["message"]
    places = _PLACE.findall(told["where"])
    line = next((int(number) for file, number in places if file == MAIN), 0)
    for pattern, words in _HINTS:
        if found := re.search(pattern, message):
            return TemplateBroken(line, words.format(*found.groups()))
    return TemplateBroken(line, f"模板有错：{message[:200]}。请按 typst 的写法修改")


def _read(content: bytes) -> list[bytes]:
    pages, at = [], 0
    while at < len(content):
        end = content.index(b"\n", at)
        length = int(content[at:end])
        pages.append(content[end + 1 : end + 1 + length])
        at = end + 1 + length
    if sum(map(len, pages)) > LARGEST_RESULT:
        raise TemplateBroken(0, "文档太大，超过 20 MB，请拆成几份")
    return pages


def _texts(value: Any) -> list[str]:
    if isinstance(value, Mapping):
        value = list(value.values())
    if isinstance(value, list | tuple):
        return [text for one in value for text in _texts(one)]
    return [value] if isinstance(value, str) else []
