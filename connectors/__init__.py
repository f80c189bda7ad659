"""The outside world behind core's ports: each file knows one library or service."""
