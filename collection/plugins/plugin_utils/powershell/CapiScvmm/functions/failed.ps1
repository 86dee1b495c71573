# SPDX-License-Identifier: GPL-3.0-or-later
# VMs on which a job has failed: VMM lets nothing else be done with them until the failure is dismissed.

function Test-CapiFailedVm {
    <#
    .SYNOPSIS
        Says whether a failed update, migration or removal blocks a VM. A failed creation is not meant: such a VM is only good for removal.
    #>
    param($VM)
    $status = [string]$VM.Status
    $status -like '*Failed' -and $status -notlike '*CreationFailed'
}

function Clear-CapiVmFailure {
    <#
    .SYNOPSIS
        Dismisses what failed on a VM and returns the VM as it is then, or nothing when it has gone meanwhile.
    #>
    param($VM)
    $null = Repair-SCVirtualMachine -VM $VM -Dismiss -ErrorAction Stop
    $script:CapiDismissed = ConvertTo-CapiVmFailure -VM $VM
    Get-CapiVmById -Id (ConvertTo-CapiId -Value $VM.ID)
}

function ConvertTo-CapiVmFailure {
    <#
    .SYNOPSIS
        What failed on a VM: its status, and the job when that is the last one.
    #>
    param($VM)
    $job = $null
    if ($VM.MostRecentTask -and 'Failed', 'Canceled' -contains [string]$VM.MostRecentTask.Status) { $job = ConvertTo-CapiJob -Job $VM.MostRecentTask }
    [ordered]@{ status = [string]$VM.Status; job = $job }
}

function Find-CapiUsableVm {
    <#
    .SYNOPSIS
        The VM that a request means, which must be there, with its failure dismissed unless only a check is asked for.
    #>
    param($Request, [bool]$Check)
    $vm = Find-CapiVm -Request $Request -Required
    $failed = Test-CapiFailedVm -VM $vm
    if ($failed -and -not $Check) {
        $vm = Clear-CapiVmFailure -VM $vm
        # Gone between the two calls: told as such.
        if (-not $vm) { $vm = Find-CapiVm -Request $Request -Required }
    }
    @{ vm = $vm; changed = $failed }
}
