# SPDX-License-Identifier: GPL-3.0-or-later
# WinRM reads session configurations when it starts. The wish for a restart is a file, so that it outlives this session.

function Get-CapiRestartMark {
    <#
    .SYNOPSIS
        The file whose existence says that WinRM still has to be restarted.
    #>
    Join-Path -Path ([System.IO.Path]::GetDirectoryName((Get-CapiModuleFolder))) -ChildPath 'CapiScvmm.restart-winrm'
}

function Test-CapiRestartPending {
    <#
    .SYNOPSIS
        Whether a registration waits for WinRM's restart.
    #>
    [System.IO.File]::Exists((Get-CapiRestartMark))
}

function Set-CapiRestartPending {
    <#
    .SYNOPSIS
        Notes that WinRM has to be restarted.
    #>
    [System.IO.File]::WriteAllText((Get-CapiRestartMark), '')
}

function Start-CapiRestart {
    <#
    .SYNOPSIS
        Operation endpoint_restart: when a registration waits for it, restarts WinRM in a moment, by a process that outlives this session.
    #>
    param($Request)
    $check = Get-CapiField -Request $Request -Name 'check' -Kind flag -Default $false
    $pending = Test-CapiRestartPending
    $diff = @()
    if ($pending) { $diff = @([ordered]@{ field = 'service WinRM'; before = 'restart pending'; after = 'restarted' }) }
    if ($pending -and -not $check) {
        # A fixed text. WMI starts it outside of this session's job object, with which children of the session would end.
        $command = 'powershell.exe -NoProfile -NonInteractive -Command "Start-Sleep -Seconds 3; Restart-Service -Name WinRM -Force -ErrorAction Stop; ' +
        '[System.IO.File]::Delete((Join-Path $env:ProgramFiles ''WindowsPowerShell\Modules\CapiScvmm.restart-winrm''))"'
        $started = Invoke-CimMethod -ClassName 'Win32_Process' -MethodName 'Create' -Arguments @{ CommandLine = $command } -ErrorAction Stop
        if ($started.ReturnValue -ne 0) {
            throw (New-CapiError -Id 'CapiScvmm.NotStarted' -Message "Windows did not start the restart of WinRM (Win32_Process.Create answered $($started.ReturnValue)). Restart the service WinRM by hand.")
        }
    }
    [ordered]@{ changed = $pending; diff = [object[]]$diff }
}
