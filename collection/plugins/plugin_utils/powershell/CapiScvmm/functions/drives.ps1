# SPDX-License-Identifier: GPL-3.0-or-later
# Media in the DVD drives of a VM.

function Mount-CapiMedium {
    <#
    .SYNOPSIS
        Operation media_attached: uploads a medium when it is sent along, and puts it into the VM's DVD drive.
    #>
    param($Request)
    $check = Get-CapiField -Request $Request -Name 'check' -Kind flag -Default $false
    $null = Get-CapiField -Request $Request -Name 'device' -Allowed 'dvd'
    $file = Get-CapiFileName -Request $Request -Required
    $found = Find-CapiUsableVm -Request $Request -Check $check
    $vm = $found.vm
    $drives = @(Get-CapiDvdDrive -VM $vm)
    $holding = @($drives | Where-Object { $_.ISO -and (Get-CapiIsoFile -ISO $_.ISO) -eq $file })
    $active = Get-CapiActiveJob -VM $vm -Cmdlet 'Set-SCVirtualDVDDrive', 'New-SCVirtualDVDDrive'
    if ($holding.Count -or $active) {
        $path = (Resolve-CapiFolder -Request $Request).path + '\' + $file
        return New-CapiMediumResult -VM $vm -Job $active -File $file -Path $path -Changed:$found.changed
    }
    $medium = Resolve-CapiMedium -Request $Request -Check:$check
    if ($check) { return New-CapiMediumResult -VM $vm -File $file -Path $medium.path -Changed }
    if ($drives.Count) {
        $drive = @(@($drives | Where-Object { -not $_.ISO }) + $drives)[0]
        # Without -Link VMM copies the file to the VM's folder: a link would need delegation on the host.
        $null = Set-SCVirtualDVDDrive -VirtualDVDDrive $drive -ISO $medium.iso -RunAsynchronously -JobVariable capiJob -ErrorAction Stop
    }
    else {
        $place = Get-CapiDvdPlace -VM $vm
        $null = New-SCVirtualDVDDrive -VM $vm @place -ISO $medium.iso -RunAsynchronously -JobVariable capiJob -ErrorAction Stop
    }
    New-CapiMediumResult -VM $vm -Job $capiJob -File $file -Path $medium.path -Changed
}

function Dismount-CapiMedium {
    <#
    .SYNOPSIS
        Operation media_ejected: empties the DVD drives that hold the file, or any file when none is named.
    #>
    param($Request)
    $check = Get-CapiField -Request $Request -Name 'check' -Kind flag -Default $false
    $file = Get-CapiFileName -Request $Request
    $found = Find-CapiUsableVm -Request $Request -Check $check
    $vm = $found.vm
    $holding = @(Get-CapiDvdDrive -VM $vm | Where-Object { $_.ISO -and (-not $file -or (Get-CapiIsoFile -ISO $_.ISO) -eq $file) })
    $active = Get-CapiActiveJob -VM $vm -Cmdlet 'Set-SCVirtualDVDDrive'
    if (-not $holding.Count -or $active) { return New-CapiVmResult -VM $vm -Job $active -Changed:$found.changed }
    if ($check) { return New-CapiVmResult -VM $vm -Changed }
    foreach ($drive in $holding) {
        $null = Set-SCVirtualDVDDrive -VirtualDVDDrive $drive -NoMedia -RunAsynchronously -JobVariable capiJob -ErrorAction Stop
    }
    New-CapiVmResult -VM $vm -Job $capiJob -Changed
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
