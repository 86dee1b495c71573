# SPDX-License-Identifier: Apache-2.0
"""Jinja for text that users write: a sandbox in which a short template cannot make a long text or reach Python."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NoReturn

from jinja2 import StrictUndefined, TemplateError, TemplateSyntaxError
from jinja2.environment import Template
from jinja2.exceptions import SecurityError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from capi_scvmm.kinds.invalid import InvalidField

_METHODS = frozenset({"lower", "upper", "strip", "split", "rsplit", "removeprefix", "removesuffix", "startswith"})
_FILTERS = frozenset({"default", "first", "int", "last", "length", "lower", "string", "trim", "truncate", "upper"})
_LONGEST = 4096


def _replace(text: str, old: str, new: str) -> str:
    """Replace, but not without end."""
    replaced = text.replace(old, new)
    if len(replaced) > _LONGEST:
        raise SecurityError(f"the text becomes longer than {_LONGEST} characters")
    return replaced


class UserTemplates(ImmutableSandboxedEnvironment):
    """Expressions over plain data with a few harmless filters and methods of text; everything else is an error."""

    # Each of these makes a huge value out of two small ones.
    intercepted_binops = frozenset({"*", "**", "%"})

    def __init__(self) -> None:
        super().__init__(undefined=StrictUndefined, autoescape=False, keep_trailing_newline=True)
        self.globals.clear()
        self.tests = {name: test for name, test in self.tests.items() if name in ("defined", "undefined", "none")}
        self.filters = {name: one for name, one in self.filters.items() if name in _FILTERS} | {"replace": _replace}

    def call_binop(self, context: object, operator: str, left: Any, right: Any) -> NoReturn:
        """Refuse the operators above."""
        raise SecurityError(f"the operator {operator} is not available here")

    def is_safe_callable(self, obj: object) -> bool:
        """Only methods of text that cannot make it longer."""
        if isinstance(getattr(obj, "__self__", None), str) and getattr(obj, "__name__", "") in _METHODS:
            return True
        raise SecurityError(f"nothing can be called here but the methods of text {', '.join(sorted(_METHODS))}")


_TEMPLATES = UserTemplates()


def render(text: str, context: Mapping[str, Any], field: str, written: str) -> str:
    """Render the template *text*, made from what *field* holds as *written*; InvalidField says what is wrong."""
    return _guarded(lambda: _compiled(text).render(dict(context)), field, written)


def _compiled(text: str) -> Template:
    if "{%" in text:
        raise SecurityError("statements are not available here, only expressions in {{ }}")
    return _TEMPLATES.from_string(text)


def _guarded(work: Callable[[], str], field: str, written: str) -> str:
    try:
        return work()
    except TemplateSyntaxError as error:
        raise InvalidField(
            field,
            written,
            f"It is no Jinja template ({error.message}). Write a path, as {{{{ spec.vmName }}}}, and filters, as "
            "{{ spec.vmName | lower }}; Go's template functions are not available.",
        ) from None
    except (TemplateError, TypeError, ValueError, ArithmeticError, LookupError) as error:
        raise InvalidField(
            field,
            written,
            f"It cannot be rendered: {error}. Use fields that the object has, and the filters "
            f"{', '.join(sorted(_TEMPLATES.filters))}.",
        ) from None
