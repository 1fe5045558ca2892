"""Saved mappings of `fullfunnel import`: kept by name, offered for a file with the same columns, listed, forgotten."""

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from typing import Any

from fullfunnel.cli.words import fail

LIST = "mappings"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--mapping", metavar="NAME", help="read the file as was saved under this name; other flags go before it"
    )
    parser.add_argument("--save-mapping", metavar="NAME", help="keep how this file is read under a name")
    parser.add_argument("--forget", metavar="NAME", help="with 'mappings': forget the one of this name")


def list_or_forget(args: argparse.Namespace, workspace: Any) -> int:
    """`fullfunnel import mappings`: what is saved, or with --forget one less."""
    from fullfunnel.events.mapping_actions import forget_mapping
    from fullfunnel.events.models import SavedMapping

    saved = SavedMapping.objects.filter(workspace=workspace).order_by("what", "name")
    if args.forget:
        found = list(saved.filter(name=args.forget))
        if not found:
            return fail(f"there is no mapping {args.forget!r}{_there_are(workspace)}")
        for one in found:
            forget_mapping(one)
        print(f"the mapping {args.forget!r} is forgotten", file=sys.stderr)
        return 0
    if args.json:
        print(json.dumps([{"name": one.name, "what": one.what, **one.reading} for one in saved], ensure_ascii=False))
        return 0
    for one in saved:
        print(f"{one.name} ({one.what}): {said(one.reading)}")
    if not saved:
        print("no mapping is saved; --save-mapping NAME with an import saves one", file=sys.stderr)
    return 0


def take_saved(args: argparse.Namespace, workspace: Any, header: Sequence[str]) -> dict[str, str]:
    """The columns that --mapping names; what it says beyond columns goes into `args`, where flags say nothing.

    Without --mapping, a file whose columns are those of a saved one is told of on stderr. MappingError: there is none.
    """
    from fullfunnel.events.mapping import MappingError
    from fullfunnel.events.models import SavedMapping

    saved = SavedMapping.objects.filter(workspace=workspace, what=args.what)
    if not args.mapping:
        known = [one.name for one in saved.order_by("name") if one.header == sorted(header)]
        if known:
            print(
                f"  these are the columns of a saved mapping: --mapping {_quoted(known[0])} reads them so",
                file=sys.stderr,
            )
        return {}
    found = saved.filter(name=args.mapping).first()
    if found is None:
        raise MappingError(f"there is no mapping {args.mapping!r} for {args.what}{_there_are(workspace)}")
    reading = found.reading
    args.event_name = args.event_name or reading.get("event_name")
    args.time_format = args.time_format or reading.get("time_format")
    args.rename = [f"{column}={name}" for column, name in reading.get("rename", {}).items()] + args.rename
    args.system = args.system or reading.get("system")
    args.no_id = list(reading.get("plain", [])) + args.no_id
    columns: dict[str, str] = reading["columns"]
    return {what: name for what, name in columns.items() if not (what == "event" and args.event_name)}


def save(args: argparse.Namespace, workspace: Any, header: Sequence[str], reading: Mapping[str, Any]) -> None:
    """Keeps how the file is read, where --save-mapping says so. MappingError: the name will not do."""
    from fullfunnel.events.mapping import MappingError
    from fullfunnel.events.mapping_actions import reason_against_mapping_name, save_mapping

    if args.save_mapping is None:
        return
    if reason := reason_against_mapping_name(args.save_mapping):
        raise MappingError(f"--save-mapping: {reason}")
    if args.dry_run:
        print("  a dry run saves no mapping", file=sys.stderr)
        return
    kept = {name: value for name, value in reading.items() if value}
    saved = save_mapping(workspace.pk, name=args.save_mapping, what=args.what, header=header, reading=kept)
    print(f"  saved: next time --mapping {_quoted(saved.name)}", file=sys.stderr)


def said(reading: Mapping[str, Any]) -> str:
    """ "person = CustomerID, event = always bought, time as day-first; Land is country"."""
    parts = [f"{what} = {name}" for what, name in reading["columns"].items()]
    parts += [f"event = always {reading['event_name']}"] if reading.get("event_name") else []
    parts += [f"time as {reading['time_format']}"] if reading.get("time_format") else []
    parts += [f"record ids of {reading['system']}"] if reading.get("system") else []
    parts += [f"{name} names nobody" for name in reading.get("plain", [])]
    renamed = ", ".join(f"{column} is {name}" for column, name in reading.get("rename", {}).items())
    return ", ".join(parts) + (f"; {renamed}" if renamed else "")


def _there_are(workspace: Any) -> str:
    from fullfunnel.events.models import SavedMapping

    found = SavedMapping.objects.filter(workspace=workspace).order_by("what", "name")[:20]
    named = ", ".join(f"{name} ({what})" for name, what in found.values_list("name", "what"))
    return f"; there is: {named or 'none (--save-mapping NAME saves one)'}"


def _quoted(name: str) -> str:
    return f'"{name}"' if " " in name else name
