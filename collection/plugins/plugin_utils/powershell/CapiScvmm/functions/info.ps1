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
        job_ids = Get-CapiField -Request $Request -Name 'job_ids' -Kind list
        marked = [bool](Get-CapiField -Request $Request -Name 'marked' -Kind flag -Default $false)
    }
    $refresh = @(foreach ($id in (Get-CapiField -Request $Request -Name 'refresh_ids' -Kind list)) { $id.ToLowerInvariant() })
    $since = Get-CapiField -Request $Request -Name 'since'
    $wait = Get-CapiField -Request $Request -Name 'wait_seconds' -Kind number -Default 0 -Maximum 3600
    $interval = Get-CapiField -Request $Request -Name 'interval_seconds' -Kind number -Default 0.3 -Minimum 0.01 -Maximum 3600
    foreach ($field in 'ids', 'job_ids') { foreach ($id in $wish[$field]) { Assert-CapiGuid -Value $id -Name $field } }
    foreach ($id in $refresh) { Assert-CapiGuid -Value $id -Name 'refresh_ids' }

    $clock = [System.Diagnostics.Stopwatch]::StartNew()
    $vms = @(Get-CapiWantedVm -Wish $wish)
    while ($true) {
        if ($refresh.Count -and (Update-CapiVm -VM $vms -Id $refresh)) { $vms = @(Get-CapiWantedVm -Wish $wish) }
        $look = New-CapiLook -VM $vms -JobId $wish.job_ids
        $changed = -not $since -or $look.token -cne $since
        $left = $wait - $clock.Elapsed.TotalSeconds
        if (-not $since -or $changed -or $left -le 0) { break }
        Start-Sleep -Milliseconds ([int](1000 * [math]::Min($interval, $left)))
        $vms = @(Get-CapiWantedVm -Wish $wish)
    }
    $look['changed'] = $changed
    $look
}

function Get-CapiWantedVm {
    <#
    .SYNOPSIS
        The VMs that a vm_info request asks for, each once. One bulk call unless a single id is all that is wanted.
    #>
    param([hashtable]$Wish)
    $byMark = $Wish.marked -or $Wish.uids.Count
    if (-not $byMark -and -not $Wish.names.Count) {
        if ($Wish.ids.Count -eq 0) { return }
        if ($Wish.ids.Count -eq 1) { return Get-CapiVmById -Id $Wish.ids[0] }
    }
    foreach ($vm in @(Get-SCVirtualMachine -ErrorAction Stop)) {
        if ($null -eq $vm) { continue }
        if ($Wish.ids.Count -and $Wish.ids -contains (ConvertTo-CapiId -Value $vm.ID)) { $vm; continue }
        if ($Wish.names.Count -and $Wish.names -contains $vm.Name) { $vm; continue }
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

function New-CapiLook {
    <#
    .SYNOPSIS
        What vm_info answers: VMs, jobs, and a fingerprint in which progress and refreshes do not count.
    #>
    param([object[]]$VM, [object[]]$JobId)
    $shapes = [object[]]@(foreach ($one in $VM) { if ($one) { ConvertTo-CapiVm -VM $one } })
    $jobs = [ordered]@{}
    foreach ($shape in $shapes) {
        if ($shape.job -and -not $shape.job.is_completed) { $jobs[$shape.job.id] = $shape.job }
    }
    foreach ($id in $JobId) {
        $key = ([string]$id).ToLowerInvariant()
        if (-not $jobs.Contains($key)) {
            $job = Get-CapiJob -Id $key
            if ($job) { $jobs[$key] = ConvertTo-CapiJob -Job $job }
        }
    }
    $refreshes = @(foreach ($one in $VM) {
            if ($one -and $one.MostRecentTask -and ([string]$one.MostRecentTask.CmdletName) -eq 'Read-SCVirtualMachine') {
                ConvertTo-CapiId -Value $one.MostRecentTask.ID
            }
        })
    $found = [object[]]@($jobs.Values)
    [ordered]@{ token = Get-CapiToken -VM $shapes -Job $found -Ignore $refreshes; vms = $shapes; jobs = $found }
}

function Get-CapiToken {
    <#
    .SYNOPSIS
        The fingerprint of VMs and jobs: what a caller has to hear of, without progress, times of change and refresh jobs.
    #>
    param([object[]]$VM, [object[]]$Job, [string[]]$Ignore)
    $text = New-Object -TypeName System.Text.StringBuilder
    foreach ($one in $VM) {
        foreach ($key in $one.Keys) {
            if ($key -eq 'job' -or $key -eq 'modified') { continue }
            $null = $text.Append($key).Append('=')
            if ($key -eq 'network_adapters' -or $key -eq 'media') {
                $null = $text.Append((ConvertTo-Json -InputObject $one[$key] -Depth 4 -Compress))
            }
            else { $null = $text.Append([string]$one[$key]) }
            $null = $text.Append("`n")
        }
        if ($one.job -and $Ignore -notcontains $one.job.id) {
            $null = $text.Append("job=$($one.job.id) $($one.job.status)`n")
        }
    }
    foreach ($one in $Job) {
        if ($Ignore -notcontains $one.id) { $null = $text.Append("job $($one.id) $($one.status)`n") }
    }
    Get-CapiHash -Bytes ([System.Text.Encoding]::UTF8.GetBytes($text.ToString()))
}
