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
    $parts = @{ cloud = $null; host_group = $null; template = $null; hardware_profile = $null; operating_system = $null; vhds = @{}; networks = @(); properties = @(); policies = @{}; fibre = @(); hosts = @() }
    if ($Wish.cloud) { $parts.cloud = Select-CapiNamed -Item @(Get-SCCloud -ErrorAction Stop) -Kind 'cloud' -Name $Wish.cloud }
    if ($Wish.host_group) { $parts.host_group = Get-CapiHostGroup -Name $Wish.host_group }
    $parts.hosts = @(Resolve-CapiPlace -Wish $Wish)
    if ($Wish.template) {
        $parts.template = Select-CapiNamed -Item @(Get-SCVMTemplate -ErrorAction Stop) -Kind 'template' -Name $Wish.template
    }
    else {
        $all = @(Get-SCHardwareProfile -ErrorAction Stop)
        $parts.hardware_profile = Select-CapiNamed -Item $all -Kind 'hardware profile' -Name $Wish.hardware_profile
    }
    $parts.vhds = Resolve-CapiVhd -Disk $Wish.disks
    $parts.operating_system = Resolve-CapiOperatingSystem -Wish $Wish -Vhd $parts.vhds
    $parts.policies = Resolve-CapiPolicy -Disk $Wish.disks
    $parts.networks = @(Resolve-CapiNetwork -Adapter $Wish.network_adapters)
    $parts.fibre = @(Resolve-CapiFibre -Adapter $Wish.fibre_channel)
    Assert-CapiNesting -Wish $Wish
    $parts.properties = @(Resolve-CapiProperty -Property $Wish.custom_properties)
    $parts
}

function Resolve-CapiPlace {
    <#
    .SYNOPSIS
        The hosts of which the VM must be on one: that which is named, or those of the host cluster, that with most free memory first. Nothing: VMM chooses.
    #>
    param($Wish)
    if (-not $Wish.host -and -not $Wish.host_cluster) { return }
    $all = @(Get-SCVMHost -ErrorAction Stop | Where-Object { $_ })
    if ($Wish.host) { return Select-CapiNamed -Item $all -Kind 'host' -Name $Wish.host }
    $found = @($all | Where-Object { ([string]$_.HostCluster.Name) -eq $Wish.host_cluster })
    if (-not $found.Count) {
        $message = "There is no host of a host cluster '$($Wish.host_cluster)' in VMM, or this user may not see it. Correct the name or create it."
        throw (New-CapiError -Id 'CapiScvmm.NotFound' -Message $message -Category ObjectNotFound)
    }
    $found | Sort-Object -Property @{ Expression = { [double]$_.AvailableMemory }; Descending = $true }, @{ Expression = { [string]$_.Name } }
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
    $pools = $null
    foreach ($one in $Adapter) {
        $network = Select-CapiNamed -Item $all -Kind 'VM network' -Name $one.vm_network
        $subnets = @(Get-SCVMSubnet -VMNetwork $network -ErrorAction Stop | Where-Object { $_ })
        $subnet = $null
        if ($one.vm_subnet) { $subnet = Select-CapiNamed -Item $subnets -Kind "subnet of VM network $($one.vm_network)" -Name $one.vm_subnet }
        elseif ($subnets.Count -eq 1) { $subnet = $subnets[0] }
        if ($one.static_ip_pools.Count -and $null -eq $pools) { $pools = @(Get-SCStaticIPAddressPool -ErrorAction Stop) }
        $chosen = @(foreach ($name in $one.static_ip_pools) { Select-CapiNamed -Item $pools -Kind 'static IP address pool' -Name $name })
        @{ network = $network; subnet = $subnet; mac_address = $one.mac_address; pools = $chosen }
    }
}

function Resolve-CapiPolicy {
    <#
    .SYNOPSIS
        The storage QoS policies that the disks name: a table from name to object.
    #>
    param([object[]]$Disk)
    $found = @{}
    $names = @(foreach ($one in $Disk) { if ($one.storage_qos_policy) { $one.storage_qos_policy } })
    if ($names.Count) {
        $all = @(Get-SCStorageQoSPolicy -ErrorAction Stop)
        foreach ($name in $names) { $found[$name] = Select-CapiNamed -Item $all -Kind 'storage QoS policy' -Name $name }
    }
    $found
}

function Resolve-CapiFibre {
    <#
    .SYNOPSIS
        Classification and virtual SANs of each fibre channel adapter. Hosts have SANs of one name: the host decides later.
    #>
    param([object[]]$Adapter)
    if (-not $Adapter) { return }
    foreach ($one in $Adapter) {
        $found = @{ classification = $null; sans = @(); virtual_san = $one.virtual_san }
        if ($one.classification) {
            $all = @(Get-SCStorageFabricClassification -ErrorAction Stop)
            $found.classification = Select-CapiNamed -Item $all -Kind 'storage fabric classification' -Name $one.classification
        }
        if ($one.virtual_san) {
            $found.sans = @(Get-SCVMHostFibreChannelVirtualSAN -ErrorAction Stop | Where-Object { $_ -and $_.Name -eq $one.virtual_san })
            # Says that there is none, as for any other name.
            if (-not $found.sans.Count) { $null = Select-CapiNamed -Item @() -Kind 'virtual SAN' -Name $one.virtual_san }
        }
        $found
    }
}

function Assert-CapiNesting {
    <#
    .SYNOPSIS
        Refuses nested virtualization on a server whose cmdlets do not know it: it came with VMM 2019.
    #>
    param($Wish)
    if (-not $Wish.enable_nested_virtualization -or (Test-CapiNesting)) { return }
    $message = "Field 'enable_nested_virtualization' is true, and this VMM server does not know nested virtualization: it came with VMM 2019. Leave the field out."
    throw (New-CapiError -Id 'CapiScvmm.BadRequest' -Message $message)
}

function Test-CapiNesting {
    <#
    .SYNOPSIS
        Says whether the server's cmdlets know nested virtualization.
    #>
    (Get-Command -Name New-SCVirtualMachine).Parameters.ContainsKey('EnableNestedVirtualization')
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
        $found = Select-CapiNamed -Item @(Get-SCCustomProperty -ErrorAction Stop) -Kind 'custom property' -Name $one.Name
        # An empty value needs no setting.
        if ($one.Value) { @{ property = $found; value = $one.Value } }
    }
}
