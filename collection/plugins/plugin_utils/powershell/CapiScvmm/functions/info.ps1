# SPDX-License-Identifier: GPL-3.0-or-later
# The operation vm_info with its long poll.

function Get-CapiVmInfo {
    <#
    .SYNOPSIS
        Operation vm_info: VMs and their jobs; with since and wait_seconds a long poll that answers when something changed.
    #>
    param($Request)
    $wish = @{
        ids = @(foreach ($id in (Get-CapiField -Request $Request -Name 'ids' -Kind list)) { $id.ToLowerInvariant() })
        uids = Get-CapiField -Request $Request -Name 'uids' -Kind list
        names = Get-CapiField -Request $Request -Name 'names' -Kind list
        vm_ids = @(foreach ($id in (Get-CapiField -Request $Request -Name 'vm_ids' -Kind list)) { $id.ToLowerInvariant() })
        job_ids = Get-CapiField -Request $Request -Name 'job_ids' -Kind list
        marked = [bool](Get-CapiField -Request $Request -Name 'marked' -Kind flag -Default $false)
        all = [bool](Get-CapiField -Request $Request -Name 'all' -Kind flag -Default $false)
    }
    $withCheckpoints = Get-CapiField -Request $Request -Name 'checkpoints' -Kind flag -Default $false
    $refresh = @(foreach ($id in (Get-CapiField -Request $Request -Name 'refresh_ids' -Kind list)) { $id.ToLowerInvariant() })
    $since = Get-CapiField -Request $Request -Name 'since'
    $wait = Get-CapiField -Request $Request -Name 'wait_seconds' -Kind number -Default 0 -Maximum 3600
    $interval = Get-CapiField -Request $Request -Name 'interval_seconds' -Kind number -Default 0.3 -Minimum 0.01 -Maximum 3600
    foreach ($field in 'ids', 'vm_ids', 'job_ids') { foreach ($id in $wish[$field]) { Assert-CapiGuid -Value $id -Name $field } }
    foreach ($id in $refresh) { Assert-CapiGuid -Value $id -Name 'refresh_ids' }

    $clock = [System.Diagnostics.Stopwatch]::StartNew()
    while ($true) {
        $begun = $clock.Elapsed.TotalSeconds
        $vms = @(Get-CapiWantedVm -Wish $wish)
        if ($refresh.Count -and (Update-CapiVm -VM $vms -Id $refresh)) { $vms = @(Get-CapiWantedVm -Wish $wish) }
        $jobs = @(foreach ($id in $wish.job_ids) { Get-CapiJob -Id $id })
        $token = Get-CapiToken -VM $vms -Job $jobs
        $changed = -not $since -or $token -cne $since
        $left = $wait - $clock.Elapsed.TotalSeconds
        if ($changed -or $left -le 0) { break }
        # A server with thousands of VMs is not asked all the time: at least as long as the look itself took.
        $pause = [math]::Min($left, [math]::Max($interval, $clock.Elapsed.TotalSeconds - $begun))
        Start-Sleep -Milliseconds ([int](1000 * $pause))
    }
    $shapes = [object[]]@(foreach ($vm in $vms) { Get-CapiShape -VM $vm })
    if ($withCheckpoints) { $told = [object[]]@(foreach ($vm in $vms) { Join-CapiCheckpoint -VM $vm }) }
    else { $told = $shapes }
    [ordered]@{ token = $token; vms = $told; jobs = [object[]]@(Select-CapiJob -VM $shapes -Job $jobs); changed = $changed }
}

function Get-CapiWantedVm {
    <#
    .SYNOPSIS
        The VMs that a vm_info request asks for, each once. One bulk call unless a single id is all that is wanted.
    #>
    param([hashtable]$Wish)
    $byMark = $Wish.marked -or $Wish.uids.Count
    if (-not $Wish.all -and -not $byMark -and -not $Wish.names.Count -and -not $Wish.vm_ids.Count) {
        if ($Wish.ids.Count -eq 0) { return }
        if ($Wish.ids.Count -eq 1) { return Get-CapiVmById -Id $Wish.ids[0] }
    }
    foreach ($vm in @(Get-SCVirtualMachine -ErrorAction Stop)) {
        if ($null -eq $vm) { continue }
        if ($Wish.all) { $vm; continue }
        if ($Wish.ids.Count -and $Wish.ids -contains (ConvertTo-CapiId -Value $vm.ID)) { $vm; continue }
        if ($Wish.names.Count -and $Wish.names -contains $vm.Name) { $vm; continue }
        if ($Wish.vm_ids.Count -and $Wish.vm_ids -contains (ConvertTo-CapiId -Value $vm.VMId)) { $vm; continue }
        # Most VMs of a server are not ours: a look for the mark's beginning is cheaper than taking the text apart.
        if ($byMark -and ([string]$vm.Description).Contains('[capi.scvmm ')) {
            $uid = (Split-CapiDescription -Description ([string]$vm.Description)).uid
            if ($uid -and ($Wish.marked -or $Wish.uids -ccontains $uid)) { $vm }
        }
    }
}

