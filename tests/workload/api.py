# SPDX-License-Identifier: Apache-2.0
"""A Kubernetes API as programs of a node call it: by a kubeconfig, a token, or as nobody."""

import base64
import ssl
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import httpx2
import yaml

Body = dict[str, Any]
SECONDS = 20.0


class Refused(Exception):
    """The API server said no; *code* is HTTP's."""

    def __init__(self, code: int, words: str) -> None:
        super().__init__(words)
        self.code = code


class Api:
    """Requests to one API server. Raises Refused, and httpx2.HTTPError when it does not answer."""

    def __init__(self, server: str, context: ssl.SSLContext, token: str | None = None) -> None:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        self._client = httpx2.Client(base_url=server, verify=context, headers=headers, timeout=SECONDS, trust_env=False)

    @classmethod
    def of(cls, kubeconfig: Path, server: str | None = None) -> Self:
        """As the one user of a kubeconfig with a client certificate, at its server or another one."""
        config = yaml.safe_load(kubeconfig.read_text())
        [cluster], [user] = config["clusters"], config["users"]
        context = trusting(_decoded(cluster["cluster"], "certificate-authority-data"))
        credential = kubeconfig.with_suffix(".pem")
        if not credential.exists():
            credential.touch(mode=0o600)
            parts = [_decoded(user["user"], f"client-{part}-data") for part in ("certificate", "key")]
            credential.write_text("\n".join(parts))
        context.load_cert_chain(credential)
        return cls(server or cluster["cluster"]["server"], context)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: type[BaseException] | BaseException | TracebackType | None) -> None:
        self._client.close()

    def get(self, path: str, **parameters: str) -> Body:
        """Read."""
        return self._ask("GET", path, params=parameters)

    def find(self, path: str) -> Body | None:
        """Read what may not be there."""
        try:
            return self.get(path)
        except Refused as refused:
            if refused.code == 404:
                return None
            raise

    def create(self, path: str, body: Mapping[str, Any]) -> Body:
        """Create; what is there already is read."""
        try:
            return self._ask("POST", path, json=body)
        except Refused as refused:
            if refused.code == 409:
                return self.get(f"{path}/{body['metadata']['name']}")
            raise

    def patch(self, path: str, body: Mapping[str, Any]) -> Body:
        """Merge a patch, in the strategic way, in which lists have keys."""
        headers = {"Content-Type": "application/strategic-merge-patch+json"}
        return self._ask("PATCH", path, json=body, headers=headers)

    def _ask(self, method: str, path: str, **more: Any) -> Body:
        answer = self._client.request(method, path, **more)
        if answer.is_error:
            raise Refused(answer.status_code, f"{method} {path}: {answer.status_code} {answer.text}")
        body: Body = answer.json()
        return body


def trusting(authority: str) -> ssl.SSLContext:
    """TLS to a server that this authority (PEM) vouches for."""
    return ssl.create_default_context(cadata=authority)


def trusting_anybody() -> ssl.SSLContext:
    """TLS to a server of which nothing is known yet."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


def _decoded(entry: Mapping[str, Any], key: str) -> str:
    return base64.b64decode(entry[key]).decode()
