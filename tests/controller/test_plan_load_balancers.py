# SPDX-License-Identifier: Apache-2.0
"""Which load-balancer machines are made, and which one is replaced next."""

from __future__ import annotations

from dataclasses import replace

from capi_scvmm.plan.load_balancers import CHANGED, Balancer, Make, Remove, names_of, plan_load_balancers

WANTED = names_of("east", 2)
FIRST, SECOND = (Balancer(name, "d", ready=True) for name in WANTED)


def test_names_count_up() -> None:
    """One that is replaced has the name of the one before, so that two controllers make one."""
    assert WANTED == ("east-lb-0", "east-lb-1")


def test_all_that_are_missing_are_made_at_once() -> None:
    """The first cluster waits for one of them; there is no reason to wait for it with the others."""
    assert plan_load_balancers(WANTED, "d", ()) == (Make("east-lb-0"), Make("east-lb-1"))
    assert plan_load_balancers(WANTED, "d", (SECOND,)) == (Make("east-lb-0"),)


def test_nothing_is_done_with_those_that_serve() -> None:
    """As they were wanted."""
    assert plan_load_balancers(WANTED, "d", (FIRST, SECOND)) == ()


def test_one_whose_vm_is_gone_is_removed_whatever_the_others_do() -> None:
    """It serves nobody; its successor comes when it is gone."""
    lost = replace(FIRST, ready=False, lost=True)
    assert plan_load_balancers(WANTED, "d", (lost, replace(SECOND, ready=False))) == (
        Remove("east-lb-0", "its VM was deleted in VMM"),
    )
    assert plan_load_balancers(WANTED, "d", (replace(lost, deleting=True), SECOND)) == ()


def test_those_that_serve_are_replaced_one_after_the_other() -> None:
    """The address has somewhere to go all the time."""
    assert plan_load_balancers(WANTED, "new", (FIRST, SECOND)) == (Remove("east-lb-1", CHANGED),)
    assert plan_load_balancers(WANTED, "new", (FIRST, replace(SECOND, deleting=True))) == ()
    assert plan_load_balancers(WANTED, "new", (FIRST,)) == (Make("east-lb-1"),)
    fresh = replace(SECOND, digest="new")
    assert plan_load_balancers(WANTED, "new", (FIRST, replace(fresh, ready=False))) == ()
    assert plan_load_balancers(WANTED, "new", (FIRST, fresh)) == (Remove("east-lb-0", CHANGED),)


def test_one_that_serves_nobody_yet_is_replaced_at_once() -> None:
    """A template that cannot work is mended by another one."""
    young = replace(SECOND, ready=False)
    assert plan_load_balancers(WANTED, "new", (FIRST, young)) == (Remove("east-lb-1", CHANGED),)
    assert plan_load_balancers(WANTED, "d", (FIRST, young)) == ()


def test_what_is_too_many_goes() -> None:
    """Once those that stay serve."""
    third = Balancer("east-lb-2", "d", ready=True)
    assert plan_load_balancers(WANTED, "d", (FIRST, SECOND, third)) == (Remove("east-lb-2", "fewer are wanted"),)
    assert plan_load_balancers(WANTED, "d", (FIRST, replace(SECOND, ready=False), third)) == ()
