# SPDX-License-Identifier: Apache-2.0
# How the stand-in's functions reach the simulator: POST $SCVMM_SIM_BRIDGE_URL/cmdlet with the parameters as JSON.

$script:BridgeClient = $null
$script:HasDateKind = (Get-Command -Name ConvertFrom-Json).Parameters.ContainsKey('DateKind')
$script:TypePrefix = 'Microsoft.SystemCenter.VirtualMachineManager.'
# Where VMM's classes inherit from; the generated part of the module says it.
$script:RootType = $null
$script:BaseTypes = @{}
# Stands for each cmdlet that VMM has and the simulator has not: no parameter is looked at, it always fails.
$script:NotKnown = {
    $name = $MyInvocation.MyCommand.Name
    $exception = New-Object System.NotImplementedException "The stand-in does not know $name yet: let scvmm_sim learn it first."
    throw (New-Object System.Management.Automation.ErrorRecord $exception, 'ScvmmSim.CmdletNotKnown', 'NotImplemented', $name)
}
# Runs as a function that has the name of a VMM cmdlet's class: so PowerShell ends the error's id as VMM's does.
$script:ErrorWriter = {
    [CmdletBinding()]
    param($Record)
    $PSCmdlet.WriteError($Record)
}

function Get-BridgeClient {
    # One HTTP client for the life of the module: opening one per call would cost more than the call.
    if ($null -eq $script:BridgeClient) {
        $handler = New-Object System.Net.Http.SocketsHttpHandler
        $handler.UseProxy = $false
        $client = New-Object System.Net.Http.HttpClient $handler
        $client.Timeout = [System.TimeSpan]::FromMinutes(30)
        $script:BridgeClient = $client
    }
    $script:BridgeClient
}

function ConvertTo-BridgeValue {
    # Objects of VMM go as a reference, dates as ISO text, the rest as JSON can say it.
    param($Value)
    if ($null -eq $Value) { return $null }
    if ($Value -is [System.Management.Automation.SwitchParameter]) { return [bool]$Value }
    if ($Value -is [datetime]) { return $Value.ToUniversalTime().ToString('yyyy-MM-ddTHH:mm:ss.fffZ') }
    if ($Value -is [guid]) { return $Value.ToString() }
    if ($Value -is [string] -or $Value -is [ValueType]) { return $Value }
    if ($Value -is [System.Management.Automation.PSCredential]) {
        return @{ _type = 'PSCredential'; UserName = $Value.UserName; Password = $Value.GetNetworkCredential().Password }
    }
    if ($Value -is [System.Collections.IEnumerable]) {
        $items = @(foreach ($item in $Value) { ConvertTo-BridgeValue -Value $item })
        return , $items
    }
    foreach ($name in $Value.PSObject.TypeNames) {
        if ($name.StartsWith($script:TypePrefix)) {
            return @{ _type = $name.Substring($script:TypePrefix.Length); ID = [string]$Value.ID }
        }
    }
    throw "The simulator takes no value of type $($Value.GetType().FullName)."
}

function Complete-BridgeObject {
    # Gives objects from the simulator VMM's type names, and makes dates of the properties that end in Time.
    # Plain values are passed over in the loop: a function call for each would cost most of a bulk answer's time.
    param($Value)
    if ($Value -is [array]) {
        foreach ($item in $Value) {
            if ($null -ne $item -and $item -isnot [string] -and $item -isnot [ValueType]) { Complete-BridgeObject -Value $item }
        }
        return
    }
    $type = $null
    foreach ($property in $Value.PSObject.Properties) {
        $inner = $property.Value
        if ($null -eq $inner) { continue }
        if ($inner -is [string]) {
            $name = $property.Name
            if ($name -eq '_type') { $type = $inner }
            elseif ($name.EndsWith('Time') -and $inner.Length -ge 20) {
                $property.Value = [datetime]::Parse($inner, [cultureinfo]::InvariantCulture, 'AdjustToUniversal, AssumeUniversal')
            }
        }
        elseif ($inner -isnot [ValueType]) { Complete-BridgeObject -Value $inner }
    }
    if ($type) {
        $names = $Value.PSObject.TypeNames
        $place = 0
        for ($class = $type; $class; $class = $script:BaseTypes[$class]) {
            $names.Insert($place, $script:TypePrefix + $class)
            $place++
        }
        $names.Insert($place, $script:TypePrefix + $script:RootType)
        $Value.PSObject.Properties.Remove('_type')
    }
}

