"""Least privilege: what the functions' roles allow against the calls that functions make."""
