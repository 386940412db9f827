"""What must hold when nothing fails any more and nothing is under way."""
