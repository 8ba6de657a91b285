"""A clone as one file: the container, its list of contents, its passphrase, and whose voice and face may come in."""
