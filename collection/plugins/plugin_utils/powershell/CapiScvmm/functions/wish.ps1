# SPDX-License-Identifier: GPL-3.0-or-later
# The request of vm_present, read and checked.

function Read-CapiVmWish {
    <#
    .SYNOPSIS
        Reads and checks the request of vm_present.
    #>
    param($Request)
    $wish = [ordered]@{}
    foreach ($name in 'owner', 'uid', 'name') { $wish[$name] = Get-CapiField -Request $Request -Name $name -Required }
    foreach ($name in 'owner', 'uid') { Assert-CapiMarkable -Name $name -Value $wish[$name] }
    $wish.id = Get-CapiField -Request $Request -Name 'id' -Kind guid
    foreach ($name in 'cloud', 'host_group', 'template', 'hardware_profile', 'operating_system', 'availability_set', 'description', 'tag', 'host', 'host_cluster') {
        $wish[$name] = Get-CapiField -Request $Request -Name $name
    }
    if ($wish.host -and $wish.host_cluster) {
        throw (New-CapiError -Id 'CapiScvmm.BadRequest' -Message "Fields 'host' and 'host_cluster' exclude each other. Give one of them.")
    }
    $wish.generation = Get-CapiField -Request $Request -Name 'generation' -Kind integer -Minimum 1 -Maximum 2
    $wish.cpu_count = Get-CapiField -Request $Request -Name 'cpu_count' -Kind integer -Minimum 1 -Maximum 240
    $wish.memory_mb = Get-CapiField -Request $Request -Name 'memory_mb' -Kind integer -Minimum 32
    $wish.dynamic_memory = Read-CapiMemoryWish -Request $Request
    $wish.disks = Read-CapiDiskWish -Request $Request
    $wish.network_adapters = Read-CapiAdapterWish -Request $Request
    $wish.start_action = Get-CapiField -Request $Request -Name 'start_action' -Allowed 'NeverAutoTurnOnVM', 'AlwaysAutoTurnOnVM', 'TurnOnVMIfRunningWhenVSStopped'
    $wish.stop_action = Get-CapiField -Request $Request -Name 'stop_action' -Allowed 'SaveVM', 'TurnOffVM', 'ShutdownGuestOS'
    $wish.checkpoint_type = Get-CapiField -Request $Request -Name 'checkpoint_type' -Allowed 'Disabled', 'Production', 'ProductionOnly', 'Standard'
    $wish.cpu_limit_for_migration = Get-CapiField -Request $Request -Name 'cpu_limit_for_migration' -Kind flag
    $wish.cpu_limit_functionality = Get-CapiField -Request $Request -Name 'cpu_limit_functionality' -Kind flag
    $wish.enable_nested_virtualization = Get-CapiField -Request $Request -Name 'enable_nested_virtualization' -Kind flag
    $wish.custom_properties = Get-CapiField -Request $Request -Name 'custom_properties' -Kind map
    $wish.fibre_channel = Read-CapiFibreWish -Request $Request
    $wish.update = Get-CapiField -Request $Request -Name 'update' -Allowed 'never', 'when_off', 'always' -Default 'never'
    $wish.unique_name = Get-CapiField -Request $Request -Name 'unique_name' -Kind flag -Default $false
    $wish.check = Get-CapiField -Request $Request -Name 'check' -Kind flag -Default $false
    $wish
}

function Read-CapiMemoryWish {
    <#
    .SYNOPSIS
        Reads the field dynamic_memory of vm_present.
    #>
    param($Request)
    $given = Get-CapiField -Request $Request -Name 'dynamic_memory' -Kind map
    if ($null -eq $given) { return $null }
    $prefix = 'dynamic_memory.'
    [ordered]@{
        minimum_mb = Get-CapiField -Request $given -Name 'minimum_mb' -Kind integer -Minimum 32 -Prefix $prefix
        maximum_mb = Get-CapiField -Request $given -Name 'maximum_mb' -Kind integer -Minimum 32 -Prefix $prefix
        buffer_percent = Get-CapiField -Request $given -Name 'buffer_percent' -Kind integer -Minimum 5 -Maximum 2000 -Prefix $prefix
    }
}

function Read-CapiDiskWish {
    <#
    .SYNOPSIS
        Reads the field disks of vm_present.
    #>
    param($Request)
    $number = 0
    $disks = @(foreach ($given in (Get-CapiField -Request $Request -Name 'disks' -Kind objects)) {
            $prefix = "disks[$number]."
            $number++
            $disk = [ordered]@{
                size_mb = Get-CapiField -Request $given -Name 'size_mb' -Kind integer -Minimum 1 -Maximum 67108864 -Prefix $prefix
                dynamic = Get-CapiField -Request $given -Name 'dynamic' -Kind flag -Default $true -Prefix $prefix
                vhd = Get-CapiField -Request $given -Name 'vhd' -Prefix $prefix
                volume_type = Get-CapiField -Request $given -Name 'volume_type' -Allowed 'None', 'Boot', 'System', 'BootAndSystem' -Prefix $prefix
                iops_maximum = Get-CapiField -Request $given -Name 'iops_maximum' -Kind integer -Minimum 1 -Prefix $prefix
                storage_qos_policy = Get-CapiField -Request $given -Name 'storage_qos_policy' -Prefix $prefix
            }
            $there = Read-CapiFileWish -Given $given -Prefix $prefix
            foreach ($field in $there.Keys) { $disk[$field] = $there[$field] }
            if ($disk.vhd -and $disk.file) {
                throw (New-CapiError -Id 'CapiScvmm.BadRequest' -Message "Fields '${prefix}vhd' and '${prefix}file' exclude each other. Give one of them.")
            }
            if (-not $disk.vhd -and -not $disk.size_mb -and -not $disk.existing) {
                throw (New-CapiError -Id 'CapiScvmm.BadRequest' -Message "Field '${prefix}size_mb' is missing. Give it, or a vhd of the library.")
            }
            $disk
        })
    return , ([object[]]$disks)
}

