"""Files: `local` seals them in a folder, `memory` holds them for tests; `keys` says what a key may look like."""
