"""Approvals as judgements: the way that a flow takes, who is asked, and what becomes of an act."""
