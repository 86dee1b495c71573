# SPDX-License-Identifier: Apache-2.0
"""Objects of the API server the way reconcilers want them: from the store, and fresh where that matters."""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from lightkube import ApiError

from capi_scvmm.kube import EVENT, Body, Conflict, Kind, Kube
from capi_scvmm.status import Event
from capi_scvmm.store import Key, Store

logger = logging.getLogger(__name__)
COMPONENT = "capi-scvmm"
EVENT_SECONDS = 5.0


class Objects:
    """The API server behind the store; what is written is known here at once, before the watch tells it."""

    def __init__(self, kube: Kube, store: Store, want_look: Callable[[Key], None]) -> None:
        self.kube = kube
        self.store = store
        self._want_look = want_look

    async def find(self, kind: Kind, namespace: str, name: str) -> Body | None:
        """Give an object from the store; what no watch has told (yet) is asked for."""
        known = self.store.get(kind, namespace, name)
        return known if known is not None else await self.kube.get(kind, namespace, name)

    def version(self, kind: Kind, namespace: str, name: str) -> str | None:
        """Give the resource version that the watch told last; None when it told of no such object."""
        known = self.store.get(kind, namespace, name)
        return known["metadata"].get("resourceVersion") if known is not None else None

    async def set_finalizer(self, kind: Kind, body: Mapping[str, Any], finalizer: str, present: bool) -> None:
        """Put a finalizer on an object or take it off; others' are left alone, also when they change meanwhile."""
        await self._change(kind, body, lambda metadata: _finalizers(metadata, finalizer, present))

    async def annotate(self, kind: Kind, body: Mapping[str, Any], key: str, value: str) -> None:
        """Write an annotation, unless there is by now another object of that name."""
        await self._change(kind, body, lambda metadata: _annotation(metadata, key, value))

    async def guard(self, kind: Kind, body: Mapping[str, Any], finalizer: str, key: str, value: str) -> None:
        """Put a finalizer on an object together with an annotation that must be there before anything is done."""
        await self._change(
            kind, body, lambda metadata: _finalizers(metadata, finalizer, True) | _annotation(metadata, key, value)
        )

    async def _change(
        self, kind: Kind, body: Mapping[str, Any], change: Callable[[Mapping[str, Any]], dict[str, Any]]
    ) -> None:
        """Write what *change* makes of the metadata, until nobody else writes in between; nothing when it is empty."""
        namespace, name = body["metadata"].get("namespace") or "", body["metadata"]["name"]
        known = self.store.get(kind, namespace, name)
        fresh: Mapping[str, Any] | None = known if known is not None else body
        while fresh is not None:
            metadata = fresh["metadata"]
            wanted = change(metadata)
            if metadata.get("uid") != body["metadata"].get("uid") or not wanted:
                return
            patch = {"metadata": {**wanted, "resourceVersion": metadata["resourceVersion"]}}
            try:
                self._note(kind, await self.kube.patch(kind, namespace, name, patch))
                return
            except Conflict:
                fresh = await self.kube.get(kind, namespace, name)

    async def patch_spec(self, kind: Kind, body: Mapping[str, Any], spec: Mapping[str, Any]) -> None:
        """Write into the spec of an object."""
        metadata = body["metadata"]
        self._note(kind, await self.kube.patch(kind, metadata["namespace"], metadata["name"], {"spec": dict(spec)}))

    async def patch_status(self, kind: Kind, body: Mapping[str, Any], status: Mapping[str, Any]) -> bool:
        """Write into the status of an object; False when it is gone."""
        metadata = body["metadata"]
        written = await self.kube.patch_status(kind, metadata["namespace"], metadata["name"], status)
        self._note(kind, written)
        return written is not None

    async def patch_status_of(self, kind: Kind, body: Mapping[str, Any], status: Mapping[str, Any]) -> bool:
        """Write into the status of an object if it is as *body* says, else raise Conflict; False when it is gone."""
        metadata = body["metadata"]
        written = await self.kube.patch_status(
            kind, metadata["namespace"], metadata["name"], status, metadata["resourceVersion"]
        )
        self._note(kind, written)
        return written is not None

    async def refresh(self, kind: Kind, namespace: str, name: str) -> Body | None:
        """Read an object as it is now, and let everybody here know."""
        body = await self.kube.get(kind, namespace, name)
        self._note(kind, body)
        return body

    async def post(self, kind: Kind, body: Mapping[str, Any], events: Iterable[Event]) -> None:
        """Post Kubernetes events before the status that they tell of; trouble with them holds up nothing for long.

        The name of an event is made of its object and words, so that one that comes again is counted. Repeated from the
        same state of the object it is not even that: a controller that died before it wrote the status told it already.
        """
        for event in events:
            try:
                # Not wait_for: it can swallow the cancellation that ends a worker.
                async with asyncio.timeout(EVENT_SECONDS):
                    await self._post(kind, body["metadata"], event)
            except (ApiError, TimeoutError) as error:
                logger.warning("event %s of %s not posted: %s", event.reason, body["metadata"]["name"], error)

    async def _post(self, kind: Kind, metadata: Mapping[str, Any], event: Event) -> None:
        now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        words = f"{metadata.get('uid')}/{event.reason}/{event.message}".encode()
        name = f"{metadata['name'][:200]}.{hashlib.sha256(words).hexdigest()[:16]}"
        body = {
            "apiVersion": "v1",
            "kind": "Event",
            "metadata": {"name": name, "namespace": metadata["namespace"]},
            "involvedObject": {
                "apiVersion": f"{kind.group}/{kind.version}",
                "kind": kind.kind,
                "namespace": metadata["namespace"],
                "name": metadata["name"],
                "uid": metadata.get("uid"),
                "resourceVersion": metadata.get("resourceVersion"),
            },
            "reason": event.reason,
            "message": event.message[:1000],
            "type": event.kind,
            "source": {"component": COMPONENT},
            "reportingComponent": COMPONENT,
            "reportingInstance": COMPONENT,
            "firstTimestamp": now,
            "lastTimestamp": now,
            "count": 1,
        }
        if await self.kube.create(EVENT, metadata["namespace"], body):
            return
        known = await self.kube.get(EVENT, metadata["namespace"], name) or {}
        version = metadata.get("resourceVersion")
        if (known.get("involvedObject") or {}).get("resourceVersion") == version:
            return
        again = {
            "count": int(known.get("count") or 1) + 1,
            "lastTimestamp": now,
            "involvedObject": {"resourceVersion": version},
        }
        await self.kube.patch(EVENT, metadata["namespace"], name, again)

    def _note(self, kind: Kind, written: Body | None) -> None:
        """Take in what the API server made of a write, and tell who depends on it.

        The object itself was just looked at, so it is told only of what somebody else changed before this write: the
        watch will tell of that too, but later, when it is no news any more.
        """
        if written is None:
            return
        # Bodies of writes carry no kind of their own in every client; the key does.
        own = Key(kind.kind, written["metadata"].get("namespace") or "", written["metadata"]["name"])
        known = self.store.get(kind, own.namespace, own.name)
        if known is None:
            return  # In a namespace that no watch tells of, it would never change here again.
        touched = self.store.put(kind, written)
        for key in touched - ({own} if _wishes(known) == _wishes(written) else set()):
            self._want_look(key)


def _finalizers(metadata: Mapping[str, Any], finalizer: str, present: bool) -> dict[str, Any]:
    there = list(metadata.get("finalizers") or ())
    if (finalizer in there) == present:
        return {}
    return {"finalizers": [*there, finalizer] if present else [item for item in there if item != finalizer]}


def _annotation(metadata: Mapping[str, Any], key: str, value: str) -> dict[str, Any]:
    return {} if (metadata.get("annotations") or {}).get(key) == value else {"annotations": {key: value}}


def _wishes(body: Mapping[str, Any]) -> tuple[Any, ...]:
    """Tell what others say with an object: all but its status and what every write changes."""
    metadata = body["metadata"]
    said = ("generation", "deletionTimestamp", "labels", "annotations", "ownerReferences")
    return (*(metadata.get(name) for name in said), body.get("spec"))
