"""cli: the one program `fullfunnel`. Each command is a module here, imported when it is called.

A module has `add_arguments(parser)` and `run(args) -> int` (the exit status: 0 done, 1 failed, 2 bad input, 3 out of time).
"""

import argparse
import importlib
import os
import sys
from collections.abc import Callable

from fullfunnel.cli.preparing import prepare_or_say

# name -> (module, one line of help, is run with Django set up on the data directory)
COMMANDS: dict[str, tuple[str, str, bool]] = {
    "serve": ("serve", "run everything on this machine", False),
    "create-workspace": ("create_workspace", "make a workspace with its owner and keys", True),
    "set-password": ("set_password", "give a user a new password", True),
    "demo": ("demo", "make a believable company to look at", True),
    "ask": ("ask", "ask a question of a file, without a server", False),
    "leaks": ("leaks", "say where a workspace loses people, and what that costs", True),
    "import": ("import_data", "read events or people from a file into a workspace", True),
    "export": ("export", "write events, people, or all that is known of one person, to a file", True),
    "backup": ("backup", "copy everything to one file, while running", True),
    "restore": ("restore", "make a data directory from a backup", False),
    "index": ("index", "make the journeys index now, or anew", True),
    "doctor": ("doctor", "say what is wrong here and how to mend it", False),
}
FIRST_STEPS = """
a company to look at:
  fullfunnel demo

your own:
  fullfunnel create-workspace "Example Ltd" --owner you@example.com
  fullfunnel serve

a question of a file, without a server:
  fullfunnel ask question.json --events visits.csv

fullfunnel COMMAND --help shows what each takes, with examples.
exit status: 0 done; 1 failed; 2 bad input; 3 out of time."""


def main(argv: list[str] | None = None) -> None:
    """Reads the command line and ends the process with the command's exit status."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    named = next((word for word in arguments if word in COMMANDS), None)
    parser = argparse.ArgumentParser(
        prog="fullfunnel",
        description="The marketing and the sales funnel as one road.",
        epilog=FIRST_STEPS,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for name, (module, about, _) in COMMANDS.items():
        command = commands.add_parser(name, help=about, description=about.capitalize() + ".")
        command.add_argument("--data-dir", help="where the data is (default: $FULLFUNNEL_DATA_DIR or ./data)")
        if name == named:
            importlib.import_module(f"fullfunnel.cli.{module}").add_arguments(command)
    args = parser.parse_args(arguments)
    if args.data_dir:
        os.environ["FULLFUNNEL_DATA_DIR"] = args.data_dir
    module, _, needs_django = COMMANDS[args.command]

    def run() -> int:
        if needs_django and (status := prepare_or_say()):
            return status
        return int(importlib.import_module(f"fullfunnel.cli.{module}").run(args))

    raise SystemExit(call(run))


def call(run: Callable[[], int]) -> int:
    """Return the exit status of `run`. What the machine refuses (space, rights, a reader that left) is said in a sentence."""
    try:
        return run()
    except BrokenPipeError:
        # The reader (head, less) has seen enough. Careful: Python flushes stdout once more at the end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except KeyboardInterrupt:
        return 130
    except OSError as error:
        where = f" ({error.filename})" if error.filename else ""
        print(f"fullfunnel: {error.strerror or error}{where}", file=sys.stderr)
        return 1
    except Exception as error:
        from fullfunnel.core.resource_errors import resource_error

        if not (short_of := resource_error(error)):
            raise
        print(f"fullfunnel: {short_of}", file=sys.stderr)
        return 1
