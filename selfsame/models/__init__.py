"""Model files: what they are (`manifest`), how they come here (`pull`, over `fetch`, `index`, `hub`), and whether
they are whole (`check`). Nothing here runs a model."""
