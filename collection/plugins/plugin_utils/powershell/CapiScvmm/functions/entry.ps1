# SPDX-License-Identifier: GPL-3.0-or-later
# The one exported command, and which function does which operation.

function Invoke-CapiScvmmOperation {
    <#
    .SYNOPSIS
        Runs one operation on VMM: JSON text in, one JSON envelope out, never a PowerShell error.
    .PARAMETER Name
        The operation: connect, vm_info, hardware_info, boot_fields, vm_present, vm_absent, vm_power, vm_checkpoint, vm_checkpoint_info, vm_disk, vm_mark, vm_repair, vm_refresh, media_present, media_attached, media_ejected, media_absent, job_info, vip.
    .PARAMETER Request
        The operation's request as JSON text.
    .PARAMETER Password
        For connect with a vmm_username: that user's password, which thus stands in no text.
    .EXAMPLE
        Invoke-CapiScvmmOperation -Name vm_info -Request '{"names": ["web-1"]}'
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param(
        [Parameter(Mandatory = $true)] [string]$Name,
        [Parameter(Mandatory = $true)] [AllowEmptyString()] [string]$Request,
        [System.Security.SecureString]$Password
    )
    $fields = $null
    try {
        $fields = ConvertFrom-CapiRequest -Text $Request
        $script:CapiDismissed = $null
        $result = Invoke-CapiNamedOperation -Name $Name -Request $fields -Password $Password
        if ($script:CapiDismissed) { $result['dismissed'] = $script:CapiDismissed }
        $envelope = [ordered]@{ ok = $true; result = $result }
    }
    catch {
        $envelope = [ordered]@{ ok = $false; error = (ConvertTo-CapiFailure -Record $_ -Operation $Name -Request $fields) }
    }
    ConvertTo-CapiCarriedText -Json (ConvertTo-Json -InputObject $envelope -Depth 12 -Compress)
}

function Invoke-CapiNamedOperation {
    <#
    .SYNOPSIS
        Chooses the function that does the operation.
    #>
    param([string]$Name, $Request, [System.Security.SecureString]$Password)
    switch -CaseSensitive ($Name) {
        'connect' { return Connect-CapiServer -Request $Request -Password $Password }
        'vm_info' { return Get-CapiVmInfo -Request $Request }
        'hardware_info' { return Get-CapiHardware -Request $Request }
        'boot_fields' { return Get-CapiBootField -Request $Request }
        'vm_present' { return Install-CapiVm -Request $Request }
        'vm_absent' { return Uninstall-CapiVm -Request $Request }
        'vm_power' { return Set-CapiVmPower -Request $Request }
        'vm_checkpoint' { return Set-CapiCheckpoint -Request $Request }
        'vm_checkpoint_info' { return Get-CapiCheckpointInfo -Request $Request }
        'vm_disk' { return Set-CapiDisk -Request $Request }
        'vm_mark' { return Set-CapiMark -Request $Request }
        'vm_repair' { return Invoke-CapiRepair -Request $Request }
        'vm_refresh' { return Update-CapiNamedVm -Request $Request }
        'media_present' { return Install-CapiMedium -Request $Request }
        'media_attached' { return Mount-CapiMedium -Request $Request }
        'media_ejected' { return Dismount-CapiMedium -Request $Request }
        'media_absent' { return Uninstall-CapiMedium -Request $Request }
        'job_info' { return Get-CapiJobInfo -Request $Request }
        'vip' { return Set-CapiVip -Request $Request }
    }
    throw (New-CapiError -Id 'CapiScvmm.UnknownOperation' -Message "There is no operation '$Name'. See docs/operations.md for those there are.")
}
