"""A town to look at."""

import pytest

from tests.agents._town import Town


@pytest.fixture
def town() -> Town:
    return Town()
