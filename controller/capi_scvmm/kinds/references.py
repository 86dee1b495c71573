# SPDX-License-Identifier: Apache-2.0
"""References from one object to another."""

from __future__ import annotations

from pydantic import Field

from capi_scvmm.kinds.model import Model, Text
from capi_scvmm.kinds.rules import rule, rules, same


class NamedReference(Model):
    """An object of a known kind in the same namespace."""

    name: str = Field(
        description="Name of the object, in the namespace of the referring one.", min_length=1, max_length=253
    )


class ProviderRef(Model):
    """The ScvmmProvider whose VMM server is used."""

    name: str = Field(description="Name of the ScvmmProvider.", min_length=1, max_length=253)
    namespace: str = Field(
        description="Namespace of the ScvmmProvider. Its spec.allowedNamespaces must let the referring namespace in.",
        min_length=1,
        max_length=63,
    )


class SecretRef(Model):
    """The Secret with the credentials for the VMM server."""

    name: Text = Field(default=None, description="Name of the Secret. It holds the keys username and password.")
    namespace: Text = Field(
        default=None,
        description="Namespace of the Secret. Only the namespace of the ScvmmProvider itself is allowed, which is "
        "also the default.",
    )


class PasswordRef(Model):
    """A password in a Secret of the same namespace."""

    name: str = Field(description="Name of the Secret.", min_length=1, max_length=253)
    key: str = Field(
        default="password", description="Key of the Secret. Default: password.", min_length=1, max_length=253
    )


class PoolReference(Model):
    """An IP address pool of an IPAM provider in the same namespace."""

    api_group: Text = Field(default=None, description="API group of the pool. Default: ipam.cluster.x-k8s.io.")
    kind: str = Field(description="Kind of the pool, as InClusterIPPool.", min_length=1, max_length=63)
    name: str = Field(description="Name of the pool.", min_length=1, max_length=253)


class ConfigRef(Model):
    """The bootstrap provider's object; read by people only, the controller uses dataSecretName."""

    api_version: Text = Field(default=None, description="API group and version of the object.")
    api_group: Text = Field(default=None, description="API group of the object.")
    kind: Text = Field(default=None, description="Kind of the object.")
    name: Text = Field(default=None, description="Name of the object.")
    namespace: Text = Field(default=None, description="Namespace of the object.")
    uid: Text = Field(default=None, description="UID of the object.")
    resource_version: Text = Field(default=None, description="Resource version of the object.")
    field_path: Text = Field(default=None, description="Part of the object that is meant.")


class Bootstrap(Model):
    """Where a machine without Cluster and Machine takes its user-data from."""

    data_secret_name: Text = Field(
        default=None,
        description="Name of a Secret in the machine's namespace with the user-data in its key value (and optionally "
        "its form in the key format: cloud-config, the default, or ignition). Without it the VM boots without a "
        "medium.",
    )
    config_ref: ConfigRef | None = Field(
        default=None,
        description="The object that the user-data comes from. Kept for manifests that name one; not read.",
    )


class ControlPlaneEndpoint(Model):
    """Host and port at which the API server of the cluster is reached."""

    model_config = {
        "json_schema_extra": rules(
            rule(
                "(has(self.host) && self.host != '') == (has(self.port) && self.port != 0)",
                "controlPlaneEndpoint needs both host and port: add the one that is missing, or leave "
                "controlPlaneEndpoint out",
            ),
            rule(
                f"!has(oldSelf.host) || oldSelf.host == '' || ({same('host')} && {same('port')})",
                "controlPlaneEndpoint cannot change once it is set, nodes and certificates carry it: create a new "
                "cluster for another endpoint",
                forbidden=True,
            ),
        )
    }

    host: str = Field(default="", description="DNS name or IP address of the endpoint.", max_length=512)
    port: int = Field(default=0, description="TCP port of the endpoint, usually 6443.", ge=0, le=65535)

    @property
    def given(self) -> bool:
        """Whether the endpoint is known."""
        return bool(self.host and self.port)
