# SPDX-License-Identifier: Apache-2.0
# Made by scvmm_sim.standin.generate from cmdlet_data.json. Do not edit.
@{
    RootModule = 'VirtualMachineManager.psm1'
    ModuleVersion = '4.0.2413.0'
    GUID = '7c1f6a4e-6a55-4e3d-9d5b-6a5f2c1f0b11'
    Author = 'capi.scvmm'
    Description = 'A stand-in for the VMM cmdlets, answered by scvmm-sim'
    FunctionsToExport = @(
        'Expand-SCVirtualDiskDrive',
        'Find-SCJob',
        'Get-SCAvailabilitySetName',
        'Get-SCCloud',
        'Get-SCCustomProperty',
        'Get-SCCustomPropertyValue',
        'Get-SCHardwareProfile',
        'Get-SCIPAddress',
        'Get-SCISO',
        'Get-SCJob',
        'Get-SCLibraryServer',
        'Get-SCLibraryShare',
        'Get-SCOperatingSystem',
        'Get-SCStaticIPAddressPool',
        'Get-SCStorageFabricClassification',
        'Get-SCStorageQoSPolicy',
        'Get-SCVMCheckpoint',
        'Get-SCVMHost',
        'Get-SCVMHostFibreChannelVirtualSAN',
        'Get-SCVMHostGroup',
        'Get-SCVMMServer',
        'Get-SCVMNetwork',
        'Get-SCVMSubnet',
        'Get-SCVMTemplate',
        'Get-SCVirtualDVDDrive',
        'Get-SCVirtualDiskDrive',
        'Get-SCVirtualFibreChannelAdapter',
        'Get-SCVirtualHardDisk',
        'Get-SCVirtualMachine',
        'Get-SCVirtualNetworkAdapter',
        'Import-SCLibraryPhysicalResource',
        'New-SCVMCheckpoint',
        'New-SCVMConfiguration',
        'New-SCVMTemplate',
        'New-SCVirtualDVDDrive',
        'New-SCVirtualDiskDrive',
        'New-SCVirtualFibreChannelAdapter',
        'New-SCVirtualMachine',
        'New-SCVirtualNetworkAdapter',
        'Read-SCLibraryShare',
        'Read-SCVirtualMachine',
        'Remove-SCISO',
        'Remove-SCVMCheckpoint',
        'Remove-SCVMConfiguration',
        'Remove-SCVMTemplate',
        'Remove-SCVirtualDVDDrive',
        'Remove-SCVirtualDiskDrive',
        'Remove-SCVirtualMachine',
        'Repair-SCVirtualMachine',
        'Restore-SCVMCheckpoint',
        'Resume-SCVirtualMachine',
        'Set-SCCustomPropertyValue',
        'Set-SCVMCheckpoint',
        'Set-SCVMConfiguration',
        'Set-SCVirtualDVDDrive',
        'Set-SCVirtualDiskDrive',
        'Set-SCVirtualMachine',
        'Set-SCVirtualNetworkAdapter',
        'Start-SCVirtualMachine',
        'Stop-SCJob',
        'Stop-SCVirtualMachine',
        'Suspend-SCVirtualMachine',
        'Update-SCVMConfiguration'
    )
    CmdletsToExport = @()
    VariablesToExport = @()
    AliasesToExport = @()
}
