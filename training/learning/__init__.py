"""The ways of training, from the starting weights to a candidate."""
