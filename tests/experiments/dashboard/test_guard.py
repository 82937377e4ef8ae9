"""Who is let in: names we are known by, our own pages, and elsewhere than on this computer who has the token."""

from __future__ import annotations

from collections.abc import Iterator

import flask
import pytest

from experiments.dashboard import OPTIONS, door_of, guard
from experiments.dashboard.guard import SESSION, TOKEN, Door
from sim.errors import RefusedScenario

SECRET = "0123456789abcdef"
HERE = "http://127.0.0.1:8050"


def client(door: Door) -> flask.testing.FlaskClient:
    server = flask.Flask("a door")
    guard.guard(server, door, [])

    @server.route("/", methods=["GET", "POST"])
    def page() -> dict[str, str]:
        return {"owner": guard.owner()}

    return server.test_client()


@pytest.fixture
def local() -> Iterator[flask.testing.FlaskClient]:
    with client(Door()) as found:
        yield found


@pytest.mark.parametrize("host", ["127.0.0.1:8050", "localhost:8050", "[::1]:8050"])
def test_this_computer_is_let_in_by_its_own_names(local: flask.testing.FlaskClient, host: str) -> None:
    assert local.get("/", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "host", ["evil.example:8050", "127.0.0.1.evil.example:8050", "10.0.0.1:8050", "localhost:1", "", "a b"]
)
def test_a_name_made_to_point_here_is_turned_away(local: flask.testing.FlaskClient, host: str) -> None:
    assert local.get("/", headers={"Host": host}).status_code in (400, 403)


@pytest.mark.parametrize(
    "origin", ["http://evil.example", "null", "", "http://127.0.0.1:9999", "https://127.0.0.1.evil.example:8050"]
)
def test_another_sites_page_cannot_ask_for_anything(local: flask.testing.FlaskClient, origin: str) -> None:
    said = {"Host": "127.0.0.1:8050"} | ({"Origin": origin} if origin else {})
    assert local.post("/", json={}, headers=said).status_code == 403


def test_our_own_page_can_and_only_in_json(local: flask.testing.FlaskClient) -> None:
    said = {"Host": "127.0.0.1:8050", "Origin": HERE}
    assert local.post("/", json={}, headers=said).status_code == 200
    assert local.post("/", data={"a": "form"}, headers=said).status_code == 415


def test_what_nobody_foresaw_is_told_in_a_line(local: flask.testing.FlaskClient, capsys: pytest.CaptureFixture) -> None:
    @local.application.get("/broken")
    def broken() -> str:
        raise KeyError("<script>")

    found = local.get("/broken", headers={"Host": "127.0.0.1:8050"})
    assert (found.status_code, found.content_type) == (500, "text/plain; charset=utf-8")
    assert "script" not in found.get_data(as_text=True)
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "KeyError" in said


def test_who_is_turned_away_for_a_proxys_sake_is_told_what_to_do(local: flask.testing.FlaskClient) -> None:
    by_name = local.get("/", headers={"Host": "lab.example.org"})
    by_origin = local.post("/", json={}, headers={"Host": "127.0.0.1:8050", "Origin": "https://lab.example.org"})
    for found in (by_name, by_origin):
        assert found.status_code == 403
        assert "--public-url" in found.get_data(as_text=True)


def test_too_much_is_refused(local: flask.testing.FlaskClient) -> None:
    server = flask.Flask("small")
    guard.guard(server, Door(), [])
    assert server.config["MAX_CONTENT_LENGTH"] == guard.MOST_BYTES


def test_every_browser_has_an_owner_of_its_own_that_others_cannot_choose(local: flask.testing.FlaskClient) -> None:
    said = {"Host": "127.0.0.1:8050"}
    first = local.get("/", headers=said)
    owner = first.get_json()["owner"]
    assert local.get("/", headers=said).get_json()["owner"] == owner
    other = client(Door())
    other.set_cookie(SESSION, "me", domain="127.0.0.1")
    assert other.get("/", headers=said).get_json()["owner"] not in ("me", owner)
    assert "HttpOnly" in first.headers["Set-Cookie"]
    assert "SameSite=Strict" in first.headers["Set-Cookie"]


def test_pages_load_nothing_from_elsewhere(local: flask.testing.FlaskClient) -> None:
    policy = local.get("/", headers={"Host": "127.0.0.1:8050"}).headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "http" not in policy
    assert "unsafe-eval" not in policy
    assert "script-src 'self'" in policy


def test_elsewhere_a_token_is_demanded_and_shown_once() -> None:
    door = guard.checked("0.0.0.0", 8050, SECRET)
    with client(door) as found:
        said = {"Host": "192.168.0.7:8050"}
        assert found.get("/", headers=said).status_code == 401
        assert found.get("/?token=0123456789abcdeX", headers=said).status_code == 401
        shown = found.get(f"/?token={SECRET}&policy=a", headers=said)
        assert (shown.status_code, shown.headers["Location"]) == (302, "/?policy=a")
        assert any(TOKEN in cookie and "HttpOnly" in cookie for cookie in shown.headers.getlist("Set-Cookie"))
        found.set_cookie(TOKEN, SECRET, domain="192.168.0.7")
        assert found.get("/", headers=said).status_code == 200
        assert found.get("/", headers={"Host": "evil.example:8050"}).status_code == 403


def test_the_token_leads_to_no_other_host() -> None:
    with client(guard.checked("0.0.0.0", 8050, SECRET)) as found:
        shown = found.get(f"//evil.example/?token={SECRET}", headers={"Host": "192.168.0.7:8050"})
        assert not shown.headers["Location"].startswith("//")


@pytest.mark.parametrize(
    "words", [["--host=0.0.0.0"], ["--host=0.0.0.0", "--token=short"], ["--host=192.168.0.7"], ["--host=::"]]
)
def test_another_address_without_a_good_token_is_refused(words: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PLATFORM_LAB_TOKEN", raising=False)
    with pytest.raises(RefusedScenario, match="PLATFORM_LAB_TOKEN"):
        door_of(words)


@pytest.mark.parametrize(
    "words", [["--port=x"], ["--port=0"], ["--port=70000"], ["--hots=1"], ["policy=a"], ["--host=evil.example"]]
)
def test_other_words_are_refused(words: list[str]) -> None:
    with pytest.raises(RefusedScenario, match="allowed"):
        door_of(words)


def test_the_token_comes_from_the_environment_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLATFORM_LAB_TOKEN", SECRET)
    assert door_of(["--host=0.0.0.0", "--port=9000"]) == Door("0.0.0.0", 9000, SECRET)
    assert SECRET not in repr(door_of(["--host=0.0.0.0"]))
    assert set(OPTIONS) == {"--host", "--port", "--token", "--public-url"}
