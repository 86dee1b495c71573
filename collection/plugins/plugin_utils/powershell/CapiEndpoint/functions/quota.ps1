# SPDX-License-Identifier: GPL-3.0-or-later
# The quotas of WinRM that bound our sessions. Read and set as WS-Management shows them, like the drive WSMan: does.

# Quota: the resource that holds it, and its name there.
$script:CapiQuotas = [ordered]@{
    max_memory_per_shell_mb = @('winrm/config/winrs', 'MaxMemoryPerShellMB')
    max_shells_per_user = @('winrm/config/winrs', 'MaxShellsPerUser')
    idle_timeout_ms = @('winrm/config/winrs', 'IdleTimeout')
    max_concurrent_operations_per_user = @('winrm/config/service', 'MaxConcurrentOperationsPerUser')
    max_timeout_ms = @('winrm/config', 'MaxTimeoutms')
    max_envelope_size_kb = @('winrm/config', 'MaxEnvelopeSizekb')
}

function Get-CapiQuota {
    <#
    .SYNOPSIS
        All quotas that we know, as numbers; nothing for one that this Windows does not have.
    #>
    $read = @{}
    $found = [ordered]@{}
    foreach ($name in $script:CapiQuotas.Keys) {
        $resource, $property = $script:CapiQuotas[$name]
        if (-not $read.ContainsKey($resource)) { $read[$resource] = Get-WSManInstance -ResourceURI $resource -ErrorAction Stop }
        $number = [long]0
        $found[$name] = $null
        if ([long]::TryParse([string]$read[$resource].$property, [ref]$number)) { $found[$name] = $number }
    }
    $found
}

function Set-CapiQuota {
    <#
    .SYNOPSIS
        Operation endpoint_quota: raises every quota that is below the wish; never lowers one.
    #>
    param($Request)
    $wishes = Get-CapiField -Request $Request -Name 'quotas' -Kind map -Required
    $check = Get-CapiField -Request $Request -Name 'check' -Kind flag -Default $false
    foreach ($wish in $wishes.PSObject.Properties) {
        if (-not $script:CapiQuotas.Contains($wish.Name)) {
            $known = @($script:CapiQuotas.Keys) -join ', '
            throw (New-CapiError -Id 'CapiScvmm.BadRequest' -Message "Field 'quotas' names '$($wish.Name)'. Known are $known.")
        }
        $null = Get-CapiField -Request $wishes -Name $wish.Name -Kind integer -Minimum 1 -Maximum 4294967295 -Prefix 'quotas.'
    }
    $now = Get-CapiQuota
    $low = @(foreach ($wish in $wishes.PSObject.Properties) {
            $value = $now[$wish.Name]
            if ($null -ne $value -and $value -lt $wish.Value) { [ordered]@{ field = $wish.Name; before = $value; after = $wish.Value } }
        })
    if (-not $check) {
        foreach ($item in $low) {
            $resource, $property = $script:CapiQuotas[$item.field]
            $null = Set-WSManInstance -ResourceURI $resource -ValueSet @{ $property = [string]$item.after } -ErrorAction Stop
        }
    }
    [ordered]@{ changed = [bool]$low.Count; diff = [object[]]$low }
}
