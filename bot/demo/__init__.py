"""The demo company: its people, its customers and the emulated chat it lives in."""
