# SPDX-License-Identifier: GPL-3.0-or-later
# Small conversions: times, ids, texts, hashes.

function ConvertTo-CapiTime {
    <#
    .SYNOPSIS
        A time as UTC ISO 8601 text; VMM's MinValue means that there is none.
    #>
    param($Value)
    if ($Value -isnot [datetime] -or $Value.Year -le 1) { return $null }
    $Value.ToUniversalTime().ToString('yyyy-MM-ddTHH:mm:ss.fffZ', [System.Globalization.CultureInfo]::InvariantCulture)
}

function ConvertTo-CapiId {
    <#
    .SYNOPSIS
        A GUID as lower-case text; an empty one means none.
    #>
    param($Value)
    $text = ([string]$Value).ToLowerInvariant()
    if (-not $text -or $text -eq '00000000-0000-0000-0000-000000000000') { return $null }
    $text
}

function ConvertTo-CapiText {
    <#
    .SYNOPSIS
        A text, or nothing when it is empty.
    #>
    param($Value)
    $text = [string]$Value
    if ($text) { return $text }
    # Written out, because nothing at all would become {} in JSON.
    return $null
}

function Get-CapiHash {
    <#
    .SYNOPSIS
        SHA-256 of bytes as lower-case hex.
    #>
    param([byte[]]$Bytes)
    $algorithm = [System.Security.Cryptography.SHA256]::Create()
    try { [System.BitConverter]::ToString($algorithm.ComputeHash($Bytes)).Replace('-', '').ToLowerInvariant() }
    finally { $algorithm.Dispose() }
}
