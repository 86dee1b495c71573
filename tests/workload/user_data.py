# SPDX-License-Identifier: Apache-2.0
"""What cloud-init makes of user-data, as far as nodes need it: boothooks, files and commands. Pure.

What this does not know it refuses: a guest that passed over a part in silence would hide a mistake on the medium.
"""

import base64
import email
import gzip
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.message import Message
from typing import Any

import jinja2
import yaml

JINJA, CONFIG, BOOTHOOK = "## template: jinja", "#cloud-config", "#cloud-boothook"
KNOWN_KEYS = {"write_files", "runcmd", "merge_how"}


class NotUnderstood(Exception):
    """Real cloud-init would choke on it, or the guest does not know it (yet)."""


@dataclass(frozen=True)
class File:
    """One of write_files."""

    path: str
    content: bytes = field(repr=False)
    mode: int = 0o644


@dataclass(frozen=True)
class UserData:
    """All that the parts ask for, in the order in which it is done."""

    boothooks: tuple[str, ...] = field(default=(), repr=False)
    files: tuple[File, ...] = ()
    commands: tuple[str, ...] = field(default=(), repr=False)


def read_user_data(user_data: bytes, meta_data: Mapping[str, Any]) -> UserData:
    """Read user-data that stands alone, or a MIME message of several parts. Raises NotUnderstood."""
    message = email.message_from_bytes(user_data)
    parts = [part for part in message.walk() if not part.is_multipart()] if message.is_multipart() else None
    texts = [_content(part) for part in parts] if parts is not None else [user_data.decode()]
    boothooks: list[str] = []
    config: dict[str, Any] = {}
    for text in texts:
        if text.startswith(JINJA):
            text = _rendered(text.split("\n", 1)[1], meta_data)
        if text.startswith(CONFIG):
            config = _merged(config, yaml.safe_load(text) or {})
        elif text.startswith((BOOTHOOK, "#!")):
            boothooks.append(text)
        else:
            raise NotUnderstood(f"a part of user-data begins with {text.split(chr(10), 1)[0]!r}")
    files = tuple(_file(entry) for entry in config.get("write_files") or ())
    return UserData(tuple(boothooks), files, tuple(_command(each) for each in config.get("runcmd") or ()))


def _content(part: Message) -> str:
    payload = part.get_payload(decode=True)
    if not isinstance(payload, bytes):
        raise NotUnderstood("a part of user-data has no content")
    text = payload.decode()
    if part.get_content_type() == "text/x-shellscript":
        raise NotUnderstood("scripts that run after everything else")
    return text


def _rendered(template: str, meta_data: Mapping[str, Any]) -> str:
    """Render as cloud-init does: hyphens in names are underscores too."""
    known = {**meta_data, **{str(key).replace("-", "_"): value for key, value in meta_data.items()}}
    environment = jinja2.Environment(undefined=jinja2.StrictUndefined, keep_trailing_newline=True, autoescape=False)
    standard = {key: known.get(key) for key in ("local_hostname", "instance_id")}
    try:
        return environment.from_string(template).render(ds={"meta_data": known}, v1=standard, **standard)
    except jinja2.TemplateError as error:
        raise NotUnderstood(f"the template in user-data: {error}") from error


def _merged(first: dict[str, Any], second: dict[str, Any]) -> dict[str, Any]:
    unknown = second.keys() - KNOWN_KEYS
    if unknown:
        raise NotUnderstood(f"cloud-config: {', '.join(sorted(unknown))}")
    how = {entry["name"]: entry["settings"] for entry in second.get("merge_how") or ()}
    merged = dict(first)
    for key, value in second.items():
        if key == "merge_how":
            continue
        if key in merged and how.get("list") != ["prepend"]:
            raise NotUnderstood(f"cloud-config: two parts have {key}, and merge_how does not put the second one first")
        merged[key] = [*(value or []), *(merged.get(key) or [])]
    return merged


def _file(entry: Mapping[str, Any]) -> File:
    content = entry.get("content", "")
    encoding = str(entry.get("encoding") or "")
    data = content.encode() if isinstance(content, str) else bytes(content)
    if encoding in ("b64", "base64", "gz+b64", "gz+base64", "gzip+base64"):
        data = base64.b64decode(data)
    elif encoding:
        raise NotUnderstood(f"write_files: encoding {encoding}")
    if encoding.startswith("gz"):
        data = gzip.decompress(data)
    return File(str(entry["path"]), data, int(str(entry.get("permissions") or "0644"), 8))


def _command(entry: Any) -> str:
    return entry if isinstance(entry, str) else " ".join(str(word) for word in entry)
