"""Approvals as services: what may be imported from elsewhere is named in its own file.

`submitting` begins them, `deciding` is what people do with them, `clock` what time does, `subjects` what is approved.
"""
