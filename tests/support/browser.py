"""A page on an origin of its own, and a headless Chromium that opens it.

The page says what came of it by posting to its own server: nobody has to know when it is done.
"""

import json
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from queue import SimpleQueue
from threading import Thread
from typing import Any, Self

from tools.check.tiers import named

_DONE_WITHIN_SECONDS = 90
_FLAGS = (
    "--headless=new", "--no-first-run", "--disable-gpu", "--disable-extensions", "--disable-sync",
    "--disable-background-networking", "--no-proxy-server", "--no-sandbox",
)  # fmt: skip
"""The sandbox cannot be had by root in a container; the page is ours."""


class Unavailable(Exception):
    """There is no Chromium here."""


def command() -> str:
    """Return where Chromium is; `Unavailable` says what is missing."""
    found = filter(None, map(shutil.which, named("chromium").programs))
    if path := next(found, None):
        return path
    raise Unavailable("no Chromium on the PATH")


def reported(chromium: str, url: str, reports: SimpleQueue[Any], *flags: str) -> Any:
    """Open *url* in a Chromium that knows nothing yet; return the first of the *reports*."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        process = subprocess.Popen(
            [chromium, *_FLAGS, *flags, f"--user-data-dir={profile}", url],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        try:
            return reports.get(timeout=_DONE_WITHIN_SECONDS)
        finally:
            process.terminate()
            process.wait(30)


class Page:
    """One page at ``http://localhost:N/``, and what it reports."""

    def __init__(self, server: ThreadingHTTPServer) -> None:
        self.origin = f"http://localhost:{server.server_port}"
        self.html = ""
        self.reports: SimpleQueue[Any] = SimpleQueue()

    @classmethod
    @contextmanager
    def served(cls) -> Iterator[Self]:
        """Serve it from a free port on loopback."""
        with ThreadingHTTPServer(("127.0.0.1", 0), _Handler) as server:
            page = server.page = cls(server)  # type: ignore[attr-defined]
            thread = Thread(target=server.serve_forever)
            thread.start()
            try:
                yield page
            finally:
                server.shutdown()
                thread.join()

    def opened(self, chromium: str, html: str) -> Any:
        """Open *html* in Chromium and return what it reports."""
        self.html = html
        return reported(chromium, f"{self.origin}/", self.reports)


class _Handler(BaseHTTPRequestHandler):
    @property
    def _page(self) -> Page:
        page: Page = self.server.page  # type: ignore[attr-defined]
        return page

    def do_GET(self) -> None:  # http.server's name
        body = self._page.html.encode() if self.path == "/" else b""
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self) -> None:
        self._page.reports.put(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""
