"""Explore results and ask questions on a local web page.

    platform-lab dashboard
    platform-lab dashboard --port 8060
    platform-lab dashboard --config-dir my_markets
    PLATFORM_LAB_TOKEN=... platform-lab dashboard --host 0.0.0.0
    PLATFORM_LAB_TOKEN=... platform-lab dashboard --public-url https://lab.example.org/path

Opens a page on this computer, at http://127.0.0.1:8050, and works without a network. Pages: Ask (set rules by sliders,
see the forecast of the mean-field model at once, run agents to test it), Compare (stored results side by side),
Sweeps, People (one consumer, merchant or worker with and without the policy), Evidence, Law. What a page shows is in
its address, which can be sent to somebody else; a question can be saved as a file for the command line, and opened
again.

Only this computer can open it. With --host another address is listened to, and then a token of 16 signs or more is
demanded, given by the environment variable PLATFORM_LAB_TOKEN or by --token: whoever opens the page shows it once. The
token travels in the clear: in a network that is not your own, put it behind a proxy that encrypts, and say under which
address the proxy shows it: --public-url makes that name, port, path and scheme allowed. It demands a token as well,
unless the address is this computer's own, such as http://localhost:9000 of a forwarded port.

With --config-dir, markets and policies of a folder of your own can be chosen on the page as well.

Runs that are asked for on the page are carried out one after another in the background and end with the dashboard;
what is finished is kept. Stop it with Ctrl-C.
"""

from __future__ import annotations

import contextlib
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from sim.errors import Problem, RefusedScenario

if TYPE_CHECKING:
    from experiments.dashboard.guard import Door

OPTIONS = {"--host": "ADDRESS", "--port": "NUMBER", "--token": "TOKEN", "--public-url": "URL"}
"""Options with a value, and what it is called."""
TOKEN = "PLATFORM_LAB_TOKEN"


def main(words: list[str], extra: Path | None = None) -> None:
    """Serve the pages until somebody stops it."""
    from experiments.dashboard import app, desk, listening, questions

    door = door_of(words)
    questions.use(extra)
    with contextlib.closing(listening.listening(door)) as where:
        with contextlib.closing(desk.desk()) as own:
            served = app.app(own, door).server
            print(_where(door), flush=True)
            listening.serve(served, where)
        print("\nStopped. Finished runs are kept.", file=sys.stderr)


def door_of(words: list[str]) -> Door:
    """Where to listen, from what was typed; raises `RefusedScenario`."""
    from experiments.dashboard import guard

    text = {key: value for key, _, value in (word.partition("=") for word in words)}
    problems = [
        Problem(word, "the dashboard takes no such word", ", ".join(OPTIONS), "see platform-lab dashboard --help")
        for word in words
        if word.partition("=")[0] not in OPTIONS
    ]
    port = text.get("--port", str(guard.Door.port))
    if not port.isdecimal():
        problems.append(Problem(f"--port {port}", "a port is a number", "1 to 65535", "for example --port 8060"))
    if problems:
        raise RefusedScenario(problems)
    token = text.get("--token") or os.environ.get(TOKEN, "")
    return guard.checked(text.get("--host", guard.Door.host), int(port), token, text.get("--public-url", ""))


def _where(door: Door) -> str:
    if door.token:
        who = f"{door.address}?token={door.token}\nWhoever has this address can start runs here."
    else:
        who = f"{door.address}\nOnly this computer can open it."
    behind = f" The proxy passes on to http://{door.host}:{door.port}/." if door.public else ""
    return f"Dashboard: {who}{behind} Stop it with Ctrl-C."


__all__ = ["OPTIONS", "door_of", "main"]
