"""What must survive a restart: named shelves of JSON values, in memory and, given a folder, in one SQLite file."""

import json
import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

Json = dict[str, Any]


class Shelf:
    """A dictionary whose values are JSON; every `put` is written through. Values handed out are the shelf's own."""

    def __init__(self, store: "Store", name: str, values: dict[str, Any]) -> None:
        self._store = store
        self._name = name
        self._values = values

    def get(self, key: str, default: Any = None) -> Any:
        """Return the value, or `default`."""
        return self._values.get(key, default)

    def put(self, key: str, value: Any) -> None:
        """Keep `value`; call it again after changing a value in place."""
        self._values[key] = value
        self._store.write(self._name, key, value)

    def drop(self, key: str) -> None:
        """Forget the value; a missing one is no error."""
        self._values.pop(key, None)
        self._store.erase(self._name, key)

    def clear(self) -> None:
        """Forget everything on this shelf."""
        self._values.clear()
        self._store.erase(self._name, None)

    def values(self) -> Iterator[Any]:
        """Iterate over a copy, in order of first arrival."""
        return iter(list(self._values.values()))

    def __contains__(self, key: str) -> bool:
        return key in self._values

    def __len__(self) -> int:
        return len(self._values)


class Store:
    """Opens shelves; one writer lock, so any thread may put."""

    def __init__(self, folder: Path | None, name: str) -> None:
        """`folder` None keeps everything in memory only; else `<name>.sqlite3` is kept there."""
        self._lock = threading.Lock()
        self._file: sqlite3.Connection | None = None
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True)
            self._file = sqlite3.connect(folder / f"{name}.sqlite3", check_same_thread=False, isolation_level=None)
            self._file.execute("PRAGMA journal_mode=WAL")
            self._file.execute("PRAGMA synchronous=OFF")
            self._file.execute(
                "CREATE TABLE IF NOT EXISTS shelf (name TEXT, key TEXT, value TEXT, PRIMARY KEY (name, key))"
            )

    def shelf(self, name: str) -> Shelf:
        """Open a shelf with all it held before the restart."""
        values: dict[str, Any] = {}
        if self._file is not None:
            rows = self._file.execute("SELECT key, value FROM shelf WHERE name = ? ORDER BY rowid", (name,))
            values = {key: json.loads(value) for key, value in rows}
        return Shelf(self, name, values)

    def write(self, name: str, key: str, value: Any) -> None:
        """Write one value to the file, keeping its place when it was there already."""
        if self._file is None:
            return
        with self._lock:
            self._file.execute(
                "INSERT INTO shelf VALUES (?, ?, ?) ON CONFLICT (name, key) DO UPDATE SET value = excluded.value",
                (name, key, json.dumps(value, ensure_ascii=False)),
            )

    def erase(self, name: str, key: str | None) -> None:
        """Erase one value, or with None the whole shelf."""
        if self._file is None:
            return
        with self._lock:
            self._file.execute("DELETE FROM shelf WHERE name = ? AND (? IS NULL OR key = ?)", (name, key, key))

    def close(self) -> None:
        """Close the file; putting afterwards keeps values in memory only."""
        with self._lock:
            if self._file is not None:
                self._file.close()
                self._file = None
