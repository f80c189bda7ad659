"""The word lists beside this module: data that a reader of Chinese can check without reading code."""

import json
from pathlib import Path
from typing import Any


def load_words(name: str) -> Any:
    """Read the word list `name` that ships with this package."""
    return json.loads(Path(__file__).with_name(f"{name}.json").read_text(encoding="utf-8"))
