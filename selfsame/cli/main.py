"""The entry point: `selfsame COMMAND`. Commands are named here and imported only when they run."""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import click

from selfsame import __version__
from selfsame.cli import exits
from selfsame.errors import SelfsameError

MODULES = {"clone": "clones"}
"""Where a command's module is called otherwise: `clone` alone is the name of what a clone is."""
COMMANDS = {
    "serve": "Start the server and the page.",
    "clone": "Make clones: list, show, create, delete, and give them a face.",
    "privacy": "See what is kept of you; take it along; erase it.",
    "work": "Do ordered work (faces, clips) in a process of its own.",
    "talk": "Talk with a clone: one turn from a sound file, or the terminal.",
    "search": "Show what a clone would find for a question, and why.",
    "render": "Make a clip: the clone says a script, as MP4.",
    "ops": "Show how the running server does: latency, errors, engines, jobs, costs.",
    "sign-in": "Let a browser on another machine in as you, by a one-time code.",
    "audit": "See who did what, and export the log.",
    "keys": "Keep providers' keys for the engines: list, set, check, remove.",
    "doctor": "Say what is chosen for each role, why, and what is missing.",
    "models": "List, pull and check the model files.",
    "providers": "List the engines that can serve each role.",
    "bench": "Measure: turn, barge-in, sessions, ears, face.",
    "demo": "Make what the demonstration clone is made of: the portrait.",
    "evaluate": "Have clips made of fixed scenarios, measure them, and show the trend.",
    "wire": "Write the schema of the messages.",
}


class Commands(click.Group):
    """A group whose commands live in modules of the same name, each exporting `command`."""

    def __init__(
        self, *args: Any, package: str, summaries: dict[str, str], modules: dict[str, str] | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self._package = package
        self._summaries = summaries
        self._modules = modules or {}

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self._summaries)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self._summaries:
            return None
        module = self._modules.get(cmd_name, cmd_name.replace("-", "_"))
        return import_module(f"{self._package}.{module}").command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(self._summaries.items()))


class Main(Commands):
    """The outermost group: turns errors into one line and an exit code."""

    def main(self, *args: Any, standalone_mode: bool = True, **kwargs: Any) -> Any:
        """Run, and leave the process with the exit code."""
        if not standalone_mode:
            return super().main(*args, standalone_mode=False, **kwargs)
        try:
            code = super().main(*args, standalone_mode=False, **kwargs)
        except click.ClickException as problem:
            problem.show()
            code = problem.exit_code
        except (click.Abort, KeyboardInterrupt):
            code = exits.INTERRUPTED
        except BrokenPipeError:
            sys.stderr.close()
            code = exits.OK
        except (SelfsameError, BaseExceptionGroup) as problem:
            code = report(problem)
        sys.exit(code if isinstance(code, int) else exits.OK)


def report(problem: SelfsameError | BaseExceptionGroup) -> int:
    """Print an error of ours, as JSON when the command line asks for it; bugs are raised on."""
    error = exits.sole(problem)
    if isinstance(error, KeyboardInterrupt):
        return exits.INTERRUPTED
    if not isinstance(error, SelfsameError):
        raise problem
    code = exits.code_for(error)
    if "--json" in sys.argv[1:]:
        from selfsame.cli.output import emit

        emit({"error": {"code": error.code, "message": error.message, "exit": code}})
    click.echo(f"selfsame: {error.message}", err=True)
    return code


@click.group(
    cls=Main,
    package="selfsame.cli",
    summaries=COMMANDS,
    modules=MODULES,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="\b\nExit codes:\n" + exits.table(),
)
@click.version_option(__version__, prog_name="selfsame")
@click.option("--env-file", type=click.Path(path_type=Path), help="Read settings from this file instead of .env.")
@click.pass_context
def main(ctx: click.Context, env_file: Path | None) -> None:
    """Selfsame turns a person into a clone others can talk with.

    Every command takes --json: one object on standard output; logs go to standard error.
    """
    ctx.obj = env_file
