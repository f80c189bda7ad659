"""The process that sets one document and ends; started by `connectors.typesetting.typesetter` alone.

A template is a stranger's program. It finds no files but those handed in, no network, and limits on memory and time
that are set before it is read; when it breaks them, this process dies and nothing else.
"""

import json
import os
import resource
import sys
from typing import Any

from connectors.fonts import FOLDER

MEMORY, CPU_SECONDS, LARGEST_FILE = 768 << 20, 8, 0
BROKEN = 3
"""The status with which a template's own mistake is told, as JSON on the way out."""

_NOWHERE = "http://127.0.0.1:9"


def main() -> None:
    """Set what stands on the way in as JSON; its `root` is an empty folder."""
    request = json.loads(sys.stdin.buffer.read())
    root = request["root"]
    for limit, most in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_FSIZE, LARGEST_FILE),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(limit, (most, most))
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        os.environ[name] = os.environ[name.lower()] = _NOWHERE
    import typst

    compile_: Any = typst.compile  # its annotations do not know of several files
    try:
        made = compile_(
            {name: text.encode() for name, text in request["files"].items()},
            root=root,
            font_paths=[str(FOLDER)],
            ignore_system_fonts=True,
            format=request["format"],
            ppi=request["ppi"],
            timestamp=request["at"],
            package_path=root,
            package_cache_path=root,
        )
    except typst.TypstError as broken:
        sys.stdout.write(json.dumps({"message": broken.message, "where": broken.diagnostic}))
        sys.stdout.flush()
        sys.exit(BROKEN)
    _out(made)


def _out(made: Any) -> None:
    """Write the pages, each with its length before it."""
    for page in made if isinstance(made, list) else [made]:
        sys.stdout.buffer.write(b"%d\n" % len(page))
        sys.stdout.buffer.write(page)
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
