"""What has to be done to identity's stored items, once each: ``make migrate OF=identity``."""

from shared.platform.dynamodb.codec import Item
from shared.platform.migrations.migration import Migration


def _with_place(item: Item) -> Item | None:
    """Return a user's state with several roles and a place in the list of users.

    What the code calls these today may change; what a released migration does may not.
    """
    if not (item["PK"].startswith("User#") and item["SK"] == "STATE"):
        return None
    user_id, email = item["PK"].removeprefix("User#"), item["email"].lower()
    return {
        "roles": [item["role"]] if "role" in item else [],
        "restrictions": [],
        **item,
        "GSI1PK": "USERS",
        "GSI1SK": f"{item['created_at']}#{user_id}",
        "email_domain": email.rpartition("@")[2],
        "sought": f"{item['name'].casefold()}\n{email}",
    }


MIGRATIONS = (
    Migration(
        id="0001_list_of_users",
        about="Users are in the list of users, by the time of their registration.",
        change=_with_place,
    ),
)
"""In order; one that has been released is never changed."""
