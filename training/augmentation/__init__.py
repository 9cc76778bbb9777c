"""What training shows of patches, and how classes are evened out."""
