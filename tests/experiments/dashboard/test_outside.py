"""Behind a proxy: the public address is let in and nothing else is, links and cookies stay below its path."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator

import flask
import pytest

from experiments.dashboard import app, desk, door_of, guard, outside
from experiments.dashboard.guard import SESSION, TOKEN, Door
from experiments.dashboard.outside import Outside
from sim.errors import Problem, RefusedScenario

SECRET = "0123456789abcdef"
PUBLIC = "https://lab.example.org/path"


def door(url: str, token: str = SECRET) -> Door:
    return door_of([f"--public-url={url}", *([f"--token={token}"] if token else [])])


def client(url: str = PUBLIC) -> flask.testing.FlaskClient:
    server = flask.Flask("a page")
    guard.guard(server, door(url), [])

    @server.route("/", methods=["GET", "POST"])
    @server.route("/ask", methods=["GET", "POST"])
    def page() -> dict[str, str]:
        return {"link": outside.link("/law"), "path": flask.request.path, "owner": guard.owner()}

    found = server.test_client()
    for name in ("lab.example.org", "127.0.0.1"):
        found.set_cookie(TOKEN, SECRET, domain=name)
    return found


@pytest.fixture(scope="module")
def pages() -> Iterator[flask.testing.FlaskClient]:
    with contextlib.closing(desk.desk()) as own, app.app(own, door(PUBLIC)).server.test_client() as found:
        found.set_cookie(TOKEN, SECRET, domain="lab.example.org")
        yield found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (PUBLIC, Outside("https", "lab.example.org", None, "/path")),
        ("https://Lab.Example.org:443/", Outside("https", "lab.example.org", None, "")),
        ("https://lab:8443/a/b-c_d.e~f/", Outside("https", "lab", 8443, "/a/b-c_d.e~f")),
        ("http://[::1]:9000", Outside("http", "::1", 9000, "")),
        ("http://localhost:80", Outside("http", "localhost", None, "")),
    ],
)
def test_an_address_is_taken_apart(text: str, found: Outside) -> None:
    assert outside.read(text) == found
    assert outside.read(found.address) == found


@pytest.mark.parametrize(
    "text",
    [
        *("lab.example.org", "ftp://lab.example.org", "https://", "https:///path", "https://*", "https://*.org"),
        *("https://a b", "https://lab.example.org\\@evil.example", "https://user:secret@lab.example.org", "//lab"),
        *("https://lab.example.org:x", "https://lab.example.org:0", "https://lab.example.org:70000", "https://[::1"),
        *("https://lab.example.org/?a=1", "https://lab.example.org/#a", "https://lab.example.org/a?", "https://-a.org"),
        *("https://lab/../x", "https://lab/a//b", "https://lab/a%2fb", "https://lab/<script>", "https://lab/a;b"),
        *(
            "https://lab/report",
            "https://lab/assets/x",
            "https://lab/_dash-layout",
            "https://lab\x1b[2J.org",
            "https://läb",
        ),
    ],
)
def test_what_is_no_address_is_refused_with_what_is(text: str) -> None:
    assert isinstance(outside.read(text), Problem)
    with pytest.raises(RefusedScenario, match="--public-url") as found:
        door(text)
    assert "https://NAME" in str(found.value)


@pytest.mark.parametrize("host", ["lab.example.org", "lab.example.org:443", "LAB.example.org:8443", "127.0.0.1:8050"])
def test_our_own_pages_are_let_in_whatever_a_proxy_makes_of_the_host(host: str) -> None:
    said = {"Host": host, "Origin": "https://lab.example.org"}
    assert client().get("/", headers={"Host": host}).status_code == 200
    assert client().post("/", json={}, headers=said).status_code == 200


@pytest.mark.parametrize(
    "origin",
    [
        *("http://lab.example.org", "https://lab.example.org:8443", "https://evil.example", "null", ""),
        *("https://lab.example.org.evil.example", "https://lab.example.org/", "https://user@lab.example.org"),
    ],
)
@pytest.mark.parametrize("host", ["lab.example.org", "127.0.0.1:8050"])
def test_other_origins_are_not(host: str, origin: str) -> None:
    assert client().post("/", json={}, headers={"Host": host, "Origin": origin}).status_code == 403


def test_a_proxy_may_not_be_spoken_for() -> None:
    said = {"Host": "evil.example", "X-Forwarded-Host": "lab.example.org", "X-Forwarded-Proto": "https"}
    assert client().get("/", headers=said).status_code == 403
    assert guard.Door().sent("https://lab.example.org", "127.0.0.1:8050") is False


def test_a_forwarded_port_of_this_computer_needs_no_token() -> None:
    found = door("http://localhost:9000", token="")
    assert found.knows("localhost:9000")
    assert found.sent("http://localhost:9000", "localhost:9000")
    assert not found.sent("http://localhost:9001", "localhost:9000")
    assert not found.cookies["secure"]


def test_where_others_can_come_in_a_token_is_demanded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PLATFORM_LAB_TOKEN", raising=False)
    with pytest.raises(RefusedScenario, match=f"PLATFORM_LAB_TOKEN=.* --public-url {PUBLIC}"):
        door(PUBLIC, token="")


def test_cookies_are_kept_to_encrypted_connections_and_to_the_path() -> None:
    with client() as found:
        found.delete_cookie(TOKEN, domain="lab.example.org")
        shown = found.get(f"/path/ask?token={SECRET}&policy=a", headers={"Host": "lab.example.org"})
    assert (shown.status_code, shown.headers["Location"]) == (302, "/path/ask?policy=a")
    cookies = shown.headers.getlist("Set-Cookie")
    assert {cookie.partition("=")[0] for cookie in cookies} == {TOKEN, SESSION}
    for cookie in cookies:
        assert "; Secure" in cookie
        assert "; HttpOnly" in cookie
        assert "; Path=/path" in cookie


def test_cookies_of_this_computer_alone_are_not_lost_without_encryption() -> None:
    assert Door().cookies == {"httponly": True, "secure": False, "path": "/"}


@pytest.mark.parametrize("asked", ["/path/ask", "/ask"])
def test_a_proxy_may_take_the_path_away_or_leave_it(asked: str) -> None:
    found = client().get(asked, headers={"Host": "lab.example.org"}).get_json()
    assert (found["path"], found["link"]) == ("/ask", "/path/law")


@pytest.mark.parametrize("asked", ["/path", "/path/"])
def test_the_root_is_found_with_and_without_a_stroke(asked: str) -> None:
    assert client().get(asked, headers={"Host": "lab.example.org"}).get_json()["path"] == "/"


def test_pages_load_and_ask_below_the_path(pages: flask.testing.FlaskClient) -> None:
    said = {"Host": "lab.example.org"}
    page = pages.get("/path/evidence", headers=said).get_data(as_text=True)
    config = page.partition('id="_dash-config" type="application/json">')[2].partition("</script>")[0]
    assert json.loads(config)["requests_pathname_prefix"] == "/path/"
    assert 'src="/path/assets/' in page
    script = page.partition('src="/path/assets/')[2].partition('"')[0]
    with pages.get(f"/path/assets/{script}", headers=said) as found:
        assert found.status_code == 200
    layout = json.dumps(pages.get("/path/_dash-layout", headers=said).get_json())
    for path in ("/path/", "/path/ask", "/path/law"):
        assert f'"href": "{path}"' in layout
    assert '"href": "/ask"' not in layout


@pytest.mark.parametrize("path", ["/path/law", "/law"])
def test_the_page_is_found_behind_the_path(pages: flask.testing.FlaskClient, path: str) -> None:
    asked = {
        "output": "..page.children...links.children..",
        "outputs": [{"id": "page", "property": "children"}, {"id": "links", "property": "children"}],
        "inputs": [
            {"id": "address", "property": "pathname", "value": path},
            {"id": "address", "property": "search", "value": ""},
            {"id": "is-narrow", "property": "data", "value": False},
        ],
        "changedPropIds": ["address.pathname"],
    }
    said = {"Host": "lab.example.org", "Origin": "https://lab.example.org"}
    found = pages.post("/path/_dash-update-component", json=asked, headers=said)
    text = json.dumps(found.get_json())
    assert "There is no such page" not in text
    assert '"href": "/path/law?rule=commission_cap"' in text
    assert '"href": "/law' not in text
