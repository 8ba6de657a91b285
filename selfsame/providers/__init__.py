"""Engines and vendors, one folder each, behind the rooms' ports."""
