# SPDX-License-Identifier: GPL-3.0-or-later
# What this host has: versions, quotas, our module, our session configuration.

function Get-CapiEndpoint {
    <#
    .SYNOPSIS
        Operation endpoint_info: everything that the set-up of an exec host is decided by; changes nothing.
    #>
    param($Request)
    $name = Get-CapiField -Request $Request -Name 'configuration' -Default 'CapiScvmm'
    $server = Get-CapiField -Request $Request -Name 'vmm_server'
    $found = [ordered]@{
        powershell_version = [string]$PSVersionTable.PSVersion
        vmm_module_version = Get-CapiVmmModuleVersion
        vmm_server = $null
        quotas = Get-CapiQuota
        module_versions = Get-CapiModuleVersion
        configuration = Get-CapiConfiguration -Name $name
        restart_pending = Test-CapiRestartPending
    }
    if ($server) { $found.vmm_server = Get-CapiVmmServer -Name $server }
    $found
}

function Get-CapiVmmModuleVersion {
    <#
    .SYNOPSIS
        The version of VMM's PowerShell module on this host, or nothing when the console is not installed.
    #>
    $newest = $null
    foreach ($module in @(Get-Module -ListAvailable -Name 'VirtualMachineManager')) {
        if ($null -eq $newest -or $module.Version -gt $newest) { $newest = $module.Version }
    }
    if ($null -eq $newest) { return $null }
    [string]$newest
}

function Get-CapiVmmServer {
    <#
    .SYNOPSIS
        What a connection to the VMM server tells: name and version, or why there is none.
    #>
    param([string]$Name)
    try {
        $server = Connect-CapiVmm -Name $Name
        return [ordered]@{ name = [string]$server.Name; version = [string]$server.ProductVersion; message = $null }
    }
    catch { return [ordered]@{ name = $Name; version = $null; message = [string]$_.Exception.Message } }
}

function Connect-CapiVmm {
    <#
    .SYNOPSIS
        Connects to the VMM server and makes it this session's default.
    #>
    param([string]$Name)
    if (-not (Get-Module -Name 'VirtualMachineManager')) { Import-Module -Name 'VirtualMachineManager' -ErrorAction Stop }
    Get-SCVMMServer -ComputerName $Name -SetAsDefault -ErrorAction Stop
}
