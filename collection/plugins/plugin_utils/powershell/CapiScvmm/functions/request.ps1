# SPDX-License-Identifier: GPL-3.0-or-later
# Reading and checking a request.

function ConvertFrom-CapiRequest {
    <#
    .SYNOPSIS
        Reads the request's JSON text; anything but an object is a bad request.
    #>
    param([string]$Text)
    $options = @{ InputObject = $Text }
    # PowerShell 7 makes dates of texts that look like one, 5.1 does not and has no such parameter.
    if ((Get-Command -Name ConvertFrom-Json).Parameters.ContainsKey('DateKind')) { $options.DateKind = 'String' }
    try { $request = ConvertFrom-Json @options }
    catch { throw (New-CapiError -Id 'CapiScvmm.BadRequest' -Message 'The request is not JSON. Send one JSON object.') }
    if ($request -isnot [System.Management.Automation.PSCustomObject]) {
        throw (New-CapiError -Id 'CapiScvmm.BadRequest' -Message 'The request is not a JSON object. Send one JSON object.')
    }
    $request
}

function Get-CapiField {
    <#
    .SYNOPSIS
        Takes one field out of a request and checks it; a wrong one is a bad request that names field, value and remedy.
    .PARAMETER Kind
        text, guid, integer, number, flag, list (of texts), objects or map.
    .PARAMETER Prefix
        Where the field lies, for the message: "disks[0]."
    #>
    param(
        $Request,
        [Parameter(Mandatory = $true)] [string]$Name,
        [ValidateSet('text', 'guid', 'integer', 'number', 'flag', 'list', 'objects', 'map')] [string]$Kind = 'text',
        [switch]$Required,
        $Default,
        [string[]]$Allowed,
        [double]$Minimum = 0,
        [double]$Maximum = 2147483647,
        [string]$Prefix = ''
    )
    $value = $null
    if ($null -ne $Request) { $value = $Request.$Name }
    $field = "$Prefix$Name"
    if ($null -eq $value) {
        if ($Required) { throw (New-CapiError -Id 'CapiScvmm.BadRequest' -Message "Field '$field' is missing. Give it as $Kind.") }
        if ($Kind -eq 'list' -or $Kind -eq 'objects') { return , ([object[]]@()) }
        return $Default
    }
    $wish = Test-CapiValue -Value $value -Kind $Kind -Minimum $Minimum -Maximum $Maximum
    if (-not $wish -and $Allowed -and $Allowed -cnotcontains $value) { $wish = 'one of ' + ($Allowed -join ', ') }
    if (-not $wish -and $Required -and $Kind -eq 'text' -and -not $value.Trim()) { $wish = 'a text that is not empty' }
    if ($wish) {
        $shown = [string]$value
        if ($shown.Length -gt 60) { $shown = $shown.Substring(0, 60) + '...' }
        throw (New-CapiError -Id 'CapiScvmm.BadRequest' -Message "Field '$field' has the value '$shown'. Give $wish.")
    }
    if ($Kind -eq 'list' -or $Kind -eq 'objects') { return , ([object[]]@($value)) }
    if ($Kind -eq 'guid') { return $value.ToLowerInvariant() }
    $value
}

function Test-CapiValue {
    <#
    .SYNOPSIS
        Says what a value should have been, or nothing when it is of the kind that is asked for.
    #>
    param($Value, [string]$Kind, [double]$Minimum, [double]$Maximum)
    $isNumber = $Value -is [int] -or $Value -is [long] -or $Value -is [double] -or $Value -is [decimal]
    switch ($Kind) {
        'text' { if ($Value -isnot [string]) { return 'a text' } }
        'flag' { if ($Value -isnot [bool]) { return 'true or false' } }
        'map' { if ($Value -isnot [System.Management.Automation.PSCustomObject]) { return 'an object' } }
        'guid' {
            $guid = [guid]::Empty
            if ($Value -isnot [string] -or -not [guid]::TryParse($Value, [ref]$guid)) { return 'a GUID' }
        }
        'number' { if (-not $isNumber -or $Value -lt $Minimum -or $Value -gt $Maximum) { return "a number from $Minimum to $Maximum" } }
        'integer' {
            if (-not $isNumber -or $Value -ne [math]::Floor($Value) -or $Value -lt $Minimum -or $Value -gt $Maximum) {
                return "an integer from $Minimum to $Maximum"
            }
        }
        'list' {
            if ($Value -isnot [array]) { return 'a list of texts' }
            foreach ($item in $Value) { if ($item -isnot [string]) { return 'a list of texts' } }
        }
        'objects' {
            if ($Value -isnot [array]) { return 'a list of objects' }
            foreach ($item in $Value) { if ($item -isnot [System.Management.Automation.PSCustomObject]) { return 'a list of objects' } }
        }
    }
}

function Assert-CapiGuid {
    <#
    .SYNOPSIS
        Refuses a list entry that is not a GUID.
    #>
    param([string]$Value, [string]$Name)
    $guid = [guid]::Empty
    if (-not [guid]::TryParse($Value, [ref]$guid)) {
        throw (New-CapiError -Id 'CapiScvmm.BadRequest' -Message "Field '$Name' holds the value '$Value'. Give GUIDs.")
    }
}
