"""Sessions, clients and moto without what they do over and over: same answers, less time."""

from tools.lab.support import botocore_files, botocore_handlers, lean_moto


def install() -> None:
    """Make the sessions and mocks of this process quick."""
    botocore_files.read_once()
    botocore_handlers.register_quickly()
    lean_moto.install()