function Update-CapiVm {
    <#
    .SYNOPSIS
        Refreshes those of the named VMs that run, one after the other, each at most once a second; says whether it did any.
    #>
    param([object[]]$VM, [string[]]$Id)
    $did = $false
    $clock = [System.Diagnostics.Stopwatch]::StartNew()
    $wanted = @($VM | Where-Object { $_ -and ([string]$_.Status) -eq 'Running' -and $Id -contains (ConvertTo-CapiId -Value $_.ID) })
    foreach ($one in @($wanted | Sort-Object -Property { $script:CapiRefreshed[(ConvertTo-CapiId -Value $_.ID)] })) {
        $key = ConvertTo-CapiId -Value $one.ID
        $last = $script:CapiRefreshed[$key]
        if ($last -and ([datetime]::UtcNow - $last).TotalSeconds -lt 1) { continue }
        # Whoever waits wants to hear of the first VM before the last one is refreshed.
        if ($did -and $clock.Elapsed.TotalSeconds -gt 1) { break }
        $script:CapiRefreshed[$key] = [datetime]::UtcNow
        # A VM that cannot be refreshed now is shown as VMM knows it: the next poll tries again.
        try { $null = Read-SCVirtualMachine -VM $one -ErrorAction Stop; $did = $true } catch { $null = $_ }
    }
    $did
}

function Select-CapiJob {
    <#
    .SYNOPSIS
        The jobs that vm_info tells: those that run on its VMs, and those that were asked for, each once.
    #>
    param([object[]]$VM, [object[]]$Job)
    $seen = @{}
    $shapes = @(foreach ($one in $VM) { if ($one.job -and -not $one.job.is_completed) { $one.job } })
    $shapes += @(foreach ($one in $Job) { ConvertTo-CapiJob -Job $one })
    foreach ($shape in $shapes) {
        if ($seen.ContainsKey($shape.id)) { continue }
        $seen[$shape.id] = $true
        $shape
    }
}

function Get-CapiToken {
    <#
    .SYNOPSIS
        The fingerprint of VMs and jobs: what a caller has to hear of, without progress, times of change and refresh jobs.
    #>
    param([object[]]$VM, [object[]]$Job)
    $text = New-Object -TypeName System.Text.StringBuilder
    foreach ($one in $VM) {
        $null = $text.Append((Get-CapiVmFact -VM $one)).Append("`0")
        $task = $one.MostRecentTask
        if ($task -and ([string]$task.CmdletName) -ne 'Read-SCVirtualMachine') {
            $null = $text.Append($task.ID).Append($task.Status).Append("`0")
        }
    }
    foreach ($one in $Job) { $null = $text.Append($one.ID).Append($one.Status).Append("`0") }
    Get-CapiHash -Bytes ([System.Text.Encoding]::UTF8.GetBytes($text.ToString()))
}

function Get-CapiVmFact {
    <#
    .SYNOPSIS
        One text of all that a VM's shape tells, but times of change and its job. A long poll makes it several times a
        second for each VM, so it reads VMM's objects as they are.
    #>
    [OutputType([string])]
    param($VM)
    $facts = @(
        $VM.ID, $VM.VMId, $VM.BiosGuid, $VM.Name, $VM.Status, $VM.Description, $VM.Cloud.Name, $VM.HostName, $VM.HostGroupPath,
        $VM.Generation, $VM.CPUCount, $VM.Memory, $VM.ComputerName
        foreach ($adapter in $VM.VirtualNetworkAdapters) {
            $adapter.SlotID, $adapter.MACAddress, $adapter.MACAddressType, $adapter.VMNetwork.Name, $adapter.VMSubnet.Name
            $adapter.IPv4AddressType, $adapter.IPv6AddressType, ($adapter.IPv4Addresses -join ' '), ($adapter.IPv6Addresses -join ' ')
        }
        foreach ($drive in $VM.VirtualDVDDrives) { 'dvd', $drive.ISO.SharePath, $drive.ISO.Name }
        $VM.VirtualFloppyDrive.VirtualFloppyDisk.SharePath, $VM.VirtualFloppyDrive.VirtualFloppyDisk.Name
        Get-CapiSettingFact -VM $VM
    )
    $facts -join "`n"
}

function Get-CapiShape {
    <#
    .SYNOPSIS
        The shape of a VM, from the last look when nothing of it has changed: of thousands of VMs few change at a time.
    #>
    param($VM)
    $task = $VM.MostRecentTask
    $job = @($task.ID, $task.Status, $task.Progress, $task.IsCompleted) -join ' '
    $key = (Get-CapiVmFact -VM $VM) + "`0" + (ConvertTo-CapiTime -Value $VM.ModifiedTime) + "`0" + $job
    $id = [string]$VM.ID
    $known = $script:CapiShapes[$id]
    if ($known -and $known.key -ceq $key) { return $known.shape }
    if ($script:CapiShapes.Count -ge 10000) { $script:CapiShapes = @{} }
    $script:CapiDoubtful = $false
    $shape = ConvertTo-CapiVm -VM $VM
    if ($script:CapiDoubtful) { $script:CapiShapes.Remove($id) }
    else { $script:CapiShapes[$id] = @{ key = $key; shape = $shape } }
    $shape
}
