# SPDX-License-Identifier: Apache-2.0
"""The inventory plugin, through ansible-inventory and ansible-playbook against the simulated VMM server."""

from __future__ import annotations

import copy
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml
from scvmm_sim.operations import Operations
from scvmm_sim.simulator import Simulator

from .conftest import ENGINE
from .surroundings import FABRIC, PASSWORD, ROOT, environment

TEMPLATE = "{{ lookup('ansible.builtin.pipe', 'touch pwned') }}"


def _fabric() -> dict[str, Any]:
    fabric = copy.deepcopy(FABRIC)
    fabric["host_groups"].append({"name": "край", "hosts": [{"name": "hv2", "cpus": 64, "memory_mb": 262144}]})
    fabric["clouds"].append({"name": "тест", "host_groups": ["край"]})
    return fabric


class Site:
    """A VMM server with VMs that tests look at and do not change."""

    def __init__(self, simulator: Simulator) -> None:
        self._simulator = simulator
        self._operations = Operations(simulator.vmm)
        self.ids = {
            "web": self._made("web", "web-1", cloud="production"),
            "twin": self._made("twin", "web-1", cloud="тест"),
            "odd": self._made("odd", "db[1-3] ключ", cloud="тест", description=TEMPLATE),
        }
        foreign = self._made("foreign", "other", cloud="production", cpu_count=8)
        simulator.vmm.call("Set-SCVirtualMachine", {"VM": {"_type": "VM", "ID": foreign}, "Description": "by hand"})
        self._call("vm_power", id=self.ids["web"], state="running")
        self._call("vm_info", ids=[self.ids["web"]], refresh_ids=[self.ids["web"]])

    def _made(self, uid: str, name: str, **more: Any) -> str:
        wish = {"owner": f"team/{uid}", "uid": uid, "name": name, "template": "debian", **more}
        return str(self._call("vm_present", **wish)["vm"]["id"])

    def _call(self, operation: str, **request: Any) -> dict[str, Any]:
        envelope = self._operations.call(operation, request)
        assert envelope["ok"], envelope
        result: dict[str, Any] = envelope["result"]
        return result

    def looks(self) -> int:
        """How often vm_info has been asked over the wire."""
        return len([call for call in self._simulator.calls() if call["name"] == "vm_info"])


@pytest.fixture(scope="module")
def simulator() -> Iterator[Simulator]:
    """A VMM server with two clouds."""
    with Simulator(fabric=_fabric(), engine=ENGINE) as simulator:
        yield simulator


@pytest.fixture(scope="module")
def site(simulator: Simulator) -> Site:
    """Its VMs."""
    return Site(simulator)


@dataclass(frozen=True)
class Listed:
    """What ansible-inventory said."""

    code: int
    output: str
    errors: str

    @property
    def data(self) -> dict[str, Any]:
        """The list, of a command that succeeded without a warning of a source."""
        assert self.code == 0 and "Failed to parse" not in self.errors, self.errors
        listed: dict[str, Any] = json.loads(self.output, object_hook=_plain)
        return listed

    @property
    def hosts(self) -> dict[str, dict[str, Any]]:
        """Variables by host."""
        found: dict[str, dict[str, Any]] = self.data["_meta"]["hostvars"]
        return found

    def group(self, name: str) -> list[str]:
        """The hosts of a group."""
        return list(self.data[name]["hosts"])


def _plain(told: dict[str, Any]) -> Any:
    """ansible-inventory marks each text that is no template."""
    return told.get("__ansible_unsafe", told)


