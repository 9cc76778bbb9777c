"""What a threshold does: counts, figures with intervals, rules, and cases beyond a cut-off."""
