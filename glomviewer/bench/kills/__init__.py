"""Kill real processes at random moments while they write, and look at what they leave."""
