# SPDX-License-Identifier: Apache-2.0
"""ScvmmProviders: their credentials, the observers of their VMM servers, their status."""

from __future__ import annotations

import base64
import binascii
import hashlib
import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from capi_scvmm import private
from capi_scvmm.connection import Connection
from capi_scvmm.kinds import ScvmmProvider, later_fields
from capi_scvmm.kube import MACHINE, PROVIDER, SECRET, Body
from capi_scvmm.objects import Objects
from capi_scvmm.observe import Observer, ServerState
from capi_scvmm.plan.scope import MANAGED_BY
from capi_scvmm.session import Session
from capi_scvmm.status import server_events
from capi_scvmm.status.provider import provider_status
from capi_scvmm.store import Key

logger = logging.getLogger(__name__)

FINALIZER = "scvmmprovider.infrastructure.cluster.x-k8s.io"
Problem = tuple[str, str]


@dataclass(frozen=True)
class Server:
    """A provider as machines see it: a *problem*, or all that is needed to act on its VMM server."""

    problem: Problem | None = None
    provider: ScvmmProvider | None = None
    connection: Connection | None = None
    observer: Observer | None = None
    basis: str = ""

    @property
    def state(self) -> ServerState:
        """Whether the VMM server answers."""
        return self.observer.state if self.observer is not None else ServerState()


