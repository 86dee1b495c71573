# SPDX-License-Identifier: GPL-3.0-or-later
# VMM's jobs.

function Get-CapiJobInfo {
    <#
    .SYNOPSIS
        Operation job_info: jobs by id; waits until none of them runs any more or the time is over.
    #>
    param($Request)
    $ids = Get-CapiField -Request $Request -Name 'ids' -Kind list
    $wait = Get-CapiField -Request $Request -Name 'wait_seconds' -Kind number -Default 0 -Maximum 3600
    foreach ($id in $ids) { Assert-CapiGuid -Value $id -Name 'ids' }
    $clock = [System.Diagnostics.Stopwatch]::StartNew()
    while ($true) {
        $jobs = [object[]]@(foreach ($id in $ids) {
                $job = Get-CapiJob -Id $id
                if ($job) { ConvertTo-CapiJob -Job $job }
            })
        $running = @($jobs | Where-Object { -not $_.is_completed })
        $left = $wait - $clock.Elapsed.TotalSeconds
        if (-not $running.Count -or $left -le 0) { break }
        Start-Sleep -Milliseconds ([int](1000 * [math]::Min(0.3, $left)))
    }
    [ordered]@{ jobs = $jobs }
}

function Get-CapiJob {
    <#
    .SYNOPSIS
        The job with an id, or nothing when VMM has forgotten it.
    #>
    param([string]$Id)
    try { $found = @(Get-SCJob -ID $Id -ErrorAction Stop) }
    catch {
        if ((Get-CapiErrorNumber -Record $_) -eq 801) { return }
        throw
    }
    if ($found.Count) { $found[0] }
}

function Get-CapiActiveJob {
    <#
    .SYNOPSIS
        The job that runs on a VM now and was started by one of the named cmdlets, or nothing.
    #>
    param($VM, [string[]]$Cmdlet)
    $job = $VM.MostRecentTask
    if ($job -and -not $job.IsCompleted -and $Cmdlet -contains ([string]$job.CmdletName)) { $job }
}

function Stop-CapiJob {
    <#
    .SYNOPSIS
        Cancels a job and waits a moment for it to end.
    #>
    param($Job, [double]$WaitSeconds = 0)
    $null = Stop-SCJob -Job $Job -ErrorAction Stop
    $clock = [System.Diagnostics.Stopwatch]::StartNew()
    while ($clock.Elapsed.TotalSeconds -lt $WaitSeconds) {
        $now = Get-CapiJob -Id ([string]$Job.ID)
        if (-not $now -or $now.IsCompleted) { return }
        Start-Sleep -Milliseconds 100
    }
}

function Test-CapiShutdown {
    <#
    .SYNOPSIS
        Says whether a stop job asks the guest (and can be overtaken by turning the VM off).
    #>
    param($Job)
    # Both are Stop-SCVirtualMachine to VMM; only the job's name tells them apart, and it is translated on some servers.
    ([string]$Job.Name) -notmatch 'turn|stop'
}
