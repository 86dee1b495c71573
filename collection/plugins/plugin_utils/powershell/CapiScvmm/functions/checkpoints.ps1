# SPDX-License-Identifier: GPL-3.0-or-later
# The operations vm_checkpoint and vm_checkpoint_info.

function Get-CapiCheckpointInfo {
    <#
    .SYNOPSIS
        Operation vm_checkpoint_info: the checkpoints of a VM, oldest first.
    #>
    param($Request)
    $vm = Find-CapiVm -Request $Request -Required
    $known = @(Get-CapiCheckpoint -VM $vm)
    $shapes = [object[]]@(foreach ($one in $known) { ConvertTo-CapiCheckpoint -VM $vm -Checkpoint $one -Known $known })
    [ordered]@{ vm = ConvertTo-CapiVm -VM $vm; checkpoints = $shapes }
}

function Join-CapiCheckpoint {
    <#
    .SYNOPSIS
        The shape of a VM with its checkpoints, which cost a call for each VM.
    #>
    param($VM)
    $known = @(Get-CapiCheckpoint -VM $VM)
    $told = [ordered]@{}
    # The shape is kept for the next look: it is not changed, but copied.
    $shape = Get-CapiShape -VM $VM
    foreach ($name in $shape.Keys) { $told[$name] = $shape[$name] }
    $told.checkpoints = [object[]]@(foreach ($one in $known) { ConvertTo-CapiCheckpoint -VM $VM -Checkpoint $one -Known $known })
    $told
}

function Set-CapiCheckpoint {
    <#
    .SYNOPSIS
        Operation vm_checkpoint: takes, restores or removes a checkpoint. No job when it is as asked for.
    #>
    param($Request)
    $wish = Read-CapiCheckpointWish -Request $Request
    $usable = Find-CapiUsableVm -Request $Request -Check $wish.check
    $vm = $usable.vm
    $known = @(Get-CapiCheckpoint -VM $vm)
    $found = Select-CapiCheckpoint -VM $vm -Known $known -Wish $wish
    $result = @{ VM = $vm; Known = $known; Checkpoint = $found }
    switch ($wish.state) {
        'present' { $step = Resolve-CapiCheckpointChange -Checkpoint $found -Wish $wish }
        'restored' { $step = $(if (Test-CapiRestored -VM $vm -Checkpoint $found) { $null } else { @{} }) }
        'absent' { $step = $(if ($found) { @{} } else { $null }) }
    }
    if ($null -eq $step) { return New-CapiCheckpointResult @result -Changed:$usable.changed }
    if ($wish.check) { return New-CapiCheckpointResult @result -Changed }
    if ($wish.state -eq 'restored') {
        $null = Restore-SCVMCheckpoint -VMCheckpoint $found -RunAsynchronously -JobVariable capiJob -Confirm:$false -ErrorAction Stop
    }
    elseif ($wish.state -eq 'absent') {
        $null = Remove-SCVMCheckpoint -VMCheckpoint $found -RunAsynchronously -JobVariable capiJob -Confirm:$false -ErrorAction Stop
    }
    elseif ($found) {
        $null = Set-SCVMCheckpoint -VMCheckpoint $found @step -RunAsynchronously -JobVariable capiJob -ErrorAction Stop
    }
    else {
        $result.Checkpoint = New-SCVMCheckpoint -VM $vm @step -RunAsynchronously -JobVariable capiJob -ErrorAction Stop
    }
    New-CapiCheckpointResult @result -Job $capiJob -Changed
}

function Read-CapiCheckpointWish {
    <#
    .SYNOPSIS
        Reads and checks the request of vm_checkpoint.
    #>
    param($Request)
    $wish = @{
        state = Get-CapiField -Request $Request -Name 'state' -Required -Allowed 'present', 'restored', 'absent'
        name = Get-CapiField -Request $Request -Name 'checkpoint'
        id = Get-CapiField -Request $Request -Name 'checkpoint_id' -Kind guid
        description = Get-CapiField -Request $Request -Name 'description'
        check = Get-CapiField -Request $Request -Name 'check' -Kind flag -Default $false
    }
    if (-not $wish.name -and -not $wish.id) {
        throw (New-CapiError -Id 'CapiScvmm.BadRequest' -Message "Fields 'checkpoint' and 'checkpoint_id' are missing. Give at least one of them.")
    }
    if ($wish.state -eq 'present' -and -not $wish.name) {
        throw (New-CapiError -Id 'CapiScvmm.BadRequest' -Message "Field 'checkpoint' is missing. Give it as text.")
    }
    $wish
}

function Get-CapiCheckpoint {
    <#
    .SYNOPSIS
        The checkpoints of a VM, oldest first.
    #>
    param($VM)
    @(Get-SCVMCheckpoint -VM $VM -ErrorAction Stop) | Where-Object { $_ } | Sort-Object -Property AddedTime
}

