# SPDX-License-Identifier: Apache-2.0
"""Writes the CRDs, and the policy that goes with them, as YAML: `python -m capi_scvmm.kinds.generate [--check]`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from capi_scvmm.kinds.crd import KINDS, crd
from capi_scvmm.kinds.policy import template_policy

_HEADER = """\
# SPDX-License-Identifier: Apache-2.0
# Generated from controller/capi_scvmm/kinds by `python -m capi_scvmm.kinds.generate`: change it there.
"""


class _Dumper(yaml.SafeDumper):
    """Block style, and no anchors where two parts are one object in memory."""

    def ignore_aliases(self, data: Any) -> bool:
        return True

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)


def files() -> dict[str, str]:
    """The content of each generated file, by its path below controller/crds."""
    made = {f"{kind.plural}.yaml": _text([crd(kind)]) for kind in KINDS}
    made["policies/scvmmmachinetemplates.yaml"] = _text(template_policy())
    return made


def _text(documents: Sequence[Mapping[str, Any]]) -> str:
    body = yaml.dump_all(documents, Dumper=_Dumper, sort_keys=False, width=100, allow_unicode=True, explicit_start=True)
    return _HEADER + body


def stale(folder: Path) -> list[str]:
    """Paths of generated files that are missing below *folder*, differ, or are no longer made."""
    wanted = files()
    present = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*.yaml")}
    differing = [name for name, text in wanted.items() if name not in present or present[name].read_text() != text]
    return sorted([*differing, *(present.keys() - wanted.keys())])


def write(folder: Path) -> None:
    """Write all generated files below *folder*."""
    for name, text in files().items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def main(arguments: Sequence[str] | None = None) -> int:
    """The command; 1 when --check finds a file that is not current."""
    parser = argparse.ArgumentParser(prog="python -m capi_scvmm.kinds.generate", description=__doc__)
    parser.add_argument("--check", action="store_true", help="only say which files are not current")
    parser.add_argument("--dir", type=Path, default=Path("controller/crds"), help="folder (default: controller/crds)")
    chosen = parser.parse_args(arguments)
    if not chosen.check:
        write(chosen.dir)
        return 0
    outdated = stale(chosen.dir)
    for name in outdated:
        print(
            f"{chosen.dir / name} is not what the kinds say: run `python -m capi_scvmm.kinds.generate`, and delete it "
            "if it is still named here then",
            file=sys.stderr,
        )
    return 1 if outdated else 0


if __name__ == "__main__":  # pragma: no cover
    sys.exit(main())
