"""Custom values on SQLite and PostgreSQL: kept, found, unique under a race, taken back, and following their type."""

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from core.errors import BadInput, Conflict
from core.model.playbook import Condition
from core.services.fields.finding import find_records
from core.services.fields.values import new_values, reading_of, write_field
from core.services.leads import NewLead, create_lead
from core.services.undo import undo_last
from tests.world import World

FIELDS: list[dict[str, Any]] = [
    {"key": "machine", "label": "设备类型", "type": "choice", "options": ["注塑机", "冲压机", "车床"]},
    {"key": "budget", "label": "预算", "type": "money"},
    {"key": "visit_on", "label": "参观日期", "type": "date"},
    {"key": "code", "label": "设备编号", "unique": True},
    {"key": "tools", "label": "工具", "type": "labels"},
]


@pytest.fixture
def factory(any_world: World) -> World:
    applies(any_world, FIELDS)
    return any_world


def applies(world: World, fields: list[dict[str, Any]]) -> None:
    world.applies(json.dumps({"fields": {"lead": fields}}, ensure_ascii=False))


def has_leads(world: World, holder: str = "张伟") -> None:
    """Sixty leads, each with its own budget, day and machine."""
    with world.work(holder) as uow:
        for number in range(60):
            custom = {
                "machine": ("注塑机", "冲压机", "车床")[number % 3],
                "budget": (number - 20) * 1_000_000,
                "visit_on": f"2026-{number % 12 + 1:02d}-15",
                "tools": ["卡尺"] if number % 2 else ["卡尺", "量规"],
            }
            create_lead(uow, NewLead(name=f"第{number}号重工", region="江苏", custom=custom), certain=True)


def found(world: World, who: str, *tests: dict[str, Any]) -> set[int]:
    with world.work(who) as uow:
        condition = Condition.model_validate({"all": list(tests)})
        return {facts.record.id - 1 for facts in find_records(uow, "lead", condition, limit=100).facts}


def test_records_are_found_by_equality_order_and_members_of_lists(factory: World) -> None:
    has_leads(factory)
    everybody = range(60)
    assert found(factory, "张伟", {"field": "设备类型", "value": "车床"}) == {n for n in everybody if n % 3 == 2}
    assert found(factory, "张伟", {"field": "预算", "op": "<", "value": "-18万"}) == {0, 1}
    assert found(factory, "王强", {"field": "预算", "op": "between", "value": ["-1万", "2万"]}) == {19, 20, 21, 22}
    assert found(factory, "张伟", {"field": "参观日期", "op": "<=", "value": "2026-02-15"}) == {
        n for n in everybody if n % 12 < 2
    }
    both = (
        {"field": "工具", "op": "contains", "value": "量规"},
        {"field": "设备类型", "op": "in", "value": ["车床", "冲压机"]},
    )
    assert found(factory, "赵敏", *both) == {n for n in everybody if n % 2 == 0 and n % 3}
    assert found(factory, "李娜", {"field": "设备类型", "value": "车床"}) == set()


def test_what_was_changed_is_found_as_it_is_now_and_undo_finds_it_as_it_was(factory: World) -> None:
    has_leads(factory)
    with factory.work("张伟") as uow:
        [lead] = uow.leads.find([1])
        write_field(uow, lead, "设备类型", "车床", reading_of(uow))
    assert 0 in found(factory, "张伟", {"field": "设备类型", "value": "车床"})
    assert 0 not in found(factory, "张伟", {"field": "设备类型", "value": "注塑机"})
    with factory.work("张伟") as uow:
        undo_last(uow)
    assert 0 in found(factory, "张伟", {"field": "设备类型", "value": "注塑机"})
    assert 0 not in found(factory, "张伟", {"field": "设备类型", "value": "车床"})


def test_of_many_who_bring_one_unique_value_at_once_one_keeps_it(factory: World) -> None:
    member = factory.member("张伟")

    def bring(number: int) -> bool:
        for _ in range(20):
            try:
                with factory.program.open_work(member) as uow:
                    custom = new_values(uow, "lead", {"设备编号": "AB-1"}, reading_of(uow))
                    create_lead(uow, NewLead(name=f"第{number}号重工", custom=custom), certain=True)
            except BadInput:
                return False
            except Conflict:
                continue
            return True
        raise AssertionError("conflicts without end")

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(bring, range(24))) == 1


def test_a_field_that_changes_its_type_is_found_by_the_new_one(factory: World) -> None:
    has_leads(factory)
    as_text = [field | ({"type": "number"} if field["key"] == "budget" else {}) for field in FIELDS]
    applies(factory, as_text)
    assert found(factory, "张伟", {"field": "预算", "op": ">=", "value": 39_000_000}) == {59}
