# SPDX-License-Identifier: Apache-2.0
"""What is added to a guest: the provider id, whatever else tells the kubelet its arguments."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from capi_scvmm.bootstrap_data import BootstrapData, Credentials, bootstrap_data, credentials
from capi_scvmm.guest_parts import provider_id
from capi_scvmm.request import guest_parts, ignition_obstacle, placement

from .scopes import a_machine, a_vm

ID = "scvmm://0e1d2c3b-4a59-6877-8695-a4b3c2d1e0f0"
IGNITION = BootstrapData(b'{"ignition": {"version": "3.4.0"}}', "ignition")
WHO = Credentials("joiner", "s3cret")


def _boothook(root: Path) -> str:
    """The part, writing below *root* instead of the machine's own folders."""
    text = provider_id(ID).content.decode()
    for folder in ("/etc/", "/run/"):
        text = text.replace(folder, f"{root}{folder}")
    return text


@pytest.fixture
def guest(tmp_path: Path) -> Path:
    """A folder in which the boothook has run; there is no systemd to be told."""
    (tmp_path / "bin").mkdir()
    told = tmp_path / "bin/systemctl"
    told.write_text(f'#!/bin/sh\necho "$@" >> {tmp_path}/systemctl\n')
    told.chmod(0o755)
    for _ in range(2):  # A boothook runs at every boot.
        ended = subprocess.run(
            ["/bin/sh"], input=_boothook(tmp_path), text=True, capture_output=True, check=False, timeout=30,
            env={"PATH": f"{tmp_path}/bin:/usr/bin:/bin"},
        )  # fmt: skip
        assert ended.returncode == 0, ended.stderr
    return tmp_path


def _arguments(guest: Path, **environment: str) -> str:
    """What KUBELET_EXTRA_ARGS is after a start, read from the file as systemd reads it: C escapes within quotes."""
    made = guest / "run/capi-scvmm/kubelet.env"
    made.unlink(missing_ok=True)
    script = guest / "etc/capi-scvmm/kubelet-arguments"
    ended = subprocess.run(
        ["/bin/sh", script], env={"PATH": "/usr/bin:/bin", **environment}, capture_output=True, check=False, timeout=30
    )
    assert ended.returncode == 0, ended.stderr
    if not made.exists():
        return environment.get("KUBELET_EXTRA_ARGS", "")
    name, _, value = made.read_text().rstrip("\n").partition("=")
    assert name == "KUBELET_EXTRA_ARGS"
    assert value.startswith('"') and value.endswith('"')
    plain, escaped = "", False
    for sign in value[1:-1]:
        if escaped or sign != "\\":
            plain, escaped = plain + sign, False
        else:
            escaped = True
    return plain


def test_the_drop_in_is_read_after_every_other(guest: Path) -> None:
    """The file is made anew before each start from what others set, and read as the last one; systemd is told of it."""
    lines = (guest / "etc/systemd/system/kubelet.service.d/99-capi-scvmm.conf").read_text().splitlines()
    assert lines[-4:] == [
        "[Service]",
        f"ExecStartPre=-/bin/rm -f {guest}/run/capi-scvmm/kubelet.env",
        f"ExecStartPre=-/bin/sh {guest}/etc/capi-scvmm/kubelet-arguments",
        f"EnvironmentFile=-{guest}/run/capi-scvmm/kubelet.env",
    ]
    assert (guest / "systemctl").read_text().splitlines() == ["daemon-reload"] * 2


@pytest.mark.parametrize(
    ("extra", "kubeadm", "result"),
    [
        ("", "", f"--provider-id={ID}"),
        ("--v=2 --node-ip=10.0.0.5", "", f"--v=2 --node-ip=10.0.0.5 --provider-id={ID}"),
        ('--a="b c" --d=$E\\f `g`', "", f'--a="b c" --d=$E\\f `g` --provider-id={ID}'),
        ("", f"--provider-id={ID} --v=2", ""),
        (f"--provider-id={ID}", "", f"--provider-id={ID}"),
        ("--provider-id=other://1", f"--provider-id={ID}", f"--provider-id=other://1 --provider-id={ID}"),
        ("", "--provider-id=other://1", f"--provider-id={ID}"),
        ("--a=*", "", f"--a=* --provider-id={ID}"),
    ],
)
def test_arguments_of_others_stay_and_the_last_provider_id_is_ours(
    guest: Path, extra: str, kubeadm: str, result: str
) -> None:
    """kubeadm puts KUBELET_EXTRA_ARGS last, and the kubelet takes the last value, also of those of a template."""
    assert _arguments(guest, KUBELET_EXTRA_ARGS=extra, KUBELET_KUBEADM_ARGS=kubeadm) == result


