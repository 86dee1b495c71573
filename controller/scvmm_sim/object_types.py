# SPDX-License-Identifier: Apache-2.0
"""Classes of VMM's objects: what each inherits from, so that a parameter takes a class and what is below it.

The classes are those that VMM's reference names as types of parameters; `_type` of an object is the name of its class.
"""

from __future__ import annotations

ROOT = "ClientObject"
"""The class of everything that VMM knows by an id."""

BASES = {
    "ApplicationProfile": "Profile",
    "CapabilityProfile": "Profile",
    "GuestOSProfile": "Profile",
    "HardwareProfile": "Profile",
    "SQLProfile": "Profile",
    "SelfServiceUserRole": "UserRole",
    "StandaloneVirtualHardDisk": "VirtualHardDisk",
    "VMConfiguration": "BaseVMConfiguration",
}
"""Classes that inherit from another one than the root."""


def classes(type_name: str) -> tuple[str, ...]:
    """The class and all that it inherits from, the root last."""
    chain = [type_name]
    while chain[-1] in BASES:
        chain.append(BASES[chain[-1]])
    return (*chain, ROOT) if type_name != ROOT else (ROOT,)
