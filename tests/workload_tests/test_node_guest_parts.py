# SPDX-License-Identifier: Apache-2.0
"""What guests that become nodes are made of: how they read user-data, start a kubelet, and share an address."""

import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from capi_scvmm.guest_parts import provider_id
from left_behind import wait_until
from workload.kubelet import Root, kubelet_arguments
from workload.network import Network
from workload.user_data import NotUnderstood, read_user_data

META = {"local-hostname": "node.example.com", "instance-id": "scvmm-1"}
HOOK = provider_id("scvmm://1f0c").content.decode()


def message(*parts: tuple[str, str]) -> bytes:
    """A MIME message of (type, text)."""
    texts = [f"--x\nContent-Type: {kind}; charset=utf-8\nMIME-Version: 1.0\n\n{text}\n" for kind, text in parts]
    return ('Content-Type: multipart/mixed; boundary="x"\n\n' + "".join(texts) + "--x--\n").encode()


def test_a_template_sees_the_meta_data() -> None:
    """Hyphens are underscores, as cloud-init has them."""
    text = (
        "## template: jinja\n#cloud-config\nwrite_files:\n- {path: /a, content: '{{ ds.meta_data.local_hostname }}'}\n"
    )
    [file] = read_user_data(text.encode(), META).files
    assert file.content == b"node.example.com"


def test_a_template_that_asks_for_what_is_not_there_is_refused() -> None:
    """An empty name on a node would be found much later."""
    with pytest.raises(NotUnderstood, match="nonsense"):
        read_user_data(b"## template: jinja\n#cloud-config\nruncmd: ['{{ ds.meta_data.nonsense }}']\n", META)


def test_our_commands_come_before_those_of_the_bootstrap_data() -> None:
    """As the second part's merge_how says; boothooks are apart."""
    ours = "#cloud-config\nmerge_how: [{name: list, settings: [prepend]}]\nruncmd: [first]\n"
    told = read_user_data(
        message(
            ("text/x-not-multipart", "#cloud-config\nruncmd: [second]\n"),
            ("text/cloud-boothook", "#!/bin/sh\ntrue\n"),
            ("text/cloud-config", ours),
        ),
        META,
    )
    assert told.commands == ("first", "second") and len(told.boothooks) == 1


@pytest.mark.parametrize(
    "text",
    [
        "#cloud-config\nbootcmd: [x]\n",
        "#include\nhttps://example.com\n",
        "#cloud-config\nwrite_files: [{path: /a, encoding: rot13, content: x}]\n",
    ],
)
def test_what_the_guest_does_not_know_is_refused(text: str) -> None:
    """It must not pass over a mistake on the medium."""
    with pytest.raises(NotUnderstood):
        read_user_data(text.encode(), META)


def test_the_kubelet_gets_its_provider_id_from_our_drop_in(tmp_path: Path) -> None:
    """Behind what kubeadm and the image's own defaults give it."""
    root = Root(tmp_path)
    root.write("/var/lib/kubelet/kubeadm-flags.env", b'KUBELET_KUBEADM_ARGS="--node-labels=a=b"\n')
    root.write("/etc/default/kubelet", b"KUBELET_EXTRA_ARGS=--provider-id=other://1\n")
    root.run_script(HOOK)
    assert kubelet_arguments(root) == ["--node-labels=a=b", "--provider-id=other://1", "--provider-id=scvmm://1f0c"]


def test_without_our_part_the_kubelet_has_no_provider_id(tmp_path: Path) -> None:
    """It comes from the medium and from nowhere else."""
    assert kubelet_arguments(Root(tmp_path)) == []


@pytest.fixture
def network() -> Iterator[Network]:
    """A network of this test alone."""
    with Network() as made:
        yield made


class Host:
    """A guest that answers with its own address to whoever connects."""

    def __init__(self, address: str, port: int) -> None:
        self.address, self.alive = address, True
        self._server = socket.create_server((address, port))
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._server.accept()
                with connection:
                    connection.sendall(self.address.encode())
            except OSError:
                return

    def fail(self) -> None:
        """Its plug is pulled."""
        self.alive = False
        self._server.shutdown(socket.SHUT_RDWR)
        self._server.close()


def ask(address: str, port: int, seconds: float) -> str:
    """What is answered there."""
    with socket.create_connection((address, port), timeout=seconds) as connection:
        return connection.recv(100).decode()


def test_nobody_answers_at_an_address_that_nobody_holds(network: Network) -> None:
    """Neither accepted nor refused: as at an address that no host has."""
    address = network.shared_address(port=17443)
    with pytest.raises(TimeoutError):
        ask(address, 17443, seconds=0.5)


def test_a_shared_address_moves_to_the_host_that_is_left(network: Network) -> None:
    """The one that answers holds it; when its plug is pulled the other one does."""
    address, port = network.shared_address(port=17443), 17443
    hosts = {network.here(f"10.20.1.{number}"): Host(network.here(f"10.20.1.{number}"), port) for number in (1, 2)}
    for host in hosts.values():
        network.take_part(address, host.address, lambda host=host: host.alive)  # type: ignore[misc]
    first = ask(address, port, seconds=10)
    hosts.pop(first).fail()
    [other] = hosts.values()
    wait_until(lambda: network.holder(address) == other.address, "the other host has it")
    assert ask(address, port, seconds=10) == other.address
    other.fail()
