# SPDX-License-Identifier: Apache-2.0
"""The checklist, and which test claims which number: read from the sources, so that nothing has to be started."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml

TESTS = Path(__file__).parents[1]
MARK = "contract"


@dataclass(frozen=True)
class Item:
    """One number of the contract; *need* is must, should or may."""

    number: int
    part: str
    need: str
    text: str


def read_checklist() -> list[Item]:
    """Give all numbers, in their order."""
    parts = yaml.safe_load((TESTS / "contract/checklist.yml").read_text("utf-8"))
    return [
        Item(number, part["part"], item["need"], item["text"])
        for part in parts
        for number, item in part["items"].items()
    ]


def claims() -> dict[int, list[str]]:
    """Tell for each number that a test claims the pytest ids of those tests."""
    found: dict[int, list[str]] = defaultdict(list)
    for path in sorted(TESTS.rglob("test_*.py")):
        name = f"tests/{path.relative_to(TESTS)}"
        for test, numbers in _claims_of(path.read_text("utf-8")):
            for number in numbers:
                found[number].append(f"{name}::{test}")
    return dict(found)


def _claims_of(source: str) -> Iterator[tuple[str, list[int]]]:
    if f"mark.{MARK}(" not in source:
        return
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_"):
            for mark in node.decorator_list:
                if isinstance(mark, ast.Call) and ast.unparse(mark.func) == f"pytest.mark.{MARK}":
                    yield node.name, [ast.literal_eval(argument) for argument in mark.args]


def lines() -> Iterator[str]:
    """Write the report: each number with its need, its text and its tests."""
    shown, part = claims(), ""
    for item in read_checklist():
        if item.part != part:
            part = item.part
            yield from ("", part)
        yield f"  {item.number:>2}  {item.need:<6}  {item.text}"
        for test in shown.get(item.number) or ["not shown by any test"]:
            yield f"                {test}"
