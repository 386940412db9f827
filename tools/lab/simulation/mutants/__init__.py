"""Planted bugs: each is a promise broken in a line or two, and the simulator has to notice."""
