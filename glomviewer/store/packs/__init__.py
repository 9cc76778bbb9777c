"""Packs, returns and models as signed files: what is in the file, and nothing about tables."""
