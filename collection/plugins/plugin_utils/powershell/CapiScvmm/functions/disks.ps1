# SPDX-License-Identifier: GPL-3.0-or-later
# The operation vm_disk: one disk of a VM that exists.

function Set-CapiDisk {
    <#
    .SYNOPSIS
        Operation vm_disk: adds, expands, limits or removes a disk. No job when it is as asked for.
    #>
    param($Request)
    $wish = Read-CapiOneDiskWish -Request $Request
    $usable = Find-CapiUsableVm -Request $Request -Check $wish.check
    $vm = $usable.vm
    $drive = Get-CapiDiskCalled -Drive @($vm.VirtualDiskDrives) -Name $wish.disk
    if ($wish.state -eq 'absent') { return Uninstall-CapiDisk -VM $vm -Drive $drive -Wish $wish -Changed:$usable.changed }
    $policy = $null
    if ($wish.storage_qos_policy) {
        $policy = Select-CapiNamed -Item @(Get-SCStorageQoSPolicy -ErrorAction Stop) -Kind 'storage QoS policy' -Name $wish.storage_qos_policy
    }
    if (-not $drive) { return Install-CapiDisk -VM $vm -Wish $wish -Policy $policy }
    $plan = Compare-CapiDisk -VM $vm -Drive $drive -Wish $wish -Policy $policy
    if (-not $plan.diff.Count) { return New-CapiDiskResult -VM $vm -Drive $drive -Plan $plan -Changed:$usable.changed }
    if ($plan.expand_gb) { Assert-CapiNoCheckpoint -VM $vm -Wish "its disk $($wish.disk) cannot be expanded" }
    if ($wish.check) { return New-CapiDiskResult -VM $vm -Drive $drive -Plan $plan -Changed }
    # All changes in one job: held back under a job group, which Set-SCVirtualMachine ends.
    $group = [guid]::NewGuid()
    if ($plan.expand_gb) {
        $null = Expand-SCVirtualDiskDrive -VirtualDiskDrive $drive -VirtualHardDiskSizeGB $plan.expand_gb -JobGroup $group -ErrorAction Stop
    }
    $change = $plan.change
    if ($change.Count) { $null = Set-SCVirtualDiskDrive -VirtualDiskDrive $drive @change -JobGroup $group -ErrorAction Stop }
    $null = Set-SCVirtualMachine -VM $vm -JobGroup $group -RunAsynchronously -JobVariable capiJob -ErrorAction Stop
    New-CapiDiskResult -VM $vm -Drive $drive -Plan $plan -Job $capiJob -Changed
}

function Read-CapiOneDiskWish {
    <#
    .SYNOPSIS
        Reads and checks the request of vm_disk.
    #>
    param($Request)
    $wish = @{
        state = Get-CapiField -Request $Request -Name 'state' -Required -Allowed 'present', 'absent'
        disk = Get-CapiField -Request $Request -Name 'disk' -Required
    }
    Assert-CapiHostFile -Field 'disk' -Name $wish.disk
    $wish.path = Resolve-CapiHostFolder -Field 'path' -Path (Get-CapiField -Request $Request -Name 'path')
    $wish.existing = Get-CapiField -Request $Request -Name 'existing' -Kind flag
    $wish.bus_type = Get-CapiField -Request $Request -Name 'bus_type' -Allowed 'SCSI', 'IDE'
    $wish.bus = Get-CapiField -Request $Request -Name 'bus' -Kind integer -Maximum 3
    $wish.lun = Get-CapiField -Request $Request -Name 'lun' -Kind integer -Maximum 63
    $wish.size_mb = Get-CapiField -Request $Request -Name 'size_mb' -Kind integer -Minimum 1 -Maximum 67108864
    $wish.dynamic = Get-CapiField -Request $Request -Name 'dynamic' -Kind flag
    $wish.vhd = Get-CapiField -Request $Request -Name 'vhd'
    $wish.volume_type = Get-CapiField -Request $Request -Name 'volume_type' -Allowed 'None', 'Boot', 'System', 'BootAndSystem'
    $wish.iops_maximum = Get-CapiField -Request $Request -Name 'iops_maximum' -Kind integer
    $wish.storage_qos_policy = Get-CapiField -Request $Request -Name 'storage_qos_policy'
    $wish.keep_file = Get-CapiField -Request $Request -Name 'keep_file' -Kind flag -Default $false
    $wish.check = Get-CapiField -Request $Request -Name 'check' -Kind flag -Default $false
    if ($null -ne $wish.iops_maximum -and $wish.storage_qos_policy) {
        throw (New-CapiError -Id 'CapiScvmm.BadRequest' -Message "Fields 'iops_maximum' and 'storage_qos_policy' exclude each other. Give one of them.")
    }
    if ($wish.existing -and -not $wish.path) {
        throw (New-CapiError -Id 'CapiScvmm.BadRequest' -Message "Field 'path' is missing. Give the folder in which the existing file lies.")
    }
    if ($wish.existing -and $wish.vhd) {
        throw (New-CapiError -Id 'CapiScvmm.BadRequest' -Message "Fields 'existing' and 'vhd' exclude each other. Give one of them.")
    }
    $wish
}

