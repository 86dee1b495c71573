# SPDX-License-Identifier: GPL-3.0-or-later
# Finding VMs by id or mark, and other objects by name.

function Find-CapiVm {
    <#
    .SYNOPSIS
        The VM that a request means: by VMM's id, else by the uid in the mark, never by name.
    #>
    param($Request, [switch]$Required)
    $id = Get-CapiField -Request $Request -Name 'id' -Kind guid
    $uid = Get-CapiField -Request $Request -Name 'uid'
    if (-not $id -and -not $uid) {
        throw (New-CapiError -Id 'CapiScvmm.BadRequest' -Message "Fields 'id' and 'uid' are missing. Give at least one of them.")
    }
    $vm = $null
    if ($id) { $vm = Get-CapiVmById -Id $id }
    if ($vm -and $uid) {
        $marked = (Split-CapiDescription -Description ([string]$vm.Description)).uid
        if ($marked -and $marked -cne $uid) {
            $message = "VM $($vm.Name) ($id) carries the uid '$marked', not '$uid': it belongs to somebody else. Correct the id."
            throw (New-CapiError -Id 'CapiScvmm.NotOurs' -Message $message)
        }
    }
    if (-not $vm -and $uid) { $vm = Get-CapiVmByUid -Uid $uid }
    if (-not $vm -and $Required) {
        $message = "There is no VM with id '$id' or uid '$uid'. It was removed, or never created."
        throw (New-CapiError -Id 'CapiScvmm.NotFound' -Message $message -Category ObjectNotFound)
    }
    $vm
}

function Get-CapiVmById {
    <#
    .SYNOPSIS
        The VM with VMM's object id, or nothing. VMM says "not found" with error 801.
    #>
    param([string]$Id)
    try { $found = @(Get-SCVirtualMachine -ID $Id -ErrorAction Stop) }
    catch {
        if ((Get-CapiErrorNumber -Record $_) -eq 801) { return }
        throw
    }
    foreach ($vm in $found) { if ($vm -and (ConvertTo-CapiId -Value $vm.ID) -eq $Id) { return $vm } }
}

function Get-CapiVmByUid {
    <#
    .SYNOPSIS
        The VM whose mark has the uid, or nothing. VMM cannot search descriptions, so all are looked through.
    #>
    param([string]$Uid)
    # Most descriptions are ruled out by a look for the mark's end, which is cheaper than taking them apart.
    $end = " uid=$Uid]"
    $found = @(foreach ($vm in @(Get-SCVirtualMachine -ErrorAction Stop)) {
            $text = [string]$vm.Description
            if ($text.Contains($end) -and (Split-CapiDescription -Description $text).uid -ceq $Uid) { $vm }
        })
    if ($found.Count -gt 1) {
        $list = @(foreach ($vm in $found) { "$($vm.Name) ($($vm.ID))" }) -join ', '
        throw (New-CapiError -Id 'CapiScvmm.Ambiguous' -Message "Several VMs carry the uid '$Uid': $list. Remove the mark from all but one of them.")
    }
    if ($found.Count) { $found[0] }
}

function Select-CapiNamed {
    <#
    .SYNOPSIS
        The one object that has the name. VMM's own -Name takes [ ] and * as wildcards, so the comparison is made here.
    #>
    param([object[]]$Item, [string]$Kind, [string]$Name)
    $found = @($Item | Where-Object { $_ -and $_.Name -eq $Name })
    if ($found.Count -eq 1) { return $found[0] }
    if ($found.Count -eq 0) {
        $message = "There is no $Kind '$Name' in VMM, or this user may not see it. Correct the name or create it."
        throw (New-CapiError -Id 'CapiScvmm.NotFound' -Message $message -Category ObjectNotFound)
    }
    $list = @(foreach ($one in $found) {
            $where = [string]$one.Path
            if (-not $where) { $where = [string]$one.SharePath }
            if (-not $where) { $where = [string]$one.ID }
            $where
        }) -join ', '
    throw (New-CapiError -Id 'CapiScvmm.Ambiguous' -Message "Several objects of kind $Kind have the name '$Name': $list. Give one of them another name, or its path where a path is taken.")
}

function Get-CapiHostGroup {
    <#
    .SYNOPSIS
        The host group with the name or, when the text has a backslash, with the path.
    #>
    param([string]$Name)
    $all = @(Get-SCVMHostGroup -ErrorAction Stop)
    if ($Name.Contains('\')) {
        $found = @($all | Where-Object { $_ -and ([string]$_.Path) -eq $Name })
        if ($found.Count -eq 1) { return $found[0] }
    }
    Select-CapiNamed -Item $all -Kind 'host group' -Name $Name
}
