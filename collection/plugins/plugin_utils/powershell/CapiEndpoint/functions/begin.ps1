# SPDX-License-Identifier: GPL-3.0-or-later
# The one exported command of the module that sets an exec host up, and which function does which operation.

function Invoke-CapiEndpointOperation {
    <#
    .SYNOPSIS
        Runs one operation on this host's set-up: JSON text in, one JSON envelope out, never a PowerShell error.
    .PARAMETER Name
        endpoint_info, endpoint_quota, endpoint_module, endpoint_configuration, endpoint_restart or endpoint_user_role.
    .PARAMETER Request
        The operation's request as JSON text.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param(
        [Parameter(Mandatory = $true)] [string]$Name,
        [Parameter(Mandatory = $true)] [AllowEmptyString()] [string]$Request
    )
    $fields = $null
    try {
        $fields = ConvertFrom-CapiRequest -Text $Request
        $result = Invoke-CapiEndpointFunction -Name $Name -Request $fields
        $envelope = [ordered]@{ ok = $true; result = $result }
    }
    catch {
        $failure = ConvertTo-CapiFailure -Record $_ -Operation $Name
        $failure.object = 'exec host ' + [System.Environment]::MachineName
        $envelope = [ordered]@{ ok = $false; error = $failure }
    }
    ConvertTo-Json -InputObject $envelope -Depth 8 -Compress
}

function Invoke-CapiEndpointFunction {
    <#
    .SYNOPSIS
        Chooses the function that does the operation.
    #>
    param([string]$Name, $Request)
    switch -CaseSensitive ($Name) {
        'endpoint_info' { return Get-CapiEndpoint -Request $Request }
        'endpoint_quota' { return Set-CapiQuota -Request $Request }
        'endpoint_module' { return Install-CapiModule -Request $Request }
        'endpoint_configuration' { return Publish-CapiConfiguration -Request $Request }
        'endpoint_restart' { return Start-CapiRestart -Request $Request }
        'endpoint_user_role' { return Set-CapiUserRole -Request $Request }
    }
    throw (New-CapiError -Id 'CapiScvmm.UnknownOperation' -Message "There is no operation '$Name' on an exec host.")
}
