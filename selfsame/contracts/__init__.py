"""One test suite per port, shipped for plug-in authors."""
