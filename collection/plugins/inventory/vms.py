# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING)
"""Inventory ``capi.scvmm.vms``: the VMs of a VMM server as hosts, from one call through the warm session."""

from __future__ import annotations

DOCUMENTATION = r"""
name: vms
author:
  - capi.scvmm contributors (@capi-scvmm)
short_description: Virtual machines of System Center Virtual Machine Manager as an inventory
version_added: 0.1.0
description:
  - Makes a host of each VM that carries our mark, or with O(all=true) of each VM that the user may see in VMM.
  - Asks VMM once, with one call through the session that the connection P(capi.scvmm.vmm#connection) uses as well.
  - The name of the source file must end in C(scvmm.yml) or C(scvmm.yaml).
  - Each host has the variable C(vm) (see O(variable)) with all that the module M(capi.scvmm.vm_info) tells of a VM,
    such as C(vm.name), C(vm.cloud), C(vm.host_group), C(vm.status), C(vm.owner), C(vm.tag) and C(vm.network_adapters).
  - Two VMs of one name become two hosts. All VMs that share a host name get the first eight characters of VMM's id
    behind it, like C(web-1_0b6f3a52).
notes:
  - The password is neither in the cache nor in variables of hosts.
  - What VMM tells is never taken as a template.
options:
  plugin:
    description: Says that the file is a source of this plugin.
    type: str
    required: true
    choices: [capi.scvmm.vms]
  host:
    description: Name or address of the exec host. A template is evaluated.
  remote_user:
    env:
      - name: SCVMM_USER
  password:
    description:
      - Password of the user. A template is evaluated, such as a lookup.
      - A value that is encrypted with Ansible Vault is decrypted.
    env:
      - name: SCVMM_PASSWORD
  password_file:
    description:
      - Path of a file with the password in its first line.
      - O(password) in the source or as an extra variable goes before it, in the environment after it.
    type: path
  all:
    description: Whether all VMs that the user may see are taken, not only those that carry our mark.
    type: bool
    default: false
  timeout:
    description: Seconds until the call is given up.
    type: float
    default: 120
  variable:
    description: Name of the variable with what VMM tells of the VM.
    type: str
    default: vm
  hostnames:
    description:
      - What the host is called. The first entry that gives a text counts, the name of the VM in the end.
      - An entry is one of C(name), C(computer_name) (what the guest calls itself), C(fqdn) (that, when it has a
        domain), C(owner), C(uid), C(id), C(vm_id) and C(bios_guid), or a Jinja expression.
    type: list
    elements: str
    default: [name]
  address_families:
    description: Families of the address that becomes C(ansible_host), the preferred one first.
    type: list
    elements: str
    choices: [ipv4, ipv6]
    default: [ipv4, ipv6]
  address_networks:
    description:
      - Only addresses in one of these networks become C(ansible_host), the first network being preferred to the others.
      - Link-local addresses are never taken. A VM without a fitting address gets no C(ansible_host).
    type: list
    elements: str
    default: []
  clouds:
    description: Only VMs in one of these clouds.
    type: list
    elements: str
    default: []
  host_groups:
    description:
      - Only VMs in one of these host groups or below. An entry with a backslash is a path from the root, like
        V(All Hosts\\prod); another one is the name of a host group anywhere.
    type: list
    elements: str
    default: []
  statuses:
    description: Only VMs with one of these states, in VMM's words such as V(Running) or V(PowerOff).
    type: list
    elements: str
    default: []
  owners:
    description: Only VMs whose owner in the mark fits one of these patterns, such as V(default/*).
    type: list
    elements: str
    default: []
  filters:
    description:
      - Conditions on VMs that O(clouds), O(host_groups), O(statuses) and O(owners) have left. The first one that holds
        decides; a VM for which none holds is taken.
      - A condition that cannot be evaluated is an error, whatever O(strict) says.
    type: list
    elements: dict
    default: []
    suboptions:
      include:
        description: A Jinja expression; a VM for which it holds is taken.
        type: raw
      exclude:
        description: A Jinja expression; a VM for which it holds is left out. V(true) leaves out all that are left.
        type: raw
extends_documentation_fragment:
  - capi.scvmm.session
  - ansible.builtin.constructed
  - ansible.builtin.inventory_cache
"""

