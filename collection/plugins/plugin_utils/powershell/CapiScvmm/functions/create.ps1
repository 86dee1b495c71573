# SPDX-License-Identifier: GPL-3.0-or-later
# The creation of a VM: one job group that ends with New-SCVirtualMachine.

function New-CapiVm {
    <#
    .SYNOPSIS
        Starts the creation of a VM: everything in one job group, the last cmdlet of which is New-SCVirtualMachine.
    #>
    param($Wish, [hashtable]$Part)
    $group = [guid]::NewGuid()
    $temporary = $null
    $configuration = $null
    $started = $false
    Clear-CapiTemporary -Wish $Wish
    try {
        Add-CapiDisk -Wish $Wish -Part $Part -JobGroup $group
        $template = $Part.template
        if (-not $template) {
            $temporary = New-CapiTemplate -Wish $Wish -Part $Part -JobGroup $group
            $template = $temporary
        }
        Add-CapiAdapter -Part $Part -Template $template -JobGroup $group
        foreach ($one in $Part.properties) {
            $null = Set-SCCustomPropertyValue -CustomProperty $one.property -Value $one.value -JobGroup $group -ErrorAction Stop
        }
        $configuration = New-CapiConfiguration -Wish $Wish -Part $Part -Template $template
        $configuration = Update-CapiConfiguration -Configuration $configuration -Wish $Wish -Place $Part.hosts
        Add-CapiFibre -Wish $Wish -Part $Part -Configuration $configuration -JobGroup $group
        $made = Start-CapiCreation -Wish $Wish -Part $Part -Configuration $configuration -JobGroup $group
        $started = $true
        $made
    }
    finally {
        if (-not $started -and $configuration) { Clear-CapiLeftover -Configuration $configuration }
        if ($temporary) { Clear-CapiLeftover -Template $temporary }
    }
}

function New-CapiTemplate {
    <#
    .SYNOPSIS
        The temporary template of a VM that has none of its own. Whoever calls this removes it again.
    #>
    param($Wish, [hashtable]$Part, [guid]$JobGroup)
    $parameters = @{
        Name = Get-CapiTemporaryName -Wish $Wish
        Generation = Get-CapiGeneration -Wish $Wish -Part $Part
        HardwareProfile = $Part.hardware_profile
        OperatingSystem = $Part.operating_system
    }
    # Placement rates hosts by the template: with these it knows what the VM will take.
    if ($Wish.cpu_count) { $parameters.CPUCount = $Wish.cpu_count }
    if ($Wish.memory_mb) { $parameters.MemoryMB = $Wish.memory_mb }
    New-SCVMTemplate @parameters -NoCustomization -JobGroup $JobGroup -ErrorAction Stop
}

function New-CapiConfiguration {
    <#
    .SYNOPSIS
        The configuration that placement works on: in the host group, else in the cloud.
    #>
    param($Wish, [hashtable]$Part, $Template)
    $parameters = @{ VMTemplate = $Template; Name = $Wish.name }
    if ($Part.host_group) { $parameters.VMHostGroup = $Part.host_group }
    else { $parameters.Cloud = $Part.cloud }
    if ($Wish.availability_set) {
        $sets = New-Object -TypeName 'System.Collections.Generic.List[string]'
        $sets.Add($Wish.availability_set)
        $parameters.AvailabilitySetNames = $sets
    }
    $configuration = New-SCVMConfiguration @parameters -ErrorAction Stop
    if ($Wish.tag) { $configuration = Set-SCVMConfiguration -VMConfiguration $configuration -Tag $Wish.tag -ErrorAction Stop }
    $configuration
}

function Update-CapiConfiguration {
    <#
    .SYNOPSIS
        Lets VMM place the VM, or one after the other on those hosts of which it must be on one; says VMM's reasons when there is no host for it.
    #>
    param($Configuration, $Wish, [object[]]$Place)
    # Not Select-Object -Unique: a restricted session has its own Select-Object, which lacks it.
    $reasons = @()
    $wanted = @(foreach ($one in $Place) { if ($one) { $one } })
    if (-not $wanted.Count) { $wanted = @($null) }
    foreach ($one in $wanted) {
        if ($one) { $Configuration = Set-SCVMConfiguration -VMConfiguration $Configuration -VMHost $one -PinVMHost $true -ErrorAction Stop }
        $placed = Update-SCVMConfiguration -VMConfiguration $Configuration -ErrorAction Stop
        if (-not $placed) { $placed = $Configuration }
        if ($placed.VMHost) { return $placed }
        foreach ($reason in @($placed.ZeroRatingReasonList) + @($placed.RatingsExplanation) + @($placed.DeploymentErrorList)) {
            $text = [string]$reason
            if ($reason.Problem) { $text = [string]$reason.Problem }
            if ($text -and $reasons -cnotcontains $text) { $reasons += $text }
        }
    }
    # Some servers leave VMHost empty until the job runs: without a reason the creation itself will tell.
    if (-not @($reasons).Count) { return $placed }
    Clear-CapiLeftover -Configuration $placed
    $message = "VM $($Wish.name) finds no host: $(@($reasons) -join '; ')"
    throw (New-CapiError -Id 'CapiScvmm.NoPlacement' -Message $message -RecommendedAction 'Free capacity there, or ask for less or for another place.')
}

