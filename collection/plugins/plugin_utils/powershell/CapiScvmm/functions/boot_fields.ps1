# SPDX-License-Identifier: GPL-3.0-or-later
# The operation boot_fields: a provider's own function determines what a machine is told at its first boot.

function Get-CapiBootField {
    <#
    .SYNOPSIS
        Operation boot_fields: calls AddVMSpec with the machine's spec and metadata (JSON texts) and returns the fields that it gives.
    #>
    param($Request)
    $text = Get-CapiField -Request $Request -Name 'function' -Required
    $spec = Get-CapiField -Request $Request -Name 'spec' -Required
    $metadata = Get-CapiField -Request $Request -Name 'metadata' -Required
    # Whoever was allowed to send this module as a script could send the function as one. Where the module is installed
    # (a restricted session), nothing may run but what is installed.
    if (([string]$ExecutionContext.SessionState.Module.Path).EndsWith('.psm1')) {
        $message = "This endpoint runs nothing but the installed module, so AddVMSpec of extraFunctions is not called. Use a hook, or connect to an endpoint that runs scripts."
        throw (New-CapiError -Id 'CapiScvmm.NotAllowed' -Message $message)
    }
    try { $told = Invoke-CapiAddVMSpec -Block ([scriptblock]::Create($text)) -Spec $spec -Metadata $metadata }
    catch { throw (New-CapiError -Id 'CapiScvmm.FunctionFailed' -Message "AddVMSpec of extraFunctions failed: $($_.Exception.Message)") }
    if ($told -is [string]) {
        try { $told = ConvertFrom-Json -InputObject $told }
        catch { throw (New-CapiError -Id 'CapiScvmm.FunctionFailed' -Message 'AddVMSpec of extraFunctions returned a text that is no JSON. Return an object, or JSON.') }
    }
    # A function that returns nothing returns PowerShell's own nothing, which JSON has no word for.
    if ($null -eq $told) { $told = $null }
    [ordered]@{ fields = $told }
}

function Invoke-CapiAddVMSpec {
    <#
    .SYNOPSIS
        Calls a block that takes parameters itself, or the function AddVMSpec that it defines.
    #>
    param([scriptblock]$Block, [string]$Spec, [string]$Metadata)
    if ($Block.Ast.ParamBlock) { return & $Block $Spec $Metadata }
    $null = . $Block
    if (-not (Test-Path -Path 'function:AddVMSpec')) {
        throw 'It has no parameters, and defines no function AddVMSpec: write param($spec, $metadata), or function AddVMSpec($spec, $metadata).'
    }
    & (Get-Item -Path 'function:AddVMSpec') $Spec $Metadata
}
