"""Why a use case cannot be made."""


class CannotMake(Exception):
    """Says in one sentence what is wrong, and what would be right."""
