# SPDX-License-Identifier: GPL-3.0-or-later
"""What tells one session from another: where to connect, as whom, and how."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from .failures import OptionsInvalid

SCHEMES = ("http", "https")
AUTHENTICATIONS = ("basic", "ntlm", "negotiate", "kerberos", "certificate")
ENCRYPTIONS = ("auto", "always", "never")
DEFAULT_PORTS = {"http": 5985, "https": 5986}

# Names that Ansible's users know, for fields of Options.
_PLUGIN_NAMES = {"username": "remote_user"}

# Whole seconds and counts, with the smallest and the largest value that make sense.
_RANGES = {
    "port": (1, 65535),
    "workers": (1, 32),
    "idle_seconds": (1, 86400),
    "connection_timeout": (1, 300),
    "operation_timeout": (1, 300),
    "read_timeout": (2, 600),
}
_CHOICES = {"scheme": SCHEMES, "authentication": AUTHENTICATIONS, "encryption": ENCRYPTIONS}
_ONE_LINE = ("host", "username", "vmm_server", "vmm_username", "configuration")
_MOST_HOSTS = 16
# "exec1", "exec1:5986", "[2001:db8::1]:5986" or "2001:db8::1". A name in brackets is taken too.
_HOST_AND_PORT = re.compile(r"\[(?P<address>[^\[\]]+)\](?::(?P<its_port>\d+))?|(?P<host>[^:\[\]]+)(?::(?P<port>\d+))?")
_FINGERPRINT = re.compile(r"[0-9a-f]{64}")
_TRUE, _FALSE = ("true", "yes", "on", "1"), ("false", "no", "off", "0")


@dataclass(frozen=True)
class Options:
    """All options of a session; times are whole seconds."""

    host: str
    port: int
    hosts: tuple[str, ...] = ()
    username: str = ""
    password: str = field(default="", repr=False)
    scheme: str = "https"
    path: str = "wsman"
    authentication: str = "negotiate"
    encryption: str = "auto"
    certificate_validation: bool = True
    certificate_fingerprint: str = ""
    ca_cert: str = ""
    certificate_pem: str = ""
    certificate_key_pem: str = ""
    configuration: str = "Microsoft.PowerShell"
    vmm_server: str = "localhost"
    vmm_username: str = ""
    vmm_password: str = field(default="", repr=False)
    workers: int = 4
    idle_seconds: int = 300
    connection_timeout: int = 10
    operation_timeout: int = 20
    read_timeout: int = 30

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> Options:
        """Check *values*; raise OptionsInvalid naming the option, its value and the remedy."""
        given = {name: value for name, value in values.items() if value is not None and value not in ("", (), [])}
        known = {item.name for item in fields(cls)}
        for name in given:
            if name not in known:
                raise OptionsInvalid(f"option {name} is unknown; known are {', '.join(sorted(known))}")
        checked = {name: _checked(name, value) for name, value in given.items()}
        checked.setdefault("port", DEFAULT_PORTS[checked.get("scheme", "https")])
        _place_hosts(checked)
        if "host" not in checked:
            raise OptionsInvalid("option host is missing: name the Windows host whose PowerShell talks to VMM")
        options = cls(**checked)
        _check_together(options)
        return options

    @classmethod
    def of_plugin(cls, get_option: Callable[[str], Any]) -> Options:
        """The options that a plugin with the documentation fragment `session` was given; raises OptionsInvalid."""
        return cls.of({item.name: get_option(_PLUGIN_NAMES.get(item.name, item.name)) for item in fields(cls)})

    @property
    def endpoint(self) -> str:
        """The address as a URL, for messages."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}:{self.port}/{self.path}"

    @property
    def targets(self) -> tuple[Options, ...]:
        """One set of options for each exec host, in the order in which they are to be used."""
        places = [split_host(text, self.port) for text in self.hosts] or [(self.host, self.port)]
        return tuple(replace(self, host=host, port=port, hosts=()) for host, port in places)

    def as_dict(self) -> dict[str, Any]:
        """All values, the passwords among them: never for a log."""
        return asdict(self)


def _checked(name: str, value: Any) -> Any:
    if name in _RANGES:
        return _whole_number(name, value, *_RANGES[name])
    if name == "certificate_validation":
        return _truth(name, value)
    if name == "hosts":
        return _host_list(value)
    if not isinstance(value, str):
        raise OptionsInvalid(f"option {name} must be a text, it is {_shown(name, value)}")
    text = str(value)
    if name in _CHOICES and text not in _CHOICES[name]:
        raise OptionsInvalid(f"option {name} is {text!r}; use one of {', '.join(_CHOICES[name])}")
    if name == "path":
        return text.strip("/")
    if name == "certificate_fingerprint":
        return _fingerprint(text)
    if name in ("host", "username", "vmm_server", "vmm_username", "configuration") and any(
        ord(sign) < 32 for sign in text
    ):
        raise OptionsInvalid(f"option {name} holds a control character; remove it")
    if name == "host" and any(sign in text for sign in "/ @?#"):
        raise OptionsInvalid(
            f"option host is {text!r}; give a host name or an address only, without scheme, path or user"
        )
    return text


