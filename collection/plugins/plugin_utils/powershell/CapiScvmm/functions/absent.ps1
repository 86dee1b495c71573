# SPDX-License-Identifier: GPL-3.0-or-later
# The operation vm_absent.

function Uninstall-CapiVm {
    <#
    .SYNOPSIS
        Operation vm_absent: removes a VM that is off, with its files; cancels a creation that still runs.
    #>
    param($Request)
    $check = Get-CapiField -Request $Request -Name 'check' -Kind flag -Default $false
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
    if ($status -notmatch '^(PowerOff|Stored|Saved|Missing|UnsupportedVMConfiguration|.*Failed)$') {
        $message = "VM $($vm.Name) is $status and can only be removed when it is off."
        throw (New-CapiError -Id '640,CapiScvmm.NotOff' -Message $message -RecommendedAction 'Stop the VM first.')
    }
    if ($check) { return New-CapiAbsentResult -State 'removing' -VM $vm -Changed }
    # Never -Force here: it deletes VMM's record only and leaves the VM on its host.
    $null = Remove-SCVirtualMachine -VM $vm -RunAsynchronously -JobVariable capiJob -Confirm:$false -ErrorAction Stop
    New-CapiAbsentResult -State 'removing' -VM $vm -Job $capiJob -Changed
}

function New-CapiAbsentResult {
    <#
    .SYNOPSIS
        The result of vm_absent.
    #>
    param([string]$State, $VM, $Job, [switch]$Changed)
    [ordered]@{ changed = [bool]$Changed; state = $State; vm = ConvertTo-CapiVm -VM $VM; job = ConvertTo-CapiJob -Job $Job }
}