function Select-CapiCheckpoint {
    <#
    .SYNOPSIS
        The checkpoint that is meant: by id, else by name. One that is to be restored, or that an id names, must be there.
    #>
    param($VM, [object[]]$Known, [hashtable]$Wish)
    if ($Wish.id) { $found = @($Known | Where-Object { $_ -and (ConvertTo-CapiId -Value $_.ID) -eq $Wish.id }) }
    else { $found = @($Known | Where-Object { $_ -and $_.Name -eq $Wish.name }) }
    if ($found.Count -gt 1) {
        $list = @(foreach ($one in $found) { "$(ConvertTo-CapiId -Value $one.ID) ($(ConvertTo-CapiTime -Value $one.AddedTime))" }) -join ', '
        $message = "VM $($VM.Name) has several checkpoints '$($Wish.name)': $list. Give the id of one of them."
        throw (New-CapiError -Id 'CapiScvmm.Ambiguous' -Message $message)
    }
    if ($found.Count) { return $found[0] }
    if ($Wish.state -eq 'restored' -or ($Wish.state -eq 'present' -and $Wish.id)) {
        $has = @(foreach ($one in $Known) { if ($one) { [string]$one.Name } }) -join ', '
        if (-not $has) { $has = 'none' }
        $meant = $(if ($Wish.id) { $Wish.id } else { $Wish.name })
        $message = "VM $($VM.Name) has no checkpoint '$meant'. It has: $has."
        throw (New-CapiError -Id 'CapiScvmm.NotFound' -Message $message -Category ObjectNotFound)
    }
    return $null
}

function Resolve-CapiCheckpointChange {
    <#
    .SYNOPSIS
        What a checkpoint that is to be there lacks, as parameters of New- or Set-SCVMCheckpoint, or nothing.
    #>
    param($Checkpoint, [hashtable]$Wish)
    $change = @{}
    if (-not $Checkpoint) {
        $change.Name = $Wish.name
        if ($null -ne $Wish.description) { $change.Description = $Wish.description }
        return $change
    }
    if ($Wish.id -and $Wish.name -cne [string]$Checkpoint.Name) { $change.Name = $Wish.name }
    if ($null -ne $Wish.description -and $Wish.description -cne [string]$Checkpoint.Description) { $change.Description = $Wish.description }
    if ($change.Count) { return $change }
    return $null
}

function Test-CapiRestored {
    <#
    .SYNOPSIS
        Says whether restoring this checkpoint was the last thing that VMM did with the VM.
    #>
    param($VM, $Checkpoint)
    $last = $VM.MostRecentTask
    if (-not $last -or ([string]$last.CmdletName) -ne 'Restore-SCVMCheckpoint' -or -not $last.IsCompleted) { return $false }
    if ('Completed', 'SucceedWithInfo' -notcontains [string]$last.Status) { return $false }
    $restored = $VM.LastRestoredVMCheckpoint
    [bool]($restored -and (ConvertTo-CapiId -Value $restored.ID) -eq (ConvertTo-CapiId -Value $Checkpoint.ID))
}

function ConvertTo-CapiCheckpoint {
    <#
    .SYNOPSIS
        The shape "checkpoint". VMM names a checkpoint's parent by Hyper-V's id; of the first one that is the VM's.
    #>
    param($VM, $Checkpoint, [object[]]$Known)
    if ($null -eq $Checkpoint) { return $null }
    $parent = $null
    foreach ($one in $Known) {
        if ($one -and ([string]$one.CheckpointID) -eq [string]$Checkpoint.ParentCheckpointID) { $parent = ConvertTo-CapiId -Value $one.ID }
    }
    $restored = $VM.LastRestoredVMCheckpoint
    [ordered]@{
        id = ConvertTo-CapiId -Value $Checkpoint.ID
        name = [string]$Checkpoint.Name
        description = [string]$Checkpoint.Description
        created = ConvertTo-CapiTime -Value $Checkpoint.AddedTime
        parent_id = $parent
        restored_last = [bool]($restored -and (ConvertTo-CapiId -Value $restored.ID) -eq (ConvertTo-CapiId -Value $Checkpoint.ID))
    }
}

function New-CapiCheckpointResult {
    <#
    .SYNOPSIS
        The result of vm_checkpoint.
    #>
    param($VM, $Job, $Checkpoint, [object[]]$Known, [switch]$Changed)
    $result = New-CapiVmResult -VM $VM -Job $Job -Changed:$Changed
    $result['checkpoint'] = ConvertTo-CapiCheckpoint -VM $VM -Checkpoint $Checkpoint -Known $Known
    $result
}
