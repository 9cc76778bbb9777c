"""Figures, intervals, tests, folds and the gate."""
