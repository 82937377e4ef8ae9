"""Listening: one socket, threads that nobody can keep waiting, and a log that no request can write signs into.

Waitress reads requests in one thread and hands whole ones to others, so a request that never ends ties up no thread; it
does hold a connection, and connections are few. So a request must be whole in time, and when connections run short the
oldest that wait for their client are closed, which a browser that is still there does not notice: it connects again.
"""

from __future__ import annotations

import contextlib
import errno
import logging
import socket
import time
from typing import Any

from waitress.adjustments import Adjustments
from waitress.channel import HTTPChannel
from waitress.server import TcpWSGIServer
from waitress.task import ThreadedTaskDispatcher

from experiments.dashboard.guard import LONGEST_LINE, MOST_BYTES, Door
from experiments.request.naming import shown, shown_lines
from sim.errors import Problem, RefusedScenario

THREADS = 8
REQUEST_SECONDS = 20.0
"""Within which a client has to send a request, from its first byte, or from connecting, to its last."""
IDLE_SECONDS = 120
"""After which a connection on which nothing moves is closed."""
MOST_CONNECTIONS = 200
SPARE = 8
"""Connections that are left when waiting ones begin to be closed."""


def listening(door: Door) -> socket.socket:
    """A socket that listens at the door; raises `RefusedScenario` where that cannot be had.

    Binding alone is no proof: two programs may both bind a port before one of them listens.
    """
    where: socket.socket | None = None
    try:
        where = socket.socket(socket.AF_INET6 if ":" in door.host else socket.AF_INET, socket.SOCK_STREAM)
        where.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        where.bind((door.host, door.port))
        where.listen(MOST_CONNECTIONS)
    except OSError as error:
        if where is not None:
            where.close()
        raise RefusedScenario([_refusal(door, error)]) from None
    return where


def _refusal(door: Door, error: OSError) -> Problem:
    """Why nothing can be listened to there, and what could be."""
    why = (error.strerror or "it cannot be had").lower()
    if error.errno in (errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT, errno.ENODEV):
        allowed = "an address that this computer has"
        return Problem(f"--host {door.host}", why, allowed, "for example --host 127.0.0.1")
    if error.errno == errno.EADDRINUSE:
        why += ": another program listens there, perhaps another dashboard"
    other = door.port + 1 if 1024 <= door.port < 65_535 else Door.port + 1
    return Problem(f"--port {door.port}", why, "a free port from 1024 to 65535", f"for example --port {other}")


def serve(application: Any, where: socket.socket) -> None:
    """Answer whoever connects, until Ctrl-C."""
    log_plainly()
    listener = Listener(application, where)
    with contextlib.suppress(KeyboardInterrupt):
        listener.run()


class Channel(HTTPChannel):
    """A connection that knows since when its client owes a whole request."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.owed_since: float | None = self.creation_time
        """None between a request that is whole and the first byte of the next one."""

    def received(self, data: bytes) -> bool:
        """Take what came, and look at the clock where it begins or ends a request."""
        before = self.request
        found = super().received(data)
        if self.request is None:
            self.owed_since = None if data.strip() else self.owed_since  # empty lines are no request
        elif self.request is not before:
            self.owed_since = time.time()
        return found

    @property
    def is_waiting(self) -> bool:
        """Whether it is the client's turn: to send a request, or to read the answer."""
        return not self.requests

    @property
    def patience(self) -> tuple[int, float]:
        """Smallest for what is closed first: unfinished requests, then idle connections, then slow readers."""
        if self.total_outbufs_len:
            return 2, self.last_activity
        return (1, self.last_activity) if self.owed_since is None else (0, self.owed_since)

    def is_late(self, now: float) -> bool:
        """Whether a request should have been whole by now."""
        owes = self.owed_since is not None and not self.total_outbufs_len  # nothing is read while an answer goes out
        return owes and now - (self.owed_since or now) > REQUEST_SECONDS

    def let_go(self) -> None:
        """Have the loop close it at its next turn: a socket that is shut down counts as ready to be written to."""
        self.will_close = True
        if self.socket is not None:
            with contextlib.suppress(OSError):
                self.socket.shutdown(socket.SHUT_RDWR)


class Listener(TcpWSGIServer):
    """The server, which closes connections whose clients are too slow, and the oldest of those where they are many."""

    channel_class = Channel
    active_channels: Any
    _map: dict[int, Any]
    """All that the loop looks at: connections, the socket that listens, and a pipe."""

    def __init__(self, application: Any, where: socket.socket) -> None:
        how = Adjustments(
            sockets=[where],
            threads=THREADS,
            ident=None,
            clear_untrusted_proxy_headers=True,
            max_request_body_size=MOST_BYTES + 1,  # what is longer is refused by the guard, in words
            connection_limit=MOST_CONNECTIONS,
            channel_timeout=IDLE_SECONDS,
            cleanup_interval=1,
            asyncore_use_poll=True,  # select() knows no descriptors above 1,023
            outbuf_high_watermark=1 << 40,  # a thread never waits for a slow reader: what it wrote goes to a file
        )
        threads = ThreadedTaskDispatcher()
        threads.set_thread_count(THREADS)
        place = (where.family, where.type, where.proto, where.getsockname())
        super().__init__(application, {}, _sock=where, dispatcher=threads, adj=how, sockinfo=place, bind_socket=False)

    def readable(self) -> bool:
        """Whether one more may come in, after room was made."""
        surplus = len(self._map) - (MOST_CONNECTIONS - SPARE)
        if surplus > 0:
            waiting = [channel for channel in self._channels() if channel.is_waiting and not channel.will_close]
            for channel in sorted(waiting, key=lambda one: one.patience)[:surplus]:
                channel.let_go()
        return super().readable()

    def maintenance(self, now: float) -> None:
        """Close connections whose request is late, and those on which nothing has moved for long."""
        for channel in self._channels():
            if channel.is_waiting and (channel.is_late(now) or now - channel.last_activity > IDLE_SECONDS):
                channel.let_go()

    def _channels(self) -> list[Channel]:
        return list(self.active_channels.values())


class Plain(logging.Formatter):
    """Log lines in which whatever a terminal would obey, or take for a new line, is spelt out."""

    def formatMessage(self, record: logging.LogRecord) -> str:
        """The message in one line."""
        return shown(super().formatMessage(record), LONGEST_LINE)

    def formatException(self, ei: Any) -> str:
        """A traceback, line by line."""
        return shown_lines(super().formatException(ei))


def log_plainly() -> None:
    """Have all that libraries log in this process go to the terminal as `Plain` writes it."""
    handler = logging.StreamHandler()
    handler.setFormatter(Plain())
    logging.getLogger().handlers[:] = [handler]


__all__ = ["Channel", "Listener", "Plain", "listening", "log_plainly", "serve"]
