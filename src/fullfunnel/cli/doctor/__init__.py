"""fullfunnel doctor: what is wrong with this data directory, and how to mend it. Changes nothing."""

import argparse
import json
import os
import sys
from dataclasses import asdict

from fullfunnel.cli.doctor.findings import Finding
from fullfunnel.cli.words import port_number
from fullfunnel.core.directory import data_directory

EXAMPLES = """
examples:
  fullfunnel doctor
  fullfunnel doctor --data-dir /srv/fullfunnel --port 8080 --json

It changes nothing.
Exit status: 0 all is well; 1 something is not."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = EXAMPLES
    parser.add_argument("--port", type=port_number, default=8000, help="the port that you serve on (default 8000)")
    parser.add_argument("--json", action="store_true", help="print the findings as JSON")


def run(args: argparse.Namespace) -> int:
    findings = examine(args.port)
    if args.json:
        print(json.dumps([asdict(finding) for finding in findings]))
    else:
        for finding in findings:
            print(f"{'ok   ' if finding.is_well else 'WRONG'}  {finding.name}: {finding.found}")
            if not finding.is_well:
                print(f"       -> {finding.mend}")
    wrong = sum(not finding.is_well for finding in findings)
    if wrong:
        print(f"{wrong} of {len(findings)} things are not well", file=sys.stderr)
    return 1 if wrong else 0


def examine(port: int) -> list[Finding]:
    """Everything that can be looked at, in an order in which an early fault explains the later ones."""
    from fullfunnel.cli.doctor import examinations, stream_examinations

    data = data_directory()
    findings: list[Finding] = []
    for look in [*examinations.NEEDED, *examinations.FURTHER]:
        findings.append(look(data))
        if look in examinations.NEEDED and not findings[-1].is_well:
            return findings
    findings.append(examinations.port(data, port))
    if not (data / "main.db").exists():
        return [*findings, Finding("tables", True, "none yet: `fullfunnel serve` makes them")]
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fullfunnel.config.settings")
    import django

    django.setup()
    for look in [*stream_examinations.NEEDED, *stream_examinations.FURTHER]:
        findings.append(look(data))
        if look in stream_examinations.NEEDED and not findings[-1].is_well:
            break
    return findings
