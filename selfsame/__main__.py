"""`python -m selfsame`: the same as the command `selfsame`."""

from selfsame.cli.main import main

main()
