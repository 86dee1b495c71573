# SPDX-License-Identifier: GPL-3.0-or-later
# What a new VM is made of, looked up before anything is made.

function Resolve-CapiParts {
    <#
    .SYNOPSIS
        Looks up everything that a new VM is made of, so that a wrong name is told before anything is made.
    #>
    param($Wish)
    $bad = 'CapiScvmm.BadRequest'
    if (-not $Wish.cloud -and -not $Wish.host_group) {
        throw (New-CapiError -Id $bad -Message "Fields 'cloud' and 'host_group' are missing. Give at least one of them.")
    }
    if (-not $Wish.template -and -not $Wish.hardware_profile) {
        throw (New-CapiError -Id $bad -Message "Fields 'template' and 'hardware_profile' are missing. Give one of them.")
    }
    $parts = @{ cloud = $null; host_group = $null; template = $null; hardware_profile = $null; operating_system = $null; vhds = @{}; networks = @(); properties = @() }
    if ($Wish.cloud) { $parts.cloud = Select-CapiNamed -Item @(Get-SCCloud -ErrorAction Stop) -Kind 'cloud' -Name $Wish.cloud }
    if ($Wish.host_group) { $parts.host_group = Get-CapiHostGroup -Name $Wish.host_group }
    if ($Wish.template) {
        $parts.template = Select-CapiNamed -Item @(Get-SCVMTemplate -ErrorAction Stop) -Kind 'template' -Name $Wish.template
    }
    else {
        $all = @(Get-SCHardwareProfile -ErrorAction Stop)
        $parts.hardware_profile = Select-CapiNamed -Item $all -Kind 'hardware profile' -Name $Wish.hardware_profile
    }
    $parts.vhds = Resolve-CapiVhd -Disk $Wish.disks
    $parts.operating_system = Resolve-CapiOperatingSystem -Wish $Wish -Vhd $parts.vhds
    $parts.networks = @(Resolve-CapiNetwork -Adapter $Wish.network_adapters)
    $parts.properties = @(Resolve-CapiProperty -Property $Wish.custom_properties)
    $parts
}

function Resolve-CapiVhd {
    <#
    .SYNOPSIS
        The library's virtual hard disks that the disks name: a table from name to object.
    #>
    param([object[]]$Disk)
    $found = @{}
    $names = @(foreach ($one in $Disk) { if ($one.vhd) { $one.vhd } })
    if ($names.Count) {
        $all = @(Get-SCVirtualHardDisk -ErrorAction Stop)
        foreach ($name in $names) { $found[$name] = Select-CapiNamed -Item $all -Kind 'virtual hard disk' -Name $name }
    }
    $found
}

function Resolve-CapiOperatingSystem {
    <#
    .SYNOPSIS
        The operating system of a new VM: the one that is named; without a template else that of the first disk, else other Linux.
    #>
    param($Wish, [hashtable]$Vhd)
    $name = $Wish.operating_system
    if (-not $name -and -not $Wish.template) {
        foreach ($disk in $Wish.disks) {
            if ($disk.vhd -and $Vhd[$disk.vhd].OperatingSystem.Name) { $name = [string]$Vhd[$disk.vhd].OperatingSystem.Name; break }
        }
        if (-not $name) { $name = 'Other Linux (64 bit)' }
    }
    if ($name) { Select-CapiNamed -Item @(Get-SCOperatingSystem -ErrorAction Stop) -Kind 'operating system' -Name $name }
}

function Resolve-CapiNetwork {
    <#
    .SYNOPSIS
        VM network and subnet of each adapter. Without a name the network's only subnet is taken, or none when it has several.
    #>
    param([object[]]$Adapter)
    if (-not $Adapter) { return }
    $all = @(Get-SCVMNetwork -ErrorAction Stop)
    foreach ($one in $Adapter) {
        $network = Select-CapiNamed -Item $all -Kind 'VM network' -Name $one.vm_network
        $subnets = @(Get-SCVMSubnet -VMNetwork $network -ErrorAction Stop | Where-Object { $_ })
        $subnet = $null
        if ($one.vm_subnet) { $subnet = Select-CapiNamed -Item $subnets -Kind "subnet of VM network $($one.vm_network)" -Name $one.vm_subnet }
        elseif ($subnets.Count -eq 1) { $subnet = $subnets[0] }
        @{ network = $network; subnet = $subnet }
    }
}

function Resolve-CapiProperty {
    <#
    .SYNOPSIS
        The custom properties that are to be set, with their values. VMM must know them already.
    #>
    param($Property)
    if ($null -eq $Property) { return }
    foreach ($one in $Property.PSObject.Properties) {
        if ($one.Value -isnot [string]) {
            throw (New-CapiError -Id 'CapiScvmm.BadRequest' -Message "Field 'custom_properties.$($one.Name)' has the value '$($one.Value)'. Give a text.")
        }
        $all = @(Get-SCCustomProperty -ErrorAction Stop)
        @{ property = (Select-CapiNamed -Item $all -Kind 'custom property' -Name $one.Name); value = $one.Value }
    }
}
