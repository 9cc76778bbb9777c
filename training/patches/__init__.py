"""Patches on their way in: files, folders, splits, squares and what was predicted of them."""
