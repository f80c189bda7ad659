"""What is wrong with pools and clocks of a playbook, said where it is written."""

from collections import Counter
from collections.abc import Iterator

from core.model.playbook import Basis, Holds, Playbook
from core.rules.condition_checks import Flaw, Path, condition_flaws
from core.rules.fields.catalogue import catalogue_of


def pool_flaws(playbook: Playbook) -> Iterator[Flaw]:
    """Yield pools that cannot be told apart, conditions that cannot be meant, and a company without a pool of leads."""
    names = Counter(pool.name for pool in playbook.pools)
    for number, pool in enumerate(playbook.pools):
        path: Path = ("pools", number)
        if names[pool.name] > 1:
            yield Flaw((*path, "name"), f"有两个公海都叫「{pool.name}」，请改一个名字")
        if pool.takes is not None:
            yield from condition_flaws(pool.takes, catalogue_of(playbook, pool.holds), (*path, "takes"))
    if all(pool.holds is not Holds.LEAD for pool in playbook.pools):
        yield Flaw(("pools",), "至少要有一个放线索的公海（holds: lead）")


def recycle_flaws(playbook: Playbook) -> Iterator[Flaw]:
    """Yield rules that name what is not there, or count from what their records never have."""
    pools = {pool.name: pool for pool in playbook.pools}
    stages = {stage.name for pipeline in playbook.pipelines for stage in pipeline.stages}
    names = Counter(rule.id for rule in playbook.recycle)
    for number, rule in enumerate(playbook.recycle):
        path: Path = ("recycle", number)
        if names[rule.id] > 1:
            yield Flaw((*path, "id"), f"有两条回收规则都叫「{rule.id}」，请改一个名字")
        if rule.pool and rule.pool not in pools:
            yield Flaw((*path, "pool"), f"没有公海「{rule.pool}」，可以写：{'、'.join(pools)}")
        holds = pools[rule.pool].holds if rule.pool in pools else Holds.LEAD
        if rule.basis is Basis.CONTRACT_END and holds is Holds.LEAD:
            yield Flaw((*path, "basis"), "线索没有合同。按合同到期回收要写 pool：一个放客户的公海（holds: account）")
        if rule.open_deal_from and rule.open_deal_from not in stages:
            yield Flaw((*path, "open_deal_from"), f"没有阶段「{rule.open_deal_from}」，可以写：{'、'.join(stages)}")
        yield from condition_flaws(rule.when, catalogue_of(playbook, holds), (*path, "when"))
