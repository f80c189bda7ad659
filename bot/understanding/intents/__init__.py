"""What can be meant: one table of intents per area. A cue is a regular expression over a template (`sentence.py`)."""
