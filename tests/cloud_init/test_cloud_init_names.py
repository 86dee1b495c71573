# SPDX-License-Identifier: Apache-2.0
"""What real cloud-init makes of the host name in our meta-data: the guest knows its whole name."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest
import tools

CODE = """
import json, sys
from cloudinit import sources, util

metadata, config = json.loads(sys.argv[1]), json.loads(sys.argv[2])
source = sources.DataSource({}, None, None)
source.metadata = metadata
print(json.dumps(list(util.get_hostname_fqdn(config, source))[:2]))
"""


@pytest.mark.parametrize(
    ("told", "config", "names"),
    [
        ("web-1.north.example.com", {}, ["web-1", "web-1.north.example.com"]),
        ("web-1", {}, ["web-1", "web-1"]),
        ("web-1.example.com", {"hostname": "own"}, ["own", None]),
        ("web-1.example.com", {"fqdn": "own.example.org"}, ["own", "own.example.org"]),
    ],
)
def test_host_name_and_whole_name(told: str, config: dict[str, str], names: list[str | None]) -> None:
    """Name and domain come out of local-hostname; what user-data says itself comes first."""
    found = tools.find("cloud-init")
    if found is None:
        pytest.skip("no cloud-init here: install Debian's package cloud-init, or run `make tools` where there is apt")
    if not found.environment:
        pytest.skip("cloud-init comes from PATH: its modules are not reachable with this Python")
    ended = subprocess.run(
        [sys.executable, "-c", CODE, json.dumps({"local-hostname": told}), json.dumps(config)],
        env={**os.environ, **found.environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert ended.returncode == 0, ended.stderr
    hostname, fqdn = json.loads(ended.stdout)
    assert hostname == names[0] and (names[1] is None or fqdn == names[1]), ended.stdout
