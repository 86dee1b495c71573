# SPDX-License-Identifier: Apache-2.0
"""Real cloud-init, Debian's package, accepts what the role writes and understands it as meant."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import tools

from cloud_init.built import PAIRS, ReadImage, parts_of

CASES = sorted(path.name for path in PAIRS.iterdir())
CLOUD_CONFIGS = [case for case in CASES if parts_of(case)["user-data"].read_bytes().startswith(b"#cloud-config")]


@pytest.fixture(scope="module")
def cloud_init() -> tools.Tool:
    """The program."""
    found = tools.find("cloud-init")
    if found is None:
        pytest.skip("no cloud-init here: install Debian's package cloud-init, or run `make tools` where there is apt")
    return found


def _from_image(read_image: ReadImage, images: Path, case: str, name: str, folder: Path) -> Path:
    part = folder / name
    part.write_bytes(read_image.file(images / f"{case}.iso", name))
    return part


@pytest.mark.parametrize("case", CLOUD_CONFIGS)
def test_schema_accepts_user_data(
    case: str, cloud_init: tools.Tool, images: Path, read_image: ReadImage, tmp_path: Path
) -> None:
    """`cloud-init schema` finds nothing wrong with the user-data on the medium."""
    ended = cloud_init.run("schema", "--config-file", _from_image(read_image, images, case, "user-data", tmp_path))
    assert ended.returncode == 0, ended.stderr.decode()
    assert b"Valid" in ended.stdout


def test_schema_would_have_refused(cloud_init: tools.Tool, tmp_path: Path) -> None:
    """The check can fail: a wrong type is found."""
    wrong = tmp_path / "user-data"
    wrong.write_text("#cloud-config\nwrite_files: 3\n")
    assert cloud_init.run("schema", "--config-file", wrong).returncode != 0


@pytest.mark.parametrize("kind", ["netplan", "networkd", "eni", "sysconfig", "network-manager"])
def test_every_renderer_takes_network_config(
    kind: str, cloud_init: tools.Tool, images: Path, read_image: ReadImage, tmp_path: Path
) -> None:
    """Whatever the distribution configures its network with, cloud-init can write it from our network-config."""
    part = _from_image(read_image, images, "several", "network-config", tmp_path)
    assert "00:15:5d:00:00:0" in _convert(cloud_init, part, kind, tmp_path).lower()


def test_static_addresses_arrive_in_networkd(
    cloud_init: tools.Tool, images: Path, read_image: ReadImage, tmp_path: Path
) -> None:
    """Addresses, gateway, name servers, search domains, size of packets: all are understood."""
    part = _from_image(read_image, images, "static", "network-config", tmp_path)
    written = _convert(cloud_init, part, "networkd", tmp_path)
    for line in (
        "Address=10.0.0.5/24", "Address=2001:db8::5/64", "Gateway=10.0.0.1", "Gateway=2001:db8::1",
        "DNS=10.0.0.2 2001:db8::2", "Domains=example.com corp.example.com", "MTUBytes=9000",
        "MACAddress=00:15:5d:00:00:01",
    ):  # fmt: skip
        assert line in written.splitlines(), line


def test_dhcp_arrives_in_networkd(cloud_init: tools.Tool, images: Path, read_image: ReadImage, tmp_path: Path) -> None:
    """Both families, one family, and IPv4 where nothing was said."""
    part = _from_image(read_image, images, "dhcp", "network-config", tmp_path)
    written = _convert(cloud_init, part, "networkd", tmp_path)
    assert [line for line in written.splitlines() if line.startswith("DHCP=")] == ["DHCP=yes", "DHCP=ipv6", "DHCP=ipv4"]


@pytest.mark.parametrize("case", CASES)
def test_data_source_reads_the_names(
    case: str, cloud_init: tools.Tool, images: Path, read_image: ReadImage, tmp_path: Path
) -> None:
    """cloud-init's own reader of seed folders gets instance-id and local-hostname as texts, and the other parts."""
    for name in read_image.names(images / f"{case}.iso"):
        _from_image(read_image, images, case, name, tmp_path)
    seed = _read_seed(cloud_init, tmp_path)
    assert seed["instance-id"] and seed["local-hostname"]
    if case == "people":
        assert seed == {
            "instance-id": "1e3", "local-hostname": "web-1.example.com", "role": "yes", "note": "a: b # no comment",
            "provider-id": "scvmm://0000", "count": 3,
        }  # fmt: skip


def _read_seed(cloud_init: tools.Tool, folder: Path) -> dict[str, object]:
    """What NoCloud makes of meta-data in *folder*."""
    code = (
        "import json, sys; from cloudinit import util;"
        "print(json.dumps(util.pathprefix2dict(sys.argv[1], required=['user-data', 'meta-data'])and"
        " util.load_yaml(open(sys.argv[1] + 'meta-data').read())))"
    )
    if not cloud_init.environment:
        pytest.skip("cloud-init comes from PATH: its modules are not reachable with this Python")
    ended = subprocess.run(
        [sys.executable, "-c", code, f"{folder}/"],
        env={**os.environ, **cloud_init.environment},
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr.decode()
    return dict(json.loads(ended.stdout))


def _convert(cloud_init: tools.Tool, part: Path, kind: str, folder: Path) -> str:
    """What cloud-init would write for a network that is configured by *kind*; all files in the order of their names."""
    distribution = {"sysconfig": "rhel", "network-manager": "fedora"}.get(kind, "debian")
    out = folder / "out"
    ended = cloud_init.run(
        "devel", "net-convert", "-p", part, "-k", "yaml", "-d", out, "-D", distribution, "-O", kind
    )  # fmt: skip
    assert ended.returncode == 0, ended.stderr.decode()
    return "\n".join(path.read_text() for path in sorted(out.rglob("*")) if path.is_file())
