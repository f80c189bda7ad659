"""Walking through a list: to the end, without gaps or doubles, from anywhere at the same cost."""

import base64

import pytest
from sqlalchemy import event

from core.model.lead import Lead
from storage import browse
from tests.web.conftest import Api, Caller


def walk(caller: Caller, path: str, limit: int, **query: str) -> list[str]:
    seen: list[str] = []
    cursor = ""
    while True:
        answer = caller.get(path, limit=limit, cursor=cursor, **query).json
        assert len(answer["items"]) <= limit
        seen += [item["id"] for item in answer["items"]]
        if answer["next"] is None:
            return seen
        assert len(answer["items"]) == limit
        cursor = answer["next"]


def test_a_walk_meets_every_record_once_newest_first(api: Api) -> None:
    leads = api.world.has_leads(*(f"公司{n}" for n in range(7)), held_by="张伟")
    api.world.has_leads(*(f"别家{n}" for n in range(5)), held_by="李娜")
    for limit in (1, 3, 7, 8, 200):
        assert walk(api.as_("张伟"), "leads", limit) == [str(lead.ref) for lead in reversed(leads)]


def test_the_pool_is_walked_the_same_way(api: Api) -> None:
    leads = api.world.has_leads(*(f"公司{n}" for n in range(5)))
    assert walk(api.as_("张伟"), "leads", 2, pool="true") == [str(lead.ref) for lead in reversed(leads)]


def test_records_that_come_while_walking_disturb_nothing(api: Api) -> None:
    leads = api.world.has_leads(*(f"公司{n}" for n in range(4)), held_by="张伟")
    first = api.as_("张伟").get("leads", limit=2).json
    api.world.has_leads("新来的", held_by="张伟")
    second = api.as_("张伟").get("leads", limit=2, cursor=first["next"]).json
    assert [i["id"] for i in first["items"] + second["items"]] == [str(lead.ref) for lead in reversed(leads)]
    assert second["next"] is None


def test_a_large_department_is_walked_the_same_way(still: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    small = {path: walk(still.as_("赵敏"), path, 2) for path in ("leads", "accounts", "contacts", "followups", "plans")}
    monkeypatch.setattr(browse, "WIDE", 1)
    assert all(small.values())
    for path, seen in small.items():
        assert walk(still.as_("赵敏"), path, 2) == seen


def test_a_list_finds_its_rows_by_the_holder(still: Api) -> None:
    plan: list[str] = []
    engine = still.world.program.engine
    reader = still.world.member("张伟")

    def explain(connection: object, cursor: object, statement: str, parameters: object, *_: object) -> None:
        if "FROM leads" in statement and not plan:
            rows = connection.connection.cursor().execute(f"EXPLAIN QUERY PLAN {statement}", parameters)  # type: ignore[attr-defined]
            plan.extend(row[3] for row in rows)

    event.listen(engine, "before_cursor_execute", explain)
    still.world.program.site.browse.page(Lead, reader, limit=200)
    event.remove(engine, "before_cursor_execute", explain)
    assert any("ix_leads_owner" in line for line in plan)
    assert not any(line.startswith("SCAN leads") for line in plan)


def test_q_searches_names_within_the_scope(still: Api) -> None:
    caller = still.as_("张伟")
    assert caller.names("leads", q="的线") == {"张伟的线索"}
    assert caller.names("leads", q="李娜") == set()
    assert caller.names("accounts", q="简称0") == {"张伟的客户"}
    assert caller.names("accounts", q="老王") == {"张伟的客户"}
    assert caller.names("members", q="李") == {"李娜"}
    assert caller.names("leads", q="1390000") == set()


NAUGHTY = (
    "%",
    "_",
    "\\",
    "'",
    '"',
    "';--",
    "/",
    "%%",
    "😀",
    "𠮷野家",
    "%20",
    "x" * 190,
    "\u202e",
    "NULL",
    "[a-z]",
    "&&",
    "x\ny",
)


def test_naughty_words_mean_themselves(api: Api) -> None:
    api.world.has_leads("普通公司", held_by="张伟")
    for words in NAUGHTY:
        assert api.as_("张伟").items("leads", q=words) == []
    for words in NAUGHTY:
        [lead] = api.world.has_leads(f"含{words}的", held_by="张伟")
        assert str(lead.ref) in {item["id"] for item in api.as_("张伟").items("leads", q=words)}
        assert len(api.as_("张伟").items("leads", q=f"含{words}的")) == 1


def test_latin_letters_are_found_in_any_case(api: Api) -> None:
    api.world.has_leads("Siemens西门子", held_by="张伟")
    assert api.as_("张伟").names("leads", q="SIEMENS") == {"Siemens西门子"}


def refused(caller: Caller, path: str, **query: str) -> bool:
    answer = caller.get(path, **query)
    return answer.status_code == 400 and answer.json["type"] == "/api/docs#bad-cursor"


def test_a_cursor_serves_only_its_caller_its_list_and_its_words(api: Api) -> None:
    api.world.has_leads("甲", "乙", "丙", held_by="张伟")
    api.world.has_leads("丁", "戊")
    zhang = api.as_("张伟")
    cursor = zhang.get("leads", limit=1).json["next"]
    assert zhang.get("leads", cursor=cursor, limit=200).status_code == 200
    assert refused(api.as_("陈晨"), "leads", cursor=cursor)
    assert refused(zhang, "accounts", cursor=cursor)
    assert refused(zhang, "leads", cursor=cursor, q="甲")
    assert refused(zhang, "leads", cursor=cursor, pool="true")


def test_a_cursor_that_was_changed_anywhere_is_refused(api: Api) -> None:
    api.world.has_leads("甲", "乙", held_by="张伟")
    zhang = api.as_("张伟")
    cursor = zhang.get("leads", limit=1).json["next"]
    for at in range(len(cursor)):
        other = "B" if cursor[at] == "A" else "A"
        assert refused(zhang, "leads", cursor=cursor[:at] + other + cursor[at + 1 :])
    raw = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
    forged = base64.urlsafe_b64encode((1).to_bytes(8, "big") + raw[8:]).rstrip(b"=").decode()
    for wrong in (forged, cursor + "=", cursor[:-1], "0", "é", "AAAA", "A" * 10_000, "\0", cursor + "\n", " "):
        assert refused(zhang, "leads", cursor=wrong), wrong
