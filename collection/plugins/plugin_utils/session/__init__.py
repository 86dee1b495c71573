# SPDX-License-Identifier: GPL-3.0-or-later
"""Sessions to exec hosts: a broker process keeps them open, clients share them through a private socket.

    client / pipe ── unix socket ──▶ broker ─▶ lanes ─▶ worker (a thread) ─▶ remote (one WSMan, one runspace pool)

Nothing here imports Ansible, so the same code serves plugins and other programs (see the module pipe).
"""
