# SPDX-License-Identifier: GPL-3.0-or-later
# The operation vm_power.

function Set-CapiVmPower {
    <#
    .SYNOPSIS
        Operation vm_power: switches a VM, and then removes the medium from the library that it has a copy of.
    #>
    param($Request)
    $medium = Get-CapiField -Request $Request -Name 'remove_medium' -Kind map
    if ($medium) { $null = Get-CapiFileName -Request $medium -Required }
    $result = Switch-CapiVmPower -Request $Request
    if (-not $medium -or (Get-CapiField -Request $Request -Name 'check' -Kind flag)) { return $result }
    $removal = Clear-CapiMedium -Medium $medium
    $result['changed'] = $result['changed'] -or $removal.changed
    $result['medium_removal'] = $removal.told
    $result
}

function Switch-CapiVmPower {
    <#
    .SYNOPSIS
        Starts a VM, shuts it down, turns it off, pauses or saves it. No job when it is there or on the way there.
    #>
    param($Request)
    $state = Get-CapiField -Request $Request -Name 'state' -Required -Allowed 'running', 'off', 'paused', 'saved'
    $method = Get-CapiField -Request $Request -Name 'method' -Allowed 'shutdown', 'turn_off', 'shutdown_then_turn_off' -Default 'shutdown'
    $seconds = Get-CapiField -Request $Request -Name 'shutdown_seconds' -Kind number -Default 120 -Maximum 3600
    $check = Get-CapiField -Request $Request -Name 'check' -Kind flag -Default $false
    $found = Find-CapiUsableVm -Request $Request -Check $check
    $vm = $found.vm
    $step = Resolve-CapiPowerStep -VM $vm -State $state -Method $method -Seconds $seconds
    if (-not $step.do) { return New-CapiVmResult -VM $vm -Job $step.job -Changed:$found.changed }
    if ($check) { return New-CapiVmResult -VM $vm -Changed }
    if ($step.cancelled) { Stop-CapiJob -Job $step.cancelled -WaitSeconds 5 }
    switch ($step.do) {
        'start' { $vm = Start-SCVirtualMachine -VM $vm -RunAsynchronously -JobVariable capiJob -ErrorAction Stop }
        'resume' { $vm = Resume-SCVirtualMachine -VM $vm -RunAsynchronously -JobVariable capiJob -ErrorAction Stop }
        'pause' { $vm = Suspend-SCVirtualMachine -VM $vm -RunAsynchronously -JobVariable capiJob -ErrorAction Stop }
        'save' { $vm = Stop-SCVirtualMachine -VM $vm -SaveState -RunAsynchronously -JobVariable capiJob -ErrorAction Stop }
        'shutdown' { $vm = Stop-SCVirtualMachine -VM $vm -Shutdown -RunAsynchronously -JobVariable capiJob -ErrorAction Stop }
        'turn_off' { $vm = Stop-SCVirtualMachine -VM $vm -Force -RunAsynchronously -JobVariable capiJob -ErrorAction Stop }
    }
    New-CapiVmResult -VM $vm -Job $capiJob -Changed
}

function Resolve-CapiPowerStep {
    <#
    .SYNOPSIS
        What is to be done to bring a VM into a state: do (nothing when it is there or on the way), cancelled (a job that must end first), job.
    #>
    param($VM, [string]$State, [string]$Method, [double]$Seconds)
    $status = [string]$VM.Status
    switch ($State) {
        'running' {
            $active = Get-CapiActiveJob -VM $VM -Cmdlet 'Start-SCVirtualMachine', 'Resume-SCVirtualMachine'
            if ('Running', 'Starting' -contains $status -or $active) { return @{ job = $active } }
            if ($status -eq 'Paused') { return @{ do = 'resume' } }
            return @{ do = 'start' }
        }
        'paused' {
            $active = Get-CapiActiveJob -VM $VM -Cmdlet 'Suspend-SCVirtualMachine'
            if ($status -eq 'Paused' -or $active) { return @{ job = $active } }
            return @{ do = 'pause' }
        }
        'saved' {
            if ('Saved', 'Saving' -contains $status) { return @{ job = Get-CapiActiveJob -VM $VM -Cmdlet 'Stop-SCVirtualMachine' } }
            return @{ do = 'save' }
        }
    }
    # A VM that VMM still builds does not run, and saving ends in a state that counts as off.
    if ('PowerOff', 'Stored', 'Saved', 'UnderCreation' -contains $status) { return @{} }
    $stop = Get-CapiActiveJob -VM $VM -Cmdlet 'Stop-SCVirtualMachine'
    if ($stop -and ($Method -eq 'shutdown' -or $status -eq 'Saving' -or -not (Test-CapiShutdown -Job $stop))) { return @{ job = $stop } }
    if ($Method -eq 'shutdown') { return @{ do = 'shutdown' } }
    if ($Method -eq 'turn_off' -or (Test-CapiShutdownOver -VM $VM -Stop $stop -Seconds $Seconds)) { return @{ do = 'turn_off'; cancelled = $stop } }
    if ($stop) { return @{ job = $stop } }
    @{ do = 'shutdown' }
}

function Test-CapiShutdownOver {
    <#
    .SYNOPSIS
        Says whether the guest had its time to shut down, or has refused to a moment ago.
    #>
    param($VM, $Stop, [double]$Seconds)
    if ($Seconds -eq 0) { return $true }
    if ($Stop) { return (Get-CapiAge -Time $Stop.StartTime) -ge $Seconds }
    $last = $VM.MostRecentTask
    if (-not $last -or ([string]$last.CmdletName) -ne 'Stop-SCVirtualMachine' -or ([string]$last.Status) -ne 'Failed') { return $false }
    (Test-CapiShutdown -Job $last) -and (Get-CapiAge -Time $last.EndTime) -lt [math]::Max($Seconds, 60)
}

function Get-CapiAge {
    <#
    .SYNOPSIS
        Seconds since a time that VMM tells. Its clock may be a little ahead of this host's.
    #>
    [OutputType([double])]
    param($Time)
    if ($Time -isnot [datetime] -or $Time.Year -le 1) { return 0.0 }
    [math]::Max(([datetime]::UtcNow - $Time.ToUniversalTime()).TotalSeconds, 0.0)
}
