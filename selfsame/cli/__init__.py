"""The commands. `main` is the entry; each command is one module, loaded only when it is called.

Every command takes `--json`: one object on standard output. Logs and progress go to standard error. `exits` lists
what the exit codes mean.
"""
