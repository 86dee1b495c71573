# SPDX-License-Identifier: Apache-2.0
"""The command ``scvmm-sim serve``."""

from __future__ import annotations

import argparse
import json
import logging
import os
import signal
import ssl
import sys
from pathlib import Path
from typing import Any

from scvmm_sim.errors import SimulatorError
from scvmm_sim.simulator import Simulator
from scvmm_sim.wire.certificates import server_context
from scvmm_sim.wire.pwsh import NoPowerShellError


class ServeError(Exception):
    """A wrong flag, fabric or address; the message is for the user."""


def serve(arguments: argparse.Namespace) -> None:
    """Run a simulator until SIGTERM or SIGINT. Raises ServeError when it cannot start."""
    _log_to_stderr(arguments.log_level)
    stop = signal.SIGTERM, signal.SIGINT
    # Blocked from the start and in every thread: a signal waits until this thread takes it below.
    signal.pthread_sigmask(signal.SIG_BLOCK, stop)
    with _simulator(arguments) as simulator:
        ready: dict[str, Any] = {
            "ready": True,
            "host": simulator.host,
            "port": simulator.port,
            "control_url": simulator.control_url,
            "engine": simulator.engine,
            "username": simulator.username,
            "library": str(simulator.library),
            "pid": os.getpid(),
        }
        if simulator.https_port is not None:
            ready["https_port"] = simulator.https_port
            ready["ca_certificate"] = str(simulator.ca_certificate) if simulator.ca_certificate else None
        if simulator.generated_password:
            ready["password"] = simulator.password
        print(json.dumps(ready), flush=True)
        taken = signal.sigwait(stop)
        logging.getLogger("scvmm_sim").info("ending on %s", signal.Signals(taken).name)


def _simulator(arguments: argparse.Namespace) -> Simulator:
    if arguments.https_port is None and (arguments.certificate or arguments.key):
        raise ServeError("--certificate and --key go with --https-port: give it, 0 for a free port")
    try:
        tls = _tls(arguments)
        return Simulator(
            Path(arguments.fabric),
            arguments.engine,
            arguments.library,
            arguments.port,
            arguments.control_port,
            host=arguments.host,
            https=arguments.https_port is not None,
            https_port=arguments.https_port or 0,
            tls=tls,
            idle_seconds=arguments.idle_seconds,
        )
    except (SimulatorError, NoPowerShellError) as error:
        raise ServeError(str(error)) from None
    except OSError as error:
        where = f"{arguments.host}, ports {arguments.port} and {arguments.control_port}"
        raise ServeError(
            f"cannot listen ({where}): {error.strerror or error}; choose others, 0 for free ones"
        ) from None


def _tls(arguments: argparse.Namespace) -> ssl.SSLContext | None:
    if arguments.certificate is None:
        return None
    try:
        return server_context(Path(arguments.certificate), Path(arguments.key) if arguments.key else None)
    except OSError as error:
        names = " and ".join(name for name in (arguments.certificate, arguments.key) if name)
        raise ServeError(f"--certificate: {names} cannot be used ({error.strerror or error}): give PEM files") from None


def _log_to_stderr(level: str) -> None:
    logging.basicConfig(
        stream=sys.stderr, level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s: %(message)s"
    )
    # Only our own loggers follow the wish: psrpcore, spnego and pypsrp write the content of messages at debug level.
    logging.getLogger("scvmm_sim").setLevel(level.upper())
