# SPDX-License-Identifier: GPL-3.0-or-later
# The operations vm_power and vm_absent.

function Set-CapiVmPower {
    <#
    .SYNOPSIS
        Operation vm_power: starts a VM, shuts it down or turns it off. No job when it is there or on the way there.
    #>
    param($Request)
    $state = Get-CapiField -Request $Request -Name 'state' -Required -Allowed 'running', 'off'
    $method = Get-CapiField -Request $Request -Name 'method' -Allowed 'shutdown', 'turn_off' -Default 'shutdown'
    $check = Get-CapiField -Request $Request -Name 'check' -Kind flag -Default $false
    $found = Find-CapiUsableVm -Request $Request -Check $check
    $vm = $found.vm
    $status = [string]$vm.Status
    if ($state -eq 'running') {
        $start = Get-CapiActiveJob -VM $vm -Cmdlet 'Start-SCVirtualMachine'
        if ($status -eq 'Running' -or $status -eq 'Starting' -or $start) { return New-CapiVmResult -VM $vm -Job $start -Changed:$found.changed }
        if ($check) { return New-CapiVmResult -VM $vm -Changed }
        $vm = Start-SCVirtualMachine -VM $vm -RunAsynchronously -JobVariable capiJob -ErrorAction Stop
        return New-CapiVmResult -VM $vm -Job $capiJob -Changed
    }
    if ('PowerOff', 'Stored', 'Saved' -contains $status) { return New-CapiVmResult -VM $vm -Changed:$found.changed }
    $stop = Get-CapiActiveJob -VM $vm -Cmdlet 'Stop-SCVirtualMachine'
    if ($stop -and ($method -eq 'shutdown' -or -not (Test-CapiShutdown -Job $stop))) { return New-CapiVmResult -VM $vm -Job $stop }
    if ($check) { return New-CapiVmResult -VM $vm -Changed }
    if ($method -eq 'shutdown') {
        $vm = Stop-SCVirtualMachine -VM $vm -Shutdown -RunAsynchronously -JobVariable capiJob -ErrorAction Stop
    }
    else {
        if ($stop) { Stop-CapiJob -Job $stop -WaitSeconds 5 }
        $vm = Stop-SCVirtualMachine -VM $vm -Force -RunAsynchronously -JobVariable capiJob -ErrorAction Stop
    }
    New-CapiVmResult -VM $vm -Job $capiJob -Changed
}

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
