"""What a change that is not meant to change behaviour has to leave as it was."""
