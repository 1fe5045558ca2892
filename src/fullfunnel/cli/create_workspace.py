"""fullfunnel create-workspace: a workspace, its owner and its first keys, in one transaction."""

import argparse
import json
import secrets
import sys
from typing import Any

SELLS = ("companies", "households", "online", "both")

EXAMPLES = """
examples:
  fullfunnel create-workspace "Example Ltd" --owner you@example.com --sells companies
  fullfunnel create-workspace "Example Ltd" --owner you@example.com --password-stdin --json < password.txt

The write key sends events, the API key asks questions; both are shown only here. Then: fullfunnel serve
Exit status: 0 made; 2 something given is not right, and nothing was made."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = EXAMPLES
    parser.add_argument("name", metavar="NAME", help='what the workspace is called, like "Example Ltd"')
    parser.add_argument("--owner", metavar="EMAIL", required=True, help="who owns it; made if there is no such user")
    parser.add_argument(
        "--password-stdin",
        action="store_true",
        help="read the new owner's password from standard input (else one is made and printed once)",
    )
    parser.add_argument("--sells", choices=SELLS, default="", help="how you sell (else the first visit asks)")
    parser.add_argument("--timezone", default="UTC", help="where its days begin, like Europe/Berlin (default UTC)")
    parser.add_argument("--currency", default="EUR", help="three letters (default EUR)")
    parser.add_argument("--json", action="store_true", help="print one JSON object, for scripts")


def run(args: argparse.Namespace) -> int:
    """Prints the slug, a write key and an API key, which are shown only here; 2 for bad input."""
    from django.db import transaction

    from fullfunnel.core.refused import Refused

    with transaction.atomic():
        made = create(args)
        if isinstance(made, Refused):
            transaction.set_rollback(True)
    if isinstance(made, Refused):
        print(made.sentence, file=sys.stderr)
        return 2
    print(json.dumps(made) if args.json else in_words(made, args.owner))
    return 0


def create(args: argparse.Namespace) -> Any:
    """{"workspace", "write_key", "api_key"} and "password" where one was made; or Refused."""
    from fullfunnel.core.refused import Refused
    from fullfunnel.workspaces.actions import create_api_key, create_source, create_workspace
    from fullfunnel.workspaces.models import ApiKey, Source

    owner, password = find_or_create_owner(args)
    if isinstance(owner, Refused):
        return owner
    settings = {"sells": args.sells, "timezone": args.timezone, "currency": args.currency.upper()}
    workspace = create_workspace(args.name, owner=owner, **settings, by=None)
    if isinstance(workspace, Refused):
        return workspace
    source = create_source(workspace, name="first source", kind=Source.Kind.SERVER, by=None)
    api_key = create_api_key(workspace, name="first key", scopes=list(ApiKey.Scope.values), by=None)
    if isinstance(source, Refused) or isinstance(api_key, Refused):
        raise AssertionError("a new workspace takes a source and a key")
    made = {"workspace": workspace.slug, "write_key": source[1], "api_key": api_key[1]}
    return made | ({"password": password} if password else {})


def find_or_create_owner(args: argparse.Namespace) -> tuple[Any, str]:
    """The user and, only if it was made here, the password."""
    from fullfunnel.core.refused import Refused
    from fullfunnel.workspaces.actions import create_user
    from fullfunnel.workspaces.models import User

    given = sys.stdin.readline().rstrip("\r\n") if args.password_stdin else ""
    if args.password_stdin and not given:
        return Refused("no password came on standard input: send one line, like: echo '…' | fullfunnel …"), ""
    known = User.objects.filter(email=args.owner.strip().lower(), is_active=True).first()
    if known is not None:
        if given and not known.check_password(given):
            return Refused(
                f"{known.email} has a user already, with another password, which this does not change: leave out "
                "--password-stdin, or change it by `fullfunnel set-password`"
            ), ""
        return known, ""
    password = given or secrets.token_urlsafe(12)
    return create_user(args.owner, password=password, by=None), "" if given else password


def in_words(made: dict[str, str], owner: str) -> str:
    lines = [
        f"Workspace   {made['workspace']}",
        f"Write key   {made['write_key']}   (server source: send events with it)",
        f"API key     {made['api_key']}   (scopes ask, export)",
    ]
    if "password" in made:
        lines.append(f"Sign in as  {owner.strip().lower()} with password {made['password']}")
    return "\n".join([*lines, "These are shown only now; only their fingerprints are kept. Next: fullfunnel serve"])
