"""DingTalk (钉钉): what it says to us, and what we say there."""
