"""Who may talk to the dashboard: this computer, or whoever knows the token, and never another site's page.

A page of any site can send requests to this computer's own address, and a name that is made to point here (DNS
rebinding) can even read the answers. So the Host header must be one of the names we are known by, whatever changes
anything must come from our own pages (Origin), and must say that it is JSON, which no form of another site can.
"""

from __future__ import annotations

import hmac
import ipaddress
import re
import secrets
import socket
import sys
import traceback
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode, urlsplit

import flask
from werkzeug.exceptions import HTTPException

from experiments.dashboard import outside
from experiments.dashboard.outside import Outside
from experiments.request import naming
from sim.errors import Problem, RefusedScenario

SESSION, TOKEN = "platform_lab_session", "platform_lab_token"
SHORTEST_TOKEN = 16
LOOPBACK = ("127.0.0.1", "::1", "localhost")
MOST_BYTES = 1_000_000
"""Of what a browser may send at once."""
PROXY = "(Behind a proxy or a forwarded port it is started with --public-url and the address that you open.)"
LONGEST_LINE = 1_000
"""Characters of what a request is said to have done, in the terminal."""
_SESSION = re.compile(r"[A-Za-z0-9_-]{43}")


@dataclass(frozen=True)
class Door:
    """Where the dashboard listens, and the token that must be shown there; none on the loopback address."""

    host: str = LOOPBACK[0]
    port: int = 8050
    token: str = field(default="", repr=False)
    public: Outside | None = None
    """Where a proxy shows it to others."""

    @property
    def address(self) -> str:
        """What somebody opens."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return self.public.address if self.public else f"http://{host}:{self.port}/"

    @property
    def cookies(self) -> dict[str, Any]:
        """How cookies are kept: behind a proxy that encrypts for encrypted connections only, and below its path only.

        Others on the same name, at other paths of the proxy, have no business with them.
        """
        public = self.public
        return {
            "httponly": True,
            "secure": bool(public and public.is_encrypted),
            "path": (public and public.path) or "/",
        }

    @property
    def is_loopback(self) -> bool:
        """Whether only this computer can knock."""
        return is_loopback(self.host)

    def knows(self, host: str) -> bool:
        """Whether a Host header names us: on loopback its own names, elsewhere any address, our host and its name.

        The name of the public address is ours at any port: proxies leave the port out, or say their own.
        """
        try:
            name, port = urlsplit(f"//{host}").hostname or "", urlsplit(f"//{host}").port
        except ValueError:
            return False
        if self.public is not None and name == self.public.host:
            return True
        if port not in (self.port, None):
            return False
        if self.is_loopback:
            return name in LOOPBACK
        return name in (self.host, *LOOPBACK, socket.gethostname().lower()) or _address(name) is not None

    def sent(self, origin: str, host: str) -> bool:
        """Whether an Origin header is that of our own pages: of the public address, or of the host that was asked."""
        if self.public is not None and origin == self.public.origin:
            return True
        asked = urlsplit(f"//{host}").hostname
        is_local = self.public is None or asked != self.public.host
        return is_local and urlsplit(origin).scheme in ("http", "https") and urlsplit(origin).netloc == host


def _address(name: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(name)
    except ValueError:
        return None


def is_loopback(host: str) -> bool:
    """Whether a host is this computer by itself."""
    found = _address(host)
    return host == "localhost" or (found is not None and found.is_loopback)


def checked(host: str, port: int, token: str, public_url: str = "") -> Door:
    """A door, or `RefusedScenario`: where others than this computer can knock, a token is demanded."""
    problems = []
    public = outside.read(public_url) if public_url else None
    if isinstance(public, Problem):
        problems.append(public)
        public = None
    if not is_loopback(host) and _address(host) is None:
        why = "it is no address of a computer's network"
        problems.append(Problem(f"--host {host}", why, "127.0.0.1, 0.0.0.0 or another IP address", "name one"))
    elif not is_loopback(host) and len(token) < SHORTEST_TOKEN:
        problems.append(_needs_token(f"--host {host}", "everybody in the network"))
    elif public is not None and not is_loopback(public.host) and len(token) < SHORTEST_TOKEN:
        problems.append(_needs_token(f"--public-url {public_url}", "everybody who reaches that address"))
    if not re.fullmatch(r"[\x21-\x7e]*", token):
        problems.append(
            Problem("--token", "it holds spaces or other signs", "letters, digits, signs", "choose another")
        )
    if not 1 <= port <= 65_535:
        problems.append(Problem(f"--port {port}", "there is no such port", "1 to 65535", "leave it out"))
    if problems:
        raise RefusedScenario(problems)
    return Door(host, port, token, public)


def _needs_token(asked: str, who: str) -> Problem:
    allowed = f"a token of {SHORTEST_TOKEN} signs or more, in PLATFORM_LAB_TOKEN or --token"
    todo = f"PLATFORM_LAB_TOKEN={secrets.token_hex(16)} platform-lab dashboard {asked}"
    return Problem(f"{asked} without a token", f"{who} could start runs on this computer", allowed, todo)


def guard(server: flask.Flask, door: Door, script_hashes: list[str]) -> None:
    """Let nothing through that does not come from our own pages, and say with every page what it may load."""
    server.config["MAX_CONTENT_LENGTH"] = MOST_BYTES
    policy = content_policy(script_hashes)
    if door.public is not None and door.public.path:
        server.wsgi_app = outside.under(server.wsgi_app, door.public.path)

    @server.before_request
    def refuse() -> flask.Response | None:
        return _refusal(flask.request, door)

    @server.errorhandler(Exception)
    def broken(error: Exception) -> flask.Response | HTTPException:
        if isinstance(error, HTTPException):
            return error
        place = traceback.extract_tb(error.__traceback__)[-1]
        where = f"{place.filename}:{place.lineno}"
        what = naming.shown(f"{type(error).__name__}: {error}", LONGEST_LINE)
        print(f"A request was not understood: {what} ({where})", file=sys.stderr)
        return _reply(500, "That could not be answered. The terminal in which the dashboard runs says more.")

    @server.after_request
    def headers(response: flask.Response) -> flask.Response:
        response.headers.setdefault("Content-Security-Policy", policy)
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["X-Frame-Options"] = "DENY"
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
        response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
        if not _is_session(flask.request.cookies.get(SESSION)):
            own = getattr(flask.g, "session", None) or secrets.token_urlsafe(32)
            response.set_cookie(SESSION, own, samesite="Strict", **door.cookies)
        return response


def owner() -> str:
    """Whose request this is: one for every browser, known to it alone."""
    found = flask.request.cookies.get(SESSION)
    if _is_session(found):
        return str(found)
    if not hasattr(flask.g, "session"):
        flask.g.session = secrets.token_urlsafe(32)
    return flask.g.session


def _is_session(value: str | None) -> bool:
    return value is not None and _SESSION.fullmatch(value) is not None


def content_policy(script_hashes: list[str]) -> str:
    """What a page may load: its own scripts, styles and data, and nothing from anywhere else."""
    scripts = " ".join(["'self'", *script_hashes])
    return (
        f"default-src 'none'; script-src {scripts}; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
        "font-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )


def _refusal(request: flask.Request, door: Door) -> flask.Response | None:
    """Why a request is turned away; None if it may come in."""
    if not door.knows(request.host):
        return _reply(403, f"This dashboard is not known as {request.host!r}. Open {door.address} {PROXY}")
    if request.method not in ("GET", "HEAD", "OPTIONS"):
        origin = request.headers.get("Origin", "")
        if not door.sent(origin, request.host):
            return _reply(403, f"Only pages of this dashboard may ask for that. {PROXY}")
        if not request.is_json:
            return _reply(415, "Only JSON is read here.")
    if request.headers.get("Sec-Fetch-Site", "none") == "cross-site" and request.headers.get("Sec-Fetch-Dest") not in (
        "document",
        None,
    ):
        return _reply(403, "Another site's page may not load this.")
    return _ask_token(request, door) if door.token else None


def _ask_token(request: flask.Request, door: Door) -> flask.Response | None:
    """Let in who has the token as a cookie, or shows it in the address once, from which it is then taken out."""
    if hmac.compare_digest(request.cookies.get(TOKEN, "").encode(), door.token.encode()):
        return None
    shown = request.args.get("token", "")
    if request.method == "GET" and hmac.compare_digest(shown.encode(), door.token.encode()):
        rest = urlencode([(key, value) for key, value in request.args.items(multi=True) if key != "token"])
        here = outside.link("/" + request.path.lstrip("/"))  # two strokes would lead to another host
        response = flask.make_response(flask.redirect(here + (f"?{rest}" if rest else "")))
        response.set_cookie(TOKEN, door.token, samesite="Lax", **door.cookies)
        return response
    return _reply(401, "This dashboard asks for a token: open the address that it printed when it was started.")


def _reply(status: int, words: str) -> flask.Response:
    return flask.Response(f"{words}\n", status, content_type="text/plain; charset=utf-8")
