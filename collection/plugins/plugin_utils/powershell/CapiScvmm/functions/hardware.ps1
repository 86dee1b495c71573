# SPDX-License-Identifier: GPL-3.0-or-later
# The hardware and the settings of a VM in the shapes of docs/operations.md.

function ConvertTo-CapiAdapter {
    <#
    .SYNOPSIS
        The shape of one network adapter: slot, MAC address, VM network and the addresses that the guest reports.
    #>
    param($Adapter)
    if ($null -eq $Adapter) { return }
    $mac = [string]$Adapter.MACAddress
    if (-not $mac) { $mac = [string]$Adapter.EthernetAddress }
    $macType = [string]$Adapter.MACAddressType
    if (-not $macType) { $macType = [string]$Adapter.EthernetAddressType }
    [ordered]@{
        slot = [int]$Adapter.SlotID
        mac_address = ConvertTo-CapiText -Value $mac.Replace('-', ':').ToLowerInvariant()
        mac_address_type = ConvertTo-CapiText -Value $macType.ToLowerInvariant()
        vm_network = ConvertTo-CapiText -Value $Adapter.VMNetwork.Name
        vm_subnet = ConvertTo-CapiText -Value $Adapter.VMSubnet.Name
        addresses = [object[]]@(foreach ($address in @($Adapter.IPv4Addresses) + @($Adapter.IPv6Addresses)) {
                if ($address) { [string]$address }
            })
        static_addresses = [object[]]@(Get-CapiStaticAddress -Adapter $Adapter)
    }
}

function Get-CapiStaticAddress {
    <#
    .SYNOPSIS
        The addresses that an adapter has been given out of static pools of VMM, with what a guest has to know of the pool.
    #>
    param($Adapter)
    # Only adapters with static addresses cost a call.
    if ([string]$Adapter.IPv4AddressType -ne 'Static' -and [string]$Adapter.IPv6AddressType -ne 'Static') { return }
    # A VM that has just been removed has none any more, and a look at VMs must not fail for want of these.
    try { $all = @(Get-SCIPAddress -GrantToObjectID $Adapter.ID -ErrorAction Stop) }
    catch {
        $script:CapiDoubtful = $true
        return
    }
    foreach ($given in $all) {
        if (-not $given) { continue }
        $pool = $given.AllocatingAddressPool
        [ordered]@{
            address = ([string]$given.Address) + '/' + ([string]$pool.Subnet).Split('/')[-1]
            pool = ConvertTo-CapiText -Value $pool.Name
            gateways = [object[]]@(foreach ($gateway in @($pool.DefaultGateways)) { if ($gateway.IPAddress) { [string]$gateway.IPAddress } })
            nameservers = [object[]]@(foreach ($server in @($pool.DNSServers)) { if ($server) { [string]$server } })
        }
    }
}

function ConvertTo-CapiDisk {
    <#
    .SYNOPSIS
        The shape of one disk of a VM.
    #>
    param($Disk)
    if ($null -eq $Disk) { return }
    $file = $Disk.VirtualHardDisk
    $maximum = $null
    if ($Disk.IOPSMaximum) { $maximum = [long]$Disk.IOPSMaximum }
    [ordered]@{
        name = ConvertTo-CapiText -Value $file.Name
        path = Get-CapiDiskFolder -Disk $Disk
        bus_type = [string]$Disk.BusType
        bus = [int]$Disk.Bus
        lun = [int]$Disk.LUN
        size_mb = [long][math]::Floor([double]$file.MaximumSize / 1MB)
        dynamic = ([string]$file.VHDType) -notlike 'Fixed*'
        volume_type = [string]$Disk.VolumeType
        iops_maximum = $maximum
        storage_qos_policy = ConvertTo-CapiText -Value $Disk.StorageQoSPolicy.Name
    }
}

