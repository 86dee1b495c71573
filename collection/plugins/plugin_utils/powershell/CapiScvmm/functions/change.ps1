# SPDX-License-Identifier: GPL-3.0-or-later
# Mending a VM that exists: one job group that ends with Set-SCVirtualMachine.

function Sync-CapiVm {
    <#
    .SYNOPSIS
        Changes of a VM that exists what differs and may be changed, as far as the request's field update allows.
    #>
    param($VM, $Wish)
    $drift = @(Compare-CapiVm -Shape (ConvertTo-CapiVm -VM $VM) -Wish $Wish)
    $job = $VM.MostRecentTask
    $busy = $null
    if ($job -and -not $job.IsCompleted) { $busy = $job }
    if ($Wish.update -eq 'never' -or $busy) { return New-CapiPresentResult -VM $VM -Job $busy -Drift $drift }
    $failed = Test-CapiFailedVm -VM $VM
    if ($failed -and -not $Wish.check) {
        $VM = Clear-CapiVmFailure -VM $VM
        if (-not $VM) { throw (New-CapiError -Id 'CapiScvmm.NotFound' -Message "VM $($Wish.name) has gone while it was looked at. Try again." -Category ObjectNotFound) }
    }
    $changes = @(Select-CapiMendable -VM $VM -Wish $Wish -Drift $drift)
    $rest = @($drift | Where-Object { $changes -notcontains $_ })
    $diff = @(foreach ($one in $changes) { [ordered]@{ field = $one.field; before = $one.before; after = $one.after } })
    if ($Wish.check -or -not $changes.Count) {
        return New-CapiPresentResult -VM $VM -Diff $diff -Drift $rest -Changed:($failed -or $changes.Count -gt 0)
    }
    $made = Start-CapiChange -VM $VM -Wish $Wish -Change $changes
    New-CapiPresentResult -VM $made.vm -Job $made.job -Diff $diff -Drift $rest -Changed
}

function Select-CapiMendable {
    <#
    .SYNOPSIS
        The differences that may be changed now: those that need no more than the state in which the VM is.
    #>
    param($VM, $Wish, [object[]]$Drift)
    $status = [string]$VM.Status
    $off = 'PowerOff', 'Stored' -contains $status
    # With check a failed VM shows its failure, not what is behind it; after the dismissal it is most often off.
    if ($Wish.check -and (Test-CapiFailedVm -VM $VM)) { $off = $true }
    if (-not $off -and $Wish.update -eq 'when_off') { return }
    if (-not $off -and 'Running', 'Paused', 'Saved' -notcontains $status) { return }
    foreach ($one in $Drift) { if ($one.mend -eq 'now' -or ($off -and $one.mend -eq 'off')) { $one } }
}

function Start-CapiChange {
    <#
    .SYNOPSIS
        Starts the job that makes the changes, and returns the VM and the job; custom properties need none.
    #>
    param($VM, $Wish, [object[]]$Change)
    $fields = @(foreach ($one in $Change) { $one.field })
    # All names are looked up first: a wrong one is told before anything is changed.
    $adapters = @(Resolve-CapiAdapterChange -VM $VM -Wish $Wish -Field $fields)
    $disks = @(Resolve-CapiDiskChange -VM $VM -Wish $Wish -Field $fields)
    $attached = @(Resolve-CapiAttachment -VM $VM -Wish $Wish -Field $fields)
    $settings = Resolve-CapiSettingChange -Wish $Wish -Field $fields
    $properties = @(Resolve-CapiPropertyChange -Wish $Wish -Field $fields)
    foreach ($one in $properties) {
        $null = Set-SCCustomPropertyValue -CustomProperty $one.property -InputObject $VM -Value $one.value -ErrorAction Stop
    }
    if (-not ($settings.Count + $adapters.Count + $disks.Count + $attached.Count)) { return @{ vm = (Get-CapiVmById -Id (ConvertTo-CapiId -Value $VM.ID)); job = $null } }
    $group = [guid]::NewGuid()
    foreach ($one in $adapters) {
        $parameters = $one.parameters
        if ($one.adapter) { $null = Set-SCVirtualNetworkAdapter @parameters -VirtualNetworkAdapter $one.adapter -JobGroup $group -ErrorAction Stop }
        else { $null = New-SCVirtualNetworkAdapter @parameters -Synthetic -JobGroup $group -ErrorAction Stop }
    }
    foreach ($one in $disks) {
        # One call for each: the cmdlet takes a policy or a limit.
        if ($one.policy) { $null = Set-SCVirtualDiskDrive -VirtualDiskDrive $one.drive -StorageQoSPolicy $one.policy -JobGroup $group -ErrorAction Stop }
        if ($one.iops) { $null = Set-SCVirtualDiskDrive -VirtualDiskDrive $one.drive -IOPSMaximum $one.iops -JobGroup $group -ErrorAction Stop }
        if ($one.size_gb) {
            $null = Expand-SCVirtualDiskDrive -VirtualDiskDrive $one.drive -VirtualHardDiskSizeGB $one.size_gb -JobGroup $group -ErrorAction Stop
        }
    }
    foreach ($one in $attached) {
        $drive = $one.new_drive
        $null = New-SCVirtualDiskDrive @drive -JobGroup $group -ErrorAction Stop
    }
    $VM = Set-SCVirtualMachine @settings -VM $VM -JobGroup $group -RunAsynchronously -JobVariable capiJob -ErrorAction Stop
    if (-not $capiJob) { $capiJob = $VM.MostRecentTask }
    @{ vm = $VM; job = $capiJob }
}

