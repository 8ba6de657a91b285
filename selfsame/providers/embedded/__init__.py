"""The floor: engines that need no key, no GPU and no hub."""
