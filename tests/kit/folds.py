"""`python -m tests.kit.folds`: compile the folds once into Numba's cache, so that no test waits for it. Prints the seconds."""

import shutil
import time

from tests.kit.own_directory import own_directory


def main() -> None:
    directory, began = own_directory(), time.monotonic()
    try:
        import django

        django.setup()
        from fullfunnel.analytics.on_start import warm

        warm()
    finally:
        shutil.rmtree(directory, ignore_errors=True)
    print(f"the folds are compiled ({time.monotonic() - began:.0f} s)")


if __name__ == "__main__":
    main()
