"""How test data could have got into training."""
