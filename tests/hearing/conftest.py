import sys
from pathlib import Path

import pytest

from selfsame.providers.embedded.espeak.library import shared

sys.path.insert(0, str(Path(__file__).parent))


@pytest.fixture
def anyio_backend():
    return "asyncio"


@pytest.fixture(autouse=True, scope="module")
def own_espeak():
    """Adaptation, a process of its own in the product, starts the C library anew: whoever speaks next must as well."""
    shared()
    yield
    shared.cache_clear()
