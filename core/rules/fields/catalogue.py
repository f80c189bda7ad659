"""The field catalogue: what a kind of record carries, built in or made by the company, under every word for it."""

from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from difflib import get_close_matches
from functools import cached_property
from typing import Any, Final

from core.model.playbook import Playbook
from core.model.playbook.fields import OBJECTS
from core.rules.fields.builtin import BUILTIN, reader_of
from core.rules.fields.computing import with_computed
from core.rules.fields.field import NOTHING, Field
from core.rules.fields.kind import NO_NAMES, Names, folded
from core.rules.fields.types import type_of

_KEPT: Final = 16
_SHOWN: Final = 12


class Catalogue:
    """The fields of one kind of record."""

    def __init__(self, object_key: str, label: str, fields: Iterable[Field]) -> None:
        self.object_key, self.label = object_key, label
        self.fields = tuple(fields)
        self.by_key: Mapping[str, Field] = {field.key: field for field in self.fields}

    @cached_property
    def _by_words(self) -> dict[str, Field]:
        """Keys win over labels, labels over aliases, and what stands first over what comes later."""
        words: dict[str, Field] = {}
        for rank in (lambda f: (f.key,), lambda f: (f.label,), lambda f: f.spec.aliases):
            for field in self.fields:
                for word in rank(field):
                    words.setdefault(folded(word), field)
        return words

    def __iter__(self) -> Iterator[Field]:
        return iter(self.fields)

    @cached_property
    def custom(self) -> tuple[Field, ...]:
        """The fields that the company has made and still uses."""
        return tuple(field for field in self.fields if field.is_custom and not field.spec.retired)

    def find(self, words: str) -> Field | None:
        """Return the field of this key, label or alias."""
        return self.by_key.get(words) or self._by_words.get(folded(words))

    def no_such_field(self, words: str) -> str:
        """Say which fields there are, the one that was perhaps meant first."""
        near = get_close_matches(folded(words), self._by_words, n=1, cutoff=0.5)
        if near:
            return f"{self.label}没有字段「{words}」，是不是「{self._by_words[near[0]].label}」？"
        listed = "、".join(field.label for field in self.fields[:_SHOWN])
        return f"{self.label}没有字段「{words}」。可以用：{listed} 等"


class Facts(dict[str, Any]):
    """What is known of one record, field by field in the form in which values are compared; taken when first asked for.

    `names` say what members and records are called, `more` gives the values (as they are kept) that the record does
    not carry itself, such as `owner_department`.
    """

    __slots__ = ("catalogue", "more", "names", "now", "record")

    def __init__(
        self,
        record: Any,
        catalogue: Catalogue,
        now: datetime,
        *,
        names: Names = NO_NAMES,
        more: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__()
        self.record, self.catalogue, self.now, self.names = record, catalogue, now, names
        self.more: Mapping[str, Any] = more or {}

    def __missing__(self, key: str) -> Any:
        field, value = self.catalogue.by_key.get(key), self.value(key)
        plain = None if field is None or value in NOTHING else field.type.plain(value, field.spec, self.names)
        self[key] = plain
        return plain

    def value(self, key: str) -> Any:
        """Return a field's value as it is kept."""
        if key in self.more:
            return self.more[key]
        field = self.catalogue.by_key.get(key)
        if field is None:
            return None
        return field.of(self.record) if field.compute is None else field.compute(self)

    def show(self, key: str) -> str:
        """Say a field's value in a few characters."""
        field, value = self.catalogue.by_key[key], self.value(key)
        return "" if value in NOTHING else field.type.brief(value, field.spec, self.names)


_CATALOGUES: OrderedDict[tuple[int, str], tuple[Playbook, Catalogue]] = OrderedDict()


def catalogue_of(playbook: Playbook, object_key: str) -> Catalogue:
    """Return the catalogue of an object under a playbook; the last few are remembered."""
    known = _CATALOGUES.get((id(playbook), object_key))
    if known is not None and known[0] is playbook:
        return known[1]
    made = _made(playbook, object_key)
    _CATALOGUES[id(playbook), object_key] = (playbook, made)
    while len(_CATALOGUES) > _KEPT:
        _CATALOGUES.popitem(last=False)
    return made


def _made(playbook: Playbook, object_key: str) -> Catalogue:
    further = next((one for one in playbook.objects if one.key == object_key), None)
    label = OBJECTS.get(object_key) or (further.label if further is not None else object_key)
    own = {str(key): fields for key, fields in playbook.fields.items()}
    specs = further.fields if further is not None else own.get(object_key, ())
    built_in = [
        Field(spec, type_of(spec), reader_of(object_key, spec.key), is_custom=False)
        for spec in BUILTIN.get(object_key, ())
    ]
    taken = {field.key for field in built_in}
    made = [Field(spec, type_of(spec), _custom(spec.key), is_custom=True) for spec in specs if spec.key not in taken]
    return Catalogue(object_key, label, with_computed([*built_in, *made]))


def _custom(key: str) -> Callable[[Any], Any]:
    return lambda record: record.custom.get(key)
