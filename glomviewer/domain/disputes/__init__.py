"""What readers do not agree on, how it was settled, and what that changed."""
