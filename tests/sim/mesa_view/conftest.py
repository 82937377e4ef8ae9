"""A town to look at."""

import pytest

from tests.sim.mesa_view._town import Town


@pytest.fixture
def town() -> Town:
    return Town()
