"""What documents name exists: paths, modules, links and headings; and the picture of the rooms shows every room."""

import importlib.util
import re
import sys
from pathlib import Path
from types import ModuleType

import pytest

from tests.health._tree import PACKAGES, ROOT, kept_files, name_of

FOLDERS = (*PACKAGES, "configs", "tests", "benchmarks", "docs", "requirements", "platform_lab", ".ci")
CODE = (*PACKAGES, "tests", "benchmarks", "platform_lab")
FILE_LIKE = re.compile(r"[\w.*-]+(?:/[\w.*-]+)+\.(?:py|md|yaml|toml|json|csv|svg)")
THEIRS = {"policy/my_reform.yaml"}
"""Files of a reader's own, which examples name."""
LINK = re.compile(r"(?<!!)\[[^]]*\]\(([^)\s]+)\)|!\[[^]]*\]\(([^)\s]+)\)")


def _documents() -> list[Path]:
    """Pages that describe the repository as it is; decisions, the changelog and generated pages are left out."""
    named = {path: name_of(path) for path in kept_files() if path.suffix == ".md"}
    history, generated = ("docs/decisions/", "CHANGELOG.md"), ("docs/gallery/",)
    kept = (name.startswith(("docs/", "README.md", "CONTRIBUTING.md")) for name in named.values())
    return [
        path
        for (path, name), is_kept in zip(named.items(), kept, strict=True)
        if is_kept and not name.startswith((*history, *generated))
    ]


EVERY = pytest.mark.parametrize("page", _documents(), ids=name_of)


def missing_paths(text: str) -> list[str]:
    """Paths in backticks that are not in the repository: of its folders, or with a folder and a file's ending."""
    found = []
    for words in re.findall(r"`([^`\n]+)`", _without_blocks(text)):
        for word in words.split():
            word = word.strip("'\",:;()").partition("::")[0]
            first = word.partition("/")[0]
            is_ours = "/" in word and first in FOLDERS
            if word in THEIRS or not (is_ours or FILE_LIKE.fullmatch(word)) or re.search(r"[<>{}$]|[A-Z]{3,}/", word):
                continue
            if not any(ROOT.glob(word.rstrip("/"))):
                found.append(word)
    return found


def missing_modules(text: str) -> list[str]:
    """Modules after `python -m`, and dotted names of our packages in backticks, that cannot be found."""
    named = re.findall(r"python -m ([\w.]+)", text)
    ours = rf"(?<![\w.])((?:{'|'.join(CODE)})(?:\.\w+)+)"
    for words in re.findall(r"`([^`\n]+)`", _without_blocks(text)):
        named += [name for name in re.findall(ours, words) if "/" not in words and "=" not in words]
    return [name for name in named if name.partition(".")[0] in CODE and not _is_there(name)]


def _is_there(name: str) -> bool:
    """Whether a dotted name is a module, or something that a module's text defines or imports."""
    parts = name.split(".")
    for n in range(len(parts), 0, -1):
        base = ROOT.joinpath(*parts[:n])
        module = next((path for path in (base.with_suffix(".py"), base / "__init__.py") if path.is_file()), None)
        if module is not None:
            rest = parts[n:]
            return not rest or bool(re.search(rf"\b{re.escape(rest[0])}\b", module.read_text("utf-8")))
    return ROOT.joinpath(*parts).is_dir()


def broken_links(page: Path) -> list[str]:
    """Relative links of a page to files that are not there, or to headings that their page does not have."""
    found = []
    for match in LINK.finditer(_without_blocks(page.read_text("utf-8"))):
        target = match[1] or match[2]
        name, _, heading = target.partition("#")
        if re.match(r"[a-z]+:", target):
            continue
        path = page if not name else (page.parent / name)
        if not path.exists() or (heading and heading not in _anchors(path.read_text("utf-8"))):
            found.append(target)
    return found


def _anchors(text: str) -> set[str]:
    """Headings as addresses have them."""
    headings = re.findall(r"^#+ +(.+)$", _without_blocks(text), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).strip().replace(" ", "-") for heading in headings}


def _without_blocks(text: str) -> str:
    return re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL)


def _drawing() -> ModuleType:
    """docs/architecture.py, which is in no package."""
    spec = importlib.util.spec_from_file_location("architecture", ROOT / "docs" / "architecture.py")
    assert spec is not None
    assert spec.loader is not None
    module = sys.modules[spec.name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@EVERY
def test_paths_that_a_page_names_exist(page: Path):
    assert not missing_paths(page.read_text("utf-8")), name_of(page)


@EVERY
def test_modules_that_a_page_names_exist(page: Path):
    assert not missing_modules(page.read_text("utf-8")), name_of(page)


@EVERY
def test_links_of_a_page_lead_somewhere(page: Path):
    assert not broken_links(page), name_of(page)


def test_every_page_is_on_the_map():
    """A page that no path of docs/README.md leads to is found by nobody."""
    map_of_pages = (ROOT / "docs" / "README.md").read_text("utf-8")
    pages = {path.name for path in (ROOT / "docs").glob("*.md")} - {"README.md"}
    assert {page for page in pages if f"]({page}" not in map_of_pages} == set()


def test_the_picture_shows_every_room_and_no_other():
    drawing = _drawing()
    verbs = {path.stem for path in (ROOT / "experiments").glob("*.py")} - {"cli", "gallery"}
    for floor in drawing.FLOORS:
        if floor.name not in PACKAGES or floor.name == "platform_lab":  # whose picture names its verbs
            continue
        folder = ROOT / floor.name
        rooms = {path.parent.name for path in folder.glob("*/__init__.py")} | {
            path.stem for path in folder.glob("*.py")
        }
        shown = {word for row in floor.rows for name, _ in row for word in name.split(" · ")} - {"one file a verb"}
        assert shown == rooms - {"__init__"} - (verbs if floor.name == "experiments" else set()), floor.name


def test_the_picture_is_the_one_that_its_script_draws():
    assert (ROOT / "docs" / "architecture.svg").read_text("utf-8") == _drawing().drawn()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("see `sim/tick.py` and `sim/market/`", []),
        ("see `sim/policy/art08_costs/`", ["sim/policy/art08_costs/"]),
        ("relative: `twin/supply.py`", ["twin/supply.py"]),
        ("`configs/policy/*.yaml`, `tests/sim/policy/cases/<name>.yaml`", []),
        ("`outputs/runs/` is made, `key=a/b` is no path", []),
        ("```sh\ncat `sim/nowhere.py`\n```", []),
        ("`sim/tick.py::week` and `python -m pytest tests/nowhere`", ["tests/nowhere"]),
    ],
)
def test_the_search_finds_paths(text: str, found: list[str]):
    assert missing_paths(text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("`sim.randomness`, `sim.errors.Problem`", []),
        ("`sim.twin`", ["sim.twin"]),
        ("`sim.errors.NoSuchThing`", ["sim.errors.NoSuchThing"]),
        ("```sh\npython -m tests.nowhere\n```", ["tests.nowhere"]),
    ],
)
def test_the_search_finds_modules(text: str, found: list[str]):
    assert missing_modules(text) == found


def test_the_search_finds_links(tmp_path: Path):
    page = tmp_path / "page.md"
    page.write_text(
        "# A heading\n[here](#a-heading), [there](#another), [gone](gone.md), ![x](https://a.eu/b.png)", "utf-8"
    )
    assert broken_links(page) == ["#another", "gone.md"]