function Get-CapiDiskFolder {
    <#
    .SYNOPSIS
        The folder on the host in which the file of a disk lies, or nothing when VMM does not say.
    #>
    [OutputType([string])]
    param($Disk)
    $location = [string]$Disk.VirtualHardDisk.Location
    $end = $location.LastIndexOf('\')
    if ($end -gt 0) { return $location.Substring(0, $end) }
    return $null
}

function ConvertTo-CapiFibre {
    <#
    .SYNOPSIS
        The shape of one fibre channel adapter of a VM.
    #>
    param($Adapter)
    if ($null -eq $Adapter) { return }
    [ordered]@{
        classification = ConvertTo-CapiText -Value $Adapter.StorageFabricClassification.Name
        virtual_san = ConvertTo-CapiText -Value $Adapter.VirtualFibreChannelSAN.Name
    }
}

function ConvertTo-CapiMemory {
    <#
    .SYNOPSIS
        The limits of a VM's dynamic memory, or nothing when its memory is fixed.
    #>
    param($VM)
    if (-not $VM.DynamicMemoryEnabled) { return $null }
    [ordered]@{
        minimum_mb = [int]$VM.DynamicMemoryMinimumMB
        maximum_mb = [int]$VM.DynamicMemoryMaximumMB
        buffer_percent = [int]$VM.DynamicMemoryBufferPercentage
    }
}

function ConvertTo-CapiFlag {
    <#
    .SYNOPSIS
        True or false, or nothing when VMM does not say.
    #>
    param($Value)
    if ($null -eq $Value) { return $null }
    [bool]$Value
}

function ConvertTo-CapiTag {
    <#
    .SYNOPSIS
        A VM's tag; VMM calls none "(none)".
    #>
    param($Value)
    $text = [string]$Value
    if (-not $text -or $text -eq '(none)') { return $null }
    $text
}

function ConvertTo-CapiProperty {
    <#
    .SYNOPSIS
        A VM's custom properties by name, in the order of the names, those without a value left out.
    #>
    param($Property)
    $found = [ordered]@{}
    if ($null -eq $Property) { return $found }
    if ($Property -is [System.Collections.IDictionary]) { $names = @($Property.Keys) }
    else { $names = @(foreach ($one in $Property.PSObject.Properties) { $one.Name }) }
    foreach ($name in @($names | Sort-Object)) {
        if ($Property -is [System.Collections.IDictionary]) { $value = $Property[$name] }
        else { $value = $Property.PSObject.Properties[$name].Value }
        if ($value) { $found[[string]$name] = [string]$value }
    }
    $found
}

function Get-CapiSettingFact {
    <#
    .SYNOPSIS
        All that a VM's shape tells of its settings, disks and fibre channel, as values for its fingerprint.
    #>
    param($VM)
    $VM.OperatingSystem.Name, $VM.Tag, $VM.StartAction, $VM.StopAction, $VM.CheckpointType, $VM.CPULimitForMigration
    $VM.CPULimitFunctionality, $VM.EnableNestedVirtualization, $VM.DynamicMemoryEnabled, $VM.DynamicMemoryMinimumMB
    $VM.DynamicMemoryMaximumMB, $VM.DynamicMemoryBufferPercentage, ($VM.AvailabilitySetNames -join ' ')
    $properties = ConvertTo-CapiProperty -Property $VM.CustomProperty
    foreach ($name in $properties.Keys) { 'property', $name, $properties[$name] }
    foreach ($disk in $VM.VirtualDiskDrives) {
        $file = $disk.VirtualHardDisk
        'disk', $disk.BusType, $disk.Bus, $disk.LUN, $file.Name, $file.MaximumSize, $file.VHDType, $disk.VolumeType, $disk.IOPSMaximum
        $disk.StorageQoSPolicy.Name
    }
    foreach ($one in $VM.VirtualFibreChannelAdapters) { 'fibre', $one.StorageFabricClassification.Name, $one.VirtualFibreChannelSAN.Name }
}
