"""Programs that train the small networks that ship with the product."""
