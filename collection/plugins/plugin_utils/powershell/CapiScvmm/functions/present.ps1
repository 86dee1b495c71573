# SPDX-License-Identifier: GPL-3.0-or-later
# The operation vm_present: find or create, under one lock per uid.

function Install-CapiVm {
    <#
    .SYNOPSIS
        Operation vm_present: finds the VM by id or mark, or starts its creation. Returns when VMM has taken the job.
    #>
    param($Request)
    $wish = Read-CapiVmWish -Request $Request
    $lock = Enter-CapiLock -Uid $wish.uid
    try {
        $vm = Find-CapiVm -Request $Request
        if ($vm) { return New-CapiPresentResult -VM $vm -Drift (Compare-CapiVm -VM $vm -Wish $wish) }
        $parts = Resolve-CapiParts -Wish $wish
        $diff = [object[]]@(foreach ($field in $wish.Keys) {
                if ($null -ne $wish[$field] -and 'id', 'check' -notcontains $field -and @($wish[$field]).Count) {
                    $after = $wish[$field]
                    if ($after -is [array]) { $after = [object[]]@($after) }
                    [ordered]@{ field = $field; before = $null; after = $after }
                }
            })
        if ($wish.check) { return New-CapiPresentResult -Diff $diff -Created }
        $made = New-CapiVm -Wish $wish -Part $parts
        New-CapiPresentResult -VM $made.vm -Job $made.job -Diff $diff -Created
    }
    finally { Exit-CapiLock -Mutex $lock }
}

function New-CapiPresentResult {
    <#
    .SYNOPSIS
        The result of vm_present.
    #>
    param($VM, $Job, [object[]]$Diff = @(), [object[]]$Drift = @(), [switch]$Created)
    [ordered]@{
        changed = [bool]$Created
        created = [bool]$Created
        vm = ConvertTo-CapiVm -VM $VM
        job = ConvertTo-CapiJob -Job $Job
        diff = [object[]]@($Diff | Where-Object { $null -ne $_ })
        drift = [object[]]@($Drift | Where-Object { $null -ne $_ })
    }
}

function Compare-CapiVm {
    <#
    .SYNOPSIS
        What of a VM is not as it is asked for. Only fields that the request has and the VM tells are compared.
    #>
    param($VM, $Wish)
    $properties = [ordered]@{
        name = 'Name'; cpu_count = 'CPUCount'; memory_mb = 'Memory'; start_action = 'StartAction'; stop_action = 'StopAction'
        checkpoint_type = 'CheckpointType'; cpu_limit_for_migration = 'CPULimitForMigration'
        cpu_limit_functionality = 'CPULimitFunctionality'; tag = 'Tag'
    }
    $now = [ordered]@{}
    foreach ($field in $properties.Keys) {
        if ($VM.PSObject.Properties[$properties[$field]]) { $now[$field] = $VM.PSObject.Properties[$properties[$field]].Value }
    }
    $now.cloud = [string]$VM.Cloud.Name
    $now.description = (Split-CapiDescription -Description ([string]$VM.Description)).text
    foreach ($field in $now.Keys) {
        $wished = $Wish[$field]
        if ($null -eq $wished -or ([string]$wished) -ceq ([string]$now[$field])) { continue }
        $before = $now[$field]
        if ($before -is [System.Enum]) { $before = [string]$before }
        [ordered]@{ field = $field; before = $before; after = $wished }
    }
}

function Enter-CapiLock {
    <#
    .SYNOPSIS
        Takes the lock of a uid on this host, so that two callers cannot both create its VM. Exit-CapiLock gives it back.
    #>
    [OutputType([System.Threading.Mutex])]
    param([string]$Uid)
    $hash = Get-CapiHash -Bytes ([System.Text.Encoding]::UTF8.GetBytes($Uid))
    $mutex = New-Object -TypeName System.Threading.Mutex -ArgumentList $false, ('Global\CapiScvmm-' + $hash.Substring(0, 32))
    $taken = $false
    try { $taken = $mutex.WaitOne([System.TimeSpan]::FromSeconds(60)) }
    catch [System.Threading.AbandonedMutexException] {
        # Its holder died. What it did is looked up under the lock, so the lock is as good as any.
        $taken = $true
    }
    if (-not $taken) {
        $mutex.Dispose()
        $message = "Another session on this host has been creating the VM with uid '$Uid' for a minute. Look again later."
        throw (New-CapiError -Id 'CapiScvmm.Busy' -Message $message -Category ResourceBusy)
    }
    $mutex
}

function Exit-CapiLock {
    <#
    .SYNOPSIS
        Gives a lock back that Enter-CapiLock took.
    #>
    param([System.Threading.Mutex]$Mutex)
    if ($null -eq $Mutex) { return }
    $Mutex.ReleaseMutex()
    $Mutex.Dispose()
}
