"""Interactive cards (互动卡片): templates, instances with public and private data, clicks (§4)."""
