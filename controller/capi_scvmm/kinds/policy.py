# SPDX-License-Identifier: Apache-2.0
"""The admission policy that keeps the spec of a machine template as it is.

A rule in the CRD cannot do it: Cluster API's topology controller asks by a dry run, marked by an annotation, what a
change of the template would come to, and that dry run must pass. Rules in a CRD see neither dry run nor annotations.
"""

from __future__ import annotations

from typing import Any

from capi_scvmm.kinds.crd import GROUP, LABELS, VERSION

NAME = f"scvmmmachinetemplates.{GROUP}"
DRY_RUN_ANNOTATION = "topology.cluster.x-k8s.io/dry-run"

_EXPRESSION = (
    "object.spec.template.spec == oldObject.spec.template.spec || "
    "(request.?dryRun.orValue(false) && has(object.metadata.annotations) && "
    f"'{DRY_RUN_ANNOTATION}' in object.metadata.annotations)"
)
_MESSAGE = (
    "spec.template.spec of a ScvmmMachineTemplate cannot change: create a template of another name and refer to it"
)


def template_policy() -> list[dict[str, Any]]:
    """The policy and its binding."""
    labels = {"cluster.x-k8s.io/provider": LABELS["cluster.x-k8s.io/provider"]}
    rule = {
        "apiGroups": [GROUP],
        "apiVersions": [VERSION],
        "operations": ["UPDATE"],
        "resources": ["scvmmmachinetemplates"],
    }
    policy = {
        "apiVersion": "admissionregistration.k8s.io/v1",
        "kind": "ValidatingAdmissionPolicy",
        "metadata": {"name": NAME, "labels": labels},
        "spec": {
            "failurePolicy": "Fail",
            "matchConstraints": {"resourceRules": [rule]},
            "validations": [{"expression": _EXPRESSION, "message": _MESSAGE, "reason": "Forbidden"}],
        },
    }
    binding = {
        "apiVersion": "admissionregistration.k8s.io/v1",
        "kind": "ValidatingAdmissionPolicyBinding",
        "metadata": {"name": NAME, "labels": labels},
        "spec": {"policyName": NAME, "validationActions": ["Deny"]},
    }
    return [policy, binding]