class Source:
    """A source file and the programs that read it."""

    def __init__(self, folder: Path, runtime_dir: Path, simulator: Simulator) -> None:
        self.folder, self._runtime_dir = folder, runtime_dir
        self._base = {
            "plugin": "capi.scvmm.vms",
            "host": simulator.host,
            "port": simulator.port,
            "scheme": "http",
            "authentication": "ntlm",
            "remote_user": "EXAMPLE\\capi",
            "vmm_server": "vmm.example.com",
        }
        self.path = folder / "prod.scvmm.yml"

    def write(self, **options: Any) -> Path:
        """Write the file; an option that is None is left out."""
        given = {name: value for name, value in {**self._base, **options}.items() if value is not None}
        self.path.write_text(yaml.safe_dump(given, allow_unicode=True))
        return self.path

    def run(self, program: str, *arguments: str, **variables: str) -> Listed:
        """Run a program of Ansible, by default on the source."""
        words = arguments if program == "ansible-vault" else ("-i", str(self.path), *arguments)
        ended = subprocess.run(
            [str(Path(sys.executable).parent / program), *words],
            env={
                **environment(self._runtime_dir),
                "ANSIBLE_INVENTORY_ANY_UNPARSED_IS_FAILED": "true",
                "SCVMM_PASSWORD": PASSWORD,
                **variables,
            },
            cwd=self.folder,
            capture_output=True,
            text=True,
            timeout=120,
        )  # fmt: skip
        return Listed(ended.returncode, ended.stdout, ended.stderr)

    def listed(self, *arguments: str, **options: Any) -> Listed:
        """What ansible-inventory --list says of a source with *options*."""
        self.write(**options)
        return self.run("ansible-inventory", "--list", *arguments)

    def refused(self, **options: Any) -> str:
        """What ansible-inventory says of a source that cannot be read."""
        listed = self.listed(**options)
        assert listed.code != 0, listed.output
        assert "Traceback" not in listed.errors and PASSWORD not in listed.errors
        return " ".join(listed.errors.split())


@pytest.fixture(scope="module")
def broker_folder() -> Iterator[Path]:
    """One runtime folder for all tests, so that they share a warm session as people do."""
    folder = Path(tempfile.mkdtemp(prefix="capi-rt-"))
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def source(tmp_path: Path, broker_folder: Path, simulator: Simulator, site: Site) -> Source:
    """A source for the site."""
    return Source(tmp_path, broker_folder, simulator)


def test_marked_vms_are_hosts_and_namesakes_stay_apart(source: Source, site: Site) -> None:
    """One call; of a VM all that vm_info tells; the two of one name have different host names; no other VM is there."""
    before = site.looks()
    listed = source.listed()
    web, twin = (f"web-1_{site.ids[name][:8]}" for name in ("web", "twin"))
    assert set(listed.hosts) == {web, twin, "db[1-3] ключ"}
    assert {listed.hosts[name]["vm"]["id"] for name in (web, twin)} == {site.ids["web"], site.ids["twin"]}
    assert listed.hosts[web]["vm"]["owner"] == "team/web" and listed.hosts[web]["vm"]["cloud"] == "production"
    assert site.looks() == before + 1


def test_a_running_vm_has_its_address(source: Source, site: Site) -> None:
    """ansible_host is what the guest reports; without an address, and outside of the networks, there is none."""
    hosts = source.listed().hosts
    running = hosts[f"web-1_{site.ids['web'][:8]}"]
    assert running["ansible_host"].startswith("10.20.100.")
    assert "ansible_host" not in hosts["db[1-3] ключ"]
    hosts = source.listed(address_networks=["10.99.0.0/16"]).hosts
    assert not [name for name, variables in hosts.items() if "ansible_host" in variables]


def test_all_vms_on_request(source: Source) -> None:
    """Those without a mark as well, under a variable of one's own choice."""
    hosts = source.listed(all=True, variable="facts").hosts
    assert len(hosts) == 4 and hosts["other"]["facts"]["owner"] is None
    assert hosts["other"]["facts"]["cpu_count"] == 8


def test_groups_and_variables_are_built_from_the_vm(source: Source, site: Site) -> None:
    """keyed_groups, groups and compose; Unicode in names of groups stays."""
    listed = source.listed(
        keyed_groups=[{"key": "vm.cloud", "prefix": "cloud"}, {"key": "vm.status", "prefix": "status"}],
        groups={"off": "vm.status == 'PowerOff'", "odd": "inventory_hostname.startswith('db[')"},
        compose={"size": "vm.cpu_count ~ 'x' ~ vm.memory_mb", "scvmm_vm": "{'id': vm.id}", "nothing": "vm.none.at.all"},
    )
    twin = f"web-1_{site.ids['twin'][:8]}"
    assert sorted(listed.group("cloud_тест")) == sorted(["db[1-3] ключ", twin])
    assert sorted(listed.group("off")) == sorted(["db[1-3] ключ", twin])
    assert listed.group("status_Running") == [f"web-1_{site.ids['web'][:8]}"]
    assert listed.group("odd") == ["db[1-3] ключ"]
    assert listed.hosts[twin]["size"] == "2x2048" and listed.hosts[twin]["scvmm_vm"] == {"id": site.ids["twin"]}
    assert "nothing" not in listed.hosts[twin]
    graph = source.run("ansible-inventory", "--graph").output
    assert "@cloud_production" in graph and "db[1-3] ключ" in graph


