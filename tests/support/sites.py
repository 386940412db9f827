"""Sites of one machine, over TLS: the API's, a front end's on the same site, and two attackers'.

They differ by name, not by port: ports alone are the same site. Names under ``localhost`` need no
resolver, and a certificate that is made here is the only one Chromium is told to take.
"""

import base64
import datetime as dt
import hashlib
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from queue import SimpleQueue
from threading import Thread
from typing import Any, Self
from urllib.parse import urlsplit

import httpx
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from shared.platform.access.session_cookies import CSRF, CSRF_HEADER

API, FRONT, SIBLING, EVIL = (
    "shop.localhost", "www.shop.localhost", "evil.shop.localhost", "evil.localhost",
)  # fmt: skip
"""The API, our front end beside it, somebody else's page on the same site, and another site."""
_NOT_SENT_ON = ("host", "connection", "accept-encoding", "content-length")
_NOT_SENT_BACK = ("transfer-encoding", "connection", "content-length", "content-encoding")


@dataclass(frozen=True)
class Asked:
    """One request to the API as it arrived, and what it was answered."""

    origin: str
    """The host of the page that sent it."""
    method: str
    path: str
    cookies: frozenset[str]
    status: int


@dataclass
class Sites:
    """All of them behind one port; *pages* by host and path."""

    port: int
    key_hash: str
    pages: dict[str, str] = field(default_factory=dict)
    reports: SimpleQueue[Any] = field(default_factory=SimpleQueue)
    asked: list[Asked] = field(default_factory=list)
    upstream: str = ""
    same_site: bool = True
    """Whether the answers' cookies keep their ``SameSite``; without it the test has to fail."""
    check: bool = True
    """Whether requests come as they were sent; else the CSRF token is slipped in: no check."""

    @classmethod
    @contextmanager
    def served(cls, folder: Path) -> Iterator[Self]:
        """Serve them on loopback, with a certificate kept in *folder*."""
        certificate, key_hash = _certificate(folder)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        with _Server(("127.0.0.1", 0), _Handler) as server:
            server.socket = context.wrap_socket(server.socket, server_side=True)
            sites = server.sites = cls(server.server_port, key_hash)
            thread = Thread(target=server.serve_forever)
            thread.start()
            try:
                yield sites
            finally:
                server.shutdown()
                thread.join()

    def origin(self, host: str) -> str:
        """Return the origin of *host*."""
        return f"https://{host}:{self.port}"

    @property
    def flag(self) -> str:
        """What has Chromium take our certificate, and no other that it would not."""
        return f"--ignore-certificate-errors-spki-list={self.key_hash}"


class _Server(ThreadingHTTPServer):
    sites: Sites


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    @property
    def _sites(self) -> Sites:
        return self.server.sites

    def do_GET(self) -> None:  # http.server's name
        host = self.headers["Host"].partition(":")[0]
        page = self._sites.pages.get(f"{host}{self.path}")
        if page is not None:
            self._answer(200, {"Content-Type": "text/html; charset=utf-8"}, page.encode())
        elif host == API:
            self._pass_on()
        else:
            self._answer(404, {}, b"")

    def do_POST(self) -> None:
        host = self.headers["Host"].partition(":")[0]
        if self.path == "/report":
            self._sites.reports.put(self._body().decode())
            self._answer(204, {}, b"")
        elif host == API:
            self._pass_on()
        else:
            self._answer(404, {}, b"")

    def do_OPTIONS(self) -> None:
        self._pass_on()

    def _pass_on(self) -> None:
        sites = self._sites
        headers = {
            name: value for name, value in self.headers.items() if name.lower() not in _NOT_SENT_ON
        }
        cookies = {name: each.value for name, each in SimpleCookie(headers.get("Cookie")).items()}
        if not sites.check and CSRF in cookies:
            headers[CSRF_HEADER] = cookies[CSRF]
        url = f"{sites.upstream}{self.path}"
        answer = httpx.request(self.command, url, headers=headers, content=self._body())
        page = self.headers.get("Origin") or self.headers.get("Referer") or ""
        sites.asked.append(
            Asked(
                origin=urlsplit(page).hostname or "",
                method=self.command,
                path=self.path,
                cookies=frozenset(cookies),
                status=answer.status_code,
            )
        )
        led_here = self.headers.get("Sec-Fetch-Mode") == "navigate"
        sent = [
            (name, value if sites.same_site else value.replace("; SameSite=Strict", ""))
            for name, value in answer.headers.multi_items()
            if name.lower() not in _NOT_SENT_BACK
        ]
        if led_here:  # a form: the window shows our answer, and the story goes on elsewhere
            back = next(path for path in ("/after", "/") if f"{self._next}{path}" in sites.pages)
            sent.append(("Location", f"{sites.origin(self._next)}{back}"))
        self._answer(303 if led_here else answer.status_code, sent, answer.content)

    @property
    def _next(self) -> str:
        """Where the window goes after a form: from the other site to the sibling, and home."""
        page = self.headers.get("Origin") or ""
        return SIBLING if urlsplit(page).hostname == EVIL else FRONT

    def _body(self) -> bytes:
        return self.rfile.read(int(self.headers.get("Content-Length") or 0))

    def _answer(
        self, status: int, headers: Mapping[str, str] | list[tuple[str, str]], body: bytes
    ) -> None:
        self.send_response(status)
        pairs = headers.items() if isinstance(headers, Mapping) else headers
        for name, value in pairs:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def _certificate(folder: Path) -> tuple[Path, str]:
    """Make one for an hour; return its file, key included, and the hash of its public key."""
    key = ec.generate_private_key(ec.SECP256R1())
    now = dt.datetime.now(dt.UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    names = [x509.DNSName(each) for each in (API, FRONT, SIBLING, EVIL)]
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(minutes=1))
        .not_valid_after(now + dt.timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = folder / "sites.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    path.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    public = key.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return path, base64.b64encode(hashlib.sha256(public).digest()).decode()
