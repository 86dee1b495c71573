# SPDX-License-Identifier: GPL-3.0-or-later
# What of a VM is not as it is asked for, and when it can be changed. It works on the shape "vm", not on VMM's objects.

function Compare-CapiVm {
    <#
    .SYNOPSIS
        What of a VM is not as it is asked for: field, before, after, and mend, which says when it can be changed.
    #>
    param($Shape, $Wish)
    Compare-CapiSetting -Shape $Shape -Wish $Wish
    Compare-CapiPlace -Shape $Shape -Wish $Wish
    Compare-CapiMemory -Shape $Shape -Wish $Wish
    for ($number = 0; $number -lt $Wish.disks.Count; $number++) {
        Compare-CapiWishedDisk -Shape $Shape -Wish $Wish -Number $number
    }
    for ($number = 0; $number -lt $Wish.network_adapters.Count; $number++) {
        Compare-CapiAdapter -Shape $Shape -Wish $Wish.network_adapters[$number] -Number $number
    }
    Compare-CapiProperty -Shape $Shape -Wish $Wish
    Compare-CapiFibre -Shape $Shape -Wish $Wish
}

function New-CapiDrift {
    <#
    .SYNOPSIS
        One difference. Mend: now (while it runs or is off), off (only while it is off), never.
    #>
    param([string]$Field, $Before, $After, [ValidateSet('now', 'off', 'never')] [string]$Mend)
    [ordered]@{ field = $Field; before = $Before; after = $After; mend = $Mend }
}

function Compare-CapiSetting {
    <#
    .SYNOPSIS
        The settings that are one value each. What VMM does not tell is not compared.
    #>
    param($Shape, $Wish)
    $mends = [ordered]@{
        name = 'now'; description = 'now'; tag = 'now'; operating_system = 'now'; start_action = 'now'; checkpoint_type = 'now'
        stop_action = 'off'; cpu_count = 'off'; memory_mb = 'off'; cpu_limit_for_migration = 'off'; cpu_limit_functionality = 'off'
        enable_nested_virtualization = 'off'
    }
    foreach ($field in $mends.Keys) {
        $before = $Shape[$field]
        $after = $Wish[$field]
        if ($null -eq $after) { continue }
        $mend = $mends[$field]
        if ($null -eq $before) {
            if ($field -eq 'enable_nested_virtualization') {
                # A server before VMM 2019: there is none, and none can be had.
                if (-not $after) { continue }
                $mend = 'never'
            }
            elseif ('tag', 'operating_system' -notcontains $field -or -not $after) { continue }
        }
        elseif (([string]$before) -ceq ([string]$after)) { continue }
        elseif ($field -eq 'operating_system' -and $before -eq $after) { continue }
        New-CapiDrift -Field $field -Before $before -After $after -Mend $mend
    }
}

