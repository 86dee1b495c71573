# SPDX-License-Identifier: Apache-2.0
"""PowerShell errors that the native engine ends pipelines with."""

from __future__ import annotations

from psrpcore.types import ErrorCategory, ErrorCategoryInfo, ErrorRecord, NETException

FUNCTION = "Invoke-CapiScvmmOperation"
"""The module's one function (docs/operations.md)."""


class Refusal(Exception):
    """A PowerShell error that ends a pipeline: message, FullyQualifiedErrorId, category and .NET exception type."""

    def __init__(self, message: str, error_id: str, category: ErrorCategory, exception: str, target: str) -> None:
        super().__init__(message)
        self.error_id = error_id
        self.category = category
        self.exception = exception
        self.target = target


def no_scripts(command: str) -> Refusal:
    """Refuse a script or command: the engine has no PowerShell."""
    first = command.strip().splitlines()[0][:60] if command.strip() else ""
    message = (
        "The simulator's native engine runs no scripts and no commands but the operations of the CapiScvmm module "
        f"(asked for: {first!r}). Start the simulator with --engine powershell to run PowerShell."
    )
    return Refusal(
        message,
        "ScvmmSim.NativeEngineRunsNoScripts",
        ErrorCategory.NotImplemented,
        "System.Management.Automation.PSNotSupportedException",
        first,
    )


def unknown_command(name: str) -> Refusal:
    """Refuse the function in a session that has not loaded the module."""
    message = (
        f"The term '{name}' is not recognized as the name of a cmdlet, function, script file, or operable program: "
        "this session has not loaded the CapiScvmm module."
    )
    return Refusal(
        message,
        "CommandNotFoundException",
        ErrorCategory.ObjectNotFound,
        "System.Management.Automation.CommandNotFoundException",
        name,
    )


def bad_parameter(message: str) -> Refusal:
    """Refuse a call that PowerShell could not bind."""
    return Refusal(
        message,
        f"ParameterArgumentValidationError,{FUNCTION}",
        ErrorCategory.InvalidArgument,
        "System.Management.Automation.ParameterBindingException",
        FUNCTION,
    )


def error_record(refusal: Refusal) -> ErrorRecord:
    """Make the record that PowerShell would write."""
    exception = NETException(Message=str(refusal), HResult=-2146233087)
    exception.PSObject.type_names = [
        refusal.exception,
        "System.Management.Automation.RuntimeException",
        "System.SystemException",
        *exception.PSTypeNames,
    ]
    return ErrorRecord(
        Exception=exception,
        CategoryInfo=ErrorCategoryInfo(
            Category=refusal.category,
            Activity="",
            Reason=refusal.exception.rsplit(".", 1)[-1],
            TargetName=refusal.target,
            TargetType="String",
        ),
        TargetObject=refusal.target,
        FullyQualifiedErrorId=refusal.error_id,
    )


def internal(message: str) -> Refusal:
    """Tell of a defect of the simulator."""
    return Refusal(
        message, "ScvmmSim.InternalError", ErrorCategory.InvalidResult, "System.InvalidOperationException", FUNCTION
    )
