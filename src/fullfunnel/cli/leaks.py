"""fullfunnel leaks: where a workspace loses people, and what that costs a month."""

import argparse
import sys

import orjson

from fullfunnel.cli.words import fail

EXAMPLES = """
examples:
  fullfunnel leaks halden
  fullfunnel leaks halden --json

Asks the data as it is now, of the last 90 days; the pages show the last look of the server.
Exit status: 0 answered; 2 there is no such workspace; 3 it took too long."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = EXAMPLES
    parser.add_argument("workspace", metavar="WORKSPACE", help="its name in addresses, such as halden")
    parser.add_argument("--json", action="store_true", help="print the whole answer as one JSON object, for scripts")


def run(args: argparse.Namespace) -> int:
    """Print the leaks, the costliest first."""
    from fullfunnel.journeys.deadline import QuestionTimeout
    from fullfunnel.segments.dataset import dataset_of
    from fullfunnel.stages.leaks import words
    from fullfunnel.stages.leaks.on_tick import ask_for_leaks
    from fullfunnel.workspaces.models import Workspace

    workspace = Workspace.objects.filter(slug=args.workspace).first()
    if workspace is None:
        return fail(f"there is no workspace {args.workspace}")
    try:
        found, _ = ask_for_leaks(workspace, dataset_of(workspace))
    except QuestionTimeout as error:
        fail(f"{error}")
        return 3
    if args.json:
        sys.stdout.buffer.write(orjson.dumps(found, option=orjson.OPT_SERIALIZE_NUMPY) + b"\n")
        return 0
    for leak in found["leaks"]:
        price = words.price_words(leak["per_month"])
        print(f"{price:>10} a month  {words.title_of(leak)}: {words.sentence_of(leak)}")
    print(f"{len(found['leaks'])} leaks of {found['tested']} groups that were compared; they overlap, do not add them")
    return 0
