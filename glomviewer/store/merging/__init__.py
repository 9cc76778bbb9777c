"""Taking a foreign log in: what it says is added, and nothing that is here is changed."""