function Resolve-CapiSettingChange {
    <#
    .SYNOPSIS
        The parameters of Set-SCVirtualMachine for the settings that change.
    #>
    [OutputType([hashtable])]
    param($Wish, [string[]]$Field)
    $plain = @{
        name = 'Name'; tag = 'Tag'; start_action = 'StartAction'; stop_action = 'StopAction'; checkpoint_type = 'CheckpointType'
        cpu_count = 'CPUCount'; memory_mb = 'MemoryMB'; cpu_limit_for_migration = 'CPULimitForMigration'
        cpu_limit_functionality = 'CPULimitFunctionality'; enable_nested_virtualization = 'EnableNestedVirtualization'
    }
    $parameters = @{}
    foreach ($name in $plain.Keys) { if ($Field -contains $name) { $parameters[$plain[$name]] = $Wish[$name] } }
    if ($Field -contains 'description') {
        $parameters.Description = Join-CapiDescription -Text $Wish.description -Owner $Wish.owner -Uid $Wish.uid
    }
    if ($Field -contains 'operating_system') {
        $parameters.OperatingSystem = Select-CapiNamed -Item @(Get-SCOperatingSystem -ErrorAction Stop) -Kind 'operating system' -Name $Wish.operating_system
    }
    if ($Field -contains 'availability_set') {
        $parameters.AvailabilitySetNames = New-Object -TypeName 'System.Collections.Generic.List[string]'
        $parameters.AvailabilitySetNames.Add($Wish.availability_set)
    }
    if ($Field -contains 'dynamic_memory') {
        $parameters.DynamicMemoryEnabled = $true
        $limits = @{ minimum_mb = 'DynamicMemoryMinimumMB'; maximum_mb = 'DynamicMemoryMaximumMB'; buffer_percent = 'DynamicMemoryBufferPercentage' }
        foreach ($name in $limits.Keys) {
            if ($null -ne $Wish.dynamic_memory[$name]) { $parameters[$limits[$name]] = $Wish.dynamic_memory[$name] }
        }
    }
    $parameters
}

function Resolve-CapiAdapterChange {
    <#
    .SYNOPSIS
        The network adapters that change: VMM's adapter, nothing for a new one, and the parameters.
    #>
    param($VM, $Wish, [string[]]$Field)
    for ($number = 0; $number -lt $Wish.network_adapters.Count; $number++) {
        $name = "network_adapters[$number]"
        $fields = @($Field | Where-Object { $_ -eq $name -or $_.StartsWith("$name.") })
        if (-not $fields.Count) { continue }
        $one = @(Resolve-CapiNetwork -Adapter @($Wish.network_adapters[$number]))[0]
        $adapter = $null
        foreach ($known in @($VM.VirtualNetworkAdapters)) { if ($known -and [int]$known.SlotID -eq $number) { $adapter = $known } }
        $parameters = @{}
        if (-not $adapter -or $fields -contains "$name.vm_network" -or $fields -contains "$name.vm_subnet") {
            $parameters.VMNetwork = $one.network
            if ($one.subnet) { $parameters.VMSubnet = $one.subnet }
        }
        if ($one.mac_address -and (-not $adapter -or $fields -contains "$name.mac_address")) { $parameters.MACAddress = $one.mac_address }
        if ($adapter -and $fields -contains "$name.static_ip_pools") { Add-CapiPool -Parameter $parameters -Pool $one.pools -Adapter $adapter }
        if ($parameters.MACAddress) { $parameters.MACAddressType = 'Static' }
        @{ adapter = $adapter; parameters = $parameters }
    }
}

