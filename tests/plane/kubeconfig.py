# SPDX-License-Identifier: Apache-2.0
"""Kubeconfig files: written for a plane of ours, and checked when somebody else's server is to be used."""

import base64
import os
from pathlib import Path

import httpx2
import msgspec
import yaml
from lightkube import Client, KubeConfig
from lightkube.core.exceptions import ApiError, ConfigError
from lightkube.resources.core_v1 import Namespace

from plane.certificates import Credential, write_private
from plane.errors import ServerUnusable

NAME = "capi-scvmm"
KUBECONFIG_VARIABLE = "CAPI_SCVMM_KUBECONFIG"
# What lightkube raises for a file that is YAML of another shape, or none; it asserts that there is a user.
MALFORMED = (
    ConfigError,
    yaml.YAMLError,
    msgspec.MsgspecError,
    KeyError,
    TypeError,
    AttributeError,
    ValueError,
    AssertionError,
)
FIELD_MANAGER = "capi-scvmm-plane"


def write_kubeconfig(path: Path, server: str, authority: bytes, credential: Credential) -> Path:
    """Write a kubeconfig (0600) for one user at one server."""
    content = {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [{"name": NAME, "cluster": {"server": server, "certificate-authority-data": _base64(authority)}}],
        "users": [
            {
                "name": NAME,
                "user": {
                    "client-certificate-data": _base64(credential.certificate),
                    "client-key-data": _base64(credential.key),
                },
            }
        ],
        "contexts": [{"name": NAME, "context": {"cluster": NAME, "user": NAME}}],
        "current-context": NAME,
    }
    return write_private(path, yaml.safe_dump(content).encode())


def client_for(kubeconfig: Path) -> Client:
    """A client for a kubeconfig; ServerUnusable when the file is missing or makes no sense."""
    where = f"kubeconfig {kubeconfig}"
    if not kubeconfig.is_file():
        raise ServerUnusable(f"{where} does not exist: give the path of one, or unset {KUBECONFIG_VARIABLE}.")
    try:
        config = KubeConfig.from_file(kubeconfig)
        return Client(config=config.get(), field_manager=FIELD_MANAGER)
    except MALFORMED as problem:
        reason = str(problem).splitlines()[0] if str(problem) else type(problem).__name__
        raise ServerUnusable(
            f"{where} is no usable kubeconfig: {reason}. `kubectl config view` shows what it holds."
        ) from None


def existing_server() -> Path | None:
    """The kubeconfig of an API server that is to be used in place of one of our own, when somebody asked for that."""
    value = os.environ.get(KUBECONFIG_VARIABLE)
    return Path(value).expanduser() if value else None


def check_server(kubeconfig: Path) -> Client:
    """A client whose server answers and lets us list namespaces; ServerUnusable with the reason otherwise."""
    client = client_for(kubeconfig)
    where = f"The API server of kubeconfig {kubeconfig}"
    try:
        list(client.list(Namespace))
    except ApiError as refusal:
        message = refusal.status.message
        raise ServerUnusable(f"{where} refuses us: {message}. Tests need an administrator's kubeconfig.") from None
    except httpx2.HTTPError as problem:
        raise ServerUnusable(
            f"{where} does not answer: {problem}. Is it running, and the address in it right?"
        ) from None
    return client


def _base64(content: bytes) -> str:
    return base64.b64encode(content).decode()
