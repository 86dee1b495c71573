# SPDX-License-Identifier: GPL-3.0-or-later
# Media in the drives of a VM: a DVD, a floppy disk, or a small disk of its own on SCSI or IDE.

function Mount-CapiMedium {
    <#
    .SYNOPSIS
        Operation media_attached: uploads a medium when it is sent along, and puts it into a drive of the VM.
    #>
    param($Request)
    $check = Get-CapiField -Request $Request -Name 'check' -Kind flag -Default $false
    $wanted = Get-CapiField -Request $Request -Name 'device' -Allowed 'dvd', 'floppy', 'scsi', 'ide'
    $file = Get-CapiFileName -Request $Request -Required
    $device = Resolve-CapiDevice -Wanted $wanted -File $file
    $found = Find-CapiUsableVm -Request $Request -Check $check
    $vm = $found.vm
    $holding = @(Get-CapiHeldMedium -VM $vm | Where-Object { $_.file -ceq $file })
    $attaching = @{
        dvd = 'Set-SCVirtualDVDDrive', 'New-SCVirtualDVDDrive'; floppy = 'Set-SCVirtualFloppyDrive'
        scsi = 'New-SCVirtualDiskDrive'; ide = 'New-SCVirtualDiskDrive'
    }
    $active = Get-CapiActiveJob -VM $vm -Cmdlet $attaching[$device]
    if ($holding.Count -or $active) {
        $path = (Resolve-CapiFolder -Request $Request).path + '\' + $file
        return New-CapiMediumResult -VM $vm -Job $active -File $file -Path $path -Changed:$found.changed
    }
    Assert-CapiDevice -VM $vm -Device $device
    $place = @{}
    if ($device -eq 'ide') { $place = Get-CapiIdePlace -VM $vm }
    $medium = Resolve-CapiMedium -Request $Request -Check:$check
    if ($check) { return New-CapiMediumResult -VM $vm -File $file -Path $medium.path -Changed }
    $job = Add-CapiMedium -VM $vm -Device $device -Medium $medium -Place $place
    New-CapiMediumResult -VM $vm -Job $job -File $file -Path $medium.path -Changed
}

function Dismount-CapiMedium {
    <#
    .SYNOPSIS
        Operation media_ejected: empties the drives that hold the file, or any medium when none is named; a disk goes with its drive.
    #>
    param($Request)
    $check = Get-CapiField -Request $Request -Name 'check' -Kind flag -Default $false
    $file = Get-CapiFileName -Request $Request
    $found = Find-CapiUsableVm -Request $Request -Check $check
    $vm = $found.vm
    $holding = @(Get-CapiHeldMedium -VM $vm | Where-Object { -not $file -or $_.file -ceq $file })
    $active = Get-CapiActiveJob -VM $vm -Cmdlet 'Set-SCVirtualDVDDrive', 'Set-SCVirtualFloppyDrive', 'Remove-SCVirtualDiskDrive'
    if (-not $holding.Count -or $active) { return New-CapiVmResult -VM $vm -Job $active -Changed:$found.changed }
    if (@($holding | Where-Object { 'scsi', 'ide' -contains $_.device }).Count) { Assert-CapiNoCheckpoint -VM $vm -Wish 'its medium cannot be removed' }
    if ($check) { return New-CapiVmResult -VM $vm -Changed }
    foreach ($held in $holding) {
        switch ($held.device) {
            'dvd' { $null = Set-SCVirtualDVDDrive -VirtualDVDDrive $held.drive -NoMedia -RunAsynchronously -JobVariable capiJob -ErrorAction Stop }
            'floppy' { $null = Set-SCVirtualFloppyDrive -VirtualFloppyDrive $held.drive -NoMedia -RunAsynchronously -JobVariable capiJob -ErrorAction Stop }
            default { $null = Remove-SCVirtualDiskDrive -VirtualDiskDrive $held.drive -RunAsynchronously -JobVariable capiJob -Confirm:$false -ErrorAction Stop }
        }
    }
    New-CapiVmResult -VM $vm -Job $capiJob -Changed
}

function Add-CapiMedium {
    <#
    .SYNOPSIS
        Puts a medium of the library into a drive of a VM, and gives the job that does it.
    #>
    param($VM, [string]$Device, [hashtable]$Medium, [hashtable]$Place)
    if ($Device -eq 'dvd') { return Add-CapiDvd -VM $VM -Medium $Medium }
    if ($Device -eq 'floppy') {
        $drive = @(Get-SCVirtualFloppyDrive -VM $VM -ErrorAction Stop)[0]
        $null = Set-SCVirtualFloppyDrive -VirtualFloppyDrive $drive -VirtualFloppyDisk $Medium.resource -RunAsynchronously -JobVariable capiJob -ErrorAction Stop
        return $capiJob
    }
    $parameters = @{ IDE = $true }
    if ($Device -eq 'scsi') {
        $parameters = @{ SCSI = $true }
        $Place = Get-CapiScsiPlace -VM $VM
    }
    # By this name the disk is known for a medium, and is no disk of the VM.
    $parameters.FileName = $Medium.file -replace '\.vhdx$', '.cidata.vhdx'
    $parameters.VolumeType = 'None'
    $null = New-SCVirtualDiskDrive -VM $VM -VirtualHardDisk $Medium.resource @parameters @Place -RunAsynchronously -JobVariable capiJob -ErrorAction Stop
    $capiJob
}