function Add-CapiPool {
    <#
    .SYNOPSIS
        Adds to an adapter's parameters those that give it an address of each pool, IPv4 and IPv6.
    #>
    param([hashtable]$Parameter, [object[]]$Pool, $Adapter)
    $four = @($Pool | Where-Object { -not ([string]$_.Subnet).Contains(':') })
    $six = @($Pool | Where-Object { ([string]$_.Subnet).Contains(':') })
    if ($four.Count) { $Parameter.IPv4AddressType = 'Static'; $Parameter.IPv4AddressPools = $four }
    if ($six.Count) { $Parameter.IPv6AddressType = 'Static'; $Parameter.IPv6AddressPools = $six }
    # A static address needs a static MAC address; zeros let VMM choose one.
    if (-not $Parameter.MACAddress -and ([string]$Adapter.MACAddressType) -ne 'Static') { $Parameter.MACAddress = '00:00:00:00:00:00' }
}

function Resolve-CapiDiskChange {
    <#
    .SYNOPSIS
        The disks that change: VMM's drive, its policy, its limit and its new size in whole GB.
    #>
    param($VM, $Wish, [string[]]$Field)
    $shape = ConvertTo-CapiVm -VM $VM
    $policies = $null
    for ($number = 0; $number -lt $Wish.disks.Count; $number++) {
        $name = "disks[$number]"
        if (-not @($Field | Where-Object { $_.StartsWith("$name.") }).Count) { continue }
        $wished = $Wish.disks[$number]
        $found = Find-CapiWishedDisk -Shape $shape -Wish $Wish -Number $number
        $drive = $null
        foreach ($known in @($VM.VirtualDiskDrives)) {
            if ($known -and ([string]$known.BusType) -eq $found.bus_type -and [int]$known.Bus -eq $found.bus -and [int]$known.LUN -eq $found.lun) { $drive = $known }
        }
        $change = @{ drive = $drive; policy = $null; iops = 0; size_gb = 0 }
        if ($Field -contains "$name.iops_maximum") { $change.iops = $wished.iops_maximum }
        if ($Field -contains "$name.storage_qos_policy") {
            if ($null -eq $policies) { $policies = Resolve-CapiPolicy -Disk $Wish.disks }
            $change.policy = $policies[$wished.storage_qos_policy]
        }
        if ($Field -contains "$name.size_mb") { $change.size_gb = [int][math]::Ceiling($wished.size_mb / 1024) }
        $change
    }
}

function Resolve-CapiAttachment {
    <#
    .SYNOPSIS
        The parameters of New-SCVirtualDiskDrive for the disks with files of their own that the VM lacks: new ones, and such as lie on its host.
    #>
    [OutputType([hashtable])]
    param($VM, $Wish, [string[]]$Field)
    $taken = @()
    for ($number = 0; $number -lt $Wish.disks.Count; $number++) {
        if ($Field -notcontains "disks[$number]") { continue }
        $disk = $Wish.disks[$number]
        $place = Get-CapiDiskPlace -VM $VM -Wish @{} -Taken $taken
        $taken += $place.LUN
        $place.FileName = Get-CapiNewFile -VM $VM -Name $disk.file
        if ($disk.volume_type) { $place.VolumeType = $disk.volume_type }
        if ($disk.storage_qos_policy) { $place.StorageQoSPolicy = (Resolve-CapiPolicy -Disk @($disk))[$disk.storage_qos_policy] }
        if ($disk.path) { $place.Path = $disk.path }
        if ($disk.existing) { $place.UseLocalVirtualHardDisk = $true }
        else { Add-CapiEmptyDisk -Parameter $place -SizeMb $disk.size_mb -Dynamic $disk.dynamic }
        @{ new_drive = $place }
    }
}

function Resolve-CapiPropertyChange {
    <#
    .SYNOPSIS
        The custom properties that change, with their values.
    #>
    param($Wish, [string[]]$Field)
    $wanted = New-Object -TypeName PSObject
    foreach ($one in @($Field | Where-Object { $_.StartsWith('custom_properties.') })) {
        $name = $one.Substring('custom_properties.'.Length)
        $wanted.PSObject.Properties.Add((New-Object -TypeName System.Management.Automation.PSNoteProperty -ArgumentList $name, $Wish.custom_properties.$name))
    }
    Resolve-CapiProperty -Property $wanted
}
