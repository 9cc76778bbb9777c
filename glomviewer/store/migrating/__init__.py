"""What the revisions of the format do, in parts, and how they tell how far they are."""
