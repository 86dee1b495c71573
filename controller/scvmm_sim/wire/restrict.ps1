# SPDX-License-Identifier: Apache-2.0
# Makes this session what Windows makes of a session configuration file (.pssc) with role capabilities (.psrc), as far as
# an engine without session configurations lets it: chosen functions, PowerShell's own restricted commands, no language.

$ErrorActionPreference = 'Stop'
$session = Import-PowerShellDataFile -Path $env:SCVMM_SIM_SESSION_CONFIGURATION
if ($session.SessionType -ne 'RestrictedRemoteServer') { throw "SessionType is '$($session.SessionType)': only RestrictedRemoteServer is known here." }
$visible = @()
foreach ($capability in @(foreach ($definition in $session.RoleDefinitions.Values) { $definition.RoleCapabilities } ) | Sort-Object -Unique) {
    # Windows looks in all modules for a role capability of that name.
    $found = $null
    foreach ($folder in $env:PSModulePath.Split([System.IO.Path]::PathSeparator)) {
        if (-not $folder -or -not [System.IO.Directory]::Exists($folder)) { continue }
        foreach ($file in [System.IO.Directory]::GetFiles($folder, "$capability.psrc", [System.IO.SearchOption]::AllDirectories)) {
            if ([System.IO.Path]::GetFileName([System.IO.Path]::GetDirectoryName($file)) -eq 'RoleCapabilities') { $found = $file }
        }
    }
    if (-not $found) { throw "There is no role capability $capability in any module." }
    $role = Import-PowerShellDataFile -Path $found
    foreach ($module in $role.ModulesToImport) { Import-Module -Name $module -Global }
    $visible += @($role.VisibleFunctions)
}
# The commands that every restricted session has, in PowerShell's own restricted form.
$proxies = [System.Management.Automation.CommandMetadata]::GetRestrictedCommands([System.Management.Automation.SessionCapabilities]::RemoteServer)
$texts = @{}
foreach ($name in $proxies.Keys) { $texts[$name] = [System.Management.Automation.ProxyCommand]::Create($proxies[$name]) }
$functions = @(foreach ($name in $visible) { Get-Command -Name $name -CommandType Function })
$commands = @(Get-Command -CommandType Alias, Cmdlet, Function, Filter, Configuration -ListImported)
foreach ($command in $commands) { $command.Visibility = 'Private' }
foreach ($function in $functions) { $function.Visibility = 'Public' }
# From here on nothing may be called: this script sees no more than the client will.
${function:global:Get-Command} = [scriptblock]::Create($texts['Get-Command'])
${function:global:Select-Object} = [scriptblock]::Create($texts['Select-Object'])
${function:global:Measure-Object} = [scriptblock]::Create($texts['Measure-Object'])
${function:global:Out-Default} = [scriptblock]::Create($texts['Out-Default'])
$global:PSModuleAutoLoadingPreference = 'None'
$ExecutionContext.SessionState.Applications.Clear()
$ExecutionContext.SessionState.Scripts.Clear()
$ExecutionContext.SessionState.LanguageMode = $session.LanguageMode
