# SPDX-License-Identifier: Apache-2.0
"""AddVMSpec of a provider's extraFunctions, end to end: called by a real PowerShell, refused loudly without one."""

from __future__ import annotations

from engine import ENGINE

from .world import World

FUNCTION = """
function AddVMSpec($spec, $metadata) {
    $name = (ConvertFrom-Json $metadata).name
    $device = @{ deviceName = 'eth0'; ipAddresses = @('10.20.0.66/16'); gateway = '10.20.0.1' }
    $networking = @{ devices = @($device) }
    return ConvertTo-Json -Depth 6 @{ spec = @{ hostname = "$name.rack7.example.com"; networking = $networking } }
}
"""


def test_add_vm_spec_determines_name_and_address_before_the_boot(here: World) -> None:
    """The guest has them, status.boot says where they are from, and spec stays as it was."""
    here.provider(extraFunctions={"AddVMSpec": FUNCTION})
    here.bootstrap()
    here.start()
    before = here.machine()["spec"]
    if ENGINE == "native":
        failed = here.until_reason("node", "BootstrapMediumAttached", "HookFailed", seconds=80)
        assert "the simulator's native engine does not run" in failed["message"]
        assert here.vm_started() == 0
        return
    here.until_true("node")
    body = here.get("ScvmmMachine", "node") or {}
    assert (body["status"]["boot"]["hook"], body["status"]["hostname"]) == (
        f"{here.namespace}/vmm (AddVMSpec)",
        "node.rack7.example.com",
    )
    assert {"type": "InternalIP", "address": "10.20.0.66"} in body["status"]["addresses"]
    assert {key: value for key, value in body["spec"].items() if key != "providerID"} == before
