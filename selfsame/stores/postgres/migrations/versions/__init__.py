"""One file a step, named NNN_what_it_does."""
