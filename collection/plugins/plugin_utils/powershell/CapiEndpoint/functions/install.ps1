# SPDX-License-Identifier: GPL-3.0-or-later
# Our module among this host's modules: what is there must be what was sent, hash by hash.

function Get-CapiModuleFolder {
    <#
    .SYNOPSIS
        The folder that holds the versions of CapiScvmm; only administrators may write there.
    #>
    $folder = $env:ProgramFiles
    foreach ($part in 'WindowsPowerShell', 'Modules', 'CapiScvmm') { $folder = Join-Path -Path $folder -ChildPath $part }
    $folder
}

function Get-CapiFolderHash {
    <#
    .SYNOPSIS
        SHA-256 of every file below a folder, by path with forward slashes.
    #>
    param([string]$Folder)
    $found = [ordered]@{}
    if (-not [System.IO.Directory]::Exists($Folder)) { return $found }
    $files = [System.IO.Directory]::GetFiles($Folder, '*', [System.IO.SearchOption]::AllDirectories)
    [System.Array]::Sort($files, [System.StringComparer]::Ordinal)
    foreach ($file in $files) {
        $path = $file.Substring($Folder.Length).TrimStart('\', '/').Replace('\', '/')
        $found[$path] = Get-CapiHash -Bytes ([System.IO.File]::ReadAllBytes($file))
    }
    $found
}

function Get-CapiModuleVersion {
    <#
    .SYNOPSIS
        Names of the installed versions of CapiScvmm.
    #>
    $folder = Get-CapiModuleFolder
    if (-not [System.IO.Directory]::Exists($folder)) { return , ([object[]]@()) }
    $names = @(foreach ($path in [System.IO.Directory]::GetDirectories($folder)) { [System.IO.Path]::GetFileName($path) })
    return , ([object[]]@($names | Where-Object { $_ -notlike '.*' } | Sort-Object))
}

function Read-CapiFileList {
    <#
    .SYNOPSIS
        The files of a request, checked: bytes by path. A path stays below the folder, and bytes are what their hash says.
    #>
    param($Request)
    $files = [ordered]@{}
    foreach ($item in (Get-CapiField -Request $Request -Name 'files' -Kind objects)) {
        $path = Get-CapiField -Request $item -Name 'path' -Required -Prefix 'files[].'
        if ($path -notmatch '^[A-Za-z0-9_-][A-Za-z0-9._-]*(/[A-Za-z0-9_-][A-Za-z0-9._-]*)*$') {
            throw (New-CapiError -Id 'CapiScvmm.BadRequest' -Message "Field 'files[].path' has the value '$path'. Give a relative path with forward slashes.")
        }
        $bytes = [System.Convert]::FromBase64String((Get-CapiField -Request $item -Name 'content' -Required -Prefix 'files[].'))
        if ((Get-CapiHash -Bytes $bytes) -ne (Get-CapiField -Request $item -Name 'sha256' -Required -Prefix 'files[].')) {
            throw (New-CapiError -Id 'CapiScvmm.BadRequest' -Message "Field 'files[].sha256' of $path is not that of its content. Send it again.")
        }
        $files[$path] = $bytes
    }
    if (-not $files.Count) { throw (New-CapiError -Id 'CapiScvmm.BadRequest' -Message "Field 'files' is missing. Give the module's files.") }
    $files
}

function Compare-CapiFile {
    <#
    .SYNOPSIS
        What differs between the files that are there and those that shall be: path, hash before, hash after.
    #>
    param($Before, $After)
    $paths = @(@($Before.Keys) + @($After.Keys) | Sort-Object -Unique)
    foreach ($path in $paths) {
        if ($Before[$path] -ne $After[$path]) { [ordered]@{ field = $path; before = $Before[$path]; after = $After[$path] } }
    }
}

function Install-CapiModule {
    <#
    .SYNOPSIS
        Operation endpoint_module: installs one version of CapiScvmm and removes the others, or removes all of it.
    #>
    param($Request)
    $state = Get-CapiField -Request $Request -Name 'state' -Allowed 'present', 'absent' -Default 'present'
    $check = Get-CapiField -Request $Request -Name 'check' -Kind flag -Default $false
    $root = Get-CapiModuleFolder
    if ($state -eq 'absent') {
        $versions = Get-CapiModuleVersion
        $diff = @(foreach ($version in $versions) { [ordered]@{ field = "version $version"; before = 'installed'; after = $null } })
        $there = [System.IO.Directory]::Exists($root)
        if ($there -and -not $check) { [System.IO.Directory]::Delete($root, $true) }
        return [ordered]@{ changed = $there; diff = [object[]]$diff; folder = $root }
    }
    $version = Get-CapiField -Request $Request -Name 'version' -Required
    if ($version -notmatch '^[0-9]+(\.[0-9]+){1,3}$') {
        throw (New-CapiError -Id 'CapiScvmm.BadRequest' -Message "Field 'version' has the value '$version'. Give numbers with dots, as in 1.2.0.")
    }
    $files = Read-CapiFileList -Request $Request
    $wanted = [ordered]@{}
    foreach ($path in $files.Keys) { $wanted[$path] = Get-CapiHash -Bytes $files[$path] }
    $folder = Join-Path -Path $root -ChildPath $version
    $diff = @(Compare-CapiFile -Before (Get-CapiFolderHash -Folder $folder) -After $wanted)
    if ($diff.Count -and -not $check) { Update-CapiModuleFolder -Root $root -Folder $folder -Files $files -Wanted $wanted }
    $others = @(Get-CapiModuleVersion) | ForEach-Object { $_ } | Where-Object { $_ -ne $version }
    foreach ($other in $others) {
        $diff += [ordered]@{ field = "version $other"; before = 'installed'; after = $null }
        if (-not $check) { [System.IO.Directory]::Delete((Join-Path -Path $root -ChildPath $other), $true) }
    }
    [ordered]@{ changed = [bool]$diff.Count; diff = [object[]]$diff; folder = $folder; files = $wanted }
}

function Update-CapiModuleFolder {
    <#
    .SYNOPSIS
        Writes all files beside the folder, reads them back, and only then puts them in its place.
    #>
    param([string]$Root, [string]$Folder, $Files, $Wanted)
    $staged = Join-Path -Path $Root -ChildPath ('.staged-' + [guid]::NewGuid().ToString('N'))
    $old = Join-Path -Path $Root -ChildPath ('.old-' + [guid]::NewGuid().ToString('N'))
    try {
        foreach ($path in $Files.Keys) {
            $file = [System.IO.Path]::GetFullPath((Join-Path -Path $staged -ChildPath $path))
            $null = [System.IO.Directory]::CreateDirectory([System.IO.Path]::GetDirectoryName($file))
            [System.IO.File]::WriteAllBytes($file, $Files[$path])
        }
        $damaged = @(Compare-CapiFile -Before (Get-CapiFolderHash -Folder $staged) -After $Wanted)
        if ($damaged.Count) {
            $names = @($damaged | ForEach-Object { $_.field }) -join ', '
            throw (New-CapiError -Id 'CapiScvmm.Damaged' -Message "After writing, these files are not what was sent: $names. Look for a program that changes files there.")
        }
        if ([System.IO.Directory]::Exists($Folder)) { [System.IO.Directory]::Move($Folder, $old) }
        try { [System.IO.Directory]::Move($staged, $Folder) }
        catch {
            if ([System.IO.Directory]::Exists($old)) { [System.IO.Directory]::Move($old, $Folder) }
            throw
        }
    }
    finally {
        # Also what an installation that was killed left behind.
        foreach ($left in [System.IO.Directory]::GetDirectories($Root, '.*')) { [System.IO.Directory]::Delete($left, $true) }
    }
}
