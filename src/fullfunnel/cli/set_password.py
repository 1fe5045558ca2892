"""fullfunnel set-password: for who forgot it; whoever may run this on the machine may read its data anyway."""

import argparse
import json
import secrets
import sys

from fullfunnel.cli.words import fail

EXAMPLES = """
examples:
  fullfunnel set-password you@example.com
  fullfunnel set-password you@example.com --password-stdin < password.txt

Exit status: 0 set; 2 something given is not right, and nothing was changed."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = EXAMPLES
    parser.add_argument("email", metavar="EMAIL", help="whose password")
    parser.add_argument(
        "--password-stdin",
        action="store_true",
        help="read the new password from standard input (else one is made and printed once)",
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object, for scripts")


def run(args: argparse.Namespace) -> int:
    """Sets the password and ends the user's sessions; 2 when there is no such user or the password is refused."""
    from django.conf import settings

    from fullfunnel.core.refused import Refused
    from fullfunnel.workspaces.actions import set_password
    from fullfunnel.workspaces.browsers import browser_link
    from fullfunnel.workspaces.models import User

    user = User.objects.filter(email=args.email.strip().lower(), is_active=True).first()
    if user is None:
        return fail(f"there is no user {args.email}: `fullfunnel create-workspace NAME --owner {args.email}` makes one")
    given = sys.stdin.readline().rstrip("\r\n") if args.password_stdin else ""
    if args.password_stdin and not given:
        return fail("no password came on standard input: send one line, like: echo '…' | fullfunnel …")
    password = given or secrets.token_urlsafe(12)
    done = set_password(user, to=password, by=None)
    if isinstance(done, Refused):
        return fail(done.sentence)
    told = {"email": user.email} | ({} if given else {"password": password})
    told["link"] = f"{settings.BASE_URL}{browser_link(user.email)}"
    if args.json:
        print(json.dumps(told))
    else:
        print("\n".join(f"{name:<9} {value}" for name, value in told.items()))
        print("The link is good for an hour: the browser that opens it may sign in also while others try passwords.")
    return 0
