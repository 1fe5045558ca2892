"""fullfunnel ask: a question over files, without a server and without a data directory."""

import argparse
from typing import Any

from fullfunnel.cli.replies import refuse

ABOUT = """\
examples:
  fullfunnel ask question.json --events events.jsonl
  fullfunnel ask question.json --events visits.csv --person user_id --event action --time at
  fullfunnel ask - --person LEADID --time "Created Time" \\
      --events Leads.csv --event-name lead --events Potentials.csv --event-name potential < question.json
  fullfunnel ask --stdin < lines.jsonl

A question is JSON, such as {"kind": "funnel", "steps": [{"event": "signed_up"}, {"event": "paid"}]}.
--events may be given several times: the files are read as one stream, in that order. --person, --event, --event-name,
--time, --time-format, --company, --deal and --session speak of the --events before them; given before the first, of every file.
Rows that cannot be read are told on stderr, with file, line and reason, and left out.

On a terminal stderr shows how far it is; Ctrl-C ends it.

exit status: 0 answered; 2 the question or a file cannot be read ({"error": …} on stdout); 3 out of time; 130 interrupted.
"""
# Flag -> field of Reading, and what it says.
FLAGS = {
    "--person": ("person", "COLUMN", "the column that says who (default: person)"),
    "--event": ("event", "COLUMN", "the column that says what happened (default: event)"),
    "--event-name": ("name", "NAME", "every row is this event, whatever its columns say"),
    "--time": ("time", "COLUMN", "the column that says when (default: timestamp)"),
    "--time-format": ("time_format", "FORMAT", "day-first, month-first, or a form such as '%%d/%%m/%%y %%H:%%M'"),
    "--company": ("company", "COLUMN", "the column that says for which company (default: company)"),
    "--deal": ("deal", "COLUMN", "the column that says about which deal (default: deal, else the property deal_id)"),
    "--session": ("session", "COLUMN", "the column that says in which session (default: session)"),
}


class OfFile(argparse.Action):
    """Keeps a flag with the --events before it; with all of them when it comes before the first."""

    def __call__(self, parser: Any, namespace: Any, value: Any, option: str | None = None) -> None:
        files, common = namespace.files, namespace.common
        if option == "--events":
            namespace.files = [*files, {"path": value}]
        elif files:
            namespace.files = [*files[:-1], files[-1] | {self.dest: value}]
        else:
            namespace.common = common | {self.dest: value}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = ABOUT
    parser.set_defaults(files=[], common={})
    parser.add_argument(
        "question", nargs="?", metavar="QUESTION.json", help="a file with the question; - is standard input"
    )
    parser.add_argument("--events", action=OfFile, metavar="FILE", help="JSON lines, CSV or Parquet, each also .gz")
    for flag, (field, metavar, about) in FLAGS.items():
        parser.add_argument(flag, dest=field, action=OfFile, metavar=metavar, help=about)
    parser.add_argument("--people", metavar="FILE", help="traits of people: person, and properties or further columns")
    parser.add_argument("--strict", action="store_true", help="stop at the first row that cannot be read")
    parser.add_argument("--stdin", action="store_true", help='a line in: {"question", "events", "people"?}; a line out')
    parser.add_argument("--workspace", metavar="SLUG", help="ask a workspace of the data directory, not files")
    parser.add_argument(
        "--timeout", type=float, default=30.0, metavar="SECONDS", help="the time limit of a question (30)"
    )
    parser.add_argument("--json", action="store_true", help="the answer on one line")


def run(args: argparse.Namespace) -> int:
    from fullfunnel.cli.answering import answer_lines, answer_one

    if args.stdin:
        if args.question or args.files or args.people or args.workspace:
            return refuse(
                args, "--stdin", "each line brings its own question and events; leave the other arguments out"
            )
        return answer_lines(args)
    if not args.question:
        return refuse(args, "question", "name a file with the question, or - for standard input")
    if bool(args.files) == bool(args.workspace):
        return refuse(args, "events", "name the events with --events FILE, or a workspace with --workspace SLUG")
    return answer_one(args)