function Read-CapiFileWish {
    <#
    .SYNOPSIS
        Reads where the file of a disk lies that is kept apart from its VM: file, path and existing; nothing for any other disk.
    #>
    [OutputType([System.Collections.Specialized.OrderedDictionary])]
    param($Given, [string]$Prefix)
    $found = [ordered]@{}
    $file = Get-CapiField -Request $Given -Name 'file' -Prefix $Prefix
    $path = Get-CapiField -Request $Given -Name 'path' -Prefix $Prefix
    $existing = Get-CapiField -Request $Given -Name 'existing' -Kind flag -Default $false -Prefix $Prefix
    if ($file) {
        Assert-CapiHostFile -Field "${Prefix}file" -Name $file
        $found.file = $file
        $found.path = Resolve-CapiHostFolder -Field "${Prefix}path" -Path $path
        $found.existing = $existing
    }
    elseif ($path -or $existing) {
        throw (New-CapiError -Id 'CapiScvmm.BadRequest' -Message "Field '${Prefix}file' is missing. Give it along with path and existing.")
    }
    if ($existing -and -not $path) {
        throw (New-CapiError -Id 'CapiScvmm.BadRequest' -Message "Field '${Prefix}path' is missing. Give the folder in which the existing file lies.")
    }
    $found
}

function Assert-CapiHostFile {
    <#
    .SYNOPSIS
        Refuses what is no name of a disk's file.
    #>
    param([string]$Field, [string]$Name)
    if ($Name -match '^[A-Za-z0-9][A-Za-z0-9 ._-]{0,99}\z') { return }
    $message = "Field '$Field' has the value '$Name'. Give a file name of letters, digits, blanks and . _ -."
    throw (New-CapiError -Id 'CapiScvmm.BadRequest' -Message $message)
}

function Resolve-CapiHostFolder {
    <#
    .SYNOPSIS
        The path of a folder on a host without a backslash at its end, or nothing; refuses what is no whole path.
    #>
    [OutputType([string])]
    param([string]$Field, [string]$Path)
    if (-not $Path) { return $null }
    if ($Path -match '^([A-Za-z]:|\\\\[^\\/:*?"<>|]+)(\\[^\\/:*?"<>|]+)+\\?\z') { return $Path.TrimEnd('\') }
    $message = "Field '$Field' has the value '$Path'. Give a folder on the host like D:\disks or C:\ClusterStorage\Volume1."
    throw (New-CapiError -Id 'CapiScvmm.BadRequest' -Message $message)
}

function Read-CapiAdapterWish {
    <#
    .SYNOPSIS
        Reads the field network_adapters of vm_present.
    #>
    param($Request)
    $number = 0
    $adapters = @(foreach ($given in (Get-CapiField -Request $Request -Name 'network_adapters' -Kind objects)) {
            $prefix = "network_adapters[$number]."
            $number++
            [ordered]@{
                vm_network = Get-CapiField -Request $given -Name 'vm_network' -Required -Prefix $prefix
                vm_subnet = Get-CapiField -Request $given -Name 'vm_subnet' -Prefix $prefix
                mac_address = Read-CapiMacWish -Given $given -Prefix $prefix
                static_ip_pools = Get-CapiField -Request $given -Name 'static_ip_pools' -Kind list -Prefix $prefix
            }
        })
    return , ([object[]]$adapters)
}

function Read-CapiMacWish {
    <#
    .SYNOPSIS
        Reads the MAC address of a network adapter: six bytes in hex, returned with colons and in lower case.
    #>
    param($Given, [string]$Prefix)
    $address = Get-CapiField -Request $Given -Name 'mac_address' -Prefix $Prefix
    if ($null -eq $address) { return $null }
    if ($address -notmatch '^[0-9A-Fa-f]{2}([:-][0-9A-Fa-f]{2}){5}\z') {
        throw (New-CapiError -Id 'CapiScvmm.BadRequest' -Message "Field '${Prefix}mac_address' has the value '$address'. Give six bytes like 00:15:5d:01:02:03.")
    }
    $address.Replace('-', ':').ToLowerInvariant()
}

function Read-CapiFibreWish {
    <#
    .SYNOPSIS
        Reads the field fibre_channel of vm_present.
    #>
    param($Request)
    $number = 0
    $adapters = @(foreach ($given in (Get-CapiField -Request $Request -Name 'fibre_channel' -Kind objects)) {
            $prefix = "fibre_channel[$number]."
            $number++
            [ordered]@{
                classification = Get-CapiField -Request $given -Name 'classification' -Prefix $prefix
                virtual_san = Get-CapiField -Request $given -Name 'virtual_san' -Prefix $prefix
            }
        })
    return , ([object[]]$adapters)
}
