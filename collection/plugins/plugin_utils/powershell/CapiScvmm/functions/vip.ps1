# SPDX-License-Identifier: GPL-3.0-or-later
# The operation vip: a virtual address of a static pool of VMM, granted once for a uid and found again by its mark.

function Set-CapiVip {
    <#
    .SYNOPSIS
        Operation vip: has a virtual address of a pool granted, or revoked. The owner's mark is its description from the first moment.
    #>
    param($Request)
    $uid = Get-CapiField -Request $Request -Name 'uid' -Required
    $state = Get-CapiField -Request $Request -Name 'state' -Allowed 'present', 'absent' -Default 'present'
    $poolName = Get-CapiField -Request $Request -Name 'pool' -Required:($state -eq 'present')
    $owner = Get-CapiField -Request $Request -Name 'owner' -Required:($state -eq 'present')
    $check = Get-CapiField -Request $Request -Name 'check' -Kind flag -Default $false
    Assert-CapiMarkable -Name 'owner' -Value $owner
    Assert-CapiMarkable -Name 'uid' -Value $uid
    $lock = Enter-CapiLock -Text "vip $uid" -What "the address with uid '$uid'"
    try {
        $there = @(Get-CapiVip -Uid $uid)
        $first = $null
        if ($there.Count) { $first = ConvertTo-CapiVip -Address $there[0] }
        if ($state -eq 'absent') {
            if (-not $check) {
                foreach ($address in $there) {
                    $null = Revoke-SCIPAddress -AllocatedIPAddress $address -ReturnToPool $true -ErrorAction Stop
                }
            }
            return [ordered]@{ changed = [bool]$there.Count; vip = $first }
        }
        if ($there.Count) { return [ordered]@{ changed = $false; vip = $first } }
        $pool = Select-CapiNamed -Item @(Get-SCStaticIPAddressPool -ErrorAction Stop) -Kind 'static IP address pool' -Name $poolName
        if ($check) { return [ordered]@{ changed = $true; vip = $null } }
        $mark = Join-CapiDescription -Text '' -Owner $owner -Uid $uid
        $made = Grant-SCIPAddress -StaticIPAddressPool $pool -GrantToObjectType VIP -Description $mark -ExplicitRevokeRequired $true -ErrorAction Stop
        [ordered]@{ changed = $true; vip = (ConvertTo-CapiVip -Address $made) }
    }
    finally { Exit-CapiLock -Mutex $lock }
}

function Get-CapiVip {
    <#
    .SYNOPSIS
        The granted addresses whose mark has the uid, lowest first. Normally one; two exec hosts at once might make two.
    #>
    param([string]$Uid)
    $end = " uid=$Uid]"
    @(foreach ($address in @(Get-SCIPAddress -All -ErrorAction Stop)) {
            $text = [string]$address.Description
            if ($text.Contains($end) -and (Split-CapiDescription -Description $text).uid -ceq $Uid) { $address }
        }) | Sort-Object -Property { @(foreach ($byte in ([System.Net.IPAddress]::Parse([string]$_.Address)).GetAddressBytes()) { $byte.ToString('x2') }) -join '' }
}

function ConvertTo-CapiVip {
    <#
    .SYNOPSIS
        The shape of a granted address, with what a host that holds it has to know of the pool.
    #>
    param($Address)
    $pool = $Address.AllocatingAddressPool
    [ordered]@{
        address = ([string]$Address.Address) + '/' + ([string]$pool.Subnet).Split('/')[-1]
        pool = ConvertTo-CapiText -Value $pool.Name
        gateways = [object[]]@(foreach ($gateway in @($pool.DefaultGateways)) { if ($gateway.IPAddress) { [string]$gateway.IPAddress } })
        nameservers = [object[]]@(foreach ($server in @($pool.DNSServers)) { if ($server) { [string]$server } })
    }
}