class Providers:
    """Keeps a Server for each provider that was looked at.

    *open_session* makes a session for a connection; *machine_changed* is told the uid of each machine whose VM changed.
    """

    def __init__(
        self,
        objects: Objects,
        open_session: Callable[[Connection], Session],
        want_look: Callable[[Key], None],
        machines_changed: Callable[[Iterable[str]], None],
        resync: float,
        owned: Callable[[Mapping[str, Any]], bool],
        want_look_after: Callable[[Key, float], None],
    ) -> None:
        self._objects = objects
        self._open_session = open_session
        self._want_look = want_look
        self._machines_changed = machines_changed
        self._resync = resync
        self._owned = owned
        self._want_look_after = want_look_after
        self._servers: dict[Key, Server] = {}
        self._folder: Path | None = None

    def server(self, key: Key) -> Server | None:
        """Give what is known of a provider; None when it was not looked at yet, which is then done."""
        found = self._servers.get(key)
        if found is None:
            self._want_look(key)
        return found

    async def stop(self) -> None:
        """End all observers."""
        for server in self._servers.values():
            if server.observer is not None:
                await server.observer.stop()
        self._servers.clear()
        if self._folder is not None:
            private.remove_folder(self._folder)

    async def reconcile(self, key: Key) -> None:
        """Look at one provider: connection, status, finalizer."""
        body = await self._objects.find(PROVIDER, key.namespace, key.name)
        before = self._servers.get(key)
        after = await self._renew(key, body, before)
        self._servers[key] = after
        if body is not None and after.provider is not None and MANAGED_BY not in after.provider.metadata.labels:
            await self._write(key, body, after)
        if before is None or (before.problem, before.basis) != (after.problem, after.basis):
            self._tell(key)
        if self._objects.store.get(PROVIDER, key.namespace, key.name) is None:
            # It lies in a namespace that is not watched: what changes there must be asked for.
            self._want_look_after(key, self._resync)

    def _tell(self, key: Key) -> None:
        for other in self._objects.store.affected(key):
            self._want_look(other)

    async def _renew(self, key: Key, body: Body | None, before: Server | None) -> Server:
        """Keep the observer while the connection stays the same; another connection is another observer."""
        after = await self._read(key, body)
        running = before.observer if before is not None else None
        if before is not None and running is not None and after.connection == before.connection:
            return Server(after.problem, after.provider, after.connection, running, after.basis)
        if running is not None:
            await running.stop()
        if after.connection is None:
            return after
        observer = Observer(
            self._open_session(after.connection),
            after.connection.vmm_server,
            self._machines_changed,
            lambda: self._state_changed(key),
            self._resync,
        )
        observer.start()
        return Server(after.problem, after.provider, after.connection, observer, after.basis)

    def _state_changed(self, key: Key) -> None:
        self._want_look(key)
        self._tell(key)

    async def _read(self, key: Key, body: Body | None) -> Server:
        if body is None:
            return Server(("ProviderNotFound", f"There is no ScvmmProvider {key.namespace}/{key.name}."))
        try:
            provider = ScvmmProvider.model_validate(body)
        except ValidationError as error:
            return Server(("ProviderInvalid", f"ScvmmProvider {key.namespace}/{key.name}: {_first(error)}"))
        name = provider.spec.scvmm_secret.name if provider.spec.scvmm_secret is not None else None
        if not name:
            return Server(
                ("CredentialsMissing", f"{_called(key)} names no Secret: set spec.scvmmSecret.name."), provider
            )
        secret = await self._objects.kube.get(SECRET, key.namespace, name)
        basis = f"{provider.metadata.uid}/{provider.metadata.generation}"
        if secret is None:
            problem = (
                f"Secret {key.namespace}/{name} of {_called(key)} does not exist: create it with username and password."
            )
            return Server(("CredentialsMissing", problem), provider, basis=basis)
        basis += f"/{secret['metadata'].get('resourceVersion')}"
        username, password = _value(secret, "username"), _value(secret, "password")
        if not username or not password:
            lack = "username" if not username else "password"
            problem = f"Secret {key.namespace}/{name} of {_called(key)} has no {lack}: set data.{lack}."
            return Server(("CredentialsMissing", problem), provider, basis=basis)
        connection = Connection.of(provider, username, password, self._ca_file(provider))
        return Server(None, provider, connection, None, basis)

    def _ca_file(self, provider: ScvmmProvider) -> str:
        """Keep the CA in a file: connection plugin and pipe take a path, and both the same one to share a session."""
        text = provider.spec.connection.ca_certificate
        if not text:
            return ""
        if self._folder is None:
            self._folder = private.make_folder()
        path = self._folder / f"{hashlib.sha256(text.encode()).hexdigest()[:16]}.pem"
        if not path.exists():
            private.write_file(path, text.encode())
        return str(path)

    async def _write(self, key: Key, body: Body, server: Server) -> None:
        provider = server.provider
        if provider is None or not self._owned(body):
            return
        users = sum(1 for other in self._objects.store.referrers(key) if other.kind == MACHINE.kind)
        if provider.metadata.deletion_timestamp is not None and not users:
            await self._objects.set_finalizer(PROVIDER, body, FINALIZER, False)
            return
        if users and provider.metadata.deletion_timestamp is None:
            await self._objects.set_finalizer(PROVIDER, body, FINALIZER, True)
        state = server.state
        patch = provider_status(
            provider,
            body.get("status") or {},
            server.problem,
            (state.health, state.latest or state.message, state.version, state.user, state.reason),
            later_fields(provider),
            users,
            datetime.now(UTC),
            await self._exec_hosts(key, server),
        )
        if patch:
            await self._objects.post(PROVIDER, body, server_events(body.get("status") or {}, patch))
            await self._objects.patch_status(PROVIDER, body, patch)

    async def _exec_hosts(self, key: Key, server: Server) -> Sequence[Mapping[str, Any]]:
        """Tell of several exec hosts how they are, now and again after a while."""
        if server.observer is None or server.connection is None or not server.connection.hosts:
            return ()
        self._want_look_after(key, self._resync)
        return await server.observer.exec_hosts()


def provider_key(reference: Mapping[str, Any], namespace: str) -> Key:
    """Name the provider that a reference means."""
    return Key(PROVIDER.kind, reference.get("namespace") or namespace, reference["name"])


def _value(secret: Body, name: str) -> str | None:
    try:
        return base64.b64decode((secret.get("data") or {}).get(name) or "", validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return None


def _called(key: Key) -> str:
    return f"ScvmmProvider {key.namespace}/{key.name}"


def _first(error: ValidationError) -> str:
    first = error.errors(include_url=False, include_input=False)[0]
    return f"{'.'.join(str(part) for part in first['loc'])}: {first['msg']}."
