"""Who is on record already, by whatever tells a company apart, and what of it may be told (semantics B.5).

Everything that puts somebody on record asks here, in the transaction that writes: chat, forms, imports, conversions.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from core.errors import Ambiguous, DuplicateLead
from core.model.identity import Identity, Key, Twin
from core.model.ids import AccountId, LeadId, Ref
from core.model.lead import Lead
from core.ports import UnitOfWork
from core.rules.duplicates import core_name, identity_of, plain_name
from core.rules.likeness import Likeness, Score, without_ending
from core.rules.naming import parts_of
from core.rules.permissions import may_open_pool, naming_scope
from core.services.customers import Customer, holder_name, may_see

SHOWN = 8
LOOKED_AT = 24
"""Records of which more than the name is read."""

ROWS = 300
_ALIKE = frozenset({Key.CALL, Key.BRAND, Key.LIKE})


@dataclass(frozen=True)
class OnRecord:
    """Somebody is on record: by what, how surely, and who holds it (empty: the pool).

    `told` is the name by which the asker may hear of it: nothing where they may not see it and did not say it.
    """

    found: Customer
    key: Key
    score: float
    holder: str
    told: str
    certain: bool

    @property
    def matched(self) -> str:
        """By what it was met, in words: 电话相同, 公司简称相近."""
        return f"{self.key}{'相近' if self.key in _ALIKE else '相同'}"


class LooksLike(Ambiguous):
    """The name resembles something on record; the asker decides whether it is another company."""

    code = "lead.looks_like"

    def __init__(self, name: str, matches: Sequence[OnRecord]) -> None:
        super().__init__(name, (("仍然新建", "yes"), ("不用了", "no")), "certain")
        self.matches = tuple(matches)

    def __str__(self) -> str:
        listed = "\n".join(f"· {record_words(m)}（{m.holder or '公海'}）" for m in self.matches)
        return f"「{self.words}」和已有记录相近，先确认不是同一家：\n{listed}"


def record_words(match: OnRecord) -> str:
    """Name a record as far as the asker may hear of it."""
    return match.told or ("一条名称相近的记录" if match.key is Key.LIKE else "一条已有记录")


def refuse_duplicates(
    uow: UnitOfWork, wanted: Identity, *, certain: bool = False, but: Iterable[Ref] = ()
) -> list[OnRecord]:
    """Let nobody else put the same company on record until we commit, and refuse when somebody has.

    Raises DuplicateLead for what is surely the same, LooksLike for what may be, unless `certain`; then it is returned.
    `but` names records that are meant themselves.
    """
    uow.twins.reserve(wanted)
    matches = look_up(uow, wanted, but=but)
    if sure := next((match for match in matches if match.certain), None):
        raise DuplicateLead(sure.told, sure.holder, sure.matched)
    if matches and not certain:
        raise LooksLike(wanted.name or "这条记录", matches)
    return matches


def on_record(uow: UnitOfWork, name: str, phone: str | None) -> list[OnRecord]:
    """Return what is on record under this company name or phone, the surest first. Nobody's phone is in it."""
    return look_up(uow, identity_of(name, phone=phone))


def look_up(uow: UnitOfWork, wanted: Identity, *, but: Iterable[Ref] = ()) -> list[OnRecord]:
    """Return whatever is surely or perhaps the same, the surest first, as far as the asker may hear of it."""
    meant = set(but)
    found = [(twin, verdict) for twin, verdict in twins_of(uow, wanted) if twin.ref not in meant][:SHOWN]
    records = _records(uow, (twin.ref for twin, _ in found))
    return [_told(uow, wanted, records[twin.ref], verdict) for twin, verdict in found if twin.ref in records]


def twins_of(uow: UnitOfWork, wanted: Identity) -> list[tuple[Twin, Score]]:
    """Return every record that is surely or perhaps the same, with its score, the surest first, whoever asks."""
    likeness = Likeness(wanted)
    met = uow.twins.met(wanted)
    likely = dict.fromkeys((*met, *(_named_alike(uow, likeness) if wanted.name else ())))
    judged = []
    for twin in uow.twins.of(likely):
        known = replace(twin, met=met.get(twin.ref, frozenset()))
        verdict = likeness.of(known)
        if verdict.value >= uow.playbook.duplicates.ask:
            judged.append((known, verdict))
    return sorted(judged, key=lambda one: (-one[1].value, one[0].ref.kind, one[0].ref.id))


def _named_alike(uow: UnitOfWork, likeness: Likeness) -> list[Ref]:
    """Return whose names are worth a closer look: of the same core or brand, of the same sound, or one slip apart."""
    from rapidfuzz import fuzz, process

    near = [call for call in uow.twins.calls(likeness.keys, ROWS) if likeness.is_near(call)]
    crowd = uow.twins.of_core(dict.fromkeys((*likeness.cores, *likeness.cores_of(near))))
    if len(crowd) > LOOKED_AT:
        names = [without_ending(name) for _, name in crowd]
        nearest = process.extract(without_ending(likeness.plain), names, scorer=fuzz.ratio, limit=LOOKED_AT)
        crowd = [crowd[place] for _, _, place in nearest]
    found = dict.fromkeys(ref for ref, _ in crowd)
    if likeness.is_short:
        hits = uow.twins.called(likeness.keys, likeness.parts.brand, ROWS)
        found |= dict.fromkeys([Ref(hit.kind, hit.id) for hit in hits if hit.name in near][:LOOKED_AT])
    return list(found)


def _records(uow: UnitOfWork, refs: Iterable[Ref]) -> dict[Ref, Customer]:
    wanted = list(refs)
    found: dict[Ref, Customer] = {
        lead.ref: lead for lead in uow.leads.find(LeadId(ref.id) for ref in wanted if ref.kind == "lead")
    }
    return found | {ref: uow.accounts.get(AccountId(ref.id)) for ref in wanted if ref.kind == "account"}


def _told(uow: UnitOfWork, wanted: Identity, found: Customer, verdict: Score) -> OnRecord:
    policy = uow.playbook.duplicates
    holder = holder_name(uow, found.owner_id) if policy.show_holder else "同事"
    return OnRecord(
        found,
        verdict.key,
        verdict.value,
        holder if found.owner_id else "",
        _name_for(uow, wanted, found),
        verdict.value >= policy.block,
    )


def _name_for(uow: UnitOfWork, wanted: Identity, found: Customer) -> str:
    """Return the name by which the asker may hear of a record: its own, what both share, or none."""
    pooled = isinstance(found, Lead) and found.is_pooled and may_open_pool(uow.actor)
    if pooled or may_see(uow, found) or naming_scope(uow.actor).everything:
        return found.name
    if not wanted.name:
        return ""
    if plain_name(wanted.name) == plain_name(found.name):
        return found.name
    brand, theirs = parts_of(wanted.name).brand, parts_of(found.name).brand
    if wanted.core == core_name(found.name):
        return wanted.core
    return brand if brand == theirs else ""
