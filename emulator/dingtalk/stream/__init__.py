"""Stream mode: one WebSocket per client, frames in both directions."""
