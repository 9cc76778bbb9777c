"""Measuring what the project promises: speeds, memory, and what a killed process leaves."""
