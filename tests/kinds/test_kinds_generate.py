# SPDX-License-Identifier: Apache-2.0
"""The CRDs that are checked in are those that the kinds make."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal

import pytest
import yaml
from capi_scvmm.kinds import KINDS, crds
from capi_scvmm.kinds.generate import files, main, stale
from capi_scvmm.kinds.model import Model
from capi_scvmm.kinds.rules import EMPTY_OBJECT, rule, rules
from capi_scvmm.kinds.schema import structural
from pydantic import Field

CRDS = Path(__file__).parents[2] / "controller" / "crds"


def test_checked_in_files_are_current() -> None:
    """Whoever changes a kind runs the generator."""
    assert stale(CRDS) == []


def test_files_hold_the_crds() -> None:
    """What the controller would install and what is checked in is one."""
    stored = [yaml.safe_load((CRDS / f"{kind.plural}.yaml").read_text()) for kind in KINDS]
    assert stored == crds()


def test_generator_writes_what_its_check_accepts(tmp_path: Path) -> None:
    """Write, then check: nothing to say."""
    assert main(["--dir", str(tmp_path)]) == 0
    assert main(["--check", "--dir", str(tmp_path)]) == 0
    assert {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*.yaml")} == set(files())


def test_check_names_each_file_that_is_not_current(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Changed, missing and left over: each with what to do."""
    main(["--dir", str(tmp_path)])
    (tmp_path / "scvmmmachines.yaml").write_text("changed")
    (tmp_path / "scvmmclusters.yaml").unlink()
    (tmp_path / "scvmmpools.yaml").write_text("left over")
    assert main(["--check", "--dir", str(tmp_path)]) == 1
    said = capsys.readouterr().err.splitlines()
    assert [Path(line.split(" is not what")[0]).name for line in said] == [
        "scvmmclusters.yaml",
        "scvmmmachines.yaml",
        "scvmmpools.yaml",
    ]
    assert all("python -m capi_scvmm.kinds.generate" in line for line in said)


class Inner(Model):
    """A part."""

    model_config = {"json_schema_extra": rules(rule("true", "of the part"))}

    size: int = Field(default=3, description="Size.")
    note: str | None = Field(default=None, description="Note.")


class Outer(Model):
    """A whole."""

    only: Literal["one"] = Field(default="one", description="One value.")
    part: Inner = Field(
        default_factory=Inner,
        description="The part.",
        json_schema_extra=EMPTY_OBJECT | rules(rule("true", "of the field")),
    )
    maybe: Inner | None = Field(default=None, description="Maybe a part.")
    choice: Annotated[int | str, Field(description="Either.")] = 1
    by_name: dict[str, Inner] = Field(default_factory=dict, description="Parts by name.")
    anything: dict[str, Any] = Field(default_factory=dict, description="Anything.")
    listed: tuple[Inner, ...] = Field(default=(), description="Parts.")


def test_schema_is_structural() -> None:
    """No references, titles and nulls; defaults of an object are those of its fields; rules of both places stay."""
    schema = structural(Outer)
    assert "$defs" not in schema and "title" not in schema
    fields = schema["properties"]
    assert fields["only"] == {"type": "string", "enum": ["one"], "default": "one", "description": "One value."}
    assert fields["part"]["default"] == {"size": 3}
    assert [each["message"] for each in fields["part"]["x-kubernetes-validations"]] == ["of the part", "of the field"]
    assert fields["maybe"]["type"] == "object" and fields["maybe"]["description"] == "Maybe a part."
    assert "default" not in fields["maybe"] and "anyOf" not in fields["maybe"]
    assert len(fields["choice"]["anyOf"]) == 2
    assert fields["byName"]["additionalProperties"]["properties"]["size"]["default"] == 3
    assert fields["anything"]["additionalProperties"] is True
    assert fields["listed"]["items"]["properties"]["note"] == {"type": "string", "description": "Note."}