function Get-CapiDiskCalled {
    <#
    .SYNOPSIS
        The disk whose file has the name, with its extension or without, or nothing.
    #>
    param([object[]]$Drive, [string]$Name)
    foreach ($one in $Drive) {
        if (-not $one) { continue }
        foreach ($known in (Get-CapiDiskFile -Drive $one), [string]$one.VirtualHardDisk.Name) {
            if ($known -eq $Name -or ($known -replace '\.vhdx?$') -eq $Name) { return $one }
        }
    }
    return $null
}

function Get-CapiDiskFile {
    <#
    .SYNOPSIS
        The file name of a disk.
    #>
    param($Drive)
    $path = [string]$Drive.VirtualHardDisk.Location
    if (-not $path) { $path = [string]$Drive.VirtualHardDisk.Name }
    $path.Substring($path.LastIndexOf('\') + 1)
}

function Install-CapiDisk {
    <#
    .SYNOPSIS
        Adds a disk to a VM: empty, or a copy of a disk of the library.
    #>
    param($VM, [hashtable]$Wish, $Policy)
    if (-not $Wish.vhd -and -not $Wish.size_mb -and -not $Wish.existing) {
        throw (New-CapiError -Id 'CapiScvmm.BadRequest' -Message "Field 'size_mb' is missing. Give it, or a vhd of the library.")
    }
    $vhd = $null
    if ($Wish.vhd) { $vhd = Select-CapiNamed -Item @(Get-SCVirtualHardDisk -ErrorAction Stop) -Kind 'virtual hard disk' -Name $Wish.vhd }
    $diff = [object[]]@(foreach ($name in 'disk', 'path', 'existing', 'size_mb', 'dynamic', 'vhd', 'bus_type', 'bus', 'lun', 'volume_type', 'iops_maximum', 'storage_qos_policy') {
            if ($null -eq $Wish[$name] -or ($name -eq 'iops_maximum' -and -not $Wish.iops_maximum)) { continue }
            [ordered]@{ field = $name; before = $null; after = $Wish[$name] }
        })
    # VMM changes these once the disk is there.
    $pending = [object[]]@(
        if ($vhd -and $Wish.size_mb -gt [math]::Floor([double]$vhd.MaximumSize / 1MB)) { 'size_mb' }
        if ($Wish.iops_maximum) { 'iops_maximum' }
    )
    $plan = @{ diff = $diff; drift = @(); pending = $pending }
    if ($Wish.check) { return New-CapiDiskResult -VM $VM -Plan $plan -Changed }
    $parameters = Get-CapiDiskPlace -VM $VM -Wish $Wish
    $parameters.FileName = Get-CapiNewFile -VM $VM -Name $Wish.disk -Vhd $vhd
    if ($Wish.path) { $parameters.Path = $Wish.path }
    if ($Wish.volume_type) { $parameters.VolumeType = $Wish.volume_type }
    if ($Policy) { $parameters.StorageQoSPolicy = $Policy }
    if ($vhd) { $parameters.VirtualHardDisk = $vhd }
    elseif ($Wish.existing) { $parameters.UseLocalVirtualHardDisk = $true }
    else { Add-CapiEmptyDisk -Parameter $parameters -SizeMb $Wish.size_mb -Dynamic $Wish.dynamic }
    $made = New-SCVirtualDiskDrive -VM $VM @parameters -RunAsynchronously -JobVariable capiJob -ErrorAction Stop
    New-CapiDiskResult -VM $VM -Drive $made -Plan $plan -Job $capiJob -Changed
}

function Get-CapiNewFile {
    <#
    .SYNOPSIS
        The name of a new disk's file with its extension: the one that it is given, else that of the disk it is a copy of, else the usual one.
    #>
    [OutputType([string])]
    param($VM, [string]$Name, $Vhd)
    if ($Name -match '\.vhdx?$') { return $Name }
    if ($Vhd -and ([string]$Vhd.Name) -match '\.vhdx?$') { return $Name + $Matches[0].ToLowerInvariant() }
    if ([int]$VM.Generation -eq 1) { return "$Name.vhd" }
    "$Name.vhdx"
}

function Add-CapiEmptyDisk {
    <#
    .SYNOPSIS
        Adds to the parameters of New-SCVirtualDiskDrive those of an empty disk.
    #>
    param([hashtable]$Parameter, [long]$SizeMb, $Dynamic)
    $Parameter.VirtualHardDiskSizeMB = $SizeMb
    $Parameter.VirtualHardDiskFormatType = 'VHDX'
    if ($Parameter.FileName -match '\.vhd$') { $Parameter.VirtualHardDiskFormatType = 'VHD' }
    if ($false -eq $Dynamic) { $Parameter.Fixed = $true }
    else { $Parameter.Dynamic = $true }
}

function Get-CapiDiskPlace {
    <#
    .SYNOPSIS
        Where a new disk goes: as asked for, else the first free place on the bus; as parameters of New-SCVirtualDiskDrive.
    #>
    param($VM, [hashtable]$Wish, [int[]]$Taken = @())
    $type = 'SCSI'
    if ($Wish.bus_type) { $type = $Wish.bus_type }
    $bus = [int]$Wish.bus
    if ($null -ne $Wish.lun) { return @{ $type = $true; Bus = $bus; LUN = [int]$Wish.lun } }
    $drives = @(@($VM.VirtualDiskDrives) | Where-Object { $_ -and ([string]$_.BusType) -eq $type })
    # DVD drives are on IDE in generation 1, and on SCSI in generation 2.
    if (([int]$VM.Generation -eq 1) -eq ($type -eq 'IDE')) { $drives += @(Get-CapiDvdDrive -VM $VM) }
    $used = $Taken + @(foreach ($drive in $drives) { if ([int]$drive.Bus -eq $bus) { [int]$drive.LUN } })
    $lun = 0
    while ($used -contains $lun) { $lun++ }
    @{ $type = $true; Bus = $bus; LUN = $lun }
}

function Compare-CapiDisk {
    <#
    .SYNOPSIS
        What of a disk is to be changed (diff, and expand_gb and change for the cmdlets), and what cannot be (drift).
    #>
    param($VM, $Drive, [hashtable]$Wish, $Policy)
    $now = ConvertTo-CapiDisk -Disk $Drive
    $plan = @{ expand_gb = Resolve-CapiExpansion -VM $VM -Now $now -Wish $Wish; change = @{}; pending = @() }
    $diff = @()
    if ($plan.expand_gb) { $diff += [ordered]@{ field = 'size_mb'; before = $now.size_mb; after = $Wish.size_mb } }
    if ($Wish.volume_type -and $Wish.volume_type -ne $now.volume_type) {
        $diff += [ordered]@{ field = 'volume_type'; before = $now.volume_type; after = $Wish.volume_type }
        $plan.change.VolumeType = $Wish.volume_type
    }
    if ($null -ne $Wish.iops_maximum -and [long]$Wish.iops_maximum -ne [long]$now.iops_maximum) {
        $after = $null
        if ($Wish.iops_maximum) { $after = $Wish.iops_maximum; $plan.change.IOPSMaximum = $after }
        else { $plan.change.DisableStorageQoS = $true }
        $diff += [ordered]@{ field = 'iops_maximum'; before = $now.iops_maximum; after = $after }
    }
    if ($Policy -and ([string]$Policy.Name) -ne [string]$now.storage_qos_policy) {
        $diff += [ordered]@{ field = 'storage_qos_policy'; before = $now.storage_qos_policy; after = [string]$Policy.Name }
        $plan.change.StorageQoSPolicy = $Policy
    }
    $plan.diff = [object[]]@($diff)
    $plan.drift = [object[]]@(foreach ($name in 'path', 'dynamic', 'bus_type', 'bus', 'lun') {
            if ($null -ne $Wish[$name] -and $Wish[$name] -ne $now[$name]) { [ordered]@{ field = $name; before = $now[$name]; after = $Wish[$name] } }
        })
    $plan
}

function Resolve-CapiExpansion {
    <#
    .SYNOPSIS
        GB that a disk is to have, or nothing. VMM expands in whole GB and never shrinks.
    #>
    param($VM, $Now, [hashtable]$Wish)
    if ($null -eq $Wish.size_mb -or $Wish.size_mb -eq $Now.size_mb) { return $null }
    $begin = "Field 'size_mb' has the value '$($Wish.size_mb)': disk $($Wish.disk) of VM $($VM.Name)"
    if ($Wish.size_mb -lt $Now.size_mb) {
        $message = "$begin has $($Now.size_mb) MB, and VMM does not shrink disks. Give at least that."
        throw (New-CapiError -Id 'CapiScvmm.BadRequest' -Message $message)
    }
    if ($Wish.size_mb % 1024) {
        throw (New-CapiError -Id 'CapiScvmm.BadRequest' -Message "$begin is there, and VMM expands disks in whole GB. Give a multiple of 1024.")
    }
    [int]($Wish.size_mb / 1024)
}

function Uninstall-CapiDisk {
    <#
    .SYNOPSIS
        Removes a disk from a VM, with its file unless that is to be kept.
    #>
    param($VM, $Drive, [hashtable]$Wish, [switch]$Changed)
    if (-not $Drive) { return New-CapiDiskResult -VM $VM -Plan @{} -Changed:$Changed }
    Assert-CapiNoCheckpoint -VM $VM -Wish "its disk $($Wish.disk) cannot be removed"
    $plan = @{ diff = @([ordered]@{ field = 'disk'; before = $Wish.disk; after = $null }) }
    if ($Wish.keep_file) { $plan.kept_file = ConvertTo-CapiText -Value $Drive.VirtualHardDisk.Location }
    if ($Wish.check) { return New-CapiDiskResult -VM $VM -Drive $Drive -Plan $plan -Changed }
    $parameters = @{}
    if ($Wish.keep_file) { $parameters.SkipDeleteVHD = $true }
    $null = Remove-SCVirtualDiskDrive -VirtualDiskDrive $Drive @parameters -RunAsynchronously -JobVariable capiJob -Confirm:$false -ErrorAction Stop
    New-CapiDiskResult -VM $VM -Drive $Drive -Plan $plan -Job $capiJob -Changed
}

function Assert-CapiNoCheckpoint {
    <#
    .SYNOPSIS
        Refuses what spoils the files of disks that checkpoints hang on.
    #>
    param($VM, [string]$Wish)
    $names = @(foreach ($one in @(Get-CapiCheckpoint -VM $VM)) { if ($one) { [string]$one.Name } })
    if (-not $names.Count) { return }
    $message = "VM $($VM.Name) has checkpoints ($($names -join ', ')): $Wish."
    throw (New-CapiError -Id 'CapiScvmm.HasCheckpoints' -Message $message -RecommendedAction 'Remove the checkpoints first.')
}

function New-CapiDiskResult {
    <#
    .SYNOPSIS
        The result of vm_disk.
    #>
    param($VM, $Drive, $Job, [hashtable]$Plan, [switch]$Changed)
    $result = New-CapiVmResult -VM $VM -Job $Job -Changed:$Changed
    $result['disk'] = $null
    if ($Drive) { $result['disk'] = ConvertTo-CapiDisk -Disk $Drive }
    foreach ($name in 'diff', 'drift', 'pending') { $result[$name] = [object[]]@($Plan[$name] | Where-Object { $null -ne $_ }) }
    $result['kept_file'] = $Plan.kept_file
    $result
}
