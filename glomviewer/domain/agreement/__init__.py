"""How well readers agree: with each other, with themselves, the reference label and the model."""
