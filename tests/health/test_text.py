"""No file names a folder of somebody's machine or the host of a package registry."""

import re

import pytest

from tests.health._tree import kept_files, name_of

# In pieces, so that this file does not name what it forbids.
FOLDERS = ("work", "root", "home", "Users", "opt", "mnt")
HOSTS = (
    ("pypi", "org"),
    ("pypi", "python", "org"),
    ("pythonhosted", "org"),
    ("npmjs", "org"),
    ("npmjs", "com"),
    ("yarnpkg", "com"),
    ("anaconda", "org"),
    ("crates", "io"),
    ("nodejs", "org"),
)
# A slash in front of the folder starts a path only if no address or relative path runs into it.
MACHINE_PATH = re.compile(r"(?<![\w.~}\])*-])/(?:" + "|".join(FOLDERS) + r")/")
REGISTRY = re.compile("|".join(r"\b" + r"\.".join(host) + r"\b" for host in HOSTS), re.IGNORECASE)
INDEX_OPTION = re.compile(r"^\s*--?(?:index-url|extra-index-url|find-links|i|f)\b", re.MULTILINE)


def strays(text: str) -> list[str]:
    """What a text names that it should not, with the number of the line."""
    return [
        f"line {number}: {match.group()}"
        for number, line in enumerate(text.splitlines(), 1)
        for pattern in (MACHINE_PATH, REGISTRY)
        for match in pattern.finditer(line)
    ]


def test_no_file_names_a_machine_path_or_a_registry():
    found = {}
    for path in kept_files():
        content = path.read_bytes()
        if b"\0" not in content and (lines := strays(content.decode("utf-8", errors="replace"))):
            found[name_of(path)] = lines[:5]
    assert not found


def test_all_code_has_the_formatters_layout():
    marks = re.compile("# fmt: " + "(skip|off)")
    assert not [
        name_of(path) for path in kept_files() if path.suffix == ".py" and marks.search(path.read_text("utf-8"))
    ]


def test_locks_are_hashed_and_name_no_index():
    locks = [path for path in kept_files() if path.suffix == ".lock"]
    assert {path.name for path in locks} >= {"installer.lock", "run.lock", "dev.lock"}
    for path in locks:
        text = path.read_text("utf-8")
        entries = re.split(r"\n(?=[A-Za-z0-9])", text.strip())
        assert not INDEX_OPTION.search(text), name_of(path)
        assert not [entry.split()[0] for entry in entries if "--hash=sha256:" not in entry], name_of(path)
        assert not [entry.split()[0] for entry in entries if "==" not in entry.split()[0]], name_of(path)


@pytest.mark.parametrize(
    ("text", "is_stray"),
    [
        ("see {}work{}notes.md", True),
        ('path = "{}home{}ana"', True),
        ("file:{}{}{}root{}x", True),
        ("https:{}{}example.eu{}work{}", False),
        ("docs{}work{}plan.md", False),
        ("../home{}index.md", False),
        ("https:{}{}PyPI" + ".org{}simple", True),
        ("files.python" + "hosted.org", True),
    ],
)
def test_the_search_tells_these_apart(text: str, is_stray: bool):
    assert bool(strays(text.replace("{}", "/"))) is is_stray
