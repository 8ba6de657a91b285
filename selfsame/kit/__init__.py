"""Tools that know nothing of clones: clock, ids, tasks, pipes, PCM. Imports only anyio and numpy."""
