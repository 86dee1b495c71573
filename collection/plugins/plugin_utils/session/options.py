# SPDX-License-Identifier: GPL-3.0-or-later
"""What tells one session from another: where to connect, as whom, and how."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, fields
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
_TRUE, _FALSE = ("true", "yes", "on", "1"), ("false", "no", "off", "0")


@dataclass(frozen=True)
class Options:
    """All options of a session; times are whole seconds."""

    host: str
    port: int
    username: str = ""
    password: str = field(default="", repr=False)
    scheme: str = "https"
    path: str = "wsman"
    authentication: str = "negotiate"
    encryption: str = "auto"
    certificate_validation: bool = True
    ca_cert: str = ""
    certificate_pem: str = ""
    certificate_key_pem: str = ""
    configuration: str = "Microsoft.PowerShell"
    vmm_server: str = "localhost"
    workers: int = 4
    idle_seconds: int = 300
    connection_timeout: int = 10
    operation_timeout: int = 20
    read_timeout: int = 30

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> Options:
        """Check *values*; raise OptionsInvalid naming the option, its value and the remedy."""
        given = {name: value for name, value in values.items() if value is not None and value != ""}
        known = {item.name for item in fields(cls)}
        for name in given:
            if name not in known:
                raise OptionsInvalid(f"option {name} is unknown; known are {', '.join(sorted(known))}")
        checked = {name: _checked(name, value) for name, value in given.items()}
        if "host" not in checked:
            raise OptionsInvalid("option host is missing: name the Windows host whose PowerShell talks to VMM")
        checked.setdefault("port", DEFAULT_PORTS[checked.get("scheme", "https")])
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

    def as_dict(self) -> dict[str, Any]:
        """All values, the password among them: never for a log."""
        return asdict(self)


def _checked(name: str, value: Any) -> Any:
    if name in _RANGES:
        return _whole_number(name, value, *_RANGES[name])
    if name == "certificate_validation":
        return _truth(name, value)
    if not isinstance(value, str):
        raise OptionsInvalid(f"option {name} must be a text, it is {_shown(name, value)}")
    text = str(value)
    if name in _CHOICES and text not in _CHOICES[name]:
        raise OptionsInvalid(f"option {name} is {text!r}; use one of {', '.join(_CHOICES[name])}")
    if name == "path":
        return text.strip("/")
    if name in ("host", "username", "vmm_server", "configuration") and any(ord(sign) < 32 for sign in text):
        raise OptionsInvalid(f"option {name} holds a control character; remove it")
    if name == "host" and any(sign in text for sign in "/ @?#"):
        raise OptionsInvalid(
            f"option host is {text!r}; give a host name or an address only, without scheme, path or user"
        )
    return text


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
    for name in ("ca_cert", "certificate_pem", "certificate_key_pem"):
        path = getattr(options, name)
        if path and not Path(path).is_file():
            raise OptionsInvalid(f"option {name} is {path!r}; there is no such file")
    if options.read_timeout <= options.operation_timeout:
        raise OptionsInvalid(
            f"option read_timeout is {options.read_timeout}; "
            f"it must be above operation_timeout ({options.operation_timeout})"
        )