def test_strict_says_what_cannot_be_built(source: Source) -> None:
    """The variable, the host and the reason."""
    told = source.refused(strict=True, compose={"nothing": "vm.none.at.all"})
    assert "Could not set nothing for host" in told


def test_what_people_write_in_vmm_is_no_template(source: Source) -> None:
    """A description with a lookup in it comes through as it is, also when a playbook uses it."""
    source.write(cache=True, cache_plugin="ansible.builtin.jsonfile", cache_connection="kept")
    play = [
        {"hosts": "all", "gather_facts": False, "tasks": [{"ansible.builtin.debug": {"msg": "<{{ vm.description }}>"}}]}
    ]
    (source.folder / "play.yml").write_text(yaml.safe_dump(play))
    for _ in ("asked", "from the cache"):
        played = source.run("ansible-playbook", "play.yml")
        assert played.code == 0, played.output + played.errors
        assert "lookup('ansible.builtin.pipe', 'touch pwned')" in played.output
    assert not (source.folder / "pwned").exists()


def test_filters_decide_in_their_order(source: Source) -> None:
    """The first condition that holds; lists of clouds, groups, states and owners come before."""
    chosen = source.listed(
        all=True,
        filters=[{"include": "vm.cpu_count > 4"}, {"exclude": "'web' in vm.name"}, {"exclude": "vm.owner is none"}],
    ).hosts
    assert set(chosen) == {"other", "db[1-3] ключ"}
    assert set(
        source.listed(filters=[{"include": "vm.name == 'web-1'"}, {"exclude": True}], clouds=["ТЕСТ"]).hosts
    ) == {"web-1"}
    assert set(source.listed(statuses=["running"], owners=["team/*"], host_groups=["All Hosts\\prod"]).hosts) == {
        "web-1"
    }


def test_a_filter_that_fails_is_an_error(source: Source) -> None:
    """What decides about hosts must not be skipped in silence."""
    told = source.refused(filters=[{"exclude": "vm.colour.hue == 'red'"}])
    assert "filter exclude: vm.colour.hue == 'red' fails for VM" in told
    assert "write either include or exclude" in source.refused(filters=[{"only": "true"}])


def test_names_are_taken_in_the_order_of_preference(source: Source, site: Site) -> None:
    """The first that gives a text: an expression, a field; the name in the end."""
    hosts = source.listed(hostnames=["vm.tag", "computer_name", "'host-' ~ vm.uid if vm.uid == 'odd' else ''"]).hosts
    assert "host-odd" in hosts and f"web-1_{site.ids['twin'][:8]}" not in hosts
    assert {variables["vm"]["uid"]: name for name, variables in hosts.items()}["twin"] == "web-1"
    assert "option hostnames has 'nmae'; use name, computer_name" in source.refused(hostnames=["nmae"])


def test_the_cache_saves_the_call(source: Source, site: Site) -> None:
    """A second run asks nothing; --flush-cache, another question or another server asks again; no password is kept."""
    kept = {"cache": True, "cache_plugin": "ansible.builtin.jsonfile", "cache_connection": str(source.folder / "kept")}
    before = site.looks()
    first, second = source.listed(**kept), source.listed(**kept)
    assert first.data == second.data and site.looks() == before + 1
    assert set(source.listed("--flush-cache", **kept).hosts) == set(first.hosts) and site.looks() == before + 2
    assert len(source.listed(all=True, **kept).hosts) == 4 and site.looks() == before + 3
    narrowed = source.listed(clouds=["production"], **kept)
    assert set(narrowed.hosts) == {"web-1"} and site.looks() == before + 3
    files = list((source.folder / "kept").iterdir())
    assert files and not [file for file in files if PASSWORD in file.read_text()]