def test_a_node_gets_its_provider_id_and_a_machine_on_its_own_nothing() -> None:
    """Where nothing is added the user-data goes as it is."""
    data = BootstrapData(b"#cloud-config\n")
    assert [part.name for part in guest_parts(a_machine(), "node", a_vm(), data, None)] == ["capi-scvmm-provider-id"]
    alone = a_machine(bootstrap={"dataSecretName": "x"})
    assert guest_parts(alone, "node", a_vm(), data, None) == ()
    assert guest_parts(a_machine(), "node", a_vm(), IGNITION, None) == ()


def test_a_domain_is_joined_by_two_parts_more() -> None:
    """Machines on their own join too."""
    join = {"domain": "corp.example.com", "credentialsSecretRef": {"name": "join"}}
    alone = a_machine(bootstrap={"dataSecretName": "x"}, domainJoin=join)
    names = [part.name for part in guest_parts(alone, "node", a_vm(), BootstrapData(b""), WHO)]
    assert names == ["capi-scvmm-domain-password", "capi-scvmm-domain-join"]


def test_ignition_cannot_carry_what_stands_beside_it() -> None:
    """What the guest would never be told is said, by its field."""
    device = {"deviceName": "eth0", "vmNetwork": "k8s"}
    plain = a_machine(networking={"devices": [{**device, "dhcp4": True}]})
    assert ignition_obstacle(IGNITION, plain, placement(plain, None, {}, None)) is None
    shared = ignition_obstacle(IGNITION, plain, placement(plain, None, {}, None), keepalived=True)
    assert shared is not None and "controlPlaneLoadBalancer of its ScvmmCluster" in shared[1]
    asking = a_machine(
        networking={"devices": [device, {**device, "deviceName": "eth1", "ipAddresses": ["10.0.0.5/24"]}]},
        domainJoin={"domain": "corp.example.com", "credentialsSecretRef": {"name": "join"}},
    )
    place = placement(asking, None, {}, None)
    assert ignition_obstacle(BootstrapData(b""), asking, place) is None
    assert ignition_obstacle(None, asking, place) is None
    reason, message = ignition_obstacle(IGNITION, asking, place) or ("", "")
    assert reason == "IgnitionCannotCarry"
    assert "format ignition" in message and "spec.domainJoin, spec.networking.devices[1]:" in message


def _secret(**data: str) -> dict[str, dict[str, str]]:
    return {"data": data}


def test_formats_of_bootstrap_data() -> None:
    """Empty means cloud-config; one that nobody knows is an error that names it."""
    value = "I2Nsb3VkLWNvbmZpZw=="
    for form, name in (("", "cloud-config"), ("Y2xvdWQtY29uZmln", "cloud-config"), ("aWduaXRpb24=", "ignition")):
        assert bootstrap_data(_secret(value=value, format=form), "ns/a") == BootstrapData(b"#cloud-config", name)
    for secret, words in (
        (None, "Secret ns/a with the bootstrap data does not exist"),
        (_secret(), "has no key value"),
        (_secret(value="%"), "cannot be decoded"),
        (_secret(value=value, format="/w=="), "cannot be decoded"),
        (_secret(value=value, format="dGFsb3M="), "has format talos; only cloud-config and ignition are understood"),
    ):
        answer = bootstrap_data(secret, "ns/a")
        assert isinstance(answer, tuple) and words in answer[1]


def test_credentials_are_two_lines_of_text() -> None:
    """A line break at the end is not part of a password; one in the middle cannot be."""
    assert credentials(_secret(username="am9pbmVy", password="czNjcmV0Cg=="), "ns/a") == WHO
    for secret, words in (
        (None, "Secret ns/a with the credentials of spec.domainJoin does not exist"),
        (_secret(username="am9pbmVy"), "key password must be one line of text"),
        (_secret(password="czNjcmV0"), "key username must be"),
        (_secret(username="am9pbmVy", password="YQpi"), "key password must be"),
        (_secret(username="/w==", password="YQ=="), "key username must be"),
    ):
        answer = credentials(secret, "ns/a")
        assert isinstance(answer, tuple) and words in answer[1]
    assert "s3cret" not in repr(WHO)
