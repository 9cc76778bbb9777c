"""Architectures, weights and model folders."""
