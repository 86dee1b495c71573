# SPDX-License-Identifier: GPL-3.0-or-later
# Connecting the runspace to VMM, and what an answer must be to come through the session.

function Connect-CapiServer {
    <#
    .SYNOPSIS
        Operation connect: makes VMM's server the default of this runspace.
    .PARAMETER Password
        Password of the request's vmm_username; without it the request's vmm_password.
    #>
    param($Request, [System.Security.SecureString]$Password)
    $name = Get-CapiField -Request $Request -Name 'vmm_server' -Required
    $shown = @{}
    $credential = Get-CapiCredential -Request $Request -Password $Password
    # Windows passes no login on to a second server: a host that is not the VMM server needs credentials to show there.
    if ($null -ne $credential) { $shown.Credential = $credential }
    if (-not (Get-Module -Name VirtualMachineManager)) { Import-Module -Name VirtualMachineManager -ErrorAction Stop }
    $server = Get-SCVMMServer -ComputerName $name -SetAsDefault -ErrorAction Stop @shown
    $script:CapiRefreshed = @{}
    $script:CapiShapes = @{}
    $user = [string]$server.UserName
    if (-not $user) { $user = [System.Environment]::UserDomainName + '\' + [System.Environment]::UserName }
    $found = [string]$server.FullyQualifiedDomainName
    if (-not $found) { $found = [string]$server.Name }
    if (-not $found) { $found = $name }
    [ordered]@{
        vmm_server = $found
        version = [string]$server.ProductVersion
        user = $user
        module_version = $script:CapiVersion
    }
}

function Get-CapiCredential {
    <#
    .SYNOPSIS
        The credentials for the VMM server, or nothing when the session's own user is to be used.
    #>
    param($Request, [System.Security.SecureString]$Password)
    $user = Get-CapiField -Request $Request -Name 'vmm_username'
    if (-not $user) { return }
    $secret = $Password
    if ($null -eq $secret) {
        # Over connections that only carry text the password comes in the request, on standard input.
        $secret = New-Object -TypeName System.Security.SecureString
        foreach ($sign in (Get-CapiField -Request $Request -Name 'vmm_password' -Required).ToCharArray()) { $secret.AppendChar($sign) }
    }
    New-Object -TypeName System.Management.Automation.PSCredential -ArgumentList $user, $secret
}

function ConvertTo-CapiCarriedText {
    <#
    .SYNOPSIS
        Writes the characters that XML cannot carry (U+FFFE, U+FFFF, half surrogate pairs) as escapes of JSON.
    #>
    param([string]$Json)
    # One of them in a name or a message would end the whole session: remoting packs the answer into XML.
    $pattern = '[\uD800-\uDFFF\uFFFE\uFFFF]'
    if (-not [regex]::IsMatch($Json, $pattern)) { return $Json }
    $escape = { param($found) '\u{0:x4}' -f [int][char]$found.Value }
    [regex]::Replace($Json, $pattern, [System.Text.RegularExpressions.MatchEvaluator]$escape)
}
