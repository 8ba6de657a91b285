"""Ways in: wire, socket, http."""
