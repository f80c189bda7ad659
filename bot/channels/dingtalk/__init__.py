"""DingTalk (钉钉): pushes over HTTP and Stream in, cards, messages and files out. `channel.connect` joins both."""
