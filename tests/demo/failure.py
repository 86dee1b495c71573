# SPDX-License-Identifier: Apache-2.0
"""Why a demonstration did not go as it should."""


class DemoFailed(Exception):
    """One message: which step, what was seen, and the end of the log that says more."""
