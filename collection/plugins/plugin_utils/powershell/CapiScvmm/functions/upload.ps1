# SPDX-License-Identifier: GPL-3.0-or-later
# How the bytes of a medium get into the library.

function Expand-CapiContent {
    <#
    .SYNOPSIS
        The bytes of a medium from base64 of gzip, checked against their SHA-256 before anything is written.
    #>
    param($Request)
    $content = Get-CapiField -Request $Request -Name 'content'
    if ($null -eq $content) { return $null }
    $wanted = Get-CapiField -Request $Request -Name 'sha256' -Required
    try {
        $packed = New-Object -TypeName System.IO.MemoryStream -ArgumentList @(, [System.Convert]::FromBase64String($content))
        $gzip = New-Object -TypeName System.IO.Compression.GZipStream -ArgumentList $packed, ([System.IO.Compression.CompressionMode]::Decompress)
        $plain = New-Object -TypeName System.IO.MemoryStream
        $gzip.CopyTo($plain)
        $gzip.Dispose()
    }
    catch {
        # The value is never shown: a medium holds secrets.
        throw (New-CapiError -Id 'CapiScvmm.BadRequest' -Message "Field 'content' is not base64 of gzip-compressed bytes. Send the medium again.")
    }
    $bytes = $plain.ToArray()
    if ((Get-CapiHash -Bytes $bytes) -ne $wanted) {
        throw (New-CapiError -Id 'CapiScvmm.BadRequest' -Message "Field 'sha256' is not that of the content. Send the medium again.")
    }
    return , $bytes
}

function New-CapiPrivateFolder {
    <#
    .SYNOPSIS
        A new temporary folder that only this user, the system and administrators can read.
    #>
    $path = Join-Path -Path ([System.IO.Path]::GetTempPath()) -ChildPath ('capi-scvmm-' + [guid]::NewGuid().ToString('N'))
    if ([System.Environment]::OSVersion.Platform -ne [System.PlatformID]::Win32NT) {
        # Only where the simulator runs: 448 is 0700.
        $null = [System.IO.Directory]::CreateDirectory($path, [System.IO.UnixFileMode]448)
        return $path
    }
    $folder = New-Object -TypeName System.IO.DirectoryInfo -ArgumentList $path
    $security = New-Object -TypeName System.Security.AccessControl.DirectorySecurity
    $security.SetAccessRuleProtection($true, $false)
    $user = [System.Security.Principal.WindowsIdentity]::GetCurrent().User
    foreach ($identity in $user.Value, 'S-1-5-18', 'S-1-5-32-544') {
        $sid = New-Object -TypeName System.Security.Principal.SecurityIdentifier -ArgumentList $identity
        $rule = New-Object -TypeName System.Security.AccessControl.FileSystemAccessRule -ArgumentList $sid, 'FullControl', 'ContainerInherit, ObjectInherit', 'None', 'Allow'
        $security.AddAccessRule($rule)
    }
    $folder.Create($security)
    $path
}

function Publish-CapiMedium {
    <#
    .SYNOPSIS
        Brings bytes to a folder of the library. On this host they exist only in a temporary file, removed in every case.
    #>
    param([byte[]]$Bytes, [string]$File, [hashtable]$Folder)
    $temporary = New-CapiPrivateFolder
    try {
        $source = Join-Path -Path $temporary -ChildPath $File
        [System.IO.File]::WriteAllBytes($source, $Bytes)
        $null = Import-SCLibraryPhysicalResource -SourcePath $source -SharePath $Folder.path -OverwriteExistingFiles -ErrorAction Stop
    }
    finally { [System.IO.Directory]::Delete($temporary, $true) }
    $null = Read-SCLibraryShare -LibraryShare $Folder.share -Path $Folder.path -ErrorAction Stop
}
