"""From the words of an act to its slots: one reader per slot or group of slots, listed in `readers.py`."""
