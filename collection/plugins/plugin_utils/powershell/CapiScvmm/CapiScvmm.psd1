# SPDX-License-Identifier: GPL-3.0-or-later
@{
    RootModule = 'CapiScvmm.psm1'
    ModuleVersion = '0.1.0'
    GUID = 'b0b3a2c4-0a44-4a8e-8a40-6f2f9d3c7a51'
    Author = 'capi.scvmm'
    Description = 'Operations on System Center Virtual Machine Manager: JSON in, JSON out'
    PowerShellVersion = '5.1'
    FunctionsToExport = @('Invoke-CapiScvmmOperation')
    CmdletsToExport = @()
    VariablesToExport = @()
    AliasesToExport = @()
}
