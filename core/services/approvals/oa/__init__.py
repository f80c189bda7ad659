"""Approvals in the platforms' own approvals (OA 审批): handed in, listened to, and kept in step with ours.

Our engine stays the truth. What people do there is an act here, by the rules that hold here; what was decided here is
written there where a platform allows it, and where it does not people are asked to tap there too.
"""