function Compare-CapiPlace {
    <#
    .SYNOPSIS
        Where a VM is and what it was made as; only its availability set can be changed.
    #>
    param($Shape, $Wish)
    if ($Wish.cloud -and ([string]$Shape.cloud) -ne $Wish.cloud) {
        New-CapiDrift -Field 'cloud' -Before $Shape.cloud -After $Wish.cloud -Mend 'never'
    }
    $path = [string]$Shape.host_group
    $group = [string]$Wish.host_group
    $inside = $path -eq $group -or $path.StartsWith($group + '\', [System.StringComparison]::OrdinalIgnoreCase) -or $path.Split('\') -contains $group
    if ($group -and $path -and -not $inside) { New-CapiDrift -Field 'host_group' -Before $path -After $group -Mend 'never' }
    foreach ($name in 'host', 'host_cluster') {
        if ($Wish[$name] -and ([string]$Shape[$name]) -ne $Wish[$name]) {
            New-CapiDrift -Field $name -Before $Shape[$name] -After $Wish[$name] -Mend 'never'
        }
    }
    if ($Wish.generation -and -not $Wish.template -and $Shape.generation -ne $Wish.generation) {
        New-CapiDrift -Field 'generation' -Before $Shape.generation -After $Wish.generation -Mend 'never'
    }
    if ($Wish.availability_set -and ($Shape.availability_sets.Count -ne 1 -or $Shape.availability_sets[0] -ne $Wish.availability_set)) {
        New-CapiDrift -Field 'availability_set' -Before ([object[]]$Shape.availability_sets) -After $Wish.availability_set -Mend 'now'
    }
}

function Compare-CapiMemory {
    <#
    .SYNOPSIS
        The limits of dynamic memory, as far as they are asked for.
    #>
    param($Shape, $Wish)
    if (-not $Wish.dynamic_memory) { return }
    $same = $null -ne $Shape.dynamic_memory
    $after = [ordered]@{}
    foreach ($name in $Wish.dynamic_memory.Keys) {
        $wished = $Wish.dynamic_memory[$name]
        if ($null -eq $wished) { continue }
        $after[$name] = $wished
        if ($same -and $Shape.dynamic_memory[$name] -ne $wished) { $same = $false }
    }
    if (-not $same) { New-CapiDrift -Field 'dynamic_memory' -Before $Shape.dynamic_memory -After $after -Mend 'off' }
}

function Find-CapiWishedDisk {
    <#
    .SYNOPSIS
        The shape of the disk that a wished one became: the number is in the name of its file.
    #>
    param($Shape, $Wish, [int]$Number)
    $file = $Wish.disks[$Number].file
    if ($file) {
        foreach ($disk in $Shape.disks) { if ($disk.name -eq $file -or ($disk.name -replace '\.vhdx?$') -eq $file) { return $disk } }
        return $null
    }
    $own = ($Wish.name -replace '[^A-Za-z0-9._-]', '_') + "-disk-$Number"
    $found = @($Shape.disks | Where-Object { $_.name -match "-disk-$Number(\.[^.]*)?$" })
    foreach ($disk in $found) { if (($disk.name -replace '\.[^.]*$') -eq $own) { return $disk } }
    if ($found.Count) { $found[0] }
}

function Compare-CapiWishedDisk {
    <#
    .SYNOPSIS
        One disk: it can grow, and its limits can change.
    #>
    param($Shape, $Wish, [int]$Number)
    $after = $Wish.disks[$Number]
    $field = "disks[$Number]"
    $before = Find-CapiWishedDisk -Shape $Shape -Wish $Wish -Number $Number
    if (-not $before) {
        $mend = 'never'
        if ($after.file) { $mend = 'off' }
        New-CapiDrift -Field $field -Before $null -After $after -Mend $mend
        return
    }
    if ($after.path -and $before.path -ne $after.path) {
        New-CapiDrift -Field "$field.path" -Before $before.path -After $after.path -Mend 'never'
    }
    if ($after.size_mb -and $before.size_mb -lt $after.size_mb) {
        New-CapiDrift -Field "$field.size_mb" -Before $before.size_mb -After $after.size_mb -Mend 'off'
    }
    # VMM makes disks larger in whole GB: less than one more than what is asked for is as good.
    elseif ($after.size_mb -and $before.size_mb -ge $after.size_mb + 1024) {
        New-CapiDrift -Field "$field.size_mb" -Before $before.size_mb -After $after.size_mb -Mend 'never'
    }
    if (-not $after.vhd -and $before.dynamic -ne $after.dynamic) {
        New-CapiDrift -Field "$field.dynamic" -Before $before.dynamic -After $after.dynamic -Mend 'never'
    }
    if ($after.iops_maximum -and $before.iops_maximum -ne $after.iops_maximum) {
        New-CapiDrift -Field "$field.iops_maximum" -Before $before.iops_maximum -After $after.iops_maximum -Mend 'now'
    }
    if ($after.storage_qos_policy -and ([string]$before.storage_qos_policy) -ne $after.storage_qos_policy) {
        New-CapiDrift -Field "$field.storage_qos_policy" -Before $before.storage_qos_policy -After $after.storage_qos_policy -Mend 'now'
    }
}

function Compare-CapiAdapter {
    <#
    .SYNOPSIS
        One network adapter: its network can change while the VM runs, its addresses only while it is off.
    #>
    param($Shape, $Wish, [int]$Number)
    $field = "network_adapters[$Number]"
    $before = $null
    foreach ($adapter in $Shape.network_adapters) { if ($adapter.slot -eq $Number) { $before = $adapter } }
    if (-not $before) {
        New-CapiDrift -Field $field -Before $null -After $Wish.vm_network -Mend 'off'
        return
    }
    foreach ($name in 'vm_network', 'vm_subnet') {
        if ($Wish[$name] -and ([string]$before[$name]) -ne $Wish[$name]) {
            New-CapiDrift -Field "$field.$name" -Before $before[$name] -After $Wish[$name] -Mend 'now'
        }
    }
    if ($Wish.mac_address -and ([string]$before.mac_address) -ne $Wish.mac_address) {
        New-CapiDrift -Field "$field.mac_address" -Before $before.mac_address -After $Wish.mac_address -Mend 'off'
    }
    $pools = [object[]]@(foreach ($given in $before.static_addresses) { $given.pool })
    $lacking = @($Wish.static_ip_pools | Where-Object { $pools -notcontains $_ })
    if ($lacking.Count) { New-CapiDrift -Field "$field.static_ip_pools" -Before $pools -After ([object[]]$Wish.static_ip_pools) -Mend 'off' }
}

function Compare-CapiProperty {
    <#
    .SYNOPSIS
        The custom properties that are asked for. One that has a value cannot be made empty.
    #>
    param($Shape, $Wish)
    if ($null -eq $Wish.custom_properties) { return }
    foreach ($one in $Wish.custom_properties.PSObject.Properties) {
        $before = $null
        foreach ($name in $Shape.custom_properties.Keys) { if ($name -eq $one.Name) { $before = $Shape.custom_properties[$name] } }
        if (([string]$before) -ceq ([string]$one.Value)) { continue }
        $mend = 'now'
        if (-not $one.Value) { $mend = 'never' }
        New-CapiDrift -Field "custom_properties.$($one.Name)" -Before $before -After $one.Value -Mend $mend
    }
}

function Compare-CapiFibre {
    <#
    .SYNOPSIS
        The fibre channel adapters, which stay as they were made.
    #>
    param($Shape, $Wish)
    for ($number = 0; $number -lt $Wish.fibre_channel.Count; $number++) {
        $after = $Wish.fibre_channel[$number]
        $before = $null
        if ($number -lt $Shape.fibre_channel.Count) { $before = $Shape.fibre_channel[$number] }
        $same = $null -ne $before
        foreach ($name in 'classification', 'virtual_san') {
            if ($same -and $after[$name] -and ([string]$before[$name]) -ne $after[$name]) { $same = $false }
        }
        if (-not $same) { New-CapiDrift -Field "fibre_channel[$number]" -Before $before -After $after -Mend 'never' }
    }
}
