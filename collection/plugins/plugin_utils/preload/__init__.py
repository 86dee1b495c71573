# SPDX-License-Identifier: GPL-3.0-or-later
"""Ansible, loaded once: a server forks a ready ansible-playbook for each run that a controller starts."""
