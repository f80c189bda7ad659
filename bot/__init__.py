"""The conversation: what comes in from the chats, who answers it, and what goes out."""
