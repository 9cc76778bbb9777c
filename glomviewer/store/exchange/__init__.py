"""Packs, returns, labels and models on their way between libraries: from tables and into them."""