def _host_list(value: Any) -> tuple[str, ...]:
    parts = value.split(",") if isinstance(value, str) else value
    if not isinstance(parts, (list, tuple)) or not all(isinstance(part, str) for part in parts):
        raise OptionsInvalid(f"option hosts is {value!r}; give a list of host or host:port")
    texts = [part.strip() for part in parts if part.strip()]
    if len(texts) > _MOST_HOSTS:
        raise OptionsInvalid(f"option hosts has {len(texts)} entries; give {_MOST_HOSTS} at most")
    for text in texts:
        split_host(text, 1)
    return tuple(texts)


def split_host(text: str, port: int) -> tuple[str, int]:
    """Host and port of an entry of hosts; *port* when it names none; raises OptionsInvalid."""
    if text.count(":") > 1 and "[" not in text:
        text = f"[{text}]"
    found = _HOST_AND_PORT.fullmatch(text)
    if found is None:
        raise OptionsInvalid(f"option hosts holds {text!r}; write host, host:port or [address]:port")
    host = _checked("host", found["address"] or found["host"])
    own = found["its_port"] or found["port"]
    return host, _whole_number("port", own, *_RANGES["port"]) if own else port


def _place_hosts(checked: dict[str, Any]) -> None:
    """Let hosts say what host and port are, each with its port; one entry is the same as host and port."""
    places = [split_host(text, checked["port"]) for text in checked.pop("hosts", ())]
    if places:
        checked["host"], checked["port"] = places[0]
    if len(places) > 1:
        checked["hosts"] = tuple(f"[{host}]:{port}" for host, port in dict.fromkeys(places))


def _fingerprint(text: str) -> str:
    digits = text.replace(":", "").replace(" ", "").lower()
    if not _FINGERPRINT.fullmatch(digits):
        raise OptionsInvalid(
            f"option certificate_fingerprint is {text!r}; give the SHA-256 of the certificate, 64 hexadecimal digits"
        )
    return digits


def _whole_number(name: str, value: Any, low: int, high: int) -> int:
    remedy = f"use a whole number from {low} to {high}"
    if isinstance(value, bool) or not isinstance(value, (int, str)):
        raise OptionsInvalid(f"option {name} is {_shown(name, value)}; {remedy}")
    try:
        number = int(value)
    except ValueError:
        raise OptionsInvalid(f"option {name} is {_shown(name, value)}; {remedy}") from None
    if not low <= number <= high:
        raise OptionsInvalid(f"option {name} is {number}; {remedy}")
    return number


def _truth(name: str, value: Any) -> bool:
    if isinstance(value, bool):
        return value
    text = str(value).lower()
    if text in _TRUE:
        return True
    if text in _FALSE or text == "ignore":
        return False
    raise OptionsInvalid(f"option {name} is {_shown(name, value)}; use true or false")


def _shown(name: str, value: Any) -> str:
    return "not shown" if "password" in name else repr(value)


def _check_together(options: Options) -> None:
    if options.authentication == "certificate":
        if options.scheme != "https":
            raise OptionsInvalid("option authentication is 'certificate', which needs scheme https; scheme is http")
        if not (options.certificate_pem and options.certificate_key_pem):
            raise OptionsInvalid(
                "option authentication is 'certificate': set certificate_pem and certificate_key_pem too"
            )
    elif options.authentication in ("basic", "ntlm") and not (options.username and options.password):
        raise OptionsInvalid(f"option authentication is {options.authentication!r}: set username and password")
    if options.authentication == "basic" and options.encryption == "always":
        raise OptionsInvalid(
            "option encryption is 'always', which basic cannot do; use authentication ntlm or negotiate"
        )
    if options.authentication == "basic" and options.scheme == "http" and options.encryption != "never":
        raise OptionsInvalid(
            "authentication basic over http sends the password readable; use scheme https or authentication ntlm, "
            "or accept it with encryption never"
        )
    if options.certificate_fingerprint and options.scheme != "https":
        raise OptionsInvalid("option certificate_fingerprint is for scheme https; scheme is http")
    if bool(options.vmm_username) != bool(options.vmm_password):
        lack = "vmm_password" if options.vmm_username else "vmm_username"
        raise OptionsInvalid(f"option {lack} is missing: VMM takes vmm_username and vmm_password together")
    for name in ("ca_cert", "certificate_pem", "certificate_key_pem"):
        path = getattr(options, name)
        if path and not Path(path).is_file():
            raise OptionsInvalid(f"option {name} is {path!r}; there is no such file")
    if options.read_timeout <= options.operation_timeout:
        raise OptionsInvalid(
            f"option read_timeout is {options.read_timeout}; "
            f"it must be above operation_timeout ({options.operation_timeout})"
        )
