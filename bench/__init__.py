"""Speed, as ratios against floors and peers that are measured in the same run (`make bench`, docs in harness.py)."""
