"""Where the index holds a user's notifications."""

INDEX = "GSI1"


def user_partition(user_id: str) -> str:
    """Return the index's partition key of a user's notifications."""
    return f"USER#{user_id}"
