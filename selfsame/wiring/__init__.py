"""The only place that knows everything: engines chosen, stores opened, rooms bound, channels assembled.

`product.open_product(settings)` gives the running product, `filming.open_film_set` what films a clone without the rest
of it; leaving the context stops all it started, in reverse order. Importing this package loads neither.
"""
