"""Wrappers that compose over any port: fallback, breaker, metering, caching."""
