# SPDX-License-Identifier: GPL-3.0-or-later
# The mark in a VM's description that says whose it is.

function Split-CapiDescription {
    <#
    .SYNOPSIS
        Takes a VM's description apart into the owner's mark and the text before it.
    #>
    param([string]$Description)
    $parts = @{ owner = $null; uid = $null; text = $Description }
    if ($Description -match '(?s)^(?:(?<text>.*?)\r?\n)?\[capi\.scvmm owner=(?<owner>[^\]\s]+) uid=(?<uid>[^\]\s]+)\]\s*$') {
        $parts.owner = $Matches['owner']
        $parts.uid = $Matches['uid']
        $parts.text = [string]$Matches['text']
    }
    $parts
}

function Join-CapiDescription {
    <#
    .SYNOPSIS
        The description that a VM gets: the user's text, and the owner's mark on a line of its own.
    #>
    param([string]$Text, [string]$Owner, [string]$Uid)
    $mark = "[capi.scvmm owner=$Owner uid=$Uid]"
    if ($Text) { return "$Text`n$mark" }
    $mark
}
