# SPDX-License-Identifier: GPL-3.0-or-later
# The restricted session configuration: registered from a file of the installed, verified module.

function Get-CapiConfiguration {
    <#
    .SYNOPSIS
        The session configuration of that name as it is registered, or nothing.
    #>
    param([string]$Name)
    $registered = $null
    foreach ($item in @(Get-PSSessionConfiguration -ErrorAction Stop)) { if ($item.Name -eq $Name) { $registered = $item } }
    if ($null -eq $registered) { return $null }
    $hash = $null
    $file = [string]$registered.ConfigFilePath
    if ($file -and [System.IO.File]::Exists($file)) { $hash = Get-CapiHash -Bytes ([System.IO.File]::ReadAllBytes($file)) }
    [ordered]@{
        name = [string]$registered.Name
        sha256 = $hash
        permission = [string]$registered.Permission
        max_shells_per_user = [string]$registered.MaxShellsPerUser
    }
}

function Publish-CapiConfiguration {
    <#
    .SYNOPSIS
        Operation endpoint_configuration: the session configuration is registered as the installed file says, or is gone.
    #>
    param($Request)
    $name = Get-CapiField -Request $Request -Name 'name' -Required
    $state = Get-CapiField -Request $Request -Name 'state' -Allowed 'present', 'absent' -Default 'present'
    $check = Get-CapiField -Request $Request -Name 'check' -Kind flag -Default $false
    $limit = Get-CapiField -Request $Request -Name 'max_shells_per_user' -Kind integer -Default 60 -Minimum 1 -Maximum 10000
    if ($name -notmatch '^[A-Za-z0-9._-]+$' -or $name -like 'Microsoft.*') {
        throw (New-CapiError -Id 'CapiScvmm.BadRequest' -Message "Field 'name' has the value '$name'. Give a name of letters, digits, dot, dash and underscore that is none of Microsoft's.")
    }
    $now = Get-CapiConfiguration -Name $name
    $wanted = $null
    $file = $null
    if ($state -eq 'present') {
        $version = Get-CapiField -Request $Request -Name 'version' -Required
        $file = Join-Path -Path (Join-Path -Path (Get-CapiModuleFolder) -ChildPath $version) -ChildPath 'CapiScvmm.pssc'
        if ([System.IO.File]::Exists($file)) { $wanted = Get-CapiHash -Bytes ([System.IO.File]::ReadAllBytes($file)) }
        elseif ($check) { $wanted = 'that of the module to be installed' }
        else { throw (New-CapiError -Id 'CapiScvmm.NotFound' -Message "There is no file $file. Install the module with it first.") }
    }
    $before = $null
    if ($null -ne $now) { $before = '{0}, {1} shells' -f $now.sha256, $now.max_shells_per_user }
    $after = $null
    if ($null -ne $wanted) { $after = '{0}, {1} shells' -f $wanted, $limit }
    $diff = @()
    if ($before -ne $after) { $diff = @([ordered]@{ field = "configuration $name"; before = $before; after = $after }) }
    if ($diff.Count -and -not $check) { Register-CapiConfiguration -Name $name -Now $now -File $file -Limit $limit }
    [ordered]@{ changed = [bool]$diff.Count; diff = [object[]]$diff; restart_pending = (Test-CapiRestartPending) -or ($check -and [bool]$diff.Count) }
}

function Register-CapiConfiguration {
    <#
    .SYNOPSIS
        Takes the old registration away and makes the new one. Both count only once WinRM has been restarted: that is noted first.
    #>
    param([string]$Name, $Now, [string]$File, [int]$Limit)
    Set-CapiRestartPending
    # Without -NoServiceRestart WinRM would go down under this very session.
    if ($null -ne $Now) { Unregister-PSSessionConfiguration -Name $Name -Force -NoServiceRestart -ErrorAction Stop }
    if (-not $File) { return }
    $transport = New-PSTransportOption -MaxSessionsPerUser $Limit -MaxSessions ($Limit * 4)
    $null = Register-PSSessionConfiguration -Name $Name -Path $File -TransportOption $transport -Force -NoServiceRestart -WarningAction SilentlyContinue -ErrorAction Stop
}
