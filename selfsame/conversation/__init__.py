"""The hallway: the pure turn machine, the session shell, and history as it was heard."""