function Start-CapiCreation {
    <#
    .SYNOPSIS
        Calls New-SCVirtualMachine, with the owner's mark in it, and returns the VM and its job.
    #>
    param($Wish, [hashtable]$Part, $Configuration, [guid]$JobGroup)
    $parameters = @{
        Name = $Wish.name
        VMConfiguration = $Configuration
        Description = Join-CapiDescription -Text $Wish.description -Owner $Wish.owner -Uid $Wish.uid
        JobGroup = $JobGroup
    }
    if ($Part.cloud) { $parameters.Cloud = $Part.cloud }
    if ($Part.template -and $Part.operating_system) { $parameters.OperatingSystem = $Part.operating_system }
    $settings = @{
        CPUCount = $Wish.cpu_count
        MemoryMB = $Wish.memory_mb
        StartAction = $Wish.start_action
        StopAction = $Wish.stop_action
        CheckpointType = $Wish.checkpoint_type
        CPULimitForMigration = $Wish.cpu_limit_for_migration
        CPULimitFunctionality = $Wish.cpu_limit_functionality
    }
    # A server that does not know the parameter nests nothing anyway.
    if ($null -ne $Wish.enable_nested_virtualization -and (Test-CapiNesting)) {
        $settings.EnableNestedVirtualization = $Wish.enable_nested_virtualization
    }
    if ($Wish.dynamic_memory) {
        $settings.DynamicMemoryEnabled = $true
        $settings.DynamicMemoryMinimumMB = $Wish.dynamic_memory.minimum_mb
        $settings.DynamicMemoryMaximumMB = $Wish.dynamic_memory.maximum_mb
        $settings.DynamicMemoryBufferPercentage = $Wish.dynamic_memory.buffer_percent
    }
    foreach ($name in $settings.Keys) { if ($null -ne $settings[$name]) { $parameters[$name] = $settings[$name] } }
    $vm = New-SCVirtualMachine @parameters -RunAsynchronously -JobVariable capiJob -ErrorAction Stop
    if (-not $capiJob) { $capiJob = $vm.MostRecentTask }
    @{ vm = $vm; job = $capiJob }
}

function Get-CapiTemporaryName {
    <#
    .SYNOPSIS
        The name of the temporary template of a VM. It is made of the uid, so that the next call finds one that was left behind.
    #>
    param($Wish)
    'capi.scvmm temporary ' + (Get-CapiHash -Bytes ([System.Text.Encoding]::UTF8.GetBytes($Wish.uid))).Substring(0, 32)
}

function Clear-CapiTemporary {
    <#
    .SYNOPSIS
        Removes temporary templates that were left behind: this VM's own, and those of others that are an hour old.
    #>
    param($Wish)
    if ($Wish.template) { return }
    $name = Get-CapiTemporaryName -Wish $Wish
    $old = [datetime]::UtcNow.AddHours(-1)
    foreach ($template in @(Get-SCVMTemplate -ErrorAction Stop)) {
        if (-not $template -or -not ([string]$template.Name).StartsWith('capi.scvmm temporary ')) { continue }
        $added = $template.AddedTime
        $isOld = $added -is [datetime] -and $added.Year -gt 1 -and $added.ToUniversalTime() -lt $old
        if ($template.Name -eq $name -or $isOld) { Clear-CapiLeftover -Template $template }
    }
}

function Clear-CapiLeftover {
    <#
    .SYNOPSIS
        Removes what a creation needed only for itself. A failure to do so must not hide the creation's own result.
    #>
    param($Template, $Configuration)
    try {
        if ($Configuration) { $null = Remove-SCVMConfiguration -VMConfiguration $Configuration -Confirm:$false -ErrorAction Stop }
        if ($Template) { $null = Remove-SCVMTemplate -VMTemplate $Template -Confirm:$false -ErrorAction Stop }
    }
    catch { Write-Verbose -Message "Left behind: $($_.Exception.Message)" }
}
