# SPDX-License-Identifier: Apache-2.0
"""Templates that the preload server compiles: our own are known beforehand, and a kept one is no kept value."""

from __future__ import annotations

import json
import os
import subprocess
import sys

from capi_scvmm.runs.collection import collections_path

# In a process of its own: what it does to Ansible must not reach other tests.
PROGRAM = """
import json
from ansible.plugins import loader
loader.init_plugin_loader()
from jinja2 import Environment
from ansible.template import Templar, trust_as_template
from ansible_collections.capi.scvmm.plugins.plugin_utils.preload.templates import compile_beforehand

compile_beforehand()
made = []
generate = Environment._generate
Environment._generate = lambda self, source, *rest, **more: made.append(1) or generate(self, source, *rest, **more)

def told(template, **variables):
    before = len(made)
    return [Templar(variables=variables).template(trust_as_template(template)), len(made) - before]

OURS = "{{ cloud_init_vm | combine(cloud_init_file) }}"
print(json.dumps({
    "ours": told(OURS, cloud_init_vm={"id": "1"}, cloud_init_file={"file": "a"}),
    "again": told(OURS, cloud_init_vm={"id": "2"}, cloud_init_file={}),
    "other": told("{{ 1 + number }}", number=1),
    "other again": told("{{ 1 + number }}", number=2),
}))
"""


def test_our_templates_are_compiled_beforehand_and_others_once() -> None:
    """Each evaluation uses the variables of its own."""
    ended = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        cwd=collections_path(),
        env={**os.environ, "ANSIBLE_COLLECTIONS_PATH": str(collections_path())},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    assert json.loads(ended.stdout) == {
        "ours": [{"id": "1", "file": "a"}, 0],
        "again": [{"id": "2"}, 0],
        "other": [2, 1],
        "other again": [3, 0],
    }