EXAMPLES = r"""
# All our VMs, by cloud and state; the password is in the environment variable SCVMM_PASSWORD.
plugin: capi.scvmm.vms
host: vmm.example.com
remote_user: EXAMPLE\scvmm-reader
keyed_groups:
  - key: vm.cloud
    prefix: cloud
  - key: vm.status
    prefix: status

---
# Every running VM of two host groups, by its full name, to be reached over a network for administration.
plugin: capi.scvmm.vms
host: vmm.example.com
remote_user: EXAMPLE\scvmm-reader
password: "{{ lookup('ansible.builtin.file', '~/.scvmm-password') }}"
all: true
statuses: [Running]
host_groups: ['All Hosts\prod', edge]
hostnames: [fqdn, computer_name, name]
address_networks: [10.20.0.0/16]
filters:
  - exclude: vm.tag == 'do-not-touch'
  - include: vm.memory_mb >= 2048
  - exclude: true
groups:
  control_plane: "'control-plane' in vm.name"
compose:
  ansible_user: "'ubuntu' if 'Ubuntu' in (vm.operating_system or '') else 'root'"
cache: true
cache_plugin: ansible.builtin.jsonfile
cache_connection: ~/.cache/scvmm-inventory
cache_timeout: 300
"""

import contextlib
import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ansible.errors import AnsibleError, AnsibleParserError
from ansible.inventory.data import InventoryData
from ansible.parsing.dataloader import DataLoader
from ansible.plugins.inventory import BaseInventoryPlugin, Cacheable, Constructable
from ansible.utils.unsafe_proxy import wrap_var

from ..plugin_utils.errors import explain, sentence
from ..plugin_utils.session.client import Client
from ..plugin_utils.session.failures import SessionFailure
from ..plugin_utils.session.options import Options
from ..plugin_utils.vm_hosts import NAME_FIELDS, AddressChoice, HostsError, Selection, distinct_names, field_name

_ENDINGS = ("scvmm.yml", "scvmm.yaml")
Vms = list[dict[str, Any]]


