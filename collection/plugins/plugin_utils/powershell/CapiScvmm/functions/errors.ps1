# SPDX-License-Identifier: GPL-3.0-or-later
# Errors as data: our own, and those of VMM.

function New-CapiError {
    <#
    .SYNOPSIS
        Makes an error record of our own, to be thrown. An id that starts with a number counts as VMM's number.
    #>
    [OutputType([System.Management.Automation.ErrorRecord])]
    param(
        [Parameter(Mandatory = $true)] [string]$Id,
        [Parameter(Mandatory = $true)] [string]$Message,
        [System.Management.Automation.ErrorCategory]$Category = 'InvalidOperation',
        [string]$RecommendedAction
    )
    $exception = New-Object -TypeName System.InvalidOperationException -ArgumentList $Message
    $record = New-Object -TypeName System.Management.Automation.ErrorRecord -ArgumentList $exception, $Id, $Category, $null
    if ($RecommendedAction) {
        $record.ErrorDetails = New-Object -TypeName System.Management.Automation.ErrorDetails -ArgumentList $Message
        $record.ErrorDetails.RecommendedAction = $RecommendedAction
    }
    $record
}

function ConvertTo-CapiFailure {
    <#
    .SYNOPSIS
        Turns an error record into the error of an envelope. VMM's number stands before the first comma of FullyQualifiedErrorId.
    #>
    param([System.Management.Automation.ErrorRecord]$Record, [string]$Operation, $Request)
    $action = $null
    if ($Record.ErrorDetails) { $action = $Record.ErrorDetails.RecommendedAction }
    if (-not $action -and $Record.Exception) { $action = [string]$Record.Exception.RecommendedAction }
    [ordered]@{
        number = Get-CapiErrorNumber -Record $Record
        id = [string]$Record.FullyQualifiedErrorId
        category = [string]$Record.CategoryInfo.Category
        message = [string]$Record.Exception.Message
        recommended_action = [string]$action
        operation = $Operation
        object = Get-CapiSubject -Operation $Operation -Request $Request
    }
}

function Get-CapiErrorNumber {
    <#
    .SYNOPSIS
        VMM's error number of a record, or nothing when the error is not VMM's.
    #>
    param([System.Management.Automation.ErrorRecord]$Record)
    $text = ([string]$Record.FullyQualifiedErrorId).Split(',')[0]
    $number = 0
    if ([int]::TryParse($text, [ref]$number)) { return $number }
    return $null
}

function Get-CapiSubject {
    <#
    .SYNOPSIS
        Says in a few words what an operation was about, for its error: "VM web-1", "medium seed.iso".
    #>
    param([string]$Operation, $Request)
    if ($null -eq $Request) { return $null }
    if ($Operation -like 'media_*' -and $Request.file -and -not ($Request.id -or $Request.uid)) { return "medium $($Request.file)" }
    foreach ($field in 'name', 'id', 'uid') {
        if ($Request.$field -is [string] -and $Request.$field) { return "VM $($Request.$field)" }
    }
    if ($Request.vmm_server) { return "VMM server $($Request.vmm_server)" }
    return $null
}
