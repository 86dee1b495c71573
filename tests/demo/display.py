# SPDX-License-Identifier: Apache-2.0
"""What is shown while machines come and go: a table that updates in a terminal, a line for each change elsewhere."""

import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

from rich.console import Console
from rich.live import Live
from rich.table import Table

from demo.rows import Row

PLAIN_WIDTH = 170
REFRESHES_PER_SECOND = 8


class Display:
    """Writes to standard output."""

    def __init__(self) -> None:
        """Find out whether standard output is a terminal."""
        self.console = Console(width=None if sys.stdout.isatty() else PLAIN_WIDTH, highlight=False)
        self._started = time.monotonic()

    def say(self, text: str = "") -> None:
        """Write a line as it is."""
        self.console.out(text, highlight=False)

    def step(self, text: str) -> None:
        """Announce the next step."""
        self.console.print()
        self.console.rule(f"[bold]{text}[/bold]", align="left")

    def table(self, columns: Sequence[str], rows: Iterable[Sequence[object]], title: str = "") -> None:
        """Write a small table."""
        table = Table(*columns, title=title or None, title_justify="left", show_edge=False, pad_edge=False)
        for each in rows:
            table.add_row(*(str(cell) for cell in each))
        self.console.print(table)

    @contextmanager
    def following(self) -> Iterator["Following"]:
        """Show rows while they change."""
        following = Following(self.console, self._started)
        if not self.console.is_terminal:
            yield following
            return
        with Live(console=self.console, refresh_per_second=REFRESHES_PER_SECOND) as live:
            following.live = live
            yield following


class Following:
    """The rows of one step, and since when each of them is as it is."""

    def __init__(self, console: Console, started: float) -> None:
        """Times are shown in seconds since *started*."""
        self.live: Live | None = None
        self._console = console
        self._started = started
        self._seen: dict[str, tuple[Row, float]] = {}

    def show(self, rows: Sequence[Row]) -> None:
        """Show the rows as they are now."""
        now = time.monotonic() - self._started
        gone = self._seen.keys() - {row.machine for row in rows}
        for name in sorted(gone):
            del self._seen[name]
            self._line(now, f"{name:<32} Gone")
        for row in rows:
            before = self._seen.get(row.machine)
            if before is None or before[0].line != row.line:
                self._seen[row.machine] = (row, now)
                self._line(now, row.line)
        if self.live:
            self.live.update(self._table(now))

    def _line(self, now: float, text: str) -> None:
        if self.live is None:
            self._console.out(f"{now:6.1f} s  {text}", highlight=False)

    def _table(self, now: float) -> Table:
        table = Table("machine", "stage", "VM", "address", "since", title=f"{now:.1f} s", title_justify="left")
        for row, since in sorted(self._seen.values(), key=lambda seen: seen[0].machine):
            style = "green" if row.provisioned else None
            table.add_row(row.machine, row.stage, row.vm, row.address, f"{since:.1f} s", style=style)
        return table
