"""What several test folders, and the benches, have in common."""
