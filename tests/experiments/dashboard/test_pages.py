"""Pages as trees of components, without a browser: what stands where, and what it says."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

import pytest

from experiments.dashboard import desk
from experiments.dashboard.desk import Desk
from experiments.dashboard.pages import ask


@pytest.fixture(scope="module")
def own() -> Iterator[Desk]:
    with contextlib.closing(desk.desk()) as found:
        yield found


def pieces(part: Any) -> Iterator[Any]:
    """Components and texts below a part, in the order in which they are read."""
    if isinstance(part, list | tuple):
        for one in part:
            yield from pieces(one)
    elif part is not None:
        yield part
        yield from pieces(getattr(part, "children", None))


def text(part: Any) -> str:
    return "\n".join(one for one in pieces(part) if isinstance(one, str))


def test_agents_can_be_run_before_the_figure_begins(own: Desk) -> None:
    """The figure is 330 pixels high: what stands below it is out of sight on a screen of 720."""
    names = [getattr(one, "id", None) for one in pieces(ask.layout(own, "", is_narrow=False))]
    assert names.index("ask-run") < names.index("ask-jobs") < names.index("ask-figure")


def test_the_mean_field_model_is_introduced_before_its_name_is_used(own: Desk) -> None:
    said = text(ask.layout(own, "", is_narrow=False)).lower()
    introduced = said.index(ask.MEAN_FIELD.lower())
    assert said.index("mean-field") >= introduced
    assert said.index("forecast") >= introduced
    assert "averages" not in said
    named = [getattr(one, "id", one) for one in pieces(ask.layout(own, "", is_narrow=False))]
    assert named.index(ask.MEAN_FIELD) < named.index("ask-finding"), "the title of the figure says mean-field"
