"""How complete a record is (semantics B.11): what counts, what says nothing, and the mean of a team."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.model.lead import Lead
from core.model.playbook import Playbook
from core.rules.completeness import WHOLE, Mean, completeness_flaws, mean_of, measured
from core.rules.fields.catalogue import Facts, catalogue_of

NOW = datetime(2026, 3, 5, 2, tzinfo=UTC)
TEN = ["contact_name", "contact_title", "phone", "email", "source", "region", "industry", "grade", "need", "tags"]
EQUAL = Playbook.model_validate({"completeness": {"fields": {"lead": [{"field": key} for key in TEN]}}})


def share(playbook: Playbook = EQUAL, **known: Any) -> float:
    lead = Lead(id=1, name="华东机电", created_at=NOW, updated_at=NOW, **known)
    return measured(Facts(lead, catalogue_of(playbook, "lead"), NOW), playbook.completeness).share / 100


def test_b11_four_of_ten_equal_fields_are_40_percent() -> None:
    assert share(contact_name="王工", phone="13812345678", source="展会", region="江苏") == 40


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("need", "无"),
        ("need", "1"),
        ("need", "test"),
        ("phone", "12345"),
        ("email", "没有"),
        ("region", "-"),
        ("need", "  "),
    ],
)
def test_what_says_nothing_counts_as_empty(field: str, value: str) -> None:
    assert share(**{field: value}) == 0


def test_a_field_counts_only_in_the_states_in_which_it_is_of_use() -> None:
    lines = [{"field": "电话"}, {"field": "need", "weight": 3, "states": ["跟进中"]}]
    playbook = Playbook.model_validate({"completeness": {"fields": {"lead": lines}}})
    assert share(playbook, phone="13812345678", state="assigned") == 100
    assert share(playbook, phone="13812345678", state="working") == 25


def test_the_companys_own_fields_count_and_only_while_they_are_shown() -> None:
    fields = [
        {"key": "machine", "label": "设备类型", "type": "choice", "options": ["注塑机", "机床"]},
        {"key": "tons", "label": "吨位", "type": "integer",
         "shown_when": {"field": "machine", "op": "=", "value": "注塑机"}},
        {"key": "old", "label": "旧编号", "retired": True},
    ]  # fmt: skip
    playbook = Playbook.model_validate({"fields": {"lead": fields}, "completeness": {"fields": {"lead": []}}})
    assert share(playbook) == 0
    assert share(playbook, custom={"machine": "机床"}) == 100
    assert share(playbook, custom={"machine": "注塑机"}) == 50
    assert share(playbook, custom={"machine": "注塑机", "tons": 1}) == 100, "1 is a fine number"


def test_what_is_missing_is_named_by_weight() -> None:
    lines = [{"field": "region"}, {"field": "phone", "weight": 5}, {"field": "grade", "weight": 2}]
    playbook = Playbook.model_validate({"completeness": {"fields": {"lead": lines}}})
    lead = Lead(id=1, name="华东机电", created_at=NOW, updated_at=NOW)
    found = measured(Facts(lead, catalogue_of(playbook, "lead"), NOW), playbook.completeness)
    assert [field.key for field in found.missing] == ["phone", "grade", "region"]


def test_a_field_that_is_none_is_a_flaw_of_the_playbook() -> None:
    lines = [{"field": "地区"}, {"field": "微信号码"}]
    playbook = Playbook.model_validate({"completeness": {"fields": {"lead": lines}}})
    [flaw] = completeness_flaws(playbook)
    assert flaw.path == ("completeness", "fields", "lead", 1, "field")
    assert "没有字段「微信号码」" in flaw.says


KNOWN = st.fixed_dictionaries(
    {}, optional={key: st.sampled_from(["", "无", "江苏南京", "13812345678"]) for key in TEN[:9]}
)


@given(st.lists(KNOWN, max_size=12))
def test_the_mean_lies_between_the_least_and_the_most_complete(records: list[dict[str, str]]) -> None:
    measures = []
    for known in records:
        lead = Lead(id=1, name="华东机电", created_at=NOW, updated_at=NOW, **known)
        measures.append(measured(Facts(lead, catalogue_of(EQUAL, "lead"), NOW), EQUAL.completeness))
    shares = [one.share for one in measures]
    assert all(0 <= one <= WHOLE for one in shares)
    assert all(one.have + sum(1 for _ in one.missing) == one.want for one in measures), "every weight here is 1"
    mean = mean_of(measures)
    if shares:
        assert mean.percent is not None
        assert min(shares) / 100 - 0.1 <= float(mean.percent) <= max(shares) / 100 + 0.1
    else:
        assert mean.percent is None


@given(st.lists(st.integers(0, WHOLE), min_size=1), st.lists(st.integers(0, WHOLE), min_size=1))
def test_two_teams_together_are_the_mean_of_all_their_records(one: list[int], other: list[int]) -> None:
    together = Mean(len(one), sum(one)) + Mean(len(other), sum(other))
    assert together.percent == round(Decimal(sum(one) + sum(other)) / (len(one) + len(other)) / 100, 1)
