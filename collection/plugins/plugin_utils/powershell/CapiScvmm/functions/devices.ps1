# SPDX-License-Identifier: GPL-3.0-or-later
# Disks and network adapters of a new VM.

function Add-CapiDisk {
    <#
    .SYNOPSIS
        Puts the disks of a new VM into the job group, on free places: SCSI, and IDE 0:0 for the boot disk of generation 1.
    #>
    param($Wish, [hashtable]$Part, [guid]$JobGroup)
    if (-not $Wish.disks.Count) { return }
    $generation = Get-CapiGeneration -Wish $Wish -Part $Part
    $used = @(Get-CapiUsedLun -Part $Part -Generation $generation)
    $lun = 0
    $number = 0
    foreach ($disk in $Wish.disks) {
        $place = @{ Bus = 0; JobGroup = $JobGroup }
        if ($generation -eq 1 -and $number -eq 0 -and -not $Part.template) {
            $place.IDE = $true
            $place.LUN = 0
        }
        else {
            while ($used -contains $lun) { $lun++ }
            $place.SCSI = $true
            $place.LUN = $lun
            $lun++
        }
        if ($disk.volume_type) { $place.VolumeType = $disk.volume_type }
        elseif ($number -eq 0 -and -not $Part.template) { $place.VolumeType = 'BootAndSystem' }
        $file = ($Wish.name -replace '[^A-Za-z0-9._-]', '_') + "-disk-$number"
        Add-CapiOneDisk -Disk $disk -Place $place -Vhd $Part.vhds -File $file -Generation $generation
        $number++
    }
}

function Add-CapiOneDisk {
    <#
    .SYNOPSIS
        Puts one disk into the job group: a copy of a disk of the library, or an empty one.
    #>
    param($Disk, [hashtable]$Place, [hashtable]$Vhd, [string]$File, [int]$Generation)
    if ($Disk.vhd) {
        $null = New-SCVirtualDiskDrive @Place -VirtualHardDisk $Vhd[$Disk.vhd] -ErrorAction Stop
        return
    }
    $extension = '.vhdx'
    $format = 'VHDX'
    if ($Generation -eq 1) { $extension = '.vhd'; $format = 'VHD' }
    $empty = @{ VirtualHardDiskSizeMB = [long]$Disk.size_mb; FileName = $File + $extension; VirtualHardDiskFormatType = $format }
    if ($Disk.dynamic) { $null = New-SCVirtualDiskDrive @Place @empty -Dynamic -ErrorAction Stop }
    else { $null = New-SCVirtualDiskDrive @Place @empty -Fixed -ErrorAction Stop }
}

function Get-CapiGeneration {
    <#
    .SYNOPSIS
        The generation that a new VM gets: the template's, else what is asked for, else the hardware profile's, else 2.
    #>
    [OutputType([int])]
    param($Wish, [hashtable]$Part)
    if ($Part.template -and $Part.template.Generation) { return [int]$Part.template.Generation }
    if ($Wish.generation) { return [int]$Wish.generation }
    if ($Part.hardware_profile -and $Part.hardware_profile.Generation) { return [int]$Part.hardware_profile.Generation }
    2
}

function Get-CapiUsedLun {
    <#
    .SYNOPSIS
        The places on SCSI bus 0 that drives of the template or hardware profile have taken.
    #>
    param([hashtable]$Part, [int]$Generation)
    $drives = @()
    if ($Part.template) { $drives += @(Get-SCVirtualDiskDrive -VMTemplate $Part.template -ErrorAction Stop) }
    # Generation 1 has its DVD drives on IDE.
    if ($Generation -eq 2) {
        if ($Part.template) { $drives += @(Get-SCVirtualDVDDrive -VMTemplate $Part.template -ErrorAction Stop) }
        else { $drives += @(Get-SCVirtualDVDDrive -HardwareProfile $Part.hardware_profile -ErrorAction Stop) }
    }
    foreach ($drive in $drives) {
        if ($drive -and ([string]$drive.BusType) -ne 'IDE' -and [int]$drive.Bus -eq 0) { [int]$drive.LUN }
    }
}

function Add-CapiAdapter {
    <#
    .SYNOPSIS
        Connects the network adapters: those that the template has are set, further ones are made.
    #>
    param([hashtable]$Part, $Template, [guid]$JobGroup)
    if (-not $Part.networks.Count) { return }
    if ($Template.PSObject.Properties['VirtualNetworkAdapters']) { $has = @($Template.VirtualNetworkAdapters | Where-Object { $_ }) }
    else { $has = @(Get-SCVirtualNetworkAdapter -VMTemplate $Template -ErrorAction Stop | Where-Object { $_ }) }
    $slot = 0
    foreach ($one in $Part.networks) {
        $parameters = @{ VMNetwork = $one.network; JobGroup = $JobGroup }
        if ($one.subnet) { $parameters.VMSubnet = $one.subnet }
        if ($slot -lt $has.Count) { $null = Set-SCVirtualNetworkAdapter @parameters -SlotID $slot -ErrorAction Stop }
        else { $null = New-SCVirtualNetworkAdapter @parameters -Synthetic -ErrorAction Stop }
        $slot++
    }
}
