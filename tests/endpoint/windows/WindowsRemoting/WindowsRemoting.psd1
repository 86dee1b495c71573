# SPDX-License-Identifier: Apache-2.0
@{
    RootModule = 'WindowsRemoting.psm1'
    ModuleVersion = '1.0.0'
    GUID = '0c5a6c0c-5a0d-4b6a-9d0c-6c8f4a3a2b10'
    Author = 'capi.scvmm'
    Description = 'What only Windows has, for tests: session configurations, WS-Management, processes started by WMI'
    FunctionsToExport = @('Get-PSSessionConfiguration', 'Register-PSSessionConfiguration', 'Unregister-PSSessionConfiguration', 'Get-WSManInstance', 'Set-WSManInstance', 'Invoke-CimMethod')
    CmdletsToExport = @()
    VariablesToExport = @()
    AliasesToExport = @()
}
