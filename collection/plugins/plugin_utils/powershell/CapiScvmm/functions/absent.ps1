# SPDX-License-Identifier: GPL-3.0-or-later
# The operation vm_absent.

function Uninstall-CapiVm {
    <#
    .SYNOPSIS
        Operation vm_absent: removes a VM that is off, with its files but those of keep_disks; cancels a creation that still runs.
    #>
    param($Request)
    $check = Get-CapiField -Request $Request -Name 'check' -Kind flag -Default $false
    $keep = Get-CapiField -Request $Request -Name 'keep_disks' -Kind list
    $lenient = Get-CapiField -Request $Request -Name 'keep_if_there' -Kind flag -Default $false
    $vm = Find-CapiVm -Request $Request
    if (-not $vm) { return [ordered]@{ changed = $false; state = 'gone'; vm = $null; job = $null } }
    $status = [string]$vm.Status
    $removal = Get-CapiActiveJob -VM $vm -Cmdlet 'Remove-SCVirtualMachine'
    if ($removal) { return New-CapiAbsentResult -State 'removing' -VM $vm -Job $removal }
    $creation = Get-CapiActiveJob -VM $vm -Cmdlet 'New-SCVirtualMachine'
    if ($creation -or $status -eq 'UnderCreation') {
        if (-not $creation) { $creation = $vm.MostRecentTask }
        $known = -not $creation -or $creation.WasNotifiedOfCancel
        if (-not $known -and -not $check) { Stop-CapiJob -Job $creation }
        return New-CapiAbsentResult -State 'cancelling' -VM $vm -Job $creation -Changed:(-not $known)
    }
    if ((Test-CapiFailedVm -VM $vm) -and -not $check) {
        # Shows whether the VM runs: only the state behind the failure tells.
        $vm = Clear-CapiVmFailure -VM $vm
        if (-not $vm) { return [ordered]@{ changed = $true; state = 'gone'; vm = $null; job = $null } }
        $status = [string]$vm.Status
    }
    $detaching = $null
    if ($keep.Count) { $detaching = Get-CapiActiveJob -VM $vm -Cmdlet 'Set-SCVirtualMachine' }
    if ($detaching) { return New-CapiAbsentResult -State 'detaching' -VM $vm -Job $detaching }
    if ($status -notmatch '^(PowerOff|Stored|Saved|Missing|UnsupportedVMConfiguration|.*Failed)$') {
        $message = "VM $($vm.Name) is $status and can only be removed when it is off."
        throw (New-CapiError -Id '640,CapiScvmm.NotOff' -Message $message -RecommendedAction 'Stop the VM first.')
    }
    $drives = @(Get-CapiDriveToDetach -VM $vm -Keep $keep -Lenient $lenient)
    if ($drives.Count) {
        $job = $null
        if (-not $check) { $job = Split-CapiDisk -VM $vm -Drive $drives }
        return New-CapiAbsentResult -State 'detaching' -VM $vm -Job $job -Changed
    }
    if ($check) { return New-CapiAbsentResult -State 'removing' -VM $vm -Changed }
    # Before the removal: addresses out of VMM's static pools go with the VM.
    $shape = ConvertTo-CapiVm -VM $vm
    # Never -Force here: it deletes VMM's record only and leaves the VM on its host.
    $null = Remove-SCVirtualMachine -VM $vm -RunAsynchronously -JobVariable capiJob -Confirm:$false -ErrorAction Stop
    $result = New-CapiAbsentResult -State 'removing' -Job $capiJob -Changed
    $result.vm = $shape
    $result
}

function Get-CapiDriveToDetach {
    <#
    .SYNOPSIS
        The disks that are to be kept and still hang on the VM. One that it never had is an error unless that may be: nothing is removed.
    #>
    param($VM, [string[]]$Keep, [bool]$Lenient)
    # Of a missing VM only VMM's record is left; a creation that failed has made nothing that somebody could want.
    if ('Missing', 'CreationFailed' -contains [string]$VM.Status) { return }
    $noted = @(foreach ($found in [regex]::Matches([string]$VM.Description, '(?m)^\[capi\.scvmm kept=(.+)\]\s*$')) { $found.Groups[1].Value })
    # A checkpoint gives the files other names: nobody could tell that such a disk is there.
    if ($Lenient -and $Keep.Count) { Assert-CapiNoCheckpoint -VM $VM -Wish 'its disks cannot be kept' }
    $drives = @()
    foreach ($name in $Keep) {
        $drive = Get-CapiDiskCalled -Drive @($VM.VirtualDiskDrives) -Name $name
        if ($drive) {
            if (-not @($drives | Where-Object { $_.ID -eq $drive.ID }).Count) { $drives += $drive }
            continue
        }
        if ($Lenient -or @($noted | Where-Object { $_ -eq $name -or $_ -eq "$name.vhdx" -or $_ -eq "$name.vhd" }).Count) { continue }
        $has = @(foreach ($one in @($VM.VirtualDiskDrives)) { if ($one) { Get-CapiDiskFile -Drive $one } }) -join ', '
        if (-not $has) { $has = 'none' }
        $message = "VM $($VM.Name) has no disk '$name'. It has: $has. Nothing was removed."
        throw (New-CapiError -Id 'CapiScvmm.NotFound' -Message $message -Category ObjectNotFound)
    }
    if ($drives.Count) { Assert-CapiNoCheckpoint -VM $VM -Wish 'its disks cannot be kept' }
    $drives
}

function Split-CapiDisk {
    <#
    .SYNOPSIS
        Takes disks from a VM without their files and notes it in its description, all in one job. A caller that is cut off
        between this and the removal finds by the note that the disks were there.
    #>
    param($VM, [object[]]$Drive)
    $group = [guid]::NewGuid()
    foreach ($one in $Drive) {
        $null = Remove-SCVirtualDiskDrive -VirtualDiskDrive $one -SkipDeleteVHD -JobGroup $group -Confirm:$false -ErrorAction Stop
    }
    $parts = Split-CapiDescription -Description ([string]$VM.Description)
    $lines = @(
        if ($parts.text) { $parts.text }
        foreach ($one in $Drive) { "[capi.scvmm kept=$(Get-CapiDiskFile -Drive $one)]" }
    )
    $text = $lines -join "`n"
    if ($parts.owner) { $text = Join-CapiDescription -Text $text -Owner $parts.owner -Uid $parts.uid }
    $null = Set-SCVirtualMachine -VM $VM -Description $text -JobGroup $group -RunAsynchronously -JobVariable capiJob -ErrorAction Stop
    $capiJob
}

function New-CapiAbsentResult {
    <#
    .SYNOPSIS
        The result of vm_absent.
    #>
    param([string]$State, $VM, $Job, [switch]$Changed)
    [ordered]@{ changed = [bool]$Changed; state = $State; vm = ConvertTo-CapiVm -VM $VM; job = ConvertTo-CapiJob -Job $Job }
}
