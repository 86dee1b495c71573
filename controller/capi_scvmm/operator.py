# SPDX-License-Identifier: Apache-2.0
"""The running controller: watches fill the store and the queue, workers look. The only code that knows kopf."""

from __future__ import annotations

import logging
import os
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, cast

import kopf

from capi_scvmm import private
from capi_scvmm.claims import Claims
from capi_scvmm.cluster import Clusters
from capi_scvmm.connection import Connection
from capi_scvmm.election.leadership import Leadership
from capi_scvmm.errors import ControllerError
from capi_scvmm.gather import Gatherer
from capi_scvmm.health import Health, Verdict
from capi_scvmm.knock import knock
from capi_scvmm.kube import (
    CAPI_CLUSTER,
    CAPI_MACHINE,
    CLUSTER,
    IP_ADDRESS_CLAIM,
    MACHINE,
    MACHINE_TEMPLATE,
    NAME_POOL,
    PERSISTENT_DISK,
    PERSISTENT_DISK_POOL,
    PROVIDER,
    REMEDIATION,
    SECRET,
    Kind,
    LightKube,
)
from capi_scvmm.machine import Machines
from capi_scvmm.machine_template import MachineTemplates
from capi_scvmm.names import NamePools
from capi_scvmm.objects import Objects
from capi_scvmm.persistent_disks import PersistentDisks
from capi_scvmm.provider import Providers
from capi_scvmm.remediation import Remediations
from capi_scvmm.runs.ansible import AnsibleRunner
from capi_scvmm.runs.batch import Batcher
from capi_scvmm.runs.collection import collections_path
from capi_scvmm.session import PipeSession
from capi_scvmm.settings import Settings
from capi_scvmm.store import Key, Store, refers_to_us
from capi_scvmm.vmm_addresses import VmmAddresses
from capi_scvmm.watching import WATCH_SECONDS, Watches
from capi_scvmm.work_queue import WorkQueue
from capi_scvmm.workload import Workloads

logger = logging.getLogger(__name__)

DISKS = (PERSISTENT_DISK, PERSISTENT_DISK_POOL)
WATCHED = (
    MACHINE,
    CLUSTER,
    PROVIDER,
    NAME_POOL,
    MACHINE_TEMPLATE,
    REMEDIATION,
    *DISKS,
    CAPI_MACHINE,
    CAPI_CLUSTER,
    SECRET,
    IP_ADDRESS_CLAIM,
)
# Without these nothing works; Cluster API's kinds may be missing where machines stand alone.
NEEDED = (MACHINE, CLUSTER, PROVIDER, NAME_POOL, MACHINE_TEMPLATE, *DISKS, SECRET)
OURS = {kind.kind for kind in (MACHINE, CLUSTER, PROVIDER, NAME_POOL, MACHINE_TEMPLATE, REMEDIATION, *DISKS)}
FILTERED = {MACHINE.kind, CLUSTER.kind, MACHINE_TEMPLATE.kind}
WATCH_FILTER = "cluster.x-k8s.io/watch-filter"


