"""Ports for servers that must know their address before they listen."""

import random
import socket


def free_port() -> int:
    """Return a port that nobody listens on, below those that connections going out are given, so that none takes it."""
    while True:
        port = random.randrange(20_000, 32_000)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
        return port
