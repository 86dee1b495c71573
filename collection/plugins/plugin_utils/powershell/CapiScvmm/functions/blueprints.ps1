# SPDX-License-Identifier: GPL-3.0-or-later
# The operation hardware_info.

function Get-CapiHardware {
    <#
    .SYNOPSIS
        Operation hardware_info: processors and memory of all VM templates and hardware profiles, in two bulk calls.
    #>
    param($Request)
    $null = $Request
    [ordered]@{
        templates = [object[]]@(foreach ($one in @(Get-SCVMTemplate -ErrorAction Stop)) {
                if ($one) {
                    [ordered]@{
                        name = [string]$one.Name
                        cpu_count = [int]$one.CPUCount
                        memory_mb = [int]$one.Memory
                        operating_system = ConvertTo-CapiText -Value $one.OperatingSystem.Name
                    }
                }
            })
        hardware_profiles = [object[]]@(foreach ($one in @(Get-SCHardwareProfile -ErrorAction Stop)) {
                if ($one) { [ordered]@{ name = [string]$one.Name; cpu_count = [int]$one.CPUCount; memory_mb = [int]$one.Memory } }
            })
    }
}
