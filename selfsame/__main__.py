"""`python -m selfsame` is the same as `selfsame`."""

from selfsame.cli.main import main

main(prog_name="selfsame")
