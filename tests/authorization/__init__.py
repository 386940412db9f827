"""The authorization matrix: every route, every kind of caller, whose object, and what they get."""
