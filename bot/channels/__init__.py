"""The platforms: one folder each, with callback.py (hears), client.py (says) and render.py (shows)."""
