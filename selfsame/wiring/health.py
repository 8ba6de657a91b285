"""The state of the components, as `/health` shows it (HLTH-01 to HLTH-04)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import anyio
from sqlalchemy import text

from selfsame.channels.deps import ComponentHealth
from selfsame.errors import SelfsameError
from selfsame.kit.clock import SYSTEM
from selfsame.stores.postgres.database import Database
from selfsame.wiring.engines import Engines

PATIENCE = 1.0
ROLES = {"asr": "asr", "llm": "llm", "tts": "tts", "embedding": "rag", "animator": "lipSync"}


@dataclass(frozen=True, slots=True)
class Health:
    """Asks the components how they are; quick by construction."""

    database: Database
    engines: Engines

    async def components(self) -> Mapping[str, ComponentHealth]:
        """State by component name."""
        states = {ROLES[c.role]: ComponentHealth("up", message=c.name) for c in self.engines.report if c.role in ROLES}
        stored = await self._database()
        return {**states, "database": stored, "cache": stored}

    async def _database(self) -> ComponentHealth:
        began = SYSTEM.now()
        try:
            with anyio.fail_after(PATIENCE):
                async with self.database.keeper() as db:
                    await db.execute(text("SELECT 1"))
        except (TimeoutError, SelfsameError) as error:
            return ComponentHealth("down", message=getattr(error, "message", "no answer in time"))
        return ComponentHealth("up", latency=round(1000 * (SYSTEM.now() - began), 1))
