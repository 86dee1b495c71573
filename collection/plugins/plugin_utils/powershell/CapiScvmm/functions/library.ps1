# SPDX-License-Identifier: GPL-3.0-or-later
# Media in the library.

function Resolve-CapiFolder {
    <#
    .SYNOPSIS
        The library share and the folder on it that library_path means.
    #>
    param($Request)
    $path = Get-CapiField -Request $Request -Name 'library_path' -Default 'ISOs\cloud-init'
    $path = $path.Replace('/', '\').TrimEnd('\')
    if (($path -replace '^\\\\') -match '(^|\\)(\.{1,2})?(\\|$)' -or $path -match '[<>:"|?*\x00-\x1f]') {
        throw (New-CapiError -Id 'CapiScvmm.BadRequest' -Message "Field 'library_path' has the value '$path'. Give \\server\share\folder, or a folder below a share.")
    }
    $shares = @(Get-SCLibraryShare -ErrorAction Stop | Where-Object { $_ -and -not $_.IsViewOnly -and -not $_.MarkedForDeletion })
    if ($path.StartsWith('\\')) {
        foreach ($share in $shares) {
            $root = ([string]$share.Path).TrimEnd('\')
            if ($path -eq $root -or $path.StartsWith($root + '\', [System.StringComparison]::OrdinalIgnoreCase)) { return @{ share = $share; path = $path } }
        }
        $message = "There is no library share that takes files and holds '$path'. Add it to VMM's library or correct library_path."
        throw (New-CapiError -Id 'CapiScvmm.NotFound' -Message $message -Category ObjectNotFound)
    }
    if (-not $shares.Count) {
        throw (New-CapiError -Id 'CapiScvmm.NotFound' -Message 'There is no library share that takes files. Add one to VMM.' -Category ObjectNotFound)
    }
    $first = @($shares | Sort-Object -Property Path)[0]
    @{ share = $first; path = ([string]$first.Path).TrimEnd('\') + '\' + $path.TrimStart('\') }
}

function Sync-CapiFolder {
    <#
    .SYNOPSIS
        Lets the library read a folder again, for a file that was uploaded but never indexed. Says whether there is such a folder.
    #>
    [OutputType([bool])]
    param([hashtable]$Folder)
    try { $null = Read-SCLibraryShare -LibraryShare $Folder.share -Path $Folder.path -ErrorAction Stop }
    catch {
        # These numbers say that the path does not exist: then nothing is there to be removed.
        if (801, 2409, 2906, 2910, 2917 -contains (Get-CapiErrorNumber -Record $_)) { return $false }
        throw
    }
    $true
}

function Get-CapiFileName {
    <#
    .SYNOPSIS
        The field file of a media request: a plain file name that ends in .iso, .vfd or .vhdx.
    #>
    param($Request, [switch]$Required)
    $file = Get-CapiField -Request $Request -Name 'file' -Required:$Required
    if ($null -ne $file -and $file -cnotmatch '^[A-Za-z0-9_][A-Za-z0-9._-]{0,200}\.(iso|vfd|vhdx)$') {
        throw (New-CapiError -Id 'CapiScvmm.BadRequest' -Message "Field 'file' has the value '$file'. Give a file name of letters, digits, '.', '_', '-' that ends in .iso, .vfd or .vhdx.")
    }
    $file
}

function Get-CapiResource {
    <#
    .SYNOPSIS
        What the library has at a path, of the kind that its extension means, or nothing when the library does not know it.
    #>
    param([string]$Path)
    $all = switch -Regex ($Path) {
        '\.iso$' { Get-SCISO -ErrorAction Stop }
        '\.vfd$' { Get-SCVirtualFloppyDisk -ErrorAction Stop }
        '\.vhdx$' { Get-SCVirtualHardDisk -ErrorAction Stop }
    }
    $found = @($all | Where-Object { $_ -and ([string]$_.SharePath) -eq $Path })
    if ($found.Count) { $found[0] }
}

function Remove-CapiResource {
    <#
    .SYNOPSIS
        Removes from the library what it has at a path.
    #>
    param($Resource, [string]$Path)
    switch -Regex ($Path) {
        '\.iso$' { $null = Remove-SCISO -ISO $Resource -Confirm:$false -ErrorAction Stop }
        '\.vfd$' { $null = Remove-SCVirtualFloppyDisk -VirtualFloppyDisk $Resource -Confirm:$false -ErrorAction Stop }
        '\.vhdx$' { $null = Remove-SCVirtualHardDisk -VirtualHardDisk $Resource -Confirm:$false -ErrorAction Stop }
    }
}

function Resolve-CapiMedium {
    <#
    .SYNOPSIS
        Sees to it that a medium is in the library: uploads it unless a file of its name and size is there.
    #>
    param($Request, [switch]$Check)
    $file = Get-CapiFileName -Request $Request -Required
    $bytes = Expand-CapiContent -Request $Request
    $folder = Resolve-CapiFolder -Request $Request
    $path = $folder.path + '\' + $file
    $resource = Get-CapiResource -Path $path
    $medium = @{ file = $file; path = $path; resource = $resource; changed = $false }
    if ($null -eq $bytes) {
        $size = Get-CapiField -Request $Request -Name 'uploaded_size' -Kind integer
        if ($null -ne $size) {
            $medium.resource = Resolve-CapiUploaded -Folder $folder -Path $path -Size $size
            return $medium
        }
        if ($resource) { return $medium }
        $message = "There is no medium '$path' in the library. Send its content, or correct file and library_path."
        throw (New-CapiError -Id 'CapiScvmm.NotFound' -Message $message -Category ObjectNotFound)
    }
    # An upload that broke off leaves a shorter file of the name.
    if ($resource -and ($null -eq $resource.Size -or [long]$resource.Size -eq $bytes.Length)) { return $medium }
    $medium.changed = $true
    if ($Check) { return $medium }
    Publish-CapiMedium -Bytes $bytes -File $file -Folder $folder
    $medium.resource = Get-CapiResource -Path $path
    if (-not $medium.resource) {
        throw (New-CapiError -Id 'CapiScvmm.NotFound' -Message "The medium '$path' was uploaded, but VMM's library does not show it. Try again." -Category ObjectNotFound)
    }
    $medium
}

function Resolve-CapiUploaded {
    <#
    .SYNOPSIS
        The library's ISO of a file that somebody wrote to the share a moment ago: its folder is read again unless the library knows it.
    #>
    param([hashtable]$Folder, [string]$Path, [long]$Size)
    $resource = Get-CapiResource -Path $Path
    if ((-not $resource -or [long]$resource.Size -ne $Size) -and (Sync-CapiFolder -Folder $Folder)) { $resource = Get-CapiResource -Path $Path }
    if ($resource -and [long]$resource.Size -eq $Size) { return $resource }
    $message = "The medium '$Path' was written to the share, and VMM's library does not show it with $Size bytes."
    throw (New-CapiError -Id 'CapiScvmm.NotIndexed' -Message $message -Category ObjectNotFound)
}

function Install-CapiMedium {
    <#
    .SYNOPSIS
        Operation media_present: uploads a medium to the library.
    #>
    param($Request)
    $check = Get-CapiField -Request $Request -Name 'check' -Kind flag -Default $false
    $medium = Resolve-CapiMedium -Request $Request -Check:$check
    [ordered]@{ changed = $medium.changed; media = [ordered]@{ file = $medium.file; path = $medium.path } }
}

function Uninstall-CapiMedium {
    <#
    .SYNOPSIS
        Operation media_absent: removes a medium from the library.
    #>
    param($Request)
    $check = Get-CapiField -Request $Request -Name 'check' -Kind flag -Default $false
    [ordered]@{ changed = Remove-CapiMedium -Request $Request -Check $check }
}

function Remove-CapiMedium {
    <#
    .SYNOPSIS
        Removes a medium from the library, also one that was uploaded and never became known to it. Says whether there was one.
    #>
    [OutputType([bool])]
    param($Request, [bool]$Check)
    $file = Get-CapiFileName -Request $Request -Required
    $folder = Resolve-CapiFolder -Request $Request
    $path = $folder.path + '\' + $file
    $resource = Get-CapiResource -Path $path
    if (-not $resource -and (Sync-CapiFolder -Folder $folder)) { $resource = Get-CapiResource -Path $path }
    if ($resource -and -not $Check) { Remove-CapiResource -Resource $resource -Path $path }
    [bool]$resource
}

function Clear-CapiMedium {
    <#
    .SYNOPSIS
        Removes a medium from the library after something else was done, which a failure of the removal must not hide.
    #>
    param($Medium)
    $failure = $null
    $changed = $false
    try { $changed = Remove-CapiMedium -Request $Medium -Check $false }
    catch { $failure = ConvertTo-CapiFailure -Record $_ -Operation 'media_absent' -Request $Medium }
    @{ changed = $changed; told = [ordered]@{ file = [string]$Medium.file; removed = -not $failure; error = $failure } }
}
