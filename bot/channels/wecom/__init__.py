"""WeCom (企业微信): callbacks in, cards and files out. `channel.connect` joins both halves."""
