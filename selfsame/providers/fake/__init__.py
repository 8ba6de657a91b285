"""Fakes good enough to demonstrate with: fixed delays, real times, no models."""
