"""Which addresses are one mailbox, and how much it takes of us in a day."""

from shared.kernel.email import Email


def mailbox_of(email: Email) -> str:
    """Return what all spellings of a mailbox have in common.

    Most providers deliver ``ada+anything@`` to ``ada@``, and some ignore dots: whoever wants to
    flood a mailbox has as many addresses of it as they like. Where a provider tells two of these
    apart, two people share a limit that neither of them reaches.
    """
    local, _, domain = email.key.rpartition("@")
    return f"{local.partition('+')[0].replace('.', '') or local}@{domain}"
