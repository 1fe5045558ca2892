"""`python -m tests.cases FILE…`: each case of these files is put to our code; the last line says how many of how many are right."""

import shutil
import sys
from pathlib import Path

from tests.cases import outcomes_of, runner_of
from tests.kit.own_directory import own_directory


def main(arguments: list[str]) -> int:
    """Print what is wrong, the notes, and n/m for each file; 0 when all is right, 1 when not, 2 without a file."""
    if not arguments:
        print("usage: python -m tests.cases FILE…", file=sys.stderr)
        return 2
    paths = [Path(argument) for argument in arguments]
    directory = own_directory()
    try:
        _set_up(with_database=any(getattr(runner_of(path), "NEEDS_DATABASE", False) for path in paths))
        results = [_tell(path) for path in paths]
    finally:
        shutil.rmtree(directory, ignore_errors=True)
    right, all_of_them = (sum(numbers) for numbers in zip(*results, strict=True))
    print(f"{right}/{all_of_them}")
    return 0 if right == all_of_them else 1


def _set_up(*, with_database: bool) -> None:
    import django

    django.setup()
    if with_database:
        from django.core.management import call_command

        call_command("migrate", verbosity=0)


def _tell(path: Path) -> tuple[int, int]:
    outcomes = outcomes_of(path)
    for outcome in outcomes:
        if outcome.wrong:
            print(f"FAILED {outcome.name}: {outcome.wrong}")
        elif outcome.note:
            print(f"ok {outcome.name}: {outcome.note}")
    right = sum(not outcome.wrong for outcome in outcomes)
    print(f"{path}: {right}/{len(outcomes)}")
    return right, len(outcomes)


if __name__ == "__main__":
    # Careful: Django's settings are read within main, after the directory was chosen.
    sys.exit(main(sys.argv[1:]))