@pytest.mark.parametrize("way", ["template", "file", "vault", "extra variable"])
def test_the_password_comes_from_where_it_is_kept(source: Source, way: str) -> None:
    """Never shown: not in the list and not with -vvvv."""
    arguments: list[str] = []
    if way == "template":
        source.write(password="{{ lookup('ansible.builtin.env', 'ELSEWHERE') }}")
    elif way == "file":
        (source.folder / "secret").write_text(f"{PASSWORD}\nanother line\n")
        source.write(password_file=str(source.folder / "secret"))
    elif way == "vault":
        (source.folder / "key").write_text("the key\n")
        locked = source.run(
            "ansible-vault", "encrypt_string", "--vault-password-file", "key", "--name", "password", PASSWORD
        )
        source.write().write_text(source.path.read_text() + locked.output)
        arguments = ["--vault-password-file", "key"]
    else:
        (source.folder / "extra.yml").write_text(yaml.safe_dump({"scvmm_password": PASSWORD}))
        source.write()
        arguments = ["-e", "@extra.yml"]
    # --list would show an extra variable, as one of every host.
    shown = "--graph" if way == "extra variable" else "--list"
    listed = source.run("ansible-inventory", shown, "-vvvv", *arguments, SCVMM_PASSWORD="wrong", ELSEWHERE=PASSWORD)
    assert listed.code == 0, listed.errors
    assert "db[1-3]" in listed.output and PASSWORD not in listed.output + listed.errors


def test_a_wrong_password_is_one_message(source: Source) -> None:
    """Who is refused where; nothing of the password."""
    source.write(password="wrong-planted-1")
    listed = source.run("ansible-inventory", "--list")
    told = " ".join(listed.errors.split())
    assert listed.code != 0 and "refuses user 'EXAMPLE\\capi'" in told and "Traceback" not in told
    assert "wrong-planted-1" not in listed.output + listed.errors


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"port": 1}, "http://127.0.0.1:1/wsman is not reached"),
        ({"host": None}, "option host is missing"),
        ({"vmm_server": "elsewhere.example.com"}, "elsewhere.example.com"),
        ({"port": "many"}, "port"),
        ({"authentication": "magic"}, "magic"),
        ({"colour": "red"}, "option colour is unknown; see ansible-doc -t inventory capi.scvmm.vms"),
        ({"address_networks": ["10.0.0.0/99"]}, "option address_networks holds '10.0.0.0/99'"),
        ({"address_families": ["ipx"]}, "ipx"),
        ({"variable": "not a name"}, "option variable is 'not a name'"),
        ({"password_file": "/nonexistent"}, "/nonexistent cannot be read: No such file"),
        ({"password": "{{ nowhere }}"}, "option password is a template that cannot be evaluated"),
    ],
)
def test_what_is_wrong_is_named(source: Source, options: dict[str, Any], message: str) -> None:
    """One message with the option or the place; no traceback."""
    source.write(**options)
    listed = source.run("ansible-inventory", "--list")
    told = " ".join(listed.errors.split())
    assert listed.code != 0 and message in told and "Traceback" not in told


def test_our_playbooks_take_these_hosts(source: Source, site: Site, simulator: Simulator) -> None:
    """A source that says which VM a host is and how VMM is reached is an inventory for the collection's playbooks."""
    source.write(
        compose={"scvmm_vm": "{'id': vm.id}", "ansible_connection": "'capi.scvmm.vmm'", "ansible_host": "'127.0.0.1'"},
        filters=[{"exclude": "vm.status != 'Running'"}],
    )
    reached = {
        "ansible_port": simulator.port,
        "ansible_user": "EXAMPLE\\capi",
        "ansible_password": PASSWORD,
        "scvmm_scheme": "http",
        "scvmm_authentication": "ntlm",
        "scvmm_vmm_server": "vmm.example.com",
    }
    (source.folder / "reached.yml").write_text(yaml.safe_dump(reached))
    played = source.run("ansible-playbook", "capi.scvmm.inspect", "-e", "@reached.yml")
    assert played.code == 0, played.output + played.errors
    assert site.ids["web"] in played.output


def test_only_files_with_our_ending_are_read(source: Source) -> None:
    """Another file is left to other plugins."""
    source.write()
    other = source.path.rename(source.folder / "vms.yml")
    source.path = other
    listed = source.run("ansible-inventory", "--list")
    assert listed.code != 0 and "could not be verified by inventory plugin" in " ".join(listed.errors.split())


def test_the_example_is_a_source(source: Source) -> None:
    """What examples/ shows works with the address of a real server in it."""
    example = yaml.safe_load((ROOT / "examples" / "inventory" / "prod.scvmm.yml").read_text())
    ours = yaml.safe_load(source.write().read_text())
    kept = {**example, **ours, "cache_connection": str(source.folder / "kept")}
    listed = source.listed(**{**kept, "filters": None})
    assert listed.group("off") and "ansible_user" in next(iter(listed.hosts.values()))
