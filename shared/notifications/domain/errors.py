"""What notifications refuse."""

from shared.kernel.errors import NotFound


class ContactUnknown(NotFound):
    """The user's registration has not arrived here yet; it will, so try again later."""

    code = "CONTACT_UNKNOWN"
    sentence = "It is not known yet where to reach user {id}."
