# SPDX-License-Identifier: Apache-2.0
"""Parts beside the user-data: what somebody else wrote arrives as it was, ours arrives too. Read by real cloud-init."""

from __future__ import annotations

import email
import gzip
import json
import os
import random
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import tools

from cloud_init import built

sys.path.insert(0, str(built.ROOT / "build"))

from ansible_collections.capi.scvmm.plugins.plugin_utils.multipart import (  # type: ignore[import-not-found]
    Part,
    PartError,
    composed,
)

KUBEADM = """## template: jinja
#cloud-config
write_files:
- path: /etc/kubeadm.yml
  content: "provider-id: scvmm://{{ ds.meta_data.instance_id }} for Zoë €"
runcmd:
- kubeadm init
hostname: theirs
""".encode()
OURS = Part(
    "ours", b"#cloud-config\nwrite_files: [{path: /etc/ours}]\nruncmd: [ours]\nbootcmd: [early]\nhostname: ours\n"
)
SCRIPT = Part("ours.sh", "#!/bin/sh\necho Zoë\n".encode())
HOOK = Part("hook", b"#cloud-boothook\n#!/bin/sh\necho hook\n", type="text/cloud-boothook")
Understand = Callable[[bytes], dict[str, Any]]


@pytest.fixture
def understand(tmp_path: Path) -> Understand:
    """Real cloud-init, up to where it would begin to change the machine."""
    found = tools.find("cloud-init")
    if found is None or not found.environment:
        pytest.skip("no cloud-init whose modules this Python reaches: run `make tools` where there is apt")

    def understood(user_data: bytes) -> dict[str, Any]:
        ended = subprocess.run(
            [sys.executable, Path(__file__).with_name("real_user_data.py"), tmp_path],
            input=user_data,
            env={**os.environ, **found.environment},
            capture_output=True,
            timeout=60,
            check=False,
        )
        assert ended.returncode == 0, ended.stderr.decode()
        answer: dict[str, Any] = json.loads(ended.stdout)
        return answer

    return understood


def _payloads(user_data: bytes) -> list[bytes]:
    message = email.message_from_bytes(user_data)
    return [part.get_payload(decode=True) for part in message.walk() if not part.is_multipart()]  # type: ignore[misc]


def test_without_parts_user_data_goes_as_it_is() -> None:
    """Not a byte is different, whatever it is: gzip, a message, nothing."""
    for given in (KUBEADM, gzip.compress(KUBEADM), b"MIME-Version: 1.0\n\nx", b"\xff\xfe", b""):
        assert composed(given, []) == given


def test_what_was_given_arrives_byte_for_byte() -> None:
    """A megabyte with every kind of character, long lines, CR LF, lines that look like borders."""
    dice = random.Random(1)
    signs = "".join(
        chr(dice.choice((dice.randrange(32, 127), dice.randrange(0xA0, 0xD800), dice.randrange(0x10000, 0x10FFFF))))
        for _ in range(400_000)
    )
    given = f"#cloud-config\r\n--==border==\nlong: {'x' * 3000}\nall: {signs}\n".encode()
    assert len(given) > 900_000
    assert _payloads(composed(given, [OURS, SCRIPT])) == [given, OURS.content, SCRIPT.content]


def test_the_same_parts_give_the_same_bytes() -> None:
    """The digest of a medium says whether anything changed."""
    assert composed(KUBEADM, [OURS]) == composed(KUBEADM, [OURS])
    assert composed(KUBEADM, [OURS]) != composed(KUBEADM, [OURS, SCRIPT])


def test_a_jinja_template_is_rendered_and_its_lists_follow_ours(understand: Understand) -> None:
    """kubeadm runs after our commands; files of both are there; single values stay as the bootstrap provider's."""
    told = understand(composed(KUBEADM, [OURS, SCRIPT, HOOK]))
    assert told["warnings"] == []
    config = told["cloud_config"]
    assert config["runcmd"] == ["ours", "kubeadm init"]
    assert config["bootcmd"] == ["early"]
    assert config["hostname"] == "theirs"
    assert [one["path"] for one in config["write_files"]] == ["/etc/ours", "/etc/kubeadm.yml"]
    assert config["write_files"][1]["content"] == "provider-id: scvmm://1b2c-vm-id for Zoë €"
    assert told["scripts"] == {"ours.sh": "#!/bin/sh\necho Zoë\n"}
    assert told["boothooks"] == {"hook": "#!/bin/sh\necho hook\n"}


@pytest.mark.parametrize(
    ("given", "commands"),
    [
        (KUBEADM.replace(b"hostname: theirs", b"merge_how: dict(replace)+list()"), ["ours", "kubeadm init"]),
        (gzip.compress(KUBEADM), ["ours", "kubeadm init"]),
        (b"#cloud-config-archive\n- '#cloud-config\n\n  runcmd: [archived]'\n", ["ours", "archived"]),
        (composed(KUBEADM, [Part("own", b"#cloud-config\nruncmd: [own]\n")]), ["ours", "own", "kubeadm init"]),
        (gzip.compress(composed(KUBEADM, [SCRIPT])), ["ours", "kubeadm init"]),
        (b"MIME-Version: 1.0\nContent-Type: text/cloud-config\n\n#cloud-config\nruncmd: [one]\n", ["ours", "one"]),
        (b"#!/bin/sh\necho theirs\n", ["ours"]),
        (b"", ["ours"]),
        (b"\n", ["ours"]),
    ],
    ids=[
        "own merge_how",
        "gzip",
        "archive",
        "message",
        "gzip of a message",
        "message of one part",
        "script",
        "nothing",
        "blank",
    ],
)
def test_whatever_was_given_is_understood_as_before_and_ours_too(
    given: bytes, commands: list[str], understand: Understand
) -> None:
    """Each form of user-data that cloud-init knows keeps its meaning beside our part."""
    told = understand(composed(given, [OURS]))
    assert told["cloud_config"]["runcmd"] == commands
    assert told["warnings"] == []
    assert ("part-001" in told["scripts"]) == given.startswith(b"#!")


def test_commands_of_a_part_can_follow_instead(understand: Understand) -> None:
    """merge_how is cloud-init's own."""
    late = Part("late", OURS.content, merge_how="dict(no_replace,recurse_list)+list(append)")
    assert understand(composed(KUBEADM, [late]))["cloud_config"]["runcmd"] == ["kubeadm init", "ours"]


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        ([Part("a/b", b"x")], "part 'a/b' has no usable name"),
        ([Part('a"\n', b"x")], "has no usable name"),
        ([OURS, OURS], "there are two parts 'ours'"),
        ([Part("a", b"x", type="text/html")], "part 'a' has the type 'text/html': use one of text/cloud-boothook"),
        ([Part("a", b"x", merge_how="append\nX: y")], "part 'a' has the merge_how"),
        ([Part("a", b" \n")], "part 'a' is empty"),
    ],
)
def test_a_part_that_cannot_be_is_named(parts: list[Part], words: str) -> None:
    """One message: which part, what is wrong, what to do."""
    with pytest.raises(PartError) as caught:
        composed(KUBEADM, parts)
    assert words in str(caught.value)


@pytest.mark.parametrize("given", [gzip.compress(KUBEADM)[:-9], b"\x1f\x8bnot gzip", gzip.compress(b"x" * 33 * 2**20)])
def test_gzip_that_cannot_be_unpacked_is_refused(given: bytes) -> None:
    """Cut off, none at all, and one that would fill the memory."""
    with pytest.raises(PartError, match="the user-data"):
        composed(given, [OURS])