class Operator:
    """All parts of a controller, put together."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        collections = collections_path()
        self._leadership = Leadership(settings.election, settings.kubeconfig) if settings.election else None
        ensure = self._leadership.ensure if self._leadership is not None else lambda: None
        self._kube = LightKube(settings.kubeconfig, ensure)
        self._watches = Watches([kind.plural for kind in NEEDED])
        port = settings.health_port
        self._health = Health(port, self._alive, self._ready) if port is not None else None
        self._store = Store()
        self._queue = WorkQueue(self._look)
        objects = Objects(self._kube, self._store, self._want_look)
        self._runner = AnsibleRunner(collections)
        self._batcher = Batcher(self._runner, settings.max_runs, settings.batch_size, ensure=ensure)

        def open_session(connection: Connection) -> PipeSession:
            return PipeSession(connection, collections)

        self._providers = Providers(
            objects, open_session, self._want_look, self._changed, settings.resync, self.is_ours, self._queue.add_after
        )
        self._addresses = VmmAddresses(objects, self._batcher, self._want_look)
        self._clusters = Clusters(
            objects, self._providers, Claims(objects), knock, self._queue.add_after, self._addresses
        )
        self._names = NamePools(objects, self._want_look, self._queue.add_after, self.is_ours)
        self._remediations = Remediations(objects, self._want_look, self._queue.add_after)
        self._templates = MachineTemplates(objects, self._providers, self._queue.add_after)
        self._disks = PersistentDisks(objects, self._providers, self._want_look, self._queue.add_after, self.is_ours)
        self._machines = Machines(
            objects,
            Gatherer(objects, self._providers, self._names, self._disks),
            self._names,
            self._disks,
            self._batcher,
            Workloads(self._kube),
            settings.retry,
            self._want_look,
            self._queue.add_after,
        )

    async def run(self) -> None:
        """Work until SIGTERM or SIGINT; nothing of a run is left behind."""
        for path in private.purge_stale():
            logger.info("removed %s, left by a controller that was killed", path)
        if self._health is not None:
            await self._health.start()
        if self._leadership is not None:
            # The watches fill the store meanwhile, so that whoever takes over knows all that there is.
            self._leadership.start(self._queue.start)
        else:
            self._queue.start()
        try:
            await self._runner.start()
            await kopf.operator(
                registry=self._registry(),
                settings=_kopf_settings(),
                standalone=True,
                clusterwide=not self._settings.namespaces,
                namespaces=list(self._settings.namespaces),
                insights=self._watches.insights,
                # By default it is made of the user's name, and in a container the user may have none.
                identity=cast(Any, "capi-scvmm"),
            )
        except (kopf.LoginError, OSError) as error:
            # Details are in the log; kopf has tried for a while.
            raise ControllerError(f"The API server cannot be used: {' '.join(str(error).split())}") from error
        finally:
            await self._queue.stop()
            await self._batcher.stop()
            await self._runner.stop()
            await self._machines.stop()
            await self._addresses.stop()
            await self._providers.stop()
            await self._kube.close()
            if self._leadership is not None:
                await self._leadership.step_down()
            if self._health is not None:
                await self._health.stop()

    def _alive(self) -> Verdict:
        """Tell the liveness probe what only a new process mends."""
        return Verdict(tuple(f"the watch of {path} hangs" for path in self._watches.hung()))

    def _ready(self) -> Verdict:
        """Tell the readiness probe what is missing for work, or for taking it over."""
        missing = tuple(f"{path} is not watched" for path in self._watches.waiting())
        if self._leadership is None:
            return Verdict(missing, {"role": "alone"})
        trouble, role = self._leadership.trouble(), self._leadership.role()
        return Verdict((*missing, *([trouble] if trouble else [])), {"role": role, "leader": self._leadership.holder})

    def is_ours(self, body: Mapping[str, Any]) -> bool:
        """Whether the watch filter leaves an object to this controller."""
        wanted = self._settings.watch_filter
        return wanted is None or (body["metadata"].get("labels") or {}).get(WATCH_FILTER) == wanted

    def told(self, kind: Kind, change: str | None, body: Mapping[str, Any]) -> None:
        """Take what a watch tells: into the store, and what it may matter to into the queue."""
        if kind is IP_ADDRESS_CLAIM and not refers_to_us(body):
            return  # Other infrastructure providers have theirs.
        if kind.kind in FILTERED and not self.is_ours(body):
            change = "DELETED"
        touched = self._store.drop(kind, body) if change == "DELETED" else self._store.put(kind, body)
        for key in touched:
            self._want_look(key)

    def _registry(self) -> kopf.OperatorRegistry:
        registry = kopf.OperatorRegistry()
        if self._settings.kubeconfig is not None:
            os.environ["KUBECONFIG"] = str(self._settings.kubeconfig)
        self._log_in_by(registry, "kubeconfig", kopf.login_with_kubeconfig)
        if self._settings.kubeconfig is None:  # else kopf would take either
            self._log_in_by(registry, "pod", _pod_login)
        for kind in WATCHED:
            self._register(registry, kind)
        return registry

    def _log_in_by(self, registry: kopf.OperatorRegistry, name: str, read: Any) -> None:
        async def log_in(**told: Any) -> kopf.AiohttpSession | None:
            info = read(**told)
            return self._watches.session(info) if info is not None else None

        kopf.on.login(registry=registry, id=name, errors=kopf.ErrorsMode.IGNORED)(log_in)

    def _register(self, registry: kopf.OperatorRegistry, kind: Kind) -> None:
        async def told(event: kopf.RawEvent, **_: Any) -> None:
            self.told(kind, event["type"], event["object"])

        kopf.on.event(kind.group, kind.version, kind.plural, registry=registry, id=f"watch-{kind.plural}")(told)

    def _want_look(self, key: Key) -> None:
        if key.kind in OURS:
            self._queue.add(key)

    def _changed(self, uids: Any) -> None:
        self._machines.changed(uids)

    async def _look(self, key: Key) -> None:
        if key.kind == MACHINE.kind:
            await self._machines.reconcile(key)
        elif key.kind == CLUSTER.kind:
            await self._clusters.reconcile(key)
        elif key.kind == REMEDIATION.kind:
            await self._remediations.reconcile(key)
        elif key.kind == MACHINE_TEMPLATE.kind:
            await self._templates.reconcile(key)
        elif key.kind == NAME_POOL.kind:
            await self._names.reconcile(key)
        elif key.kind in (PERSISTENT_DISK.kind, PERSISTENT_DISK_POOL.kind):
            await self._disks.reconcile(key)
        else:
            await self._providers.reconcile(key)


def _pod_login(**told: Any) -> kopf.ConnectionInfo | None:
    """Log in as the pod's service account, at the address that the kubelet gives: kopf's needs the cluster's DNS."""
    info = kopf.login_with_service_account(**told)
    host, port = (os.environ.get(f"KUBERNETES_SERVICE_{part}") for part in ("HOST", "PORT"))
    if info is None or not host or not port:
        return info
    return replace(info, server=f"https://[{host}]:{port}" if ":" in host else f"https://{host}:{port}")


def _kopf_settings() -> kopf.OperatorSettings:
    settings = kopf.OperatorSettings()
    settings.posting.enabled = False
    settings.peering.standalone = True
    settings.queueing.idle_timeout = 1.0
    settings.watching.server_timeout = WATCH_SECONDS
    settings.queueing.exit_timeout = 0.5
    return settings
