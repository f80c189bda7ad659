"""What a field's type can do: `kind.py` says it, one file a family does it, `types.py` lists them all."""