function Add-CapiDvd {
    <#
    .SYNOPSIS
        Puts an ISO of the library into a DVD drive of a VM, a new one when it has none, and gives the job that does it.
    #>
    param($VM, [hashtable]$Medium)
    $drives = @(Get-CapiDvdDrive -VM $VM)
    if ($drives.Count) {
        $drive = @(@($drives | Where-Object { -not $_.ISO }) + $drives)[0]
        # Without -Link VMM copies the file to the VM's folder: a link would need delegation on the host.
        $null = Set-SCVirtualDVDDrive -VirtualDVDDrive $drive -ISO $Medium.resource -RunAsynchronously -JobVariable capiJob -ErrorAction Stop
    }
    else {
        $place = Get-CapiDvdPlace -VM $VM
        $null = New-SCVirtualDVDDrive -VM $VM @place -ISO $Medium.resource -RunAsynchronously -JobVariable capiJob -ErrorAction Stop
    }
    $capiJob
}

function New-CapiMediumResult {
    <#
    .SYNOPSIS
        The result of media_attached.
    #>
    param($VM, $Job, [string]$File, [string]$Path, [switch]$Changed)
    $result = New-CapiVmResult -VM $VM -Job $Job -Changed:$Changed
    $result['media'] = [ordered]@{ file = $File; path = $Path }
    $result
}

function Resolve-CapiDevice {
    <#
    .SYNOPSIS
        The kind of drive that a medium goes into: as asked for, else as its file's extension says.
    #>
    param([string]$Wanted, [string]$File)
    $extensions = [ordered]@{ dvd = '.iso'; floppy = '.vfd'; scsi = '.vhdx'; ide = '.vhdx' }
    $extension = $File.Substring($File.LastIndexOf('.'))
    if (-not $Wanted) { return @($extensions.Keys | Where-Object { $extensions[$_] -eq $extension })[0] }
    if ($extensions[$Wanted] -ne $extension) {
        $message = "Field 'file' has the value '$File', and field 'device' the value '$Wanted'. Give a file that ends in $($extensions[$Wanted]), or another device."
        throw (New-CapiError -Id 'CapiScvmm.BadRequest' -Message $message)
    }
    $Wanted
}

function Assert-CapiDevice {
    <#
    .SYNOPSIS
        Refuses a kind of drive that VMs of this generation do not have.
    #>
    param($VM, [string]$Device)
    if ([int]$VM.Generation -eq 1 -or 'floppy', 'ide' -notcontains $Device) { return }
    $message = "Field 'device' has the value '$Device': VM $($VM.Name) is of generation $([int]$VM.Generation), which has neither floppy nor IDE drives. Give dvd or scsi."
    throw (New-CapiError -Id 'CapiScvmm.BadRequest' -Message $message)
}

function Get-CapiDvdDrive {
    <#
    .SYNOPSIS
        The DVD drives of a VM.
    #>
    param($VM)
    if ($VM.PSObject.Properties['VirtualDVDDrives']) { return @($VM.VirtualDVDDrives | Where-Object { $_ }) }
    @(Get-SCVirtualDVDDrive -VM $VM -ErrorAction Stop | Where-Object { $_ })
}

function Get-CapiDvdPlace {
    <#
    .SYNOPSIS
        A free place for a new DVD drive: IDE 1:0 for generation 1, the first free one on SCSI 0 for generation 2.
    #>
    param($VM)
    if ([int]$VM.Generation -eq 1) { return @{ Bus = 1; LUN = 0 } }
    $used = @(foreach ($drive in @(Get-SCVirtualDiskDrive -VM $VM -ErrorAction Stop)) {
            if ($drive -and [int]$drive.Bus -eq 0) { [int]$drive.LUN }
        })
    $lun = 0
    while ($used -contains $lun) { $lun++ }
    @{ Bus = 0; LUN = $lun }
}

function Get-CapiScsiPlace {
    <#
    .SYNOPSIS
        The last free place on SCSI 0: it leaves the first ones to disks that come later.
    #>
    param($VM)
    $drives = @(@($VM.VirtualDiskDrives) | Where-Object { $_ -and ([string]$_.BusType) -eq 'SCSI' })
    if ([int]$VM.Generation -ne 1) { $drives += @(Get-CapiDvdDrive -VM $VM) }
    $used = @(foreach ($drive in $drives) { if ([int]$drive.Bus -eq 0) { [int]$drive.LUN } })
    $lun = 62
    while ($used -contains $lun) { $lun-- }
    @{ Bus = 0; LUN = $lun }
}

function Get-CapiIdePlace {
    <#
    .SYNOPSIS
        A free place on IDE, those first that a boot disk and a DVD drive leave free.
    #>
    param($VM)
    $drives = @(@($VM.VirtualDiskDrives) | Where-Object { $_ -and ([string]$_.BusType) -eq 'IDE' }) + @(Get-CapiDvdDrive -VM $VM)
    $used = @(foreach ($drive in $drives) { "$([int]$drive.Bus):$([int]$drive.LUN)" })
    foreach ($place in '1:1', '0:1', '1:0', '0:0') {
        if ($used -notcontains $place) { return @{ Bus = [int]$place.Substring(0, 1); LUN = [int]$place.Substring(2) } }
    }
    $message = "Field 'device' has the value 'ide': all four places on IDE of VM $($VM.Name) are taken. Give dvd or scsi."
    throw (New-CapiError -Id 'CapiScvmm.BadRequest' -Message $message)
}
