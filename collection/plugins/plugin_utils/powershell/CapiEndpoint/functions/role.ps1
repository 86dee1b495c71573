# SPDX-License-Identifier: GPL-3.0-or-later
# The VMM user role for the account that the sessions run as.

$script:CapiRoleMark = '[capi.scvmm]'

function Set-CapiUserRole {
    <#
    .SYNOPSIS
        Operation endpoint_user_role: a user role of VMM with these members, clouds and actions, or none.
    #>
    param($Request)
    $name = Get-CapiField -Request $Request -Name 'name' -Required
    $server = Get-CapiField -Request $Request -Name 'vmm_server' -Required
    $state = Get-CapiField -Request $Request -Name 'state' -Allowed 'present', 'absent' -Default 'present'
    $check = Get-CapiField -Request $Request -Name 'check' -Kind flag -Default $false
    $connection = Connect-CapiVmm -Name $server
    # -Name takes wildcards: compared here, by the whole name.
    $role = @(Get-SCUserRole -VMMServer $connection -ErrorAction Stop) | Where-Object { $_.Name -eq $name }
    if (@($role).Count -gt 1) { throw (New-CapiError -Id 'CapiScvmm.Ambiguous' -Message "There are several user roles named '$name'. Rename all but one in VMM.") }
    if ($null -ne $role) { Assert-CapiOwnRole -Role $role }
    if ($state -eq 'absent') {
        $diff = @()
        if ($null -ne $role) { $diff = @([ordered]@{ field = "user role $name"; before = 'present'; after = $null }) }
        if ($null -ne $role -and -not $check) { $null = Remove-SCUserRole -UserRole $role -ErrorAction Stop }
        return [ordered]@{ changed = [bool]$diff.Count; diff = [object[]]$diff }
    }
    $wish = Read-CapiRoleWish -Request $Request -Connection $connection
    $diff = @()
    if ($null -eq $role) {
        $diff += [ordered]@{ field = "user role $name"; before = $null; after = 'present' }
        if (-not $check) {
            $role = New-SCUserRole -VMMServer $connection -Name $name -UserRoleProfile $wish.profile -Description "For Cluster API machines. $script:CapiRoleMark" -ErrorAction Stop
        }
    }
    $lack = Get-CapiRoleLack -Role $role -Wish $wish
    $diff += @($lack.diff)
    if ($lack.diff.Count -and -not $check) { Update-CapiRole -Role $role -Lack $lack }
    [ordered]@{ changed = [bool]$diff.Count; diff = [object[]]$diff }
}

function Assert-CapiOwnRole {
    <#
    .SYNOPSIS
        Refuses a user role that we have not made: its description has our mark.
    #>
    param($Role)
    if (([string]$Role.Description).Contains($script:CapiRoleMark)) { return }
    $message = "User role '$($Role.Name)' is not ours. Choose another name, or put $script:CapiRoleMark into its description."
    throw (New-CapiError -Id 'CapiScvmm.NotOurs' -Message $message)
}

function Read-CapiRoleWish {
    <#
    .SYNOPSIS
        What a request asks of the role: profile, members, clouds (as VMM's objects), actions.
    #>
    param($Request, $Connection)
    $clouds = @(foreach ($name in (Get-CapiField -Request $Request -Name 'clouds' -Kind list)) {
            $found = @(Get-SCCloud -VMMServer $Connection -ErrorAction Stop) | Where-Object { $_.Name -eq $name }
            if ($null -eq $found) { throw (New-CapiError -Id 'CapiScvmm.NotFound' -Message "There is no cloud '$name'.") }
            $found
        })
    @{
        profile = Get-CapiField -Request $Request -Name 'profile' -Allowed 'SelfServiceUser', 'TenantAdmin' -Default 'SelfServiceUser'
        members = Get-CapiField -Request $Request -Name 'members' -Kind list
        actions = Get-CapiField -Request $Request -Name 'actions' -Kind list
        library_path = Get-CapiField -Request $Request -Name 'library_path'
        clouds = $clouds
    }
}

function Get-CapiRoleLack {
    <#
    .SYNOPSIS
        What the role lacks. Members and clouds are only added; the actions shall be these and no others.
    #>
    param($Role, $Wish)
    $members = @(foreach ($member in @($Role.Members)) { if ($member.Name) { [string]$member.Name } elseif ($null -ne $member) { [string]$member } })
    $clouds = @(foreach ($cloud in @($Role.Cloud)) { [string]$cloud.Name })
    $actions = @(@($Role.Permission) | Where-Object { $null -ne $_ } | ForEach-Object { [string]$_ } | Sort-Object)
    $lack = @{
        members = [string[]]@($Wish.members | Where-Object { $members -notcontains $_ })
        clouds = @($Wish.clouds | Where-Object { $clouds -notcontains $_.Name })
        actions = [string[]]@()
        library_path = $null
        diff = @()
    }
    if ($lack.members.Count) { $lack.diff += [ordered]@{ field = 'members'; before = $members; after = @($members + $lack.members) } }
    if ($lack.clouds.Count) {
        $lack.diff += [ordered]@{ field = 'clouds'; before = $clouds; after = @($clouds + @($lack.clouds | ForEach-Object { [string]$_.Name })) }
    }
    $wanted = @($Wish.actions | Sort-Object)
    if ($wanted.Count -and ($wanted -join ',') -ne ($actions -join ',')) {
        $lack.actions = [string[]]$wanted
        $lack.diff += [ordered]@{ field = 'actions'; before = $actions; after = $wanted }
    }
    $path = [string]$Role.UserRoleDataPath
    if (-not $path) { $path = [string]$Role.LibraryStoreSharePath }
    if ($Wish.library_path -and $Wish.library_path -ne $path) {
        $lack.library_path = $Wish.library_path
        $lack.diff += [ordered]@{ field = 'library_path'; before = (ConvertTo-CapiText -Value $path); after = $Wish.library_path }
    }
    $lack
}

function Update-CapiRole {
    <#
    .SYNOPSIS
        Gives the role what it lacks, in one call.
    #>
    param($Role, $Lack)
    $options = @{ UserRole = $Role; ErrorAction = 'Stop' }
    if ($Lack.members.Count) { $options.AddMember = $Lack.members }
    if ($Lack.clouds.Count) { $options.AddScope = $Lack.clouds }
    if ($Lack.actions.Count) { $options.Permission = $Lack.actions }
    if ($Lack.library_path) { $options.UserRoleDataPath = $Lack.library_path }
    $null = Set-SCUserRole @options
}
