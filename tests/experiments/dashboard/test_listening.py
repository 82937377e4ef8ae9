"""Listening: slow clients keep nobody out, a taken port is refused, and no request writes to the terminal."""

from __future__ import annotations

import contextlib
import logging
import socket
import threading
import time
from collections.abc import Iterator

import flask
import pytest
from waitress import wasyncore

from experiments import cli
from experiments.dashboard import app, desk, guard, listening
from experiments.dashboard.guard import Door
from sim.errors import RefusedScenario
from tests.experiments.dashboard.conftest import free_port

HEAD = b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n"
ESCAPES = "%1b%5d0;owned%07%1b%5b2J%c2%9b31m%e2%80%ae"
"""A title, a cleared screen, a colour in eight-bit controls, and a turn of the direction of writing."""


@pytest.fixture
def port() -> Iterator[int]:
    """A served page of one word, at a port."""
    server = flask.Flask("a page")
    server.add_url_rule("/", "word", lambda: "here")
    server.add_url_rule("/much", "much", lambda: "x" * 40_000_000)
    with contextlib.closing(listening.listening(Door(port=free_port()))) as where:
        found = listening.Listener(server, where)
        thread = threading.Thread(target=found.run, daemon=True)
        thread.start()
        yield where.getsockname()[1]
        found.trigger.pull_trigger(lambda: closed(found))
        thread.join(10.0)
        found.task_dispatcher.shutdown()
        assert not thread.is_alive()


def closed(found: listening.Listener) -> None:
    for channel in list(found.active_channels.values()):
        channel.handle_close()
    wasyncore.close_all(found._map)


def answer(port: int, path: str = "/") -> bytes:
    """The end of what a page answers to somebody in good faith."""
    with socket.create_connection(("127.0.0.1", port), 5.0) as one:
        one.sendall(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n".encode())
        return b"".join(iter(lambda: one.recv(65_536), b""))[-4:]


def answered(one: socket.socket) -> bool:
    """Whether one more request on a connection is answered; head and body may come apart."""
    one.sendall(HEAD + b"\r\n")
    found = b""
    while not found.endswith(b"here") and (more := one.recv(65_536)):
        found += more
    return found.endswith(b"here")


def is_closed(one: socket.socket, seconds: float) -> bool:
    one.settimeout(seconds)
    try:
        return one.recv(1) == b""
    except ConnectionError:
        return True
    except TimeoutError:
        return False


@pytest.mark.parametrize("begun", [b"", HEAD, b"\r\n"])
def test_hundreds_that_never_finish_a_request_keep_nobody_out(port: int, begun: bytes) -> None:
    with contextlib.ExitStack() as open_ones:
        for _ in range(listening.MOST_CONNECTIONS + 50):
            one = open_ones.enter_context(socket.create_connection(("127.0.0.1", port), 5.0))
            with contextlib.suppress(ConnectionError):
                one.sendall(begun)
        assert answer(port) == b"here"


def test_readers_who_never_read_keep_nobody_out(port: int) -> None:
    with contextlib.ExitStack() as open_ones:
        for _ in range(listening.THREADS + 1):
            one = open_ones.enter_context(socket.create_connection(("127.0.0.1", port), 5.0))
            one.sendall(HEAD.replace(b"/ ", b"/much ", 1) + b"\r\n")
        assert answer(port) == b"here"


def test_a_request_that_drips_is_cut_off(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listening, "REQUEST_SECONDS", 0.5)
    with socket.create_connection(("127.0.0.1", port), 5.0) as one:
        began = time.monotonic()
        with contextlib.suppress(ConnectionError):
            while time.monotonic() - began < 8.0 and not is_closed(one, 0.2):
                one.sendall(b"G")
        assert time.monotonic() - began < 8.0


def test_a_browser_that_waits_between_two_requests_is_not_cut_off(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listening, "REQUEST_SECONDS", 1.0)
    with socket.create_connection(("127.0.0.1", port), 5.0) as one:
        assert answered(one)
        time.sleep(2.5)
        assert answered(one)


def test_a_port_that_another_has_bound_and_not_yet_listened_at_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two dashboards that start at once both bind the port; one of them only learns at `listen` that it is taken."""
    door = Door(port=free_port())
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        other.bind((door.host, door.port))
        bound = socket.socket.bind

        def bind_then_late(self: socket.socket, place: tuple[str, int]) -> None:
            bound(self, place)
            other.listen()

        monkeypatch.setattr(socket.socket, "bind", bind_then_late)
        with pytest.raises(RefusedScenario, match=f"--port {door.port}(?s:.*)another dashboard"):
            listening.listening(door)


def test_a_taken_port_is_refused_with_exit_code_two(capsys: pytest.CaptureFixture[str]) -> None:
    door = Door(port=free_port())
    with contextlib.closing(listening.listening(door)), pytest.raises(SystemExit) as end:
        cli.main(["dashboard", "--port", str(door.port)])
    said = capsys.readouterr().err
    assert end.value.code == 2
    assert f"--port {door.port + 1}" in said
    assert "Traceback" not in said


def test_an_address_that_this_computer_lacks_is_refused() -> None:
    with pytest.raises(RefusedScenario, match=r"--host 192\.0\.2\.1"):
        listening.listening(Door("192.0.2.1", free_port(), "0123456789abcdef"))


@pytest.mark.parametrize("path", [f"/_dash-component-suites/{ESCAPES}", f"/_dash-component-suites/{ESCAPES}/x.js"])
def test_no_request_reaches_the_terminal_raw(path: str, capsys: pytest.CaptureFixture[str]) -> None:
    with contextlib.closing(desk.desk()) as own, app.app(own, Door()).server.test_client() as page:
        found = page.get(path, headers={"Host": "127.0.0.1:8050"})
    said = capsys.readouterr()
    assert found.status_code == (500 if path.endswith(".js") else 200)
    printed = said.out + said.err
    assert all(sign.isprintable() or sign == "\n" for sign in printed), ascii(printed)
    assert printed.count("\n") <= 1
    if path.endswith(".js"):
        assert "\\x1b]0;owned" in printed, "what was asked can still be read"


def test_what_libraries_log_of_a_request_is_spelt_out(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logging.getLogger(), "handlers", [])
    listening.log_plainly()
    try:
        raise ValueError("\x1b[2J")
    except ValueError:
        logging.getLogger("waitress").exception("Exception while serving %s", "/\x1b]0;owned\x07\nforged line")
    said = capsys.readouterr().err
    assert "\x1b" not in said
    assert "\x07" not in said
    assert said.startswith("Exception while serving /\\x1b]0;owned\\x07\\nforged line\n")


def test_what_fails_before_a_page_is_reached_is_told_plainly(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logging.getLogger(), "handlers", [])
    listening.log_plainly()
    server = flask.Flask("a page")
    guard.guard(server, Door(), [])

    @server.after_request
    def fails(response: flask.Response) -> flask.Response:
        raise ValueError("late")

    server.test_client().get("/%1b]0;owned%07", headers={"Host": "127.0.0.1:8050"})
    assert "\x1b" not in capsys.readouterr().err
