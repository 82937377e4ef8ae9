"""The address under which a proxy shows the dashboard to others: `https://lab.example.org/path`.

A proxy that encrypts has a name, a port and a path of its own. They are stated once, by whoever starts the dashboard;
what a request says of them (X-Forwarded-Host and the like) is never believed, because anybody can write it.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import flask

from experiments.request import naming
from sim.errors import Problem

ALLOWED = "https://NAME, https://NAME:PORT or https://NAME/PATH (http:// as well)"
DEFAULT_PORTS = {"http": 80, "https": 443}
OWN = ("assets", "report")
"""First parts of paths that are the dashboard's own: a proxy's path of that name could not be told from them."""
_NAME = re.compile(r"(?=.{1,253}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*")
_PATH = re.compile(r"(/(?!\.{1,2}(/|$))[A-Za-z0-9._~-]+)*")


@dataclass(frozen=True)
class Outside:
    """A public address in its parts."""

    scheme: str
    host: str
    """In small letters; without the brackets of an IPv6 address."""
    port: int | None
    """None where it is the usual one of the scheme."""
    path: str
    """`/path`, without a stroke at its end; empty at the root."""

    @property
    def origin(self) -> str:
        """As a browser writes it: without the usual port."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}{f':{self.port}' if self.port else ''}"

    @property
    def address(self) -> str:
        """What somebody opens."""
        return f"{self.origin}{self.path}/"

    @property
    def is_encrypted(self) -> bool:
        """Whether cookies may be kept to encrypted connections."""
        return self.scheme == "https"


def read(text: str) -> Outside | Problem:
    """The address that was typed, or why it is none."""

    def refused(why: str, todo: str = "for example --public-url https://lab.example.org/path") -> Problem:
        return Problem(f"--public-url {naming.shown(text)}", why, ALLOWED, todo)

    if not re.fullmatch(r"[\x21-\x7e]+", text) or "\\" in text:
        return refused("it holds spaces or signs that an address cannot hold", "write other letters as xn--... or %..")
    try:
        found = urlsplit(text)
        host, port = found.hostname or "", found.port
    except ValueError as error:
        return refused(str(error)[:1].lower() + str(error)[1:])
    if found.scheme not in DEFAULT_PORTS:
        return refused("it does not begin with https:// or http://")
    if "@" in found.netloc:
        return refused("it holds a user's name or password", "leave out what stands before @")
    if not _NAME.fullmatch(host) and not _is_address(host):
        return refused(f"{host or 'nothing'} is no name of a computer")
    if port == 0:
        return refused("there is no port 0")
    if found.query or found.fragment or text[-1] in "?#":
        return refused("it has something behind its path", "leave out what stands behind ? or #")
    path = found.path.removesuffix("/")
    if not _PATH.fullmatch(path):
        return refused("its path holds other signs than letters, digits and . _ ~ -, or an empty part")
    if (first := path[1:].partition("/")[0]) in OWN or first.startswith("_"):
        return refused(f"/{first} is a path of the dashboard's own", "let the proxy use another path")
    return Outside(found.scheme, host, None if port == DEFAULT_PORTS[found.scheme] else port, path)


def _is_address(host: str) -> bool:
    try:
        return bool(ipaddress.ip_address(host))
    except ValueError:
        return False


def under(application: Callable[..., Any], path: str) -> Callable[..., Any]:
    """The application at a path, whether a proxy takes the path away before it passes a request on or leaves it."""

    def shifted(environ: dict[str, Any], start_response: Any) -> Any:
        asked = str(environ.get("PATH_INFO", ""))
        if f"{asked}/".startswith(f"{path}/"):
            asked = asked[len(path) :] or "/"
        return application(environ | {"SCRIPT_NAME": path, "PATH_INFO": asked}, start_response)

    return shifted


def link(path: str) -> str:
    """One of the dashboard's own paths as a page links to it: behind the proxy's path, if there is one."""
    return f"{flask.request.script_root}{path}" if flask.has_request_context() else path


def inside(path: str) -> str:
    """The dashboard's own path of what a browser's address bar shows."""
    behind = link("")
    return path.removeprefix(behind) if f"{path}/".startswith(f"{behind}/") else path
