# SPDX-License-Identifier: Apache-2.0
"""Write the part of constraints.txt that running needs, with its hashes: for images.

Usage: ``python tests/release/requirements.py OUTPUT_FILE``, in the environment of `make setup`
"""

from __future__ import annotations

import re
import sys
from importlib.metadata import PackageNotFoundError, requires
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

REPOSITORY = Path(__file__).resolve().parents[2]
PROJECT = "capi-scvmm"
_PIN = re.compile(r"^([A-Za-z0-9._-]+)==")


def needed(project: str = PROJECT) -> set[str]:
    """Names of all that *project* needs to run, at any distance, as it is installed here."""
    found: set[str] = set()
    open_ends = [(project, frozenset[str]())]
    while open_ends:
        name, extras = open_ends.pop()
        for line in _requires(name):
            wanted = Requirement(line)
            marker = wanted.marker
            if marker is not None and not any(marker.evaluate({"extra": extra}) for extra in extras | {""}):
                continue
            other = canonicalize_name(wanted.name)
            if other not in found or wanted.extras:
                found.add(other)
                open_ends.append((other, frozenset(wanted.extras)))
    return found


def select(constraints: str, names: set[str]) -> str:
    """Keep of *constraints* the entries of *names*, each with the lines of hashes that go with it."""
    kept: list[str] = []
    keep = False
    for line in constraints.splitlines():
        pin = _PIN.match(line)
        if pin is not None:
            keep = canonicalize_name(pin[1]) in names
        if keep:
            kept.append(line)
    return "\n".join(kept) + "\n"


def _requires(name: str) -> list[str]:
    try:
        return requires(name) or []
    except PackageNotFoundError:
        return []  # Of another platform or Python: its entry is taken along, its marker says when.


def main() -> int:
    """Write the file that the command line names."""
    if len(sys.argv) != 2:
        print("usage: requirements.py OUTPUT_FILE", file=sys.stderr)
        return 2
    text = select((REPOSITORY / "constraints.txt").read_text("utf-8"), needed())
    Path(sys.argv[1]).write_text(text, encoding="utf-8")
    print(sys.argv[1])
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
