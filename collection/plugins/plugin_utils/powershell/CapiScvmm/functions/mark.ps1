# SPDX-License-Identifier: GPL-3.0-or-later
# The mark in a VM's description that says whose it is, and the operation vm_mark.

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

function Set-CapiMark {
    <#
    .SYNOPSIS
        Operation vm_mark: writes the owner's mark into the description of a VM that exists, or takes it out. Nothing else of the VM is touched.
    #>
    param($Request)
    $id = Get-CapiField -Request $Request -Name 'id' -Kind guid -Required
    $uid = Get-CapiField -Request $Request -Name 'uid' -Required
    $state = Get-CapiField -Request $Request -Name 'state' -Allowed 'present', 'absent' -Default 'present'
    $owner = Get-CapiField -Request $Request -Name 'owner' -Required:($state -eq 'present')
    $replaces = Get-CapiField -Request $Request -Name 'replaces'
    $check = Get-CapiField -Request $Request -Name 'check' -Kind flag -Default $false
    Assert-CapiMarkable -Name 'owner' -Value $owner
    Assert-CapiMarkable -Name 'uid' -Value $uid
    $lock = Enter-CapiLock -Text "mark $id" -What "the VM with id '$id'"
    try {
        $vm = Get-CapiVmById -Id $id
        if (-not $vm) {
            $message = "There is no VM with id '$id'. It was removed, or the id is that of something else."
            throw (New-CapiError -Id 'CapiScvmm.NotFound' -Message $message -Category ObjectNotFound)
        }
        $text = [string]$vm.Description
        $mark = Split-CapiDescription -Description $text
        Assert-CapiMarkFree -VM $vm -Mark $mark -Uid $uid -Replaces $replaces
        $before = $null
        if ($mark.uid) { $before = [ordered]@{ owner = $mark.owner; uid = $mark.uid } }
        $wanted = $mark.text
        if ($state -eq 'present') {
            $wanted = Join-CapiDescription -Text $mark.text -Owner $owner -Uid $uid
            $other = Get-CapiVmByUid -Uid $uid
            if ($other -and (ConvertTo-CapiId -Value $other.ID) -ne $id) {
                $message = "VM $($other.Name) ($($other.ID)) carries the uid '$uid' already, and no two VMs may. Correct the id, or take the mark out there."
                throw (New-CapiError -Id 'CapiScvmm.Ambiguous' -Message $message)
            }
        }
        $capiJob = $null
        $changed = $wanted -cne $text
        if ($changed -and -not $check) {
            $vm = Set-SCVirtualMachine -VM $vm -Description $wanted -RunAsynchronously -JobVariable capiJob -ErrorAction Stop
        }
        $result = New-CapiVmResult -VM $vm -Job $capiJob -Changed:$changed
        $result['before'] = $before
        $result
    }
    finally { Exit-CapiLock -Mutex $lock }
}

function Assert-CapiMarkable {
    <#
    .SYNOPSIS
        Refuses a text that would break the mark: one with white space or a closing bracket.
    #>
    param([string]$Name, [string]$Value)
    if ($Value -match '[\]\s]') {
        throw (New-CapiError -Id 'CapiScvmm.BadRequest' -Message "Field '$Name' has the value '$Value'. Give a text without ] and white space.")
    }
}

function Assert-CapiMarkFree {
    <#
    .SYNOPSIS
        Refuses to touch the mark of another owner, unless the request names the uid that it replaces.
    #>
    param($VM, $Mark, [string]$Uid, [string]$Replaces)
    if (-not $Mark.uid -or $Mark.uid -ceq $Uid -or ($Replaces -and $Mark.uid -ceq $Replaces)) { return }
    $message = "VM $($VM.Name) ($($VM.ID)) carries the mark of '$($Mark.owner)' (uid '$($Mark.uid)'): it belongs to somebody else. Correct the id, or take the mark out there."
    throw (New-CapiError -Id 'CapiScvmm.NotOurs' -Message $message)
}
