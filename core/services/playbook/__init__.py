"""The playbook: versions, what is in force, how a change comes about."""
