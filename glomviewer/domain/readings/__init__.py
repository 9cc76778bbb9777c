"""Readings: named sets of patches that readers read by a protocol."""
