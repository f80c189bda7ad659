"""Noto Sans SC, shipped along so that nothing has to be installed: Regular whole, Bold with the characters of GB 2312.

A character that Bold lacks is set in Regular; one that Regular lacks too is reported by `missing`.
"""

from functools import cache
from pathlib import Path
from struct import unpack_from

FOLDER = Path(__file__).parent
FAMILY = "Noto Sans SC"
REGULAR, BOLD = FOLDER / "NotoSansSC-Regular.ttf", FOLDER / "NotoSansSC-Bold.ttf"
_INVISIBLE = frozenset(range(0x20)) | {0x200B, 0x200D, 0xFE0F, 0xFEFF}
_GROUP = 12


@cache
def characters() -> frozenset[int]:
    """Return every character that Regular can draw, from its own table of them."""
    font = REGULAR.read_bytes()
    (count,) = unpack_from(">H", font, 4)
    tables = {font[at : at + 4]: unpack_from(">I", font, at + 8)[0] for at in range(12, 12 + 16 * count, 16)}
    start = tables[b"cmap"]
    (encodings,) = unpack_from(">H", font, start + 2)
    offsets = [unpack_from(">I", font, start + 4 + 8 * number + 4)[0] for number in range(encodings)]
    table = next(start + one for one in offsets if unpack_from(">H", font, start + one)[0] == _GROUP)
    (groups,) = unpack_from(">I", font, table + 12)
    ranges = (unpack_from(">II", font, table + 16 + _GROUP * number) for number in range(groups))
    return frozenset(code for first, last in ranges for code in range(first, last + 1))


def missing(text: str) -> str:
    """Return the characters of `text` that would come out as empty boxes, each once."""
    known = characters()
    return "".join(dict.fromkeys(one for one in text if ord(one) not in known and ord(one) not in _INVISIBLE))
