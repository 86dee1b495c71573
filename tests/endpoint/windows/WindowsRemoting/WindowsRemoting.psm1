# SPDX-License-Identifier: Apache-2.0
# Stands in for cmdlets of Windows PowerShell 5.1 that an engine elsewhere lacks. Parameters, types and refusals are
# theirs; the state is JSON in the file $env:WINDOWS_STATE, which the test looks at.

$script:Folder = [System.IO.Path]::GetDirectoryName($env:WINDOWS_STATE)

function Read-State { ConvertFrom-Json -InputObject ([System.IO.File]::ReadAllText($env:WINDOWS_STATE)) }

function Write-State {
    param($State)
    [System.IO.File]::WriteAllText($env:WINDOWS_STATE, (ConvertTo-Json -InputObject $State -Depth 8))
}

function Get-PSSessionConfiguration {
    [CmdletBinding()]
    param([Parameter(Position = 0)] [string[]]$Name, [switch]$Force)
    $state = Read-State
    if ($state.denied) { throw (New-Object System.UnauthorizedAccessException 'Access is denied. To run this cmdlet, start Windows PowerShell with the "Run as administrator" option.') }
    $state.configurations | Where-Object { -not $Name -or $Name -contains $_.Name }
}

function Test-DataFile {
    # A .pssc is data: one hashtable without commands, with keys that Windows PowerShell knows.
    param([string]$Path)
    $tokens = $null
    $errors = $null
    $tree = [System.Management.Automation.Language.Parser]::ParseFile($Path, [ref]$tokens, [ref]$errors)
    if ($errors) { throw "$Path does not parse: $($errors[0].Message)" }
    $table = $tree.EndBlock.Statements[0].PipelineElements[0].Expression
    if ($table -isnot [System.Management.Automation.Language.HashtableAst]) { throw "$Path holds no hashtable" }
    $values = $table.SafeGetValue()
    $known = 'SchemaVersion', 'GUID', 'Author', 'CompanyName', 'Copyright', 'Description', 'SessionType', 'TranscriptDirectory', 'RunAsVirtualAccount',
    'RunAsVirtualAccountGroups', 'MountUserDrive', 'UserDriveMaximumSize', 'GroupManagedServiceAccount', 'ScriptsToProcess', 'RoleDefinitions', 'RequiredGroups',
    'LanguageMode', 'ExecutionPolicy', 'PowerShellVersion', 'ModulesToImport', 'VisibleAliases', 'VisibleCmdlets', 'VisibleFunctions', 'VisibleExternalCommands',
    'VisibleProviders', 'AliasDefinitions', 'FunctionDefinitions', 'VariableDefinitions', 'EnvironmentVariables', 'TypesToProcess', 'FormatsToProcess', 'AssembliesToLoad'
    foreach ($key in $values.Keys) { if ($known -notcontains $key) { throw "$Path has the key $key, which PowerShell does not know" } }
    $values
}

function Register-PSSessionConfiguration {
    [CmdletBinding(SupportsShouldProcess = $true)]
    param(
        [Parameter(Mandatory = $true, Position = 0)] [string]$Name,
        [Parameter(Mandatory = $true)] [string]$Path,
        [System.Management.Automation.PSTransportOption]$TransportOption,
        [string]$SecurityDescriptorSddl,
        [switch]$Force,
        [switch]$NoServiceRestart
    )
    if (-not $NoServiceRestart) { throw 'This test runs inside WinRM: a restart would end it.' }
    $state = Read-State
    if (@($state.configurations | Where-Object { $_.Name -eq $Name }).Count) { throw "The session configuration $Name already exists." }
    if ([System.IO.Path]::GetExtension($Path) -ne '.pssc') { throw "The path $Path is no session configuration file: it must have the extension .pssc." }
    $values = Test-DataFile -Path $Path
    $guid = [guid]$values.GUID
    $copy = [System.IO.Path]::Combine($script:Folder, "$($Name)_$guid.pssc")
    [System.IO.File]::Copy($Path, $copy, $true)
    $limit = '25'
    if ($TransportOption -and $null -ne $TransportOption.MaxSessionsPerUser) { $limit = [string]$TransportOption.MaxSessionsPerUser }
    $made = @{
        Name = $Name
        ConfigFilePath = $copy
        Permission = @($values.RoleDefinitions.Keys | ForEach-Object { "$_ AccessAllowed" }) -join ', '
        MaxShellsPerUser = $limit
        SessionType = $values.SessionType
        LanguageMode = $values.LanguageMode
    }
    $state.configurations = @($state.configurations) + $made
    $state.log = @($state.log) + "register $Name"
    Write-State -State $state
}

function Unregister-PSSessionConfiguration {
    [CmdletBinding(SupportsShouldProcess = $true)]
    param([Parameter(Mandatory = $true, Position = 0)] [string]$Name, [switch]$Force, [switch]$NoServiceRestart)
    if (-not $NoServiceRestart) { throw 'This test runs inside WinRM: a restart would end it.' }
    $state = Read-State
    $kept = @($state.configurations | Where-Object { $_.Name -ne $Name })
    if ($kept.Count -eq @($state.configurations).Count) { throw "No session configuration matches criteria `"$Name`"." }
    $state.configurations = $kept
    $state.log = @($state.log) + "unregister $Name"
    Write-State -State $state
}

function Get-WSManInstance {
    [CmdletBinding()]
    param([Parameter(Mandatory = $true, Position = 0)] [string]$ResourceURI)
    $found = (Read-State).wsman.$ResourceURI
    if ($null -eq $found) { throw "The WS-Management service cannot process the request: no resource $ResourceURI." }
    $found
}

function Set-WSManInstance {
    [CmdletBinding()]
    param([Parameter(Mandatory = $true, Position = 0)] [string]$ResourceURI, [Parameter(Mandatory = $true)] [hashtable]$ValueSet)
    $state = Read-State
    foreach ($key in $ValueSet.Keys) {
        if ($null -eq $state.wsman.$ResourceURI.$key) { throw "The WS-Management service cannot process the request: $ResourceURI has no $key." }
        if ($ValueSet[$key] -isnot [string]) { throw "$key must be a text." }
        $state.wsman.$ResourceURI.$key = $ValueSet[$key]
        $state.log = @($state.log) + "set $key $($ValueSet[$key])"
    }
    Write-State -State $state
}

function Invoke-CimMethod {
    [CmdletBinding()]
    param(
        [Parameter(Mandatory = $true)] [string]$ClassName,
        [Parameter(Mandatory = $true)] [string]$MethodName,
        [System.Collections.IDictionary]$Arguments
    )
    if ("$ClassName.$MethodName" -ne 'Win32_Process.Create') { throw "Invalid method $ClassName.$MethodName" }
    $state = Read-State
    $state.log = @($state.log) + "start $($Arguments.CommandLine)"
    Write-State -State $state
    # What the started process does here: the same, but for the service that this system does not have.
    if ($state.restart_works) { [System.IO.File]::Delete([System.IO.Path]::Combine($env:ProgramFiles, 'WindowsPowerShell', 'Modules', 'CapiScvmm.restart-winrm')) }
    [pscustomobject]@{ ReturnValue = 0; ProcessId = 4711 }
}

Export-ModuleMember -Function '*-PSSessionConfiguration', '*-WSManInstance', 'Invoke-CimMethod'
