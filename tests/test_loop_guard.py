"""The guard against blocking calls can fail."""

from __future__ import annotations

from pathlib import Path

import pytest
from blockbuster import BlockingError

import selfsame

pytestmark = pytest.mark.anyio


async def test_a_blocking_call_of_the_product_is_caught() -> None:
    made_up = Path(selfsame.__file__).parent / "made_up.py"
    names: dict = {}
    exec(compile("import time\ndef nap():\n    time.sleep(0.01)\n", str(made_up), "exec"), names)
    with pytest.raises(BlockingError):
        names["nap"]()
