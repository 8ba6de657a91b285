"""Clones, personas, consents: pure rules."""
