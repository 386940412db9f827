"""What is known to differ."""
