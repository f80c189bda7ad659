"""Which act keeps a later clause to itself, and which one a later clause turns into another."""

from typing import Final

ABSORBS: Final = {
    "approval.": (
        "approval.",
        "discount.",
        "deal.stage",
        "contract.create",
        "lead.return",
        "undo",
        "cancel",
        "deal.lose",
    ),
    "handover": ("lead.assign", "handover", "split", "approval.", "rule."),
    "split": ("lead.assign", "handover", "split"),
    "rule.": ("rule.", "lead.assign", "lead.", "team.", "calendar.set", "digest.set", "approval."),
    "playbook.rollback": ("rule.", "undo"),
    "digest.set": ("digest.set", "quiet.set", "team.", "optout"),
    "quiet.set": ("quiet.set", "digest.set", "discount.", "approval."),
    "leave.request": ("leave.request", "lead.extend", "lead.return", "calendar.set", "quiet.set"),
    "calendar.set": ("calendar.set", "leave.request"),
    "lead.extend": ("leave.request", "lead.extend"),
    "lead.invalidate": ("lead.invalidate", "lead.return"),
    "lead.return": ("lead.return", "lead.invalidate", "lead.nurture", "cancel"),
    "lead.nurture": ("lead.nurture", "lead.return", "followup.", "plan."),
    "deal.win": ("deal.win", "contract.create"),
    "contract.": ("payment.record", "contract."),
    "deal.lose": ("deal.lose", "deal.win", "discount."),
    "deal.stage": ("deal.stage",),
    "ticket.create": ("ticket.create", "stock.check"),
    "undo": ("undo", "approval.withdraw"),
    "followup.correct": ("followup.", "undo"),
    "plan.cancel": ("plan.", "cancel", "undo", "approval.withdraw"),
    "reminder.create": ("plan.", "reminder.", "approval."),
    "plan.create": ("reminder.create", "plan."),
    "field.add": ("deal.stage", "field.add"),
    "target.set": ("target.",),
    "discount.request": ("discount.request", "quote.create"),
    "quote.create": ("quote.create", "discount.request", "quote.send"),
    "quote.change": ("quote.change", "quote.create", "discount.request"),
    "import": ("import", "lead.create"),
    "export": ("export", "quote.send"),
}
"""What an act keeps to itself when a later clause of the message sounds like something else."""

OVERRIDDEN: Final = {
    "approval.approve": ("approval.conditional",),
    "rule.change": ("rule.simulate", "playbook.rollback"),
    "undo": ("approval.take_back",),
    "plan.create": ("plan.move", "plan.cancel"),
    "plan.move": ("plan.cancel",),
    "pool.search": ("lead.assign", "lead.claim"),
    "deal.lose": ("lead.return", "lead.invalidate"),
    "lead.return": ("undo", "record.delete"),
    "forecast.mark": ("deal.create", "deal.win"),
    "deal.amend": ("deal.stage",),
}
"""What a later clause turns an act into: 同意，但最多九折."""

LAST_DEEDS: Final = frozenset({
    "lead.return", "lead.nurture", "lead.invalidate", "lead.extend", "lead.assign", "lead.claim", "lead.convert",
    "deal.win",
    "deal.lose", "deal.create", "invoice.request",
})  # fmt: skip
"""What somebody does at the end of a story: it is done beside the follow-up, and shown first."""
