# SPDX-License-Identifier: Apache-2.0
"""What can go wrong with a management plane.

PlaneError              one clear message for whoever started it
├── GoMissing           the binaries must be built and there is no Go
├── BuildFailed         Go is there and did not manage
├── StartFailed         a process ended or did not get ready in time
└── ServerUnusable      an API server that already exists cannot be used
"""


class PlaneError(Exception):
    """The management plane cannot do what was asked; the message names object, obstacle and remedy."""


class GoMissing(PlaneError):
    """The binaries are not in the cache and Go is not installed."""


class BuildFailed(PlaneError):
    """Go could not build the binaries; the message ends with Go's own last words."""


class StartFailed(PlaneError):
    """A process of the plane ended early or was not ready within its time; the message has the end of its log."""


class ServerUnusable(PlaneError):
    """The kubeconfig that was given does not lead to an API server that can be used."""