class InventoryModule(BaseInventoryPlugin, Constructable, Cacheable):
    """One source file: asks VMM or the cache, then makes hosts and groups of the answer."""

    NAME = "capi.scvmm.vms"

    def verify_file(self, path: str) -> bool:
        """Whether the file's name says that it is for this plugin."""
        if path.endswith(_ENDINGS):
            return bool(super().verify_file(path))
        self.display.vvv(f"{path} is no source of {self.NAME}: its name does not end in {' or '.join(_ENDINGS)}")
        return False

    def parse(self, inventory: InventoryData, loader: DataLoader, path: str, cache: bool = True) -> None:
        """Add the VMs that the source file *path* asks for; raises AnsibleParserError with one message."""
        super().parse(inventory, loader, path, cache)
        self._config = self._read_config_data(path)
        try:
            self._refuse_unknown_options()
            choice = AddressChoice.of(self.get_option("address_networks"), self.get_option("address_families"))
            selection = Selection(*(self.get_option(name) for name in ("clouds", "host_groups", "statuses", "owners")))
            vms = [vm for vm in self._vms(path, cache) if selection.takes(vm) and self._passes_filters(vm)]
            names = distinct_names((vm["id"], self._wished_name(vm)) for vm in vms)
            for vm in sorted(vms, key=lambda vm: names[vm["id"]]):
                self._add(names[vm["id"]], vm, choice.of_vm(vm))
        except (HostsError, SessionFailure) as error:
            raise AnsibleParserError(f"{path}: {_told(error)}") from None

    def _refuse_unknown_options(self) -> None:
        known = set(self._options) | {"plugin"}
        for name in self._config:
            if name not in known:
                raise HostsError(f"option {name} is unknown; see ansible-doc -t inventory {self.NAME}")
        if not str(self.get_option("variable")).isidentifier():
            raise HostsError(f"option variable is {self.get_option('variable')!r}; use a name of letters, digits and _")

    # --- what VMM tells -----------------------------------------------------------------------------------------------

    def _vms(self, path: str, cache: bool) -> Vms:
        """All VMs that are asked for, from the cache when there is a fresh answer to the same question."""
        options = self._session_options()
        request = {"all": True} if self.get_option("all") else {"marked": True}
        if not self.get_option("cache"):
            return self._asked(options, request)
        key = f"{self.get_cache_key(path)}_{_question(options, request)}"
        if cache:
            with contextlib.suppress(KeyError):  # nothing kept, or too old
                kept: Vms = wrap_var(self._cache[key]["vms"])
                return kept
        vms = self._asked(options, request)
        self._cache[key] = {"vms": vms}
        return vms

    def _asked(self, options: Options, request: dict[str, Any]) -> Vms:
        client = Client(options)
        try:
            envelope = client.call("vm_info", request, self.get_option("timeout")).envelope()
        finally:
            client.close()
        if not envelope["ok"]:
            raise HostsError(sentence(explain({"operation": "vm_info", **envelope["error"]})))
        # Names and descriptions are written by many people: nothing in them is a template.
        vms: Vms = wrap_var(envelope["result"]["vms"])
        return vms

    def _session_options(self) -> Options:
        return Options.of_plugin(self._connection_option)

    def _connection_option(self, name: str) -> Any:
        """An option of the session; a template in the source file is evaluated."""
        value = self.get_option(name)
        given = name in self._config or f"scvmm_{name}" in self._vars
        if name == "password" and not given and self.get_option("password_file"):
            return _first_line(Path(self.get_option("password_file")).expanduser())
        if not isinstance(value, str) or name not in self._config:
            return value
        try:
            return str(self.templar.template(value))
        except AnsibleError as error:
            raise HostsError(f"option {name} is a template that cannot be evaluated: {error}") from None

    # --- from VMs to hosts --------------------------------------------------------------------------------------------

    def _passes_filters(self, vm: dict[str, Any]) -> bool:
        for entry in self.get_option("filters"):
            verdict, condition = self._condition(entry)
            if self._holds(verdict, condition, vm):
                return verdict == "include"
        return True

    def _condition(self, entry: Mapping[str, Any]) -> tuple[str, Any]:
        given = [(name, condition) for name, condition in entry.items() if condition is not None]
        if len(given) != 1 or given[0][0] not in ("include", "exclude"):
            raise HostsError(f"option filters has the entry {dict(entry)}; write either include or exclude, once")
        return given[0]

    def _holds(self, verdict: str, condition: Any, vm: dict[str, Any]) -> bool:
        if isinstance(condition, bool):
            return condition
        try:
            return bool(self._compose(condition, {self.get_option("variable"): vm}))
        except Exception as error:  # whatever the expression runs into
            raise HostsError(f"filter {verdict}: {condition} fails for VM {vm['name']}: {_line(error)}") from None

    def _wished_name(self, vm: dict[str, Any]) -> str:
        for entry in self.get_option("hostnames"):
            name = field_name(vm, entry) if entry in NAME_FIELDS else self._evaluated_name(entry, vm)
            if name:
                return name
        return str(vm["name"])

    def _evaluated_name(self, entry: str, vm: dict[str, Any]) -> str | None:
        if entry.isidentifier():
            raise HostsError(f"option hostnames has {entry!r}; use {', '.join(NAME_FIELDS)} or a Jinja expression")
        try:
            return str(self._compose(entry, {self.get_option("variable"): vm}) or "").strip() or None
        except Exception as error:  # whatever the expression runs into
            if self.get_option("strict"):
                raise HostsError(f"hostnames: {entry} fails for VM {vm['name']}: {_line(error)}") from None
            return None

    def _add(self, host: str, vm: dict[str, Any], address: str | None) -> None:
        """One host with its variables and groups."""
        variables: dict[str, Any] = {self.get_option("variable"): vm}
        if address is not None:
            variables["ansible_host"] = address
        self.inventory.add_host(host)
        for name, value in variables.items():
            self.inventory.set_variable(host, name, value)
        variables = {**variables, "inventory_hostname": host}
        strict = self.get_option("strict")
        self._set_composite_vars(self.get_option("compose"), variables, host, strict=strict)
        self._add_host_to_composed_groups(self.get_option("groups"), variables, host, strict=strict)
        self._add_host_to_keyed_groups(self.get_option("keyed_groups"), variables, host, strict=strict)


def _question(options: Options, request: Mapping[str, Any]) -> str:
    """What tells one question to VMM from another, without passwords."""
    asked = {**request, **{name: value for name, value in options.as_dict().items() if "password" not in name}}
    return hashlib.sha256(json.dumps(asked, sort_keys=True).encode()).hexdigest()[:12]


def _first_line(path: Path) -> str:
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is no UTF-8 text"
        raise HostsError(f"option password_file: {path} cannot be read: {reason}") from None
    if not lines or not lines[0]:
        raise HostsError(f"option password_file: {path} has nothing in its first line; write the password there")
    return lines[0]


def _told(error: HostsError | SessionFailure) -> str:
    return sentence(explain(error.as_dict())) if isinstance(error, SessionFailure) else str(error)


def _line(error: Exception) -> str:
    return " ".join(str(error).split())
