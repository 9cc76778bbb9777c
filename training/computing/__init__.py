"""Devices, precision, several processes, and what computing costs."""
