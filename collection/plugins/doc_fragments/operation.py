# SPDX-License-Identifier: GPL-3.0-or-later
"""What the documentation of all modules that call an operation has in common."""

from __future__ import annotations


class ModuleDocFragment:
    """Options, attributes and notes of operations."""

    DOCUMENTATION = r"""
options:
  timeout:
    description:
      - Seconds until the call is given up. Without it two minutes, and what the call is told to wait.
      - Jobs of VMM go on after the call; none of the modules waits for a job unless told to.
      - Over other connections than P(capi.scvmm.vmm#connection) the time-outs of those count.
    type: float
requirements:
  - pypsrp (on the control node)
notes:
  - Best run over the connection P(capi.scvmm.vmm#connection), which keeps a session open.
  - Works over P(ansible.builtin.psrp#connection) and P(ansible.builtin.winrm#connection) as well; each task then starts
    PowerShell, loads VMM's module and connects, which takes seconds. The variable C(scvmm_vmm_server) names the VMM
    server (V(localhost) without it).
  - Always calls an operation of the collection's PowerShell module; no text of a task becomes part of a script.
author:
  - capi.scvmm contributors (@capi-scvmm)
"""

    CHANGES = r"""
attributes:
  check_mode:
    description: Says what would change and changes nothing.
    support: full
  diff_mode:
    description: Shows what was changed, or would be.
    support: full
"""

    LOOKS = r"""
attributes:
  check_mode:
    description: Changes nothing in any mode.
    support: full
  diff_mode:
    description: Shows what was changed.
    support: none
    details: Nothing is changed.
"""