function Write-BridgeError {
    # Writes the error record that VMM writes: NUMBER,<class> as id, CarmineException, the action to take beside the message.
    param([string]$Cmdlet, $Failure, [System.Management.Automation.PSCmdlet]$Caller)
    $category = [System.Management.Automation.ErrorCategory]::ReadError
    if ($Failure.category) {
        $null = [System.Enum]::TryParse([string]$Failure.category, $true, [ref]$category)
    }
    $exception = New-Object System.InvalidOperationException ([string]$Failure.message)
    $id = if ($Failure.number) { [string]$Failure.number } else { ([string]$Failure.id).Split(',')[0] }
    $record = New-Object System.Management.Automation.ErrorRecord $exception, $id, $category, $null
    $record.ErrorDetails = New-Object System.Management.Automation.ErrorDetails ([string]$Failure.message)
    $record.ErrorDetails.RecommendedAction = [string]$Failure.recommended_action
    if (-not $Failure.number) {
        $Caller.WriteError($record)
        return
    }
    $record.CategoryInfo.Activity = $Cmdlet
    $record.CategoryInfo.Reason = 'CarmineException'
    $class = $script:TypePrefix + 'Cmdlets.' + $Cmdlet.Replace('-', '') + 'Cmdlet'
    $null = $ExecutionContext.InvokeProvider.Item.Set("function:$class", $script:ErrorWriter)
    & $class -Record $record
}

function Send-BridgeCall {
    # Sends one call and returns the simulator's answer: objects and job, or an error.
    param([string]$Cmdlet, [hashtable]$Parameters)
    $url = $env:SCVMM_SIM_BRIDGE_URL
    if (-not $url) { throw 'SCVMM_SIM_BRIDGE_URL is not set: the stand-in VirtualMachineManager has no simulator to ask.' }
    $body = ConvertTo-Json -InputObject @{ cmdlet = $Cmdlet; parameters = $Parameters } -Depth 8 -Compress
    $message = New-Object System.Net.Http.HttpRequestMessage ([System.Net.Http.HttpMethod]::Post), "$($url.TrimEnd('/'))/cmdlet"
    $message.Content = New-Object System.Net.Http.StringContent $body, ([System.Text.Encoding]::UTF8), 'application/json'
    $message.Headers.Add('token', [string]$env:SCVMM_SIM_BRIDGE_TOKEN)
    $response = (Get-BridgeClient).Send($message)
    try {
        $reader = New-Object System.IO.StreamReader $response.Content.ReadAsStream(), ([System.Text.Encoding]::UTF8)
        $text = $reader.ReadToEnd()
        if (-not $response.IsSuccessStatusCode) { throw "The simulator's bridge answered $([int]$response.StatusCode): $text" }
    }
    finally { $response.Dispose() }
    # Texts that look like dates stay texts: only VMM's own times are dates.
    $answer = if ($script:HasDateKind) { ConvertFrom-Json -InputObject $text -DateKind String } else { ConvertFrom-Json -InputObject $text }
    Complete-BridgeObject -Value $answer
    $answer
}

function Invoke-BridgeCall {
    # One cmdlet call: asks the simulator, sets the caller's -JobVariable, writes objects or the error that VMM would.
    param([string]$Cmdlet, $Bound, [System.Management.Automation.PSCmdlet]$Caller)
    $parameters = @{}
    $common = [System.Management.Automation.PSCmdlet]::CommonParameters
    foreach ($name in $Bound.Keys) {
        if ($common -notcontains $name -and $name -ne 'WhatIf' -and $name -ne 'Confirm') {
            $parameters[$name] = ConvertTo-BridgeValue -Value $Bound[$name]
        }
    }
    $answer = Send-BridgeCall -Cmdlet $Cmdlet -Parameters $parameters
    if ($answer.error) {
        Write-BridgeError -Cmdlet $Cmdlet -Failure $answer.error -Caller $Caller
        return
    }
    if ($Bound.ContainsKey('JobVariable') -and $null -ne $answer.job) {
        $Caller.SessionState.PSVariable.Set([string]$Bound['JobVariable'], $answer.job)
    }
    foreach ($item in $answer.objects) {
        if ($null -ne $item) { $item }
    }
}
