"""The clone's knowledge: split, embed, index, search."""
