"""What the HTTP API takes and gives, as models: one module for each group of routes. `describe` writes it all down."""
