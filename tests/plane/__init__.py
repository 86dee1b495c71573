# SPDX-License-Identifier: Apache-2.0
"""A management plane to test and demonstrate against: a real API server and the real Cluster API, no containers."""

from plane.errors import BuildFailed, GoMissing, PlaneError, ServerUnusable, StartFailed
from plane.management_plane import ManagementPlane

__all__ = ["BuildFailed", "GoMissing", "ManagementPlane", "PlaneError", "ServerUnusable", "StartFailed"]
