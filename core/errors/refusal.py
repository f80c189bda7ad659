"""What every refusal is."""

from typing import ClassVar


class Refusal(Exception):
    """Something we decline. `str()` is the sentence for the asker; it ends with what to do next."""

    code: ClassVar[str] = "refused"
