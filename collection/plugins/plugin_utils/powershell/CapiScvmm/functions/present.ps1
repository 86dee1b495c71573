# SPDX-License-Identifier: GPL-3.0-or-later
# The operation vm_present: find, mend or create, under one lock per uid.

function Install-CapiVm {
    <#
    .SYNOPSIS
        Operation vm_present: finds the VM by id or mark and mends it when asked to, or starts its creation. Returns when VMM has taken the job.
    #>
    param($Request)
    $wish = Read-CapiVmWish -Request $Request
    $lock = Enter-CapiLock -Text $wish.uid -What "the VM with uid '$($wish.uid)'"
    $nameLock = $null
    try {
        $vm = Find-CapiVm -Request $Request
        if ($vm) {
            if (-not $wish.check) { Clear-CapiTemporary -Wish $wish }
            return Sync-CapiVm -VM $vm -Wish $wish
        }
        $parts = Resolve-CapiParts -Wish $wish
        $diff = [object[]]@(foreach ($field in $wish.Keys) {
                if ($null -ne $wish[$field] -and 'id', 'check', 'update', 'unique_name' -notcontains $field -and @($wish[$field]).Count) {
                    $after = $wish[$field]
                    if ($after -is [array]) { $after = [object[]]@($after) }
                    [ordered]@{ field = $field; before = $null; after = $after }
                }
            })
        if ($wish.unique_name) {
            # VMM does not keep names unique: the lock is held from the look for the name until the VM is there.
            $text = 'name ' + $wish.name.ToLowerInvariant()
            if (-not $wish.check) { $nameLock = Enter-CapiLock -Text $text -What "a VM with the name '$($wish.name)'" }
            Assert-CapiNameFree -Name $wish.name
        }
        if ($wish.check) { return New-CapiPresentResult -Diff $diff -Created }
        $made = New-CapiVm -Wish $wish -Part $parts
        New-CapiPresentResult -VM $made.vm -Job $made.job -Diff $diff -Created
    }
    finally {
        Exit-CapiLock -Mutex $nameLock
        Exit-CapiLock -Mutex $lock
    }
}

function Assert-CapiNameFree {
    <#
    .SYNOPSIS
        Refuses a name that a VM has, whatever its case. All are looked through, for VMM's own -Name takes wildcards.
    #>
    param([string]$Name)
    $found = @(Get-SCVirtualMachine -ErrorAction Stop | Where-Object { $_ -and ([string]$_.Name) -eq $Name })
    if (-not $found.Count) { return }
    $list = @(foreach ($vm in $found) { ConvertTo-CapiId -Value $vm.ID }) -join ', '
    $message = "VM $Name is not created: the name is in use in VMM (id $list). Choose another name."
    throw (New-CapiError -Id 'CapiScvmm.NameInUse' -Message $message -Category ResourceExists)
}

function New-CapiPresentResult {
    <#
    .SYNOPSIS
        The result of vm_present.
    #>
    param($VM, $Job, [object[]]$Diff = @(), [object[]]$Drift = @(), [switch]$Created, [switch]$Changed)
    [ordered]@{
        changed = [bool]$Created -or [bool]$Changed
        created = [bool]$Created
        vm = ConvertTo-CapiVm -VM $VM
        job = ConvertTo-CapiJob -Job $Job
        diff = [object[]]@($Diff | Where-Object { $null -ne $_ })
        drift = [object[]]@($Drift | Where-Object { $null -ne $_ })
    }
}

function Enter-CapiLock {
    <#
    .SYNOPSIS
        Takes the lock of a uid, or of a name, on this host, so that two callers cannot both create its VM. Exit-CapiLock gives it back.
    #>
    [OutputType([System.Threading.Mutex])]
    param([string]$Text, [string]$What)
    $hash = Get-CapiHash -Bytes ([System.Text.Encoding]::UTF8.GetBytes($Text))
    $mutex = New-Object -TypeName System.Threading.Mutex -ArgumentList $false, ('Global\CapiScvmm-' + $hash.Substring(0, 32))
    $taken = $false
    try { $taken = $mutex.WaitOne([System.TimeSpan]::FromSeconds(60)) }
    catch [System.Threading.AbandonedMutexException] {
        # Its holder died. What it did is looked up under the lock, so the lock is as good as any.
        $taken = $true
    }
    if (-not $taken) {
        $mutex.Dispose()
        $message = "Another session on this host has been creating $What for a minute. Look again later."
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
