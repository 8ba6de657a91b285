"""The wire: versioned messages and their schema."""
