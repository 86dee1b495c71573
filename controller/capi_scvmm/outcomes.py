# SPDX-License-Identifier: Apache-2.0
"""What became of an action: a closed union.

*Refused*: VMM understood and said no. *Unreachable*: nobody knows what happened. *Lost*: the run died without a word.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from capi_scvmm.errors import VmmError
from capi_scvmm.vm import Vm


@dataclass(frozen=True)
class Done:
    """The run got to the end for this machine; *vm* is None when a step told that there is none (any more).

    *medium_gone*: the library does not hold the medium any more; *medium_error*: why it still does, after a start.
    """

    vm: Vm | None = None
    vm_gone: bool = False
    medium_gone: bool = False
    medium_error: VmmError | None = None
    cancelling: bool = False
    steps: Mapping[str, Mapping[str, Any]] = field(default_factory=dict, compare=False)


@dataclass(frozen=True)
class Refused:
    """VMM, or a module before it, said no; *vm* is what earlier steps of the run told."""

    error: VmmError
    vm: Vm | None = None


@dataclass(frozen=True)
class Unreachable:
    """The VMM server did not answer."""

    message: str


@dataclass(frozen=True)
class Lost:
    """The run ended (died, timed out, was cancelled) without telling about this machine."""

    message: str


Outcome = Done | Refused | Unreachable | Lost
