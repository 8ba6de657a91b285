"""The only place that knows everything: engines chosen, stores opened, rooms bound, channels assembled.

`open_product(settings)` gives the running product; leaving the context stops all it started, in reverse order.
"""

from selfsame.wiring.product import Product, open_product

__all__ = ["Product", "open_product"]
