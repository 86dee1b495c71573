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
        # A VM whose creation fails is removed with its files: a disk that is kept apart from it comes later.
        if ($disk.file) { $number++; continue }
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
        if ($disk.storage_qos_policy) { $place.StorageQoSPolicy = $Part.policies[$disk.storage_qos_policy] }
        # The number in the file's name tells later which of the wished disks it is.
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
    $extension = '.vhdx'
    $format = 'VHDX'
    if ($Generation -eq 1) { $extension = '.vhd'; $format = 'VHD' }
    if ($Disk.vhd) {
        $source = $Vhd[$Disk.vhd]
        $path = [string]$source.SharePath
        if (-not $path) { $path = [string]$source.Name }
        if ($path -match '\.[A-Za-z0-9]+$') { $extension = $Matches[0] }
        $null = New-SCVirtualDiskDrive @Place -VirtualHardDisk $source -FileName ($File + $extension) -ErrorAction Stop
        return
    }
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
        if ($one.mac_address) { $parameters.MACAddress = $one.mac_address }
        # An address of a static pool needs a static MAC address; zeros let VMM choose one.
        elseif ($one.pools.Count) { $parameters.MACAddress = '00:00:00:00:00:00' }
        if ($parameters.MACAddress) { $parameters.MACAddressType = 'Static' }
        if ($slot -lt $has.Count) { $null = Set-SCVirtualNetworkAdapter @parameters -SlotID $slot -ErrorAction Stop }
        else { $null = New-SCVirtualNetworkAdapter @parameters -Synthetic -ErrorAction Stop }
        $slot++
    }
}

function Add-CapiFibre {
    <#
    .SYNOPSIS
        Puts the fibre channel adapters of a new VM into the job group, each on the virtual SAN of the host that was chosen.
    #>
    param($Wish, [hashtable]$Part, $Configuration, [guid]$JobGroup)
    foreach ($one in $Part.fibre) {
        $parameters = @{ JobGroup = $JobGroup }
        if ($one.classification) { $parameters.StorageFabricClassification = $one.classification }
        if ($one.virtual_san) { $parameters.VirtualFibreChannelSAN = Select-CapiSan -Wish $Wish -Adapter $one -Configuration $Configuration }
        $null = New-SCVirtualFibreChannelAdapter @parameters -DynamicWorldWideName -ErrorAction Stop
    }
}

function Select-CapiSan {
    <#
    .SYNOPSIS
        The virtual SAN of the name that is on the host which placement chose.
    #>
    param($Wish, $Adapter, $Configuration)
    $hostName = [string]$Configuration.VMHost.Name
    foreach ($san in $Adapter.sans) {
        if (-not $hostName -or -not $san.VMHost -or ([string]$san.VMHost.Name) -eq $hostName) { return $san }
    }
    $message = "VM $($Wish.name) was placed on host $hostName, which has no virtual SAN '$($Adapter.virtual_san)'."
    $action = 'Give that host a virtual SAN of this name, or choose a place where all hosts have one.'
    throw (New-CapiError -Id 'CapiScvmm.NoPlacement' -Message $message -RecommendedAction $action)
}
