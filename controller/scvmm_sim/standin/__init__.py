# SPDX-License-Identifier: Apache-2.0
"""A stand-in for VMM's own PowerShell module, made from the public interface of VMM's cmdlets."""

from pathlib import Path

MODULE_PATH = Path(__file__).parent
"""Folder for PSModulePath: PowerShell finds the stand-in ``VirtualMachineManager`` below it."""
