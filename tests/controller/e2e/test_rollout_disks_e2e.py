# SPDX-License-Identifier: Apache-2.0
"""A persistent disk over the rollout of a MachineDeployment, by Cluster API's real controllers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from lightkube import Client
from plane import ManagementPlane

from .test_persistent_disks_e2e import DATA, ROOT, a_pool, files, holder, holders
from .world import CLUSTER_NAME, GROUP, World, world

PATIENT = 90.0
"""Three processes of Cluster API's have a hand in each of these steps."""
LABELS = {CLUSTER_NAME: "east", "pool": "db"}


@pytest.fixture
def here(plane_with_kubeadm: ManagementPlane, kubeadm_client: Client, kubeadm_namespace: str) -> Iterator[World]:
    """A world on the API server where Cluster API acts."""
    with world(kubeadm_client, kubeadm_namespace, plane_with_kubeadm.kubeconfig) as made:
        yield made


def a_template(here: World, name: str, **spec: Any) -> dict[str, Any]:
    """Create a template of machines with the disk, and refer to it."""
    wished = {key: value for key, value in here.machine_spec().items() if key not in ("bootstrap", "providerRef")}
    here.create("ScvmmMachineTemplate", name, {"template": {"spec": {**wished, "disks": [ROOT, DATA], **spec}}})
    return {"apiGroup": GROUP, "kind": "ScvmmMachineTemplate", "name": name}


def test_a_disk_stays_with_its_deployment_over_a_rollout(here: World) -> None:
    """With maxSurge 0 the old machine gives the disk back before the new one asks for it."""
    here.provider()
    here.bootstrap()
    here.cluster()
    a_pool(here)
    here.start()
    machine = {"clusterName": "east", "bootstrap": {"dataSecretName": "node-bootstrap"}}
    old = {"metadata": {"labels": LABELS}, "spec": {**machine, "infrastructureRef": a_template(here, "small")}}
    strategy = {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": 0, "maxUnavailable": 1}}
    wished = {"clusterName": "east", "replicas": 1, "selector": {"matchLabels": LABELS}, "template": old}
    here.create("MachineDeployment", "db", {**wished, "rollout": {"strategy": strategy}}, labels=LABELS)

    def one_with_the_disk() -> str | None:
        made = holder(here)
        return made if made and here.condition(made, "Ready").get("status") == "True" else None

    first = here.until("a machine with the disk", one_with_the_disk, PATIENT)
    [(file, vm)] = holders(here).items()
    assert vm == first
    larger = a_template(here, "large", memory="6Gi")
    here.patch("MachineDeployment", "db", {"spec": {"template": {"spec": {"infrastructureRef": larger}}}})
    here.until_gone(first, seconds=PATIENT)
    second = here.until("another machine with the disk", one_with_the_disk, PATIENT)
    assert second != first
    assert holders(here) == {file: second}, "the very same file"
    assert files(here) == {file: first}, "none was made anew"
