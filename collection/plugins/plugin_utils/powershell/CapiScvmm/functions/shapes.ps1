# SPDX-License-Identifier: GPL-3.0-or-later
# VMM's objects in the shapes of docs/operations.md.

function ConvertTo-CapiVm {
    <#
    .SYNOPSIS
        The shape "vm" of a virtual machine of VMM.
    #>
    param($VM)
    if ($null -eq $VM) { return $null }
    $parts = Split-CapiDescription -Description ([string]$VM.Description)
    $hostName = [string]$VM.HostName
    if (-not $hostName -and $VM.VMHost) { $hostName = [string]$VM.VMHost.Name }
    [ordered]@{
        id = ConvertTo-CapiId -Value $VM.ID
        vm_id = ConvertTo-CapiId -Value $VM.VMId
        bios_guid = ConvertTo-CapiId -Value $VM.BiosGuid
        name = [string]$VM.Name
        owner = $parts.owner
        uid = $parts.uid
        status = [string]$VM.Status
        cloud = ConvertTo-CapiText -Value $VM.Cloud.Name
        host_group = ConvertTo-CapiText -Value $VM.HostGroupPath
        host = ConvertTo-CapiText -Value $hostName
        host_cluster = ConvertTo-CapiText -Value $VM.VMHost.HostCluster.Name
        generation = [int]$VM.Generation
        cpu_count = [int]$VM.CPUCount
        memory_mb = [int]$VM.Memory
        dynamic_memory = ConvertTo-CapiMemory -VM $VM
        operating_system = ConvertTo-CapiText -Value $VM.OperatingSystem.Name
        start_action = ConvertTo-CapiText -Value $VM.StartAction
        stop_action = ConvertTo-CapiText -Value $VM.StopAction
        checkpoint_type = ConvertTo-CapiText -Value $VM.CheckpointType
        cpu_limit_for_migration = ConvertTo-CapiFlag -Value $VM.CPULimitForMigration
        cpu_limit_functionality = ConvertTo-CapiFlag -Value $VM.CPULimitFunctionality
        enable_nested_virtualization = ConvertTo-CapiFlag -Value $VM.EnableNestedVirtualization
        availability_sets = [object[]]@(foreach ($set in @($VM.AvailabilitySetNames)) { if ($set) { [string]$set } })
        tag = ConvertTo-CapiTag -Value $VM.Tag
        custom_properties = ConvertTo-CapiProperty -Property $VM.CustomProperty
        disks = [object[]]@(foreach ($disk in @($VM.VirtualDiskDrives)) { if ($disk -and -not (Get-CapiDiskMedium -Disk $disk)) { ConvertTo-CapiDisk -Disk $disk } })
        fibre_channel = [object[]]@(foreach ($one in @($VM.VirtualFibreChannelAdapters)) { ConvertTo-CapiFibre -Adapter $one })
        description = [string]$parts.text
        created = ConvertTo-CapiTime -Value $VM.CreationTime
        modified = ConvertTo-CapiTime -Value $VM.ModifiedTime
        computer_name = ConvertTo-CapiText -Value $VM.ComputerName
        network_adapters = [object[]]@(foreach ($adapter in @($VM.VirtualNetworkAdapters)) { ConvertTo-CapiAdapter -Adapter $adapter })
        media = [object[]]@(foreach ($held in @(Get-CapiHeldMedium -VM $VM)) {
                if ($held) { [ordered]@{ device = $held.device; file = $held.file } }
            })
        job = ConvertTo-CapiJob -Job $VM.MostRecentTask
    }
}

function Get-CapiHeldMedium {
    <#
    .SYNOPSIS
        The media in the drives of a VM: device, file and drive of each. Of a disk the drive is the disk.
    #>
    param($VM)
    foreach ($drive in @($VM.VirtualDVDDrives)) {
        if ($drive.ISO) { @{ device = 'dvd'; file = Get-CapiLibraryFile -Resource $drive.ISO; drive = $drive } }
    }
    $floppy = $VM.VirtualFloppyDrive
    if ($floppy.VirtualFloppyDisk) { @{ device = 'floppy'; file = Get-CapiLibraryFile -Resource $floppy.VirtualFloppyDisk; drive = $floppy } }
    foreach ($disk in @($VM.VirtualDiskDrives)) {
        $file = Get-CapiDiskMedium -Disk $disk
        if ($file) { @{ device = ([string]$disk.BusType).ToLowerInvariant(); file = $file; drive = $disk } }
    }
}

function Get-CapiLibraryFile {
    <#
    .SYNOPSIS
        The file name of a medium of the library or of a drive.
    #>
    param($Resource)
    $path = [string]$Resource.SharePath
    if ($path) { return $path.Substring($path.LastIndexOfAny([char[]]'\/') + 1) }
    [string]$Resource.Name
}

function Get-CapiDiskMedium {
    <#
    .SYNOPSIS
        The name that a disk had as a medium in the library, or nothing for a disk that is none. A checkpoint adds to it.
    #>
    param($Disk)
    if (([string]$Disk.VirtualHardDisk.Name) -match '^(.+)\.cidata(?:_[0-9a-f-]{36})?\.a?vhdx$') { $Matches[1] + '.vhdx' }
}

function ConvertTo-CapiJob {
    <#
    .SYNOPSIS
        The shape "job" of a VMM job. Progress is a number or a text like "40 %".
    #>
    param($Job)
    if ($null -eq $Job) { return $null }
    $progress = 0
    $null = [int]::TryParse(([string]$Job.Progress -replace '[^0-9]'), [ref]$progress)
    $status = [string]$Job.Status
    $failure = $null
    if ($status -eq 'Failed' -or $status -eq 'Canceled') { $failure = ConvertTo-CapiJobFailure -ErrorInfo $Job.ErrorInfo }
    [ordered]@{
        id = ConvertTo-CapiId -Value $Job.ID
        name = [string]$Job.Name
        status = $status
        progress = $progress
        is_completed = [bool]$Job.IsCompleted
        object_id = ConvertTo-CapiId -Value $Job.ResultObjectID
        started = ConvertTo-CapiTime -Value $Job.StartTime
        ended = ConvertTo-CapiTime -Value $Job.EndTime
        error = $failure
    }
}

function ConvertTo-CapiJobFailure {
    <#
    .SYNOPSIS
        The error of a job, from VMM's ErrorInfo, whose Code is a number or a text like "Error (2606)".
    #>
    param($ErrorInfo)
    if ($null -eq $ErrorInfo) { return $null }
    $number = $null
    if (([string]$ErrorInfo.Code) -match '(\d+)') { $number = [int]$Matches[1] }
    if (-not $number -and -not $ErrorInfo.Problem) { return $null }
    [ordered]@{
        number = $number
        message = [string]$ErrorInfo.Problem
        recommended_action = [string]$ErrorInfo.RecommendedAction
    }
}

function New-CapiVmResult {
    <#
    .SYNOPSIS
        The result that most operations have: changed, the VM and the job that was started or is under way.
    #>
    param($VM, $Job, [switch]$Changed)
    [ordered]@{ changed = [bool]$Changed; vm = ConvertTo-CapiVm -VM $VM; job = ConvertTo-CapiJob -Job $Job }
}
