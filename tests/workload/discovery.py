# SPDX-License-Identifier: Apache-2.0
"""How a node that joins comes to trust a cluster and to be known there: a token, a hash, a certificate request."""

import base64
import hashlib
import hmac
from collections.abc import Callable, Mapping
from typing import Any

import yaml
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from workload.api import Api, trusting, trusting_anybody

CLUSTER_INFO = "/api/v1/namespaces/kube-public/configmaps/cluster-info"
REQUESTS = "/apis/certificates.k8s.io/v1/certificatesigningrequests"
Wait = Callable[[str, Callable[[], Any]], Any]
"""Calls again until something comes back; names what it waits for when it gives up."""


class Distrusted(Exception):
    """The cluster is not the one that the medium means."""


def discover(discovery: Mapping[str, Any], wait: Wait) -> tuple[Api, str]:
    """Find the cluster that the bootstrap token is of: an API with the token's rights, and the authority (PEM)."""
    token = discovery["bootstrapToken"]
    server = f"https://{token['apiServerEndpoint']}"
    token_id, secret = token["token"].split(".")
    with Api(server, trusting_anybody()) as nobody:

        def signed() -> Mapping[str, str] | None:
            data: Mapping[str, str] = (nobody.find(CLUSTER_INFO) or {}).get("data") or {}
            return data if f"jws-kubeconfig-{token_id}" in data else None

        info = wait(f"cluster-info of {server}, signed for token {token_id}", signed)
    _check_signature(info["kubeconfig"], info[f"jws-kubeconfig-{token_id}"], secret)
    [cluster] = yaml.safe_load(info["kubeconfig"])["clusters"]
    authority = base64.b64decode(cluster["cluster"]["certificate-authority-data"]).decode()
    _check_hash(authority, token["caCertHashes"])
    return Api(server, trusting(authority), token["token"]), authority


def request_certificate(api: Api, node: str, wait: Wait) -> tuple[str, str]:
    """Get a client certificate for a kubelet (both PEM: certificate and key) with the rights of a bootstrap token."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "system:nodes"),
            x509.NameAttribute(NameOID.COMMON_NAME, f"system:node:{node}"),
        ]
    )
    request = x509.CertificateSigningRequestBuilder().subject_name(name).sign(key, hashes.SHA256())
    pem = request.public_bytes(serialization.Encoding.PEM)
    spec = {
        "request": base64.b64encode(pem).decode(),
        "signerName": "kubernetes.io/kube-apiserver-client-kubelet",
        "usages": ["digital signature", "client auth"],
    }
    made = api.create(REQUESTS, {"metadata": {"generateName": "node-csr-"}, "spec": spec})
    path = f"{REQUESTS}/{made['metadata']['name']}"
    issued = wait(f"the certificate of {node}", lambda: (api.get(path).get("status") or {}).get("certificate"))
    encoding, form = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    return base64.b64decode(issued).decode(), key.private_bytes(encoding, form, serialization.NoEncryption()).decode()


def _check_signature(content: str, signature: str, secret: str) -> None:
    """A JSON web signature without its payload, which is the content: HMAC with the token's secret."""
    header, _, given = signature.split(".")
    payload = base64.urlsafe_b64encode(content.encode()).rstrip(b"=").decode()
    expected = hmac.digest(secret.encode(), f"{header}.{payload}".encode(), "sha256")
    if not hmac.compare_digest(base64.urlsafe_b64encode(expected).rstrip(b"=").decode(), given):
        raise Distrusted("cluster-info is not signed with the secret of the token on the medium")


def _check_hash(authority: str, allowed: list[str]) -> None:
    public = x509.load_pem_x509_certificate(authority.encode()).public_key()
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    digest = hashlib.sha256(public.public_bytes(serialization.Encoding.DER, form)).hexdigest()
    if f"sha256:{digest}" not in allowed:
        raise Distrusted(f"the authority of the cluster has the hash sha256:{digest}, which is not on the medium")
