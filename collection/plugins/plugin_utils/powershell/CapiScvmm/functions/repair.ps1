# SPDX-License-Identifier: GPL-3.0-or-later
# The operations vm_repair and vm_refresh.

function Invoke-CapiRepair {
    <#
    .SYNOPSIS
        Operation vm_repair: dismisses what failed on a VM, tries it again, or undoes it. Nothing when nothing failed.
    #>
    param($Request)
    $method = Get-CapiField -Request $Request -Name 'method' -Allowed 'dismiss', 'retry', 'undo' -Default 'dismiss'
    $check = Get-CapiField -Request $Request -Name 'check' -Kind flag -Default $false
    $vm = Find-CapiVm -Request $Request -Required
    if (([string]$vm.Status) -notlike '*Failed') {
        $result = New-CapiVmResult -VM $vm
        $result['failure'] = $null
        return $result
    }
    $failure = ConvertTo-CapiVmFailure -VM $vm
    $capiJob = $null
    if (-not $check) {
        switch ($method) {
            'dismiss' { $null = Repair-SCVirtualMachine -VM $vm -Dismiss -RunAsynchronously -JobVariable capiJob -ErrorAction Stop }
            'retry' { $null = Repair-SCVirtualMachine -VM $vm -Retry -RunAsynchronously -JobVariable capiJob -ErrorAction Stop }
            'undo' { $null = Repair-SCVirtualMachine -VM $vm -Undo -RunAsynchronously -JobVariable capiJob -ErrorAction Stop }
        }
        $vm = Get-CapiVmById -Id (ConvertTo-CapiId -Value $vm.ID)
    }
    $result = New-CapiVmResult -VM $vm -Job $capiJob -Changed
    $result['failure'] = $failure
    $result
}

function Update-CapiNamedVm {
    <#
    .SYNOPSIS
        Operation vm_refresh: lets VMM look at one VM anew, or lightly at all of a host.
    #>
    param($Request)
    $name = Get-CapiField -Request $Request -Name 'host'
    if ($name) {
        if ($Request.id -or $Request.uid) {
            throw (New-CapiError -Id 'CapiScvmm.BadRequest' -Message "Field 'host' goes without 'id' and 'uid'. Give the one or the others.")
        }
        $capiJob = $null
        $found = Select-CapiNamed -Item @(Get-SCVMHost -ErrorAction Stop) -Kind 'host' -Name $name
        $null = Read-SCVirtualMachine -VMHost $found -RunAsynchronously -JobVariable capiJob -ErrorAction Stop
        return [ordered]@{ vm = $null; job = ConvertTo-CapiJob -Job $capiJob }
    }
    $vm = Find-CapiVm -Request $Request -Required
    $null = Read-SCVirtualMachine -VM $vm -RunAsynchronously -JobVariable capiJob -ErrorAction Stop
    $vm = Get-CapiVmById -Id (ConvertTo-CapiId -Value $vm.ID)
    [ordered]@{ vm = ConvertTo-CapiVm -VM $vm; job = ConvertTo-CapiJob -Job $capiJob }
}
