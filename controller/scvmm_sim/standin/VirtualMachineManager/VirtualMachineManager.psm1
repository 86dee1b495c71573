# SPDX-License-Identifier: Apache-2.0
# Made by scvmm_sim.standin.generate from cmdlet_data.json. Do not edit.

. "$PSScriptRoot/Bridge.ps1"

$script:RootType = 'ClientObject'
$script:BaseTypes = @{
    ApplicationProfile = 'Profile'
    CapabilityProfile = 'Profile'
    GuestOSProfile = 'Profile'
    HardwareProfile = 'Profile'
    SQLProfile = 'Profile'
    SelfServiceUserRole = 'UserRole'
    StandaloneVirtualHardDisk = 'VirtualHardDisk'
    VMConfiguration = 'BaseVMConfiguration'
}

function Expand-SCVirtualDiskDrive {
    [CmdletBinding(DefaultParameterSetName = '__AllParameterSets', PositionalBinding = $false)]
    param(
        [Parameter(Mandatory = $true, Position = 0, ValueFromPipeline = $true)] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.VirtualDiskDrive')] [psobject] $VirtualDiskDrive,
        [Parameter(Mandatory = $true)] [Alias('Size')] [int] $VirtualHardDiskSizeGB,
        [Parameter()] [guid] $JobGroup,
        [Parameter()] [switch] $RunAsynchronously,
        [Parameter()] [guid] $PROTipID,
        [Parameter()] [string] $JobVariable,
        [Parameter()] [string] $OnBehalfOfUser,
        [Parameter()] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.UserRole')] [psobject] $OnBehalfOfUserRole
    )
    process { Invoke-BridgeCall -Cmdlet 'Expand-SCVirtualDiskDrive' -Bound $PSBoundParameters -Caller $PSCmdlet }
}

function Find-SCJob {
    [CmdletBinding(DefaultParameterSetName = 'FindAfter', PositionalBinding = $false)]
    param(
        [Parameter(ParameterSetName = 'FindAfter')] [datetime] $After,
        [Parameter(ParameterSetName = 'FindAfter', ValueFromPipeline = $true)] [Parameter(ParameterSetName = 'FindRecent', ValueFromPipeline = $true)] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.ServerConnection')] [psobject] $VMMServer,
        [Parameter(ParameterSetName = 'FindAfter', Mandatory = $true)] [Parameter(ParameterSetName = 'FindRecent', Mandatory = $true)] [int] $MaxCount,
        [Parameter(ParameterSetName = 'FindAfter')] [Parameter(ParameterSetName = 'FindRecent')] [guid] $ObjectID,
        [Parameter(ParameterSetName = 'FindAfter')] [Parameter(ParameterSetName = 'FindRecent')] [bool] $CriticalFailures,
        [Parameter(ParameterSetName = 'FindRecent')] [switch] $Recent
    )
    process { Invoke-BridgeCall -Cmdlet 'Find-SCJob' -Bound $PSBoundParameters -Caller $PSCmdlet }
}

function Get-SCAvailabilitySetName {
    [CmdletBinding(DefaultParameterSetName = '__AllParameterSets', PositionalBinding = $false)]
    param(
        [Parameter(ValueFromPipeline = $true)] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.ServerConnection')] [psobject] $VMMServer
    )
    process { Invoke-BridgeCall -Cmdlet 'Get-SCAvailabilitySetName' -Bound $PSBoundParameters -Caller $PSCmdlet }
}

function Get-SCCloud {
    [CmdletBinding(DefaultParameterSetName = 'Name', PositionalBinding = $false)]
    param(
        [Parameter(ParameterSetName = 'ID', ValueFromPipeline = $true)] [Parameter(ParameterSetName = 'Name', ValueFromPipeline = $true)] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.ServerConnection')] [psobject] $VMMServer,
        [Parameter(ParameterSetName = 'ID', Mandatory = $true)] [guid] $ID,
        [Parameter(ParameterSetName = 'ID')] [Parameter(ParameterSetName = 'Name')] [string] $OnBehalfOfUser,
        [Parameter(ParameterSetName = 'ID')] [Parameter(ParameterSetName = 'Name')] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.UserRole')] [psobject] $OnBehalfOfUserRole,
        [Parameter(ParameterSetName = 'Name', Position = 0)] [string] $Name
    )
    process { Invoke-BridgeCall -Cmdlet 'Get-SCCloud' -Bound $PSBoundParameters -Caller $PSCmdlet }
}

function Get-SCCustomProperty {
    [CmdletBinding(DefaultParameterSetName = 'ID', PositionalBinding = $false)]
    param(
        [Parameter(ParameterSetName = 'ID', ValueFromPipeline = $true)] [Parameter(ParameterSetName = 'Member', ValueFromPipeline = $true)] [Parameter(ParameterSetName = 'Name', ValueFromPipeline = $true)] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.ServerConnection')] [psobject] $VMMServer,
        [Parameter(ParameterSetName = 'ID')] [guid] $ID,
        [Parameter(ParameterSetName = 'ID')] [Parameter(ParameterSetName = 'Member')] [Parameter(ParameterSetName = 'Name')] [string] $OnBehalfOfUser,
        [Parameter(ParameterSetName = 'ID')] [Parameter(ParameterSetName = 'Member')] [Parameter(ParameterSetName = 'Name')] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.UserRole')] [psobject] $OnBehalfOfUserRole,
        [Parameter(ParameterSetName = 'Member', Mandatory = $true)] [ValidateSet('VM', 'Template', 'VMHost', 'HostCluster', 'VMHostGroup', 'ServiceTemplate', 'ServiceInstance', 'ComputerTier', 'Cloud', 'ProtectionUnit')] [string] $Member,
        [Parameter(ParameterSetName = 'Name', Mandatory = $true)] [string] $Name
    )
    process { Invoke-BridgeCall -Cmdlet 'Get-SCCustomProperty' -Bound $PSBoundParameters -Caller $PSCmdlet }
}

function Get-SCCustomPropertyValue {
    [CmdletBinding(DefaultParameterSetName = 'All', PositionalBinding = $false)]
    param(
        [Parameter(ParameterSetName = 'All', ValueFromPipeline = $true)] [Parameter(ParameterSetName = 'Filter', ValueFromPipeline = $true)] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.ServerConnection')] [psobject] $VMMServer,
        [Parameter(ParameterSetName = 'All')] [switch] $All,
        [Parameter(ParameterSetName = 'All')] [Parameter(ParameterSetName = 'Filter')] [string] $OnBehalfOfUser,
        [Parameter(ParameterSetName = 'All')] [Parameter(ParameterSetName = 'Filter')] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.UserRole')] [psobject] $OnBehalfOfUserRole,
        [Parameter(ParameterSetName = 'Filter', Mandatory = $true)] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.CustomProperty')] [psobject] $CustomProperty,
        [Parameter(ParameterSetName = 'Filter', Mandatory = $true, ValueFromPipeline = $true)] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.ClientObject')] [psobject] $InputObject
    )
    process { Invoke-BridgeCall -Cmdlet 'Get-SCCustomPropertyValue' -Bound $PSBoundParameters -Caller $PSCmdlet }
}

function Get-SCHardwareProfile {
    [CmdletBinding(DefaultParameterSetName = 'All', PositionalBinding = $false)]
    param(
        [Parameter(ParameterSetName = 'All', ValueFromPipeline = $true)] [Parameter(ParameterSetName = 'Connection', ValueFromPipeline = $true)] [Parameter(ParameterSetName = 'ID', ValueFromPipeline = $true)] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.ServerConnection')] [psobject] $VMMServer,
        [Parameter(ParameterSetName = 'All')] [switch] $All,
        [Parameter(ParameterSetName = 'All')] [Parameter(ParameterSetName = 'Connection')] [Parameter(ParameterSetName = 'ID')] [string] $OnBehalfOfUser,
        [Parameter(ParameterSetName = 'All')] [Parameter(ParameterSetName = 'Connection')] [Parameter(ParameterSetName = 'ID')] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.UserRole')] [psobject] $OnBehalfOfUserRole,
        [Parameter(ParameterSetName = 'ID')] [guid] $ID
    )
    process { Invoke-BridgeCall -Cmdlet 'Get-SCHardwareProfile' -Bound $PSBoundParameters -Caller $PSCmdlet }
}

function Get-SCIPAddress {
    [CmdletBinding(DefaultParameterSetName = 'All', PositionalBinding = $false)]
    param(
        [Parameter(ParameterSetName = 'All', ValueFromPipeline = $true)] [Parameter(ParameterSetName = 'ByAllocatedToObjectID', ValueFromPipeline = $true)] [Parameter(ParameterSetName = 'ByID', ValueFromPipeline = $true)] [Parameter(ParameterSetName = 'ByIPAddress', ValueFromPipeline = $true)] [Parameter(ParameterSetName = 'ByPool', ValueFromPipeline = $true)] [Parameter(ParameterSetName = 'PublicIPAddress', ValueFromPipeline = $true)] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.ServerConnection')] [psobject] $VMMServer,
        [Parameter(ParameterSetName = 'All')] [switch] $All,
        [Parameter(ParameterSetName = 'All')] [Parameter(ParameterSetName = 'ByAllocatedToObjectID')] [Parameter(ParameterSetName = 'ByID')] [Parameter(ParameterSetName = 'ByIPAddress')] [Parameter(ParameterSetName = 'ByPool')] [Parameter(ParameterSetName = 'PublicIPAddress')] [switch] $UnAssigned,
        [Parameter(ParameterSetName = 'All')] [Parameter(ParameterSetName = 'ByAllocatedToObjectID')] [Parameter(ParameterSetName = 'ByID')] [Parameter(ParameterSetName = 'ByIPAddress')] [Parameter(ParameterSetName = 'ByPool')] [Parameter(ParameterSetName = 'PublicIPAddress')] [switch] $Assigned,
        [Parameter(ParameterSetName = 'All')] [Parameter(ParameterSetName = 'ByAllocatedToObjectID')] [Parameter(ParameterSetName = 'ByID')] [Parameter(ParameterSetName = 'ByIPAddress')] [Parameter(ParameterSetName = 'ByPool')] [Parameter(ParameterSetName = 'PublicIPAddress')] [switch] $IsMulticast,
        [Parameter(ParameterSetName = 'All')] [Parameter(ParameterSetName = 'ByAllocatedToObjectID')] [Parameter(ParameterSetName = 'ByID')] [Parameter(ParameterSetName = 'ByIPAddress')] [Parameter(ParameterSetName = 'ByPool')] [Parameter(ParameterSetName = 'PublicIPAddress')] [switch] $Duplicate,
        [Parameter(ParameterSetName = 'All')] [Parameter(ParameterSetName = 'ByAllocatedToObjectID')] [Parameter(ParameterSetName = 'ByID')] [Parameter(ParameterSetName = 'ByIPAddress')] [Parameter(ParameterSetName = 'ByPool')] [Parameter(ParameterSetName = 'PublicIPAddress')] [string] $OnBehalfOfUser,
        [Parameter(ParameterSetName = 'All')] [Parameter(ParameterSetName = 'ByAllocatedToObjectID')] [Parameter(ParameterSetName = 'ByID')] [Parameter(ParameterSetName = 'ByIPAddress')] [Parameter(ParameterSetName = 'ByPool')] [Parameter(ParameterSetName = 'PublicIPAddress')] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.UserRole')] [psobject] $OnBehalfOfUserRole,
        [Parameter(ParameterSetName = 'ByAllocatedToObjectID', Mandatory = $true)] [guid] $GrantToObjectID,
        [Parameter(ParameterSetName = 'ByID', Mandatory = $true)] [guid] $ID,
        [Parameter(ParameterSetName = 'ByIPAddress', Mandatory = $true)] [string] $IPAddress,
        [Parameter(ParameterSetName = 'ByPool', Mandatory = $true, ValueFromPipeline = $true)] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.StaticIPAddressPool')] [psobject] $StaticIPAddressPool,
        [Parameter(ParameterSetName = 'PublicIPAddress')] [switch] $PublicIPAddress
    )
    process { Invoke-BridgeCall -Cmdlet 'Get-SCIPAddress' -Bound $PSBoundParameters -Caller $PSCmdlet }
}

function Get-SCISO {
    [CmdletBinding(DefaultParameterSetName = 'All', PositionalBinding = $false)]
    param(
        [Parameter(ParameterSetName = 'All', ValueFromPipeline = $true)] [Parameter(ParameterSetName = 'EquivalentResourceParamSet', ValueFromPipeline = $true)] [Parameter(ParameterSetName = 'ID', ValueFromPipeline = $true)] [Parameter(ParameterSetName = 'NameParamSet', ValueFromPipeline = $true)] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.ServerConnection')] [psobject] $VMMServer,
        [Parameter(ParameterSetName = 'All')] [switch] $All,
        [Parameter(ParameterSetName = 'All')] [Parameter(ParameterSetName = 'EquivalentResourceParamSet')] [Parameter(ParameterSetName = 'ID')] [Parameter(ParameterSetName = 'NameParamSet')] [string] $OnBehalfOfUser,
        [Parameter(ParameterSetName = 'All')] [Parameter(ParameterSetName = 'EquivalentResourceParamSet')] [Parameter(ParameterSetName = 'ID')] [Parameter(ParameterSetName = 'NameParamSet')] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.UserRole')] [psobject] $OnBehalfOfUserRole,
        [Parameter(ParameterSetName = 'EquivalentResourceParamSet')] [string] $Release,
        [Parameter(ParameterSetName = 'EquivalentResourceParamSet', Mandatory = $true)] [string] $FamilyName,
        [Parameter(ParameterSetName = 'ID')] [guid] $ID,
        [Parameter(ParameterSetName = 'NameParamSet', Mandatory = $true)] [string] $Name
    )
    process { Invoke-BridgeCall -Cmdlet 'Get-SCISO' -Bound $PSBoundParameters -Caller $PSCmdlet }
}

function Get-SCJob {
    [CmdletBinding(DefaultParameterSetName = 'AllJobs', PositionalBinding = $false)]
    param(
        [Parameter(ParameterSetName = 'AllJobs', ValueFromPipeline = $true)] [Parameter(ParameterSetName = 'NewestJobs', ValueFromPipeline = $true)] [Parameter(ParameterSetName = 'RunningJobs', ValueFromPipeline = $true)] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.ServerConnection')] [psobject] $VMMServer,
        [Parameter(ParameterSetName = 'AllJobs', Position = 0)] [Parameter(ParameterSetName = 'NewestJobs', Position = 0)] [Parameter(ParameterSetName = 'RunningJobs', Position = 0)] [string] $Name,
        [Parameter(ParameterSetName = 'AllJobs')] [Parameter(ParameterSetName = 'NewestJobs')] [switch] $Full,
        [Parameter(ParameterSetName = 'AllJobs')] [switch] $All,
        [Parameter(ParameterSetName = 'AllJobs')] [Parameter(ParameterSetName = 'NewestJobs')] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.Task')] [psobject] $Job,
        [Parameter(ParameterSetName = 'AllJobs')] [Parameter(ParameterSetName = 'NewestJobs')] [guid] $ID,
        [Parameter(ParameterSetName = 'AllJobs')] [Parameter(ParameterSetName = 'NewestJobs')] [Parameter(ParameterSetName = 'RunningJobs')] [string] $OnBehalfOfUser,
        [Parameter(ParameterSetName = 'AllJobs')] [Parameter(ParameterSetName = 'NewestJobs')] [Parameter(ParameterSetName = 'RunningJobs')] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.UserRole')] [psobject] $OnBehalfOfUserRole,
        [Parameter(ParameterSetName = 'NewestJobs')] [int] $Newest,
        [Parameter(ParameterSetName = 'RunningJobs')] [switch] $Running
    )
    process { Invoke-BridgeCall -Cmdlet 'Get-SCJob' -Bound $PSBoundParameters -Caller $PSCmdlet }
}

function Get-SCLibraryServer {
    [CmdletBinding(DefaultParameterSetName = '__AllParameterSets', PositionalBinding = $false)]
    param(
        [Parameter(ValueFromPipeline = $true)] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.ServerConnection')] [psobject] $VMMServer,
        [Parameter(Position = 0)] [string] $ComputerName,
        [Parameter()] [guid] $ID
    )
    process { Invoke-BridgeCall -Cmdlet 'Get-SCLibraryServer' -Bound $PSBoundParameters -Caller $PSCmdlet }
}

function Get-SCLibraryShare {
    [CmdletBinding(DefaultParameterSetName = '__AllParameterSets', PositionalBinding = $false)]
    param(
        [Parameter(ValueFromPipeline = $true)] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.ServerConnection')] [psobject] $VMMServer,
        [Parameter()] [guid] $ID,
        [Parameter()] [string] $OnBehalfOfUser,
        [Parameter()] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.UserRole')] [psobject] $OnBehalfOfUserRole
    )
    process { Invoke-BridgeCall -Cmdlet 'Get-SCLibraryShare' -Bound $PSBoundParameters -Caller $PSCmdlet }
}

function Get-SCOperatingSystem {
    [CmdletBinding(DefaultParameterSetName = 'All', PositionalBinding = $false)]
    param(
        [Parameter(ParameterSetName = 'All')] [Parameter(ParameterSetName = 'ID')] [Parameter(ParameterSetName = 'Profile')] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.ServerConnection')] [psobject] $VMMServer,
        [Parameter(ParameterSetName = 'ID', Mandatory = $true)] [guid] $ID,
        [Parameter(ParameterSetName = 'Profile', Mandatory = $true, ValueFromPipeline = $true)] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.ApplicationProfile')] [psobject] $ApplicationProfile
    )
    process { Invoke-BridgeCall -Cmdlet 'Get-SCOperatingSystem' -Bound $PSBoundParameters -Caller $PSCmdlet }
}

function Get-SCStaticIPAddressPool {
    [CmdletBinding(DefaultParameterSetName = 'All', PositionalBinding = $false)]
    param(
        [Parameter(ParameterSetName = 'All', ValueFromPipeline = $true)] [Parameter(ParameterSetName = 'ByCloud', ValueFromPipeline = $true)] [Parameter(ParameterSetName = 'ByHostGroup', ValueFromPipeline = $true)] [Parameter(ParameterSetName = 'ById', ValueFromPipeline = $true)] [Parameter(ParameterSetName = 'ByLogicalNetworkDefinition', ValueFromPipeline = $true)] [Parameter(ParameterSetName = 'ByVMSubnet', ValueFromPipeline = $true)] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.ServerConnection')] [psobject] $VMMServer,
        [Parameter(ParameterSetName = 'All')] [Parameter(ParameterSetName = 'ByCloud')] [Parameter(ParameterSetName = 'ByHostGroup')] [Parameter(ParameterSetName = 'ById')] [Parameter(ParameterSetName = 'ByLogicalNetworkDefinition')] [Parameter(ParameterSetName = 'ByVMSubnet')] [string] $IPAddress,
        [Parameter(ParameterSetName = 'All')] [Parameter(ParameterSetName = 'ByHostGroup')] [Parameter(ParameterSetName = 'ByLogicalNetworkDefinition')] [Parameter(ParameterSetName = 'ByVMSubnet')] [switch] $IPv4,
        [Parameter(ParameterSetName = 'All')] [Parameter(ParameterSetName = 'ByHostGroup')] [Parameter(ParameterSetName = 'ByLogicalNetworkDefinition')] [Parameter(ParameterSetName = 'ByVMSubnet')] [switch] $IPv6,
        [Parameter(ParameterSetName = 'All', Position = 0)] [Parameter(ParameterSetName = 'ByCloud', Position = 0)] [Parameter(ParameterSetName = 'ByHostGroup', Position = 0)] [Parameter(ParameterSetName = 'ById', Position = 0)] [Parameter(ParameterSetName = 'ByLogicalNetworkDefinition', Position = 0)] [Parameter(ParameterSetName = 'ByVMSubnet', Position = 0)] [string] $Name,
        [Parameter(ParameterSetName = 'All')] [Parameter(ParameterSetName = 'ByCloud')] [Parameter(ParameterSetName = 'ByHostGroup')] [Parameter(ParameterSetName = 'ById')] [Parameter(ParameterSetName = 'ByLogicalNetworkDefinition')] [Parameter(ParameterSetName = 'ByVMSubnet')] [switch] $IsMulticast,
        [Parameter(ParameterSetName = 'All')] [Parameter(ParameterSetName = 'ByCloud')] [Parameter(ParameterSetName = 'ByHostGroup')] [Parameter(ParameterSetName = 'ById')] [Parameter(ParameterSetName = 'ByLogicalNetworkDefinition')] [Parameter(ParameterSetName = 'ByVMSubnet')] [string] $Subnet,
        [Parameter(ParameterSetName = 'All')] [Parameter(ParameterSetName = 'ByCloud')] [Parameter(ParameterSetName = 'ByHostGroup')] [Parameter(ParameterSetName = 'ById')] [Parameter(ParameterSetName = 'ByLogicalNetworkDefinition')] [Parameter(ParameterSetName = 'ByVMSubnet')] [string] $OnBehalfOfUser,
        [Parameter(ParameterSetName = 'All')] [Parameter(ParameterSetName = 'ByCloud')] [Parameter(ParameterSetName = 'ByHostGroup')] [Parameter(ParameterSetName = 'ById')] [Parameter(ParameterSetName = 'ByLogicalNetworkDefinition')] [Parameter(ParameterSetName = 'ByVMSubnet')] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.UserRole')] [psobject] $OnBehalfOfUserRole,
        [Parameter(ParameterSetName = 'ByCloud', Mandatory = $true)] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.Cloud')] [psobject] $Cloud,
        [Parameter(ParameterSetName = 'ByHostGroup', Mandatory = $true)] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.HostGroup')] [psobject] $VMHostGroup,
        [Parameter(ParameterSetName = 'ById', Mandatory = $true)] [guid] $ID,
        [Parameter(ParameterSetName = 'ByLogicalNetworkDefinition', Mandatory = $true)] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.LogicalNetworkDefinition')] [psobject] $LogicalNetworkDefinition,
        [Parameter(ParameterSetName = 'ByVMSubnet', Mandatory = $true)] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.VMSubnet')] [psobject] $VMSubnet
    )
    process { Invoke-BridgeCall -Cmdlet 'Get-SCStaticIPAddressPool' -Bound $PSBoundParameters -Caller $PSCmdlet }
}

function Get-SCStorageFabricClassification {
    [CmdletBinding(DefaultParameterSetName = 'All', PositionalBinding = $false)]
    param(
        [Parameter(ParameterSetName = 'All', ValueFromPipeline = $true)] [Parameter(ParameterSetName = 'ID', ValueFromPipeline = $true)] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.ServerConnection')] [psobject] $VMMServer,
        [Parameter(ParameterSetName = 'All', Position = 0)] [Parameter(ParameterSetName = 'ID', Position = 0)] [string] $Name,
        [Parameter(ParameterSetName = 'All')] [switch] $All,
        [Parameter(ParameterSetName = 'ID')] [guid] $ID
    )
    process { Invoke-BridgeCall -Cmdlet 'Get-SCStorageFabricClassification' -Bound $PSBoundParameters -Caller $PSCmdlet }
}

function Get-SCStorageQoSPolicy {
    [CmdletBinding(DefaultParameterSetName = 'All', PositionalBinding = $false)]
    param(
        [Parameter(ParameterSetName = 'All', ValueFromPipeline = $true)] [Parameter(ParameterSetName = 'ArrayFilterParamSet', ValueFromPipeline = $true)] [Parameter(ParameterSetName = 'FileServerFilterParamSet', ValueFromPipeline = $true)] [Parameter(ParameterSetName = 'ID', ValueFromPipeline = $true)] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.ServerConnection')] [psobject] $VMMServer,
        [Parameter(ParameterSetName = 'All', Position = 0)] [Parameter(ParameterSetName = 'ArrayFilterParamSet', Position = 0)] [Parameter(ParameterSetName = 'FileServerFilterParamSet', Position = 0)] [Parameter(ParameterSetName = 'ID', Position = 0)] [string] $Name,
        [Parameter(ParameterSetName = 'All')] [switch] $All,
        [Parameter(ParameterSetName = 'ArrayFilterParamSet')] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.StorageArray')] [psobject] $StorageArray,
        [Parameter(ParameterSetName = 'FileServerFilterParamSet')] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.StorageFileServer')] [psobject] $StorageFileServer,
        [Parameter(ParameterSetName = 'ID')] [guid] $ID
    )
    process { Invoke-BridgeCall -Cmdlet 'Get-SCStorageQoSPolicy' -Bound $PSBoundParameters -Caller $PSCmdlet }
}

function Get-SCUserRole {
    [CmdletBinding(DefaultParameterSetName = '__AllParameterSets', PositionalBinding = $false)]
    param(
        [Parameter(ValueFromPipeline = $true)] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.ServerConnection')] [psobject] $VMMServer,
        [Parameter(Position = 0)] [string] $Name,
        [Parameter()] [ValidateSet('Administrator', 'DelegatedAdmin', 'TenantAdmin', 'SelfServiceUser', 'ReadOnlyAdmin')] [string] $UserRoleProfile,
        [Parameter()] [guid] $ID,
        [Parameter()] [string] $OnBehalfOfUser,
        [Parameter()] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.UserRole')] [psobject] $OnBehalfOfUserRole
    )
    process { Invoke-BridgeCall -Cmdlet 'Get-SCUserRole' -Bound $PSBoundParameters -Caller $PSCmdlet }
}

function Get-SCVMCheckpoint {
    [CmdletBinding(DefaultParameterSetName = 'Connection', PositionalBinding = $false)]
    param(
        [Parameter(ParameterSetName = 'Connection', ValueFromPipeline = $true)] [Parameter(ParameterSetName = 'ID', ValueFromPipeline = $true)] [Parameter(ParameterSetName = 'VM', ValueFromPipeline = $true)] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.ServerConnection')] [psobject] $VMMServer,
        [Parameter(ParameterSetName = 'Connection')] [Parameter(ParameterSetName = 'ID')] [Parameter(ParameterSetName = 'VM')] [string] $OnBehalfOfUser,
        [Parameter(ParameterSetName = 'Connection')] [Parameter(ParameterSetName = 'ID')] [Parameter(ParameterSetName = 'VM')] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.UserRole')] [psobject] $OnBehalfOfUserRole,
        [Parameter(ParameterSetName = 'ID')] [guid] $ID,
        [Parameter(ParameterSetName = 'VM', ValueFromPipeline = $true)] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.VM')] [psobject] $VM,
        [Parameter(ParameterSetName = 'VM')] [switch] $MostRecent
    )
    process { Invoke-BridgeCall -Cmdlet 'Get-SCVMCheckpoint' -Bound $PSBoundParameters -Caller $PSCmdlet }
}

function Get-SCVMHost {
    [CmdletBinding(DefaultParameterSetName = 'Connection', PositionalBinding = $false)]
    param(
        [Parameter(ParameterSetName = 'Connection', ValueFromPipeline = $true)] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.ServerConnection')] [psobject] $VMMServer,
        [Parameter(ParameterSetName = 'Connection', Position = 0)] [Parameter(ParameterSetName = 'VMHostCluster', Position = 0)] [Parameter(ParameterSetName = 'VMHostGroup', Position = 0)] [string] $ComputerName,
        [Parameter(ParameterSetName = 'Connection')] [guid] $ID,
        [Parameter(ParameterSetName = 'VMHostCluster', Mandatory = $true, ValueFromPipeline = $true)] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.HostCluster')] [psobject] $VMHostCluster,
        [Parameter(ParameterSetName = 'VMHostGroup', Mandatory = $true, ValueFromPipeline = $true)] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.HostGroup')] [psobject] $VMHostGroup
    )
    process { Invoke-BridgeCall -Cmdlet 'Get-SCVMHost' -Bound $PSBoundParameters -Caller $PSCmdlet }
}

function Get-SCVMHostFibreChannelVirtualSAN {
    [CmdletBinding(DefaultParameterSetName = 'All', PositionalBinding = $false)]
    param(
        [Parameter(ParameterSetName = 'All', ValueFromPipeline = $true)] [Parameter(ParameterSetName = 'ID', ValueFromPipeline = $true)] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.ServerConnection')] [psobject] $VMMServer,
        [Parameter(ParameterSetName = 'All', Position = 0)] [Parameter(ParameterSetName = 'ID', Position = 0)] [string] $Name,
        [Parameter(ParameterSetName = 'All')] [switch] $All,
        [Parameter(ParameterSetName = 'ID')] [guid] $ID
    )
    process { Invoke-BridgeCall -Cmdlet 'Get-SCVMHostFibreChannelVirtualSAN' -Bound $PSBoundParameters -Caller $PSCmdlet }
}

function Get-SCVMHostGroup {
    [CmdletBinding(DefaultParameterSetName = 'Connection', PositionalBinding = $false)]
    param(
        [Parameter(ParameterSetName = 'Connection', ValueFromPipeline = $true)] [Parameter(ParameterSetName = 'ID', ValueFromPipeline = $true)] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.ServerConnection')] [psobject] $VMMServer,
        [Parameter(ParameterSetName = 'Connection', Position = 0)] [Parameter(ParameterSetName = 'ID', Position = 0)] [Parameter(ParameterSetName = 'ParentHostGroup', Position = 0)] [string] $Name,
        [Parameter(ParameterSetName = 'ID', Mandatory = $true)] [guid] $ID,
        [Parameter(ParameterSetName = 'ParentHostGroup', Mandatory = $true, ValueFromPipeline = $true)] [Alias('ParentVMHostGroup')] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.HostGroup')] [psobject] $ParentHostGroup
    )
    process { Invoke-BridgeCall -Cmdlet 'Get-SCVMHostGroup' -Bound $PSBoundParameters -Caller $PSCmdlet }
}

function Get-SCVMMServer {
    [CmdletBinding(DefaultParameterSetName = '__AllParameterSets', PositionalBinding = $false)]
    param(
        [Parameter(Mandatory = $true, Position = 0)] [string] $ComputerName,
        [Parameter()] [Alias('Port')] [int] $TCPPort,
        [Parameter()] [ValidateSet('Administrator', 'DelegatedAdmin', 'TenantAdmin', 'SelfServiceUser', 'ReadOnlyAdmin')] [string] $ConnectAs,
        [Parameter()] [string] $UserRoleName,
        [Parameter()] [pscredential] $Credential,
        [Parameter()] [switch] $RetainObjectCache,
        [Parameter()] [switch] $RetainDeletedObjects,
        [Parameter()] [switch] $AllowJobGC,
        [Parameter()] [switch] $SetAsDefault,
        [Parameter()] [switch] $ForOnBehalfOf
    )
    process { Invoke-BridgeCall -Cmdlet 'Get-SCVMMServer' -Bound $PSBoundParameters -Caller $PSCmdlet }
}

function Get-SCVMNetwork {
    [CmdletBinding(DefaultParameterSetName = 'All', PositionalBinding = $false)]
    param(
        [Parameter(ParameterSetName = 'All', ValueFromPipeline = $true)] [Parameter(ParameterSetName = 'ByID', ValueFromPipeline = $true)] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.ServerConnection')] [psobject] $VMMServer,
        [Parameter(ParameterSetName = 'All')] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.LogicalNetwork')] [psobject] $LogicalNetwork,
        [Parameter(ParameterSetName = 'All', Position = 0)] [Parameter(ParameterSetName = 'ByID', Position = 0)] [string] $Name,
        [Parameter(ParameterSetName = 'All')] [switch] $Unassigned,
        [Parameter(ParameterSetName = 'All')] [Parameter(ParameterSetName = 'ByID')] [string] $OnBehalfOfUser,
        [Parameter(ParameterSetName = 'All')] [Parameter(ParameterSetName = 'ByID')] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.UserRole')] [psobject] $OnBehalfOfUserRole,
        [Parameter(ParameterSetName = 'ByID', Mandatory = $true, Position = 1, ValueFromPipeline = $true)] [guid] $ID
    )
    process { Invoke-BridgeCall -Cmdlet 'Get-SCVMNetwork' -Bound $PSBoundParameters -Caller $PSCmdlet }
}

function Get-SCVMSubnet {
    [CmdletBinding(DefaultParameterSetName = 'All', PositionalBinding = $false)]
    param(
        [Parameter(ParameterSetName = 'All', ValueFromPipeline = $true)] [Parameter(ParameterSetName = 'ByID', ValueFromPipeline = $true)] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.ServerConnection')] [psobject] $VMMServer,
        [Parameter(ParameterSetName = 'All', Position = 0)] [string] $Name,
        [Parameter(ParameterSetName = 'All')] [string] $Subnet,
        [Parameter(ParameterSetName = 'All')] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.VMNetwork')] [psobject] $VMNetwork,
        [Parameter(ParameterSetName = 'All')] [switch] $Unassigned,
        [Parameter(ParameterSetName = 'All')] [Parameter(ParameterSetName = 'ByID')] [string] $OnBehalfOfUser,
        [Parameter(ParameterSetName = 'All')] [Parameter(ParameterSetName = 'ByID')] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.UserRole')] [psobject] $OnBehalfOfUserRole,
        [Parameter(ParameterSetName = 'ByID', Mandatory = $true)] [guid] $ID
    )
    process { Invoke-BridgeCall -Cmdlet 'Get-SCVMSubnet' -Bound $PSBoundParameters -Caller $PSCmdlet }
}

function Get-SCVMTemplate {
    [CmdletBinding(DefaultParameterSetName = 'All', PositionalBinding = $false)]
    param(
        [Parameter(ParameterSetName = 'All', ValueFromPipeline = $true)] [Parameter(ParameterSetName = 'ID', ValueFromPipeline = $true)] [Parameter(ParameterSetName = 'Name', ValueFromPipeline = $true)] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.ServerConnection')] [psobject] $VMMServer,
        [Parameter(ParameterSetName = 'All')] [Parameter(ParameterSetName = 'ID')] [Parameter(ParameterSetName = 'Name')] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.ComputerTierTemplate')] [psobject] $ComputerTierTemplate,
        [Parameter(ParameterSetName = 'All')] [switch] $All,
        [Parameter(ParameterSetName = 'All')] [Parameter(ParameterSetName = 'ID')] [Parameter(ParameterSetName = 'Name')] [string] $OnBehalfOfUser,
        [Parameter(ParameterSetName = 'All')] [Parameter(ParameterSetName = 'ID')] [Parameter(ParameterSetName = 'Name')] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.UserRole')] [psobject] $OnBehalfOfUserRole,
        [Parameter(ParameterSetName = 'ID')] [guid] $ID,
        [Parameter(ParameterSetName = 'Name', Position = 0)] [string] $Name
    )
    process { Invoke-BridgeCall -Cmdlet 'Get-SCVMTemplate' -Bound $PSBoundParameters -Caller $PSCmdlet }
}

function Get-SCVirtualDVDDrive {
    [CmdletBinding(DefaultParameterSetName = 'All', PositionalBinding = $false)]
    param(
        [Parameter(ParameterSetName = 'All', ValueFromPipeline = $true)] [Parameter(ParameterSetName = 'HardwareProfile', ValueFromPipeline = $true)] [Parameter(ParameterSetName = 'ID', ValueFromPipeline = $true)] [Parameter(ParameterSetName = 'Template', ValueFromPipeline = $true)] [Parameter(ParameterSetName = 'VM', ValueFromPipeline = $true)] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.ServerConnection')] [psobject] $VMMServer,
        [Parameter(ParameterSetName = 'All', ValueFromPipeline = $true)] [switch] $All,
        [Parameter(ParameterSetName = 'All')] [Parameter(ParameterSetName = 'HardwareProfile')] [Parameter(ParameterSetName = 'ID')] [Parameter(ParameterSetName = 'Template')] [Parameter(ParameterSetName = 'VM')] [string] $OnBehalfOfUser,
        [Parameter(ParameterSetName = 'All')] [Parameter(ParameterSetName = 'HardwareProfile')] [Parameter(ParameterSetName = 'ID')] [Parameter(ParameterSetName = 'Template')] [Parameter(ParameterSetName = 'VM')] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.UserRole')] [psobject] $OnBehalfOfUserRole,
        [Parameter(ParameterSetName = 'HardwareProfile', Mandatory = $true, ValueFromPipeline = $true)] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.HardwareProfile')] [psobject] $HardwareProfile,
        [Parameter(ParameterSetName = 'ID', Mandatory = $true, Position = 0, ValueFromPipeline = $true)] [guid] $ID,
        [Parameter(ParameterSetName = 'Template', Mandatory = $true, ValueFromPipeline = $true)] [Alias('Template')] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.Template')] [psobject] $VMTemplate,
        [Parameter(ParameterSetName = 'VM', Mandatory = $true, ValueFromPipeline = $true)] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.VM')] [psobject] $VM
    )
    process { Invoke-BridgeCall -Cmdlet 'Get-SCVirtualDVDDrive' -Bound $PSBoundParameters -Caller $PSCmdlet }
}

function Get-SCVirtualDiskDrive {
    [CmdletBinding(DefaultParameterSetName = 'All', PositionalBinding = $false)]
    param(
        [Parameter(ParameterSetName = 'All', ValueFromPipeline = $true)] [Parameter(ParameterSetName = 'ID', ValueFromPipeline = $true)] [Parameter(ParameterSetName = 'Template', ValueFromPipeline = $true)] [Parameter(ParameterSetName = 'VM', ValueFromPipeline = $true)] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.ServerConnection')] [psobject] $VMMServer,
        [Parameter(ParameterSetName = 'All', ValueFromPipeline = $true)] [switch] $All,
        [Parameter(ParameterSetName = 'All')] [Parameter(ParameterSetName = 'ID')] [Parameter(ParameterSetName = 'Template')] [Parameter(ParameterSetName = 'VM')] [string] $OnBehalfOfUser,
        [Parameter(ParameterSetName = 'All')] [Parameter(ParameterSetName = 'ID')] [Parameter(ParameterSetName = 'Template')] [Parameter(ParameterSetName = 'VM')] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.UserRole')] [psobject] $OnBehalfOfUserRole,
        [Parameter(ParameterSetName = 'ID', Mandatory = $true, Position = 0, ValueFromPipeline = $true)] [guid] $ID,
        [Parameter(ParameterSetName = 'Template', Mandatory = $true, ValueFromPipeline = $true)] [Alias('Template')] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.Template')] [psobject] $VMTemplate,
        [Parameter(ParameterSetName = 'VM', Mandatory = $true, ValueFromPipeline = $true)] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.VM')] [psobject] $VM
    )
    process { Invoke-BridgeCall -Cmdlet 'Get-SCVirtualDiskDrive' -Bound $PSBoundParameters -Caller $PSCmdlet }
}

function Get-SCVirtualFibreChannelAdapter {
    [CmdletBinding(DefaultParameterSetName = 'All', PositionalBinding = $false)]
    param(
        [Parameter(ParameterSetName = 'All', ValueFromPipeline = $true)] [Parameter(ParameterSetName = 'HardwareProfile', ValueFromPipeline = $true)] [Parameter(ParameterSetName = 'ID', ValueFromPipeline = $true)] [Parameter(ParameterSetName = 'Template', ValueFromPipeline = $true)] [Parameter(ParameterSetName = 'VM', ValueFromPipeline = $true)] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.ServerConnection')] [psobject] $VMMServer,
        [Parameter(ParameterSetName = 'All')] [switch] $All,
        [Parameter(ParameterSetName = 'All')] [Parameter(ParameterSetName = 'HardwareProfile')] [Parameter(ParameterSetName = 'ID')] [Parameter(ParameterSetName = 'Template')] [Parameter(ParameterSetName = 'VM')] [string] $OnBehalfOfUser,
        [Parameter(ParameterSetName = 'All')] [Parameter(ParameterSetName = 'HardwareProfile')] [Parameter(ParameterSetName = 'ID')] [Parameter(ParameterSetName = 'Template')] [Parameter(ParameterSetName = 'VM')] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.UserRole')] [psobject] $OnBehalfOfUserRole,
        [Parameter(ParameterSetName = 'HardwareProfile', Mandatory = $true, ValueFromPipeline = $true)] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.HardwareProfile')] [psobject] $HardwareProfile,
        [Parameter(ParameterSetName = 'ID')] [guid] $ID,
        [Parameter(ParameterSetName = 'Template', Mandatory = $true, ValueFromPipeline = $true)] [Alias('Template')] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.Template')] [psobject] $VMTemplate,
        [Parameter(ParameterSetName = 'VM', Mandatory = $true, ValueFromPipeline = $true)] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.VM')] [psobject] $VM
    )
    process { Invoke-BridgeCall -Cmdlet 'Get-SCVirtualFibreChannelAdapter' -Bound $PSBoundParameters -Caller $PSCmdlet }
}

function Get-SCVirtualFloppyDisk {
    [CmdletBinding(DefaultParameterSetName = 'All', PositionalBinding = $false)]
    param(
        [Parameter(ParameterSetName = 'All', ValueFromPipeline = $true)] [Parameter(ParameterSetName = 'EquivalentResourceParamSet', ValueFromPipeline = $true)] [Parameter(ParameterSetName = 'ID', ValueFromPipeline = $true)] [Parameter(ParameterSetName = 'NameParamSet', ValueFromPipeline = $true)] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.ServerConnection')] [psobject] $VMMServer,
        [Parameter(ParameterSetName = 'All')] [switch] $All,
        [Parameter(ParameterSetName = 'EquivalentResourceParamSet')] [string] $Release,
        [Parameter(ParameterSetName = 'EquivalentResourceParamSet', Mandatory = $true)] [string] $FamilyName,
        [Parameter(ParameterSetName = 'ID')] [guid] $ID,
        [Parameter(ParameterSetName = 'NameParamSet', Mandatory = $true)] [string] $Name
    )
    process { Invoke-BridgeCall -Cmdlet 'Get-SCVirtualFloppyDisk' -Bound $PSBoundParameters -Caller $PSCmdlet }
}

function Get-SCVirtualFloppyDrive {
    [CmdletBinding(DefaultParameterSetName = 'All', PositionalBinding = $false)]
    param(
        [Parameter(ParameterSetName = 'All', ValueFromPipeline = $true)] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.ServerConnection')] [psobject] $VMMServer,
        [Parameter(ParameterSetName = 'All', ValueFromPipeline = $true)] [switch] $All,
        [Parameter(ParameterSetName = 'HardwareProfile', Mandatory = $true, ValueFromPipeline = $true)] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.HardwareProfile')] [psobject] $HardwareProfile,
        [Parameter(ParameterSetName = 'Template', Mandatory = $true, ValueFromPipeline = $true)] [Alias('Template')] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.Template')] [psobject] $VMTemplate,
        [Parameter(ParameterSetName = 'VM', Mandatory = $true, ValueFromPipeline = $true)] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.VM')] [psobject] $VM
    )
    process { Invoke-BridgeCall -Cmdlet 'Get-SCVirtualFloppyDrive' -Bound $PSBoundParameters -Caller $PSCmdlet }
}

function Get-SCVirtualHardDisk {
    [CmdletBinding(DefaultParameterSetName = 'All', PositionalBinding = $false)]
    param(
        [Parameter(ParameterSetName = 'All', ValueFromPipeline = $true)] [Parameter(ParameterSetName = 'EquivalentResourceParamSet', ValueFromPipeline = $true)] [Parameter(ParameterSetName = 'ID', ValueFromPipeline = $true)] [Parameter(ParameterSetName = 'NameParamSet', ValueFromPipeline = $true)] [Parameter(ParameterSetName = 'Template', ValueFromPipeline = $true)] [Parameter(ParameterSetName = 'VM', ValueFromPipeline = $true)] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.ServerConnection')] [psobject] $VMMServer,
        [Parameter(ParameterSetName = 'All')] [switch] $All,
        [Parameter(ParameterSetName = 'All')] [Parameter(ParameterSetName = 'EquivalentResourceParamSet')] [Parameter(ParameterSetName = 'ID')] [Parameter(ParameterSetName = 'NameParamSet')] [Parameter(ParameterSetName = 'Template')] [Parameter(ParameterSetName = 'VM')] [string] $OnBehalfOfUser,
        [Parameter(ParameterSetName = 'All')] [Parameter(ParameterSetName = 'EquivalentResourceParamSet')] [Parameter(ParameterSetName = 'ID')] [Parameter(ParameterSetName = 'NameParamSet')] [Parameter(ParameterSetName = 'Template')] [Parameter(ParameterSetName = 'VM')] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.UserRole')] [psobject] $OnBehalfOfUserRole,
        [Parameter(ParameterSetName = 'EquivalentResourceParamSet')] [string] $Release,
        [Parameter(ParameterSetName = 'EquivalentResourceParamSet', Mandatory = $true)] [string] $FamilyName,
        [Parameter(ParameterSetName = 'ID')] [guid] $ID,
        [Parameter(ParameterSetName = 'NameParamSet', Mandatory = $true)] [string] $Name,
        [Parameter(ParameterSetName = 'Template', Mandatory = $true, ValueFromPipeline = $true)] [Alias('Template')] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.Template')] [psobject] $VMTemplate,
        [Parameter(ParameterSetName = 'VM', Mandatory = $true, ValueFromPipeline = $true)] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.VM')] [psobject] $VM
    )
    process { Invoke-BridgeCall -Cmdlet 'Get-SCVirtualHardDisk' -Bound $PSBoundParameters -Caller $PSCmdlet }
}

function Get-SCVirtualMachine {
    [CmdletBinding(DefaultParameterSetName = 'All', PositionalBinding = $false)]
    param(
        [Parameter(ParameterSetName = 'All', ValueFromPipeline = $true)] [Parameter(ParameterSetName = 'Cloud', ValueFromPipeline = $true)] [Parameter(ParameterSetName = 'ComputerTier', ValueFromPipeline = $true)] [Parameter(ParameterSetName = 'ID', ValueFromPipeline = $true)] [Parameter(ParameterSetName = 'Service', ValueFromPipeline = $true)] [Parameter(ParameterSetName = 'StorageQoSPolicy', ValueFromPipeline = $true)] [Parameter(ParameterSetName = 'VMHostGroup', ValueFromPipeline = $true)] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.ServerConnection')] [psobject] $VMMServer,
        [Parameter(ParameterSetName = 'All', Position = 0)] [Parameter(ParameterSetName = 'Cloud', Position = 0)] [Parameter(ParameterSetName = 'ComputerTier', Position = 0)] [Parameter(ParameterSetName = 'ID', Position = 0)] [Parameter(ParameterSetName = 'Service', Position = 0)] [Parameter(ParameterSetName = 'StorageQoSPolicy', Position = 0)] [Parameter(ParameterSetName = 'VMHostGroup', Position = 0)] [string] $Name,
        [Parameter(ParameterSetName = 'All')] [switch] $All,
        [Parameter(ParameterSetName = 'All')] [Parameter(ParameterSetName = 'Cloud')] [Parameter(ParameterSetName = 'ComputerTier')] [Parameter(ParameterSetName = 'ID')] [Parameter(ParameterSetName = 'Service')] [Parameter(ParameterSetName = 'StorageQoSPolicy')] [Parameter(ParameterSetName = 'VMHostGroup')] [string] $OnBehalfOfUser,
        [Parameter(ParameterSetName = 'All')] [Parameter(ParameterSetName = 'Cloud')] [Parameter(ParameterSetName = 'ComputerTier')] [Parameter(ParameterSetName = 'ID')] [Parameter(ParameterSetName = 'Service')] [Parameter(ParameterSetName = 'StorageQoSPolicy')] [Parameter(ParameterSetName = 'VMHostGroup')] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.UserRole')] [psobject] $OnBehalfOfUserRole,
        [Parameter(ParameterSetName = 'Cloud', Mandatory = $true, ValueFromPipeline = $true)] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.Cloud')] [psobject] $Cloud,
        [Parameter(ParameterSetName = 'ComputerTier', Mandatory = $true, ValueFromPipeline = $true)] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.ComputerTier')] [psobject] $ComputerTier,
        [Parameter(ParameterSetName = 'ID')] [guid] $ID,
        [Parameter(ParameterSetName = 'Service', Mandatory = $true, ValueFromPipeline = $true)] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.Service')] [psobject] $Service,
        [Parameter(ParameterSetName = 'StorageQoSPolicy', Mandatory = $true, ValueFromPipeline = $true)] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.StorageQoSPolicy')] [psobject] $StorageQoSPolicy,
        [Parameter(ParameterSetName = 'VMHostGroup', Mandatory = $true, ValueFromPipeline = $true)] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.Host')] [psobject] $VMHost
    )
    process { Invoke-BridgeCall -Cmdlet 'Get-SCVirtualMachine' -Bound $PSBoundParameters -Caller $PSCmdlet }
}

function Get-SCVirtualNetworkAdapter {
    [CmdletBinding(DefaultParameterSetName = 'All', PositionalBinding = $false)]
    param(
        [Parameter(ParameterSetName = 'All', ValueFromPipeline = $true)] [Parameter(ParameterSetName = 'HardwareProfile', ValueFromPipeline = $true)] [Parameter(ParameterSetName = 'ID', ValueFromPipeline = $true)] [Parameter(ParameterSetName = 'Template', ValueFromPipeline = $true)] [Parameter(ParameterSetName = 'VM', ValueFromPipeline = $true)] [Parameter(ParameterSetName = 'VMHost', ValueFromPipeline = $true)] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.ServerConnection')] [psobject] $VMMServer,
        [Parameter(ParameterSetName = 'All', ValueFromPipeline = $true)] [switch] $All,
        [Parameter(ParameterSetName = 'All', ValueFromPipeline = $true)] [switch] $ParentTypeVMOrHost,
        [Parameter(ParameterSetName = 'All')] [Parameter(ParameterSetName = 'HardwareProfile')] [Parameter(ParameterSetName = 'ID')] [Parameter(ParameterSetName = 'Template')] [Parameter(ParameterSetName = 'VM')] [Parameter(ParameterSetName = 'VMHost')] [string] $OnBehalfOfUser,
        [Parameter(ParameterSetName = 'All')] [Parameter(ParameterSetName = 'HardwareProfile')] [Parameter(ParameterSetName = 'ID')] [Parameter(ParameterSetName = 'Template')] [Parameter(ParameterSetName = 'VM')] [Parameter(ParameterSetName = 'VMHost')] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.UserRole')] [psobject] $OnBehalfOfUserRole,
        [Parameter(ParameterSetName = 'HardwareProfile', Mandatory = $true, ValueFromPipeline = $true)] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.HardwareProfile')] [psobject] $HardwareProfile,
        [Parameter(ParameterSetName = 'ID', Mandatory = $true, Position = 0, ValueFromPipeline = $true)] [guid] $ID,
        [Parameter(ParameterSetName = 'ID', Position = 1, ValueFromPipeline = $true)] [string] $Name,
        [Parameter(ParameterSetName = 'Template', Mandatory = $true, ValueFromPipeline = $true)] [Alias('Template')] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.Template')] [psobject] $VMTemplate,
        [Parameter(ParameterSetName = 'VM', Mandatory = $true, ValueFromPipeline = $true)] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.VM')] [psobject] $VM,
        [Parameter(ParameterSetName = 'VMHost', Mandatory = $true, ValueFromPipeline = $true)] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.Host')] [psobject] $VMHost
    )
    process { Invoke-BridgeCall -Cmdlet 'Get-SCVirtualNetworkAdapter' -Bound $PSBoundParameters -Caller $PSCmdlet }
}

function Grant-SCIPAddress {
    [CmdletBinding(DefaultParameterSetName = 'PublicIPAddress', PositionalBinding = $false)]
    param(
        [Parameter(ParameterSetName = 'Default', ValueFromPipeline = $true)] [Parameter(ParameterSetName = 'PublicIPAddress', ValueFromPipeline = $true)] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.ServerConnection')] [psobject] $VMMServer,
        [Parameter(ParameterSetName = 'Default', Mandatory = $true)] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.StaticIPAddressPool')] [psobject] $StaticIPAddressPool,
        [Parameter(ParameterSetName = 'Default', Mandatory = $true)] [ValidateSet('VirtualNetworkAdapter', 'VIP', 'HostNetworkAdapter', 'LoadBalancerConfiguration', 'VirtualMachine', 'HostCluster', 'VMSubnet', 'NetworkService', 'NATConnection', 'NetworkGateway', 'StorageArray', 'VMNetworkGateway', 'None')] [string] $GrantToObjectType,
        [Parameter(ParameterSetName = 'Default')] [Parameter(ParameterSetName = 'PublicIPAddress', Mandatory = $true)] [string] $IPAddress,
        [Parameter(ParameterSetName = 'Default')] [guid] $GrantToObjectID,
        [Parameter(ParameterSetName = 'Default')] [Parameter(ParameterSetName = 'PublicIPAddress')] [string] $Description,
        [Parameter(ParameterSetName = 'Default')] [Parameter(ParameterSetName = 'PublicIPAddress')] [bool] $ExplicitRevokeRequired,
        [Parameter(ParameterSetName = 'Default')] [Parameter(ParameterSetName = 'PublicIPAddress')] [bool] $DisableReconcile,
        [Parameter(ParameterSetName = 'Default')] [Parameter(ParameterSetName = 'PublicIPAddress')] [switch] $RunAsynchronously,
        [Parameter(ParameterSetName = 'Default')] [Parameter(ParameterSetName = 'PublicIPAddress')] [guid] $PROTipID,
        [Parameter(ParameterSetName = 'Default')] [Parameter(ParameterSetName = 'PublicIPAddress')] [string] $JobVariable,
        [Parameter(ParameterSetName = 'Default')] [Parameter(ParameterSetName = 'PublicIPAddress')] [string] $OnBehalfOfUser,
        [Parameter(ParameterSetName = 'Default')] [Parameter(ParameterSetName = 'PublicIPAddress')] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.UserRole')] [psobject] $OnBehalfOfUserRole,
        [Parameter(ParameterSetName = 'PublicIPAddress')] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.VirtualSwitchExtensionManager')] [psobject] $NetworkController,
        [Parameter(ParameterSetName = 'PublicIPAddress')] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.UserRole')] [psobject] $UserRole,
        [Parameter(ParameterSetName = 'PublicIPAddress')] [switch] $PublicIPAddress,
        [Parameter(ParameterSetName = 'PublicIPAddress')] [string] $Owner
    )
    process { Invoke-BridgeCall -Cmdlet 'Grant-SCIPAddress' -Bound $PSBoundParameters -Caller $PSCmdlet }
}

function Import-SCLibraryPhysicalResource {
    [CmdletBinding(DefaultParameterSetName = '__AllParameterSets', PositionalBinding = $false)]
    param(
        [Parameter(Mandatory = $true, Position = 0)] [string] $SourcePath,
        [Parameter(Position = 1)] [string] $SharePath,
        [Parameter()] [switch] $OverwriteExistingFiles,
        [Parameter()] [switch] $AllowUnencryptedTransfer,
        [Parameter(ValueFromPipeline = $true)] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.ServerConnection')] [psobject] $VMMServer
    )
    process { Invoke-BridgeCall -Cmdlet 'Import-SCLibraryPhysicalResource' -Bound $PSBoundParameters -Caller $PSCmdlet }
}

function New-SCUserRole {
    [CmdletBinding(DefaultParameterSetName = '__AllParameterSets', PositionalBinding = $false)]
    param(
        [Parameter(ValueFromPipeline = $true)] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.ServerConnection')] [psobject] $VMMServer,
        [Parameter(Mandatory = $true, Position = 0)] [string] $Name,
        [Parameter(Mandatory = $true)] [ValidateSet('Administrator', 'DelegatedAdmin', 'TenantAdmin', 'SelfServiceUser', 'ReadOnlyAdmin')] [string] $UserRoleProfile,
        [Parameter()] [guid] $ID,
        [Parameter()] [guid] $JobGroup,
        [Parameter()] [string] $Description,
        [Parameter()] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.UserRole')] [psobject] $ParentUserRole,
        [Parameter()] [switch] $RunAsynchronously,
        [Parameter()] [guid] $PROTipID,
        [Parameter()] [string] $JobVariable,
        [Parameter()] [string] $OnBehalfOfUser,
        [Parameter()] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.UserRole')] [psobject] $OnBehalfOfUserRole
    )
    process { Invoke-BridgeCall -Cmdlet 'New-SCUserRole' -Bound $PSBoundParameters -Caller $PSCmdlet }
}

function New-SCVMCheckpoint {
    [CmdletBinding(DefaultParameterSetName = '__AllParameterSets', PositionalBinding = $false, SupportsShouldProcess = $true)]
    param(
        [Parameter(Mandatory = $true, Position = 0, ValueFromPipeline = $true)] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.VM')] [psobject] $VM,
        [Parameter(ValueFromPipeline = $true)] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.ServerConnection')] [psobject] $VMMServer,
        [Parameter()] [string] $Description,
        [Parameter()] [string] $Name,
        [Parameter()] [switch] $RunAsynchronously,
        [Parameter()] [guid] $PROTipID,
        [Parameter()] [string] $JobVariable,
        [Parameter()] [string] $OnBehalfOfUser,
        [Parameter()] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.UserRole')] [psobject] $OnBehalfOfUserRole
    )
    process { if ($PSCmdlet.ShouldProcess('New-SCVMCheckpoint')) { Invoke-BridgeCall -Cmdlet 'New-SCVMCheckpoint' -Bound $PSBoundParameters -Caller $PSCmdlet } }
}

function New-SCVMConfiguration {
    [CmdletBinding(DefaultParameterSetName = 'ComputerTier', PositionalBinding = $false)]
    param(
        [Parameter(ParameterSetName = 'Cloud', Mandatory = $true, ValueFromPipeline = $true)] [Parameter(ParameterSetName = 'FromTemplateOnly', Mandatory = $true, ValueFromPipeline = $true)] [Parameter(ParameterSetName = 'VMHostGroup', Mandatory = $true, ValueFromPipeline = $true)] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.Template')] [psobject] $VMTemplate,
        [Parameter(ParameterSetName = 'Cloud', Mandatory = $true)] [Parameter(ParameterSetName = 'ComputerTier')] [Parameter(ParameterSetName = 'FromTemplateOnly')] [Parameter(ParameterSetName = 'VMHostGroup', Mandatory = $true)] [string] $Name,
        [Parameter(ParameterSetName = 'Cloud')] [Parameter(ParameterSetName = 'ComputerTier')] [Parameter(ParameterSetName = 'FromTemplateOnly')] [Parameter(ParameterSetName = 'VMHostGroup')] [string] $Description,
        [Parameter(ParameterSetName = 'Cloud', Mandatory = $true)] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.Cloud')] [psobject] $Cloud,
        [Parameter(ParameterSetName = 'Cloud')] [Parameter(ParameterSetName = 'ComputerTier')] [Parameter(ParameterSetName = 'FromTemplateOnly')] [Parameter(ParameterSetName = 'VMHostGroup')] [string] $CostCenter,
        [Parameter(ParameterSetName = 'Cloud')] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.CapabilityProfile')] [psobject] $CapabilityProfile,
        [Parameter(ParameterSetName = 'Cloud')] [Parameter(ParameterSetName = 'ComputerTier')] [Parameter(ParameterSetName = 'FromTemplateOnly')] [Parameter(ParameterSetName = 'VMHostGroup')] [System.Collections.Generic.List[string]] $AvailabilitySetNames,
        [Parameter(ParameterSetName = 'Cloud')] [Parameter(ParameterSetName = 'ComputerTier')] [Parameter(ParameterSetName = 'FromTemplateOnly')] [Parameter(ParameterSetName = 'VMHostGroup')] [switch] $RunAsynchronously,
        [Parameter(ParameterSetName = 'Cloud')] [Parameter(ParameterSetName = 'ComputerTier')] [Parameter(ParameterSetName = 'FromTemplateOnly')] [Parameter(ParameterSetName = 'VMHostGroup')] [guid] $PROTipID,
        [Parameter(ParameterSetName = 'Cloud')] [Parameter(ParameterSetName = 'ComputerTier')] [Parameter(ParameterSetName = 'FromTemplateOnly')] [Parameter(ParameterSetName = 'VMHostGroup')] [string] $JobVariable,
        [Parameter(ParameterSetName = 'Cloud')] [Parameter(ParameterSetName = 'ComputerTier')] [Parameter(ParameterSetName = 'FromTemplateOnly')] [Parameter(ParameterSetName = 'VMHostGroup')] [string] $OnBehalfOfUser,
        [Parameter(ParameterSetName = 'Cloud')] [Parameter(ParameterSetName = 'ComputerTier')] [Parameter(ParameterSetName = 'FromTemplateOnly')] [Parameter(ParameterSetName = 'VMHostGroup')] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.UserRole')] [psobject] $OnBehalfOfUserRole,
        [Parameter(ParameterSetName = 'ComputerTier', Mandatory = $true)] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.ComputerTier')] [psobject] $ComputerTier,
        [Parameter(ParameterSetName = 'ComputerTier')] [string] $ComputerName,
        [Parameter(ParameterSetName = 'VMHostGroup', Mandatory = $true)] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.HostGroup')] [psobject] $VMHostGroup
    )
    process { Invoke-BridgeCall -Cmdlet 'New-SCVMConfiguration' -Bound $PSBoundParameters -Caller $PSCmdlet }
}

function New-SCVMTemplate {
    [CmdletBinding(DefaultParameterSetName = 'SSHKeyFile', PositionalBinding = $false)]
    param(
        [Parameter(ParameterSetName = 'FromTemplate')] [Parameter(ParameterSetName = 'FromVHD')] [Parameter(ParameterSetName = 'FromVM')] [Parameter(ParameterSetName = 'NewTemplateFromNothing')] [Parameter(ParameterSetName = 'SSHKeyFile')] [Parameter(ParameterSetName = 'SSHKeyString')] [bool] $HighlyAvailable,
        [Parameter(ParameterSetName = 'FromTemplate')] [Parameter(ParameterSetName = 'FromVHD')] [Parameter(ParameterSetName = 'FromVM')] [Parameter(ParameterSetName = 'NewTemplateFromNothing')] [Parameter(ParameterSetName = 'SSHKeyFile')] [Parameter(ParameterSetName = 'SSHKeyString')] [bool] $DRProtectionRequired,
        [Parameter(ParameterSetName = 'FromTemplate')] [Parameter(ParameterSetName = 'FromVHD')] [Parameter(ParameterSetName = 'FromVM')] [Parameter(ParameterSetName = 'NewTemplateFromNothing')] [Parameter(ParameterSetName = 'SSHKeyFile')] [Parameter(ParameterSetName = 'SSHKeyString')] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.ApplicationProfile')] [psobject] $ApplicationProfile,
        [Parameter(ParameterSetName = 'FromTemplate')] [Parameter(ParameterSetName = 'FromVHD')] [Parameter(ParameterSetName = 'FromVM')] [Parameter(ParameterSetName = 'NewTemplateFromNothing')] [Parameter(ParameterSetName = 'SSHKeyFile')] [Parameter(ParameterSetName = 'SSHKeyString')] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.SQLProfile')] [psobject] $SQLProfile,
        [Parameter(ParameterSetName = 'FromTemplate')] [Parameter(ParameterSetName = 'FromVHD')] [Parameter(ParameterSetName = 'FromVM')] [Parameter(ParameterSetName = 'NewTemplateFromNothing')] [Parameter(ParameterSetName = 'SSHKeyFile')] [Parameter(ParameterSetName = 'SSHKeyString')] [string[]] $GuiRunOnceCommands,
        [Parameter(ParameterSetName = 'FromTemplate')] [Parameter(ParameterSetName = 'FromVHD')] [Parameter(ParameterSetName = 'FromVM')] [Parameter(ParameterSetName = 'NewTemplateFromNothing')] [Parameter(ParameterSetName = 'SSHKeyFile')] [Parameter(ParameterSetName = 'SSHKeyString')] [bool] $MergeAnswerFile,
        [Parameter(ParameterSetName = 'FromTemplate', ValueFromPipeline = $true)] [Parameter(ParameterSetName = 'FromVHD', ValueFromPipeline = $true)] [Parameter(ParameterSetName = 'FromVM', ValueFromPipeline = $true)] [Parameter(ParameterSetName = 'NewTemplateFromNothing', ValueFromPipeline = $true)] [Parameter(ParameterSetName = 'SSHKeyFile', ValueFromPipeline = $true)] [Parameter(ParameterSetName = 'SSHKeyString', ValueFromPipeline = $true)] [Alias('SysPrepFile')] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.Script')] [psobject] $AnswerFile,
        [Parameter(ParameterSetName = 'FromTemplate')] [Parameter(ParameterSetName = 'FromVHD')] [Parameter(ParameterSetName = 'FromVM')] [Parameter(ParameterSetName = 'NewTemplateFromNothing')] [Parameter(ParameterSetName = 'SSHKeyFile')] [Parameter(ParameterSetName = 'SSHKeyString')] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.OperatingSystem')] [psobject] $OperatingSystem,
        [Parameter(ParameterSetName = 'FromTemplate')] [Parameter(ParameterSetName = 'FromVHD')] [Parameter(ParameterSetName = 'NewTemplateFromNothing')] [Parameter(ParameterSetName = 'SSHKeyFile')] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.SSHKey')] [psobject] $LinuxAdministratorSSHKey,
        [Parameter(ParameterSetName = 'FromTemplate')] [Parameter(ParameterSetName = 'FromVHD')] [Parameter(ParameterSetName = 'NewTemplateFromNothing')] [Parameter(ParameterSetName = 'SSHKeyString')] [string] $LinuxAdministratorSSHKeyString,
        [Parameter(ParameterSetName = 'FromTemplate')] [Parameter(ParameterSetName = 'FromVHD')] [Parameter(ParameterSetName = 'FromVM')] [Parameter(ParameterSetName = 'NewTemplateFromNothing')] [Parameter(ParameterSetName = 'SSHKeyFile')] [Parameter(ParameterSetName = 'SSHKeyString')] [string] $LinuxDomainName,
        [Parameter(ParameterSetName = 'FromTemplate')] [Parameter(ParameterSetName = 'FromVHD')] [Parameter(ParameterSetName = 'FromVM')] [Parameter(ParameterSetName = 'NewTemplateFromNothing')] [Parameter(ParameterSetName = 'SSHKeyFile')] [Parameter(ParameterSetName = 'SSHKeyString')] [int] $RecoveryPointObjective,
        [Parameter(ParameterSetName = 'FromTemplate')] [Parameter(ParameterSetName = 'FromVHD')] [Parameter(ParameterSetName = 'FromVM')] [Parameter(ParameterSetName = 'NewTemplateFromNothing')] [Parameter(ParameterSetName = 'SSHKeyFile')] [Parameter(ParameterSetName = 'SSHKeyString')] [ValidateSet('None', 'HVR8', 'HVRBlue', 'HVRAzure', 'DiskReplication', 'SANReplication')] [string] $ProtectionProvider,
        [Parameter(ParameterSetName = 'FromTemplate')] [Parameter(ParameterSetName = 'FromVHD')] [Parameter(ParameterSetName = 'FromVM')] [Parameter(ParameterSetName = 'NewTemplateFromNothing')] [Parameter(ParameterSetName = 'SSHKeyFile')] [Parameter(ParameterSetName = 'SSHKeyString')] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.ReplicationGroup')] [psobject] $ReplicationGroup,
        [Parameter(ParameterSetName = 'FromTemplate', Mandatory = $true, ValueFromPipeline = $true)] [Alias('Template')] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.Template')] [psobject] $VMTemplate,
        [Parameter(ParameterSetName = 'FromTemplate', Mandatory = $true, Position = 0, ValueFromPipeline = $true)] [Parameter(ParameterSetName = 'FromVHD', Mandatory = $true, Position = 0, ValueFromPipeline = $true)] [Parameter(ParameterSetName = 'FromVM', Mandatory = $true, Position = 0, ValueFromPipeline = $true)] [Parameter(ParameterSetName = 'NewTemplateFromNothing', Mandatory = $true, Position = 0, ValueFromPipeline = $true)] [Parameter(ParameterSetName = 'SSHKeyFile', Mandatory = $true, Position = 0, ValueFromPipeline = $true)] [Parameter(ParameterSetName = 'SSHKeyString', Mandatory = $true, Position = 0, ValueFromPipeline = $true)] [string] $Name,
        [Parameter(ParameterSetName = 'FromTemplate')] [Parameter(ParameterSetName = 'FromVHD')] [Parameter(ParameterSetName = 'FromVM')] [Parameter(ParameterSetName = 'NewTemplateFromNothing')] [Parameter(ParameterSetName = 'SSHKeyFile')] [Parameter(ParameterSetName = 'SSHKeyString')] [string] $Description,
        [Parameter(ParameterSetName = 'FromTemplate')] [Parameter(ParameterSetName = 'FromVHD')] [Parameter(ParameterSetName = 'FromVM')] [Parameter(ParameterSetName = 'NewTemplateFromNothing')] [Parameter(ParameterSetName = 'SSHKeyFile')] [Parameter(ParameterSetName = 'SSHKeyString')] [string] $Owner,
        [Parameter(ParameterSetName = 'FromTemplate')] [Parameter(ParameterSetName = 'FromVHD')] [Parameter(ParameterSetName = 'FromVM')] [Parameter(ParameterSetName = 'NewTemplateFromNothing')] [Parameter(ParameterSetName = 'SSHKeyFile')] [Parameter(ParameterSetName = 'SSHKeyString')] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.UserRole')] [psobject] $UserRole,
        [Parameter(ParameterSetName = 'FromTemplate')] [Parameter(ParameterSetName = 'FromVHD')] [Parameter(ParameterSetName = 'FromVM')] [Parameter(ParameterSetName = 'NewTemplateFromNothing')] [Parameter(ParameterSetName = 'SSHKeyFile')] [Parameter(ParameterSetName = 'SSHKeyString')] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.HardwareProfile')] [psobject] $HardwareProfile,
        [Parameter(ParameterSetName = 'FromTemplate')] [Parameter(ParameterSetName = 'FromVHD')] [Parameter(ParameterSetName = 'FromVM')] [Parameter(ParameterSetName = 'NewTemplateFromNothing')] [Parameter(ParameterSetName = 'SSHKeyFile')] [Parameter(ParameterSetName = 'SSHKeyString')] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.GuestOSProfile')] [psobject] $GuestOSProfile,
        [Parameter(ParameterSetName = 'FromTemplate')] [Parameter(ParameterSetName = 'FromVHD')] [Parameter(ParameterSetName = 'FromVM')] [Parameter(ParameterSetName = 'NewTemplateFromNothing')] [Parameter(ParameterSetName = 'SSHKeyFile')] [Parameter(ParameterSetName = 'SSHKeyString')] [int] $MemoryMB,
        [Parameter(ParameterSetName = 'FromTemplate')] [Parameter(ParameterSetName = 'FromVHD')] [Parameter(ParameterSetName = 'FromVM')] [Parameter(ParameterSetName = 'NewTemplateFromNothing')] [Parameter(ParameterSetName = 'SSHKeyFile')] [Parameter(ParameterSetName = 'SSHKeyString')] [bool] $DynamicMemoryEnabled,
        [Parameter(ParameterSetName = 'FromTemplate')] [Parameter(ParameterSetName = 'FromVHD')] [Parameter(ParameterSetName = 'FromVM')] [Parameter(ParameterSetName = 'NewTemplateFromNothing')] [Parameter(ParameterSetName = 'SSHKeyFile')] [Parameter(ParameterSetName = 'SSHKeyString')] [int] $DynamicMemoryMaximumMB,
        [Parameter(ParameterSetName = 'FromTemplate')] [Parameter(ParameterSetName = 'FromVHD')] [Parameter(ParameterSetName = 'FromVM')] [Parameter(ParameterSetName = 'NewTemplateFromNothing')] [Parameter(ParameterSetName = 'SSHKeyFile')] [Parameter(ParameterSetName = 'SSHKeyString')] [int] $DynamicMemoryBufferPercentage,
        [Parameter(ParameterSetName = 'FromTemplate')] [Parameter(ParameterSetName = 'FromVHD')] [Parameter(ParameterSetName = 'FromVM')] [Parameter(ParameterSetName = 'NewTemplateFromNothing')] [Parameter(ParameterSetName = 'SSHKeyFile')] [Parameter(ParameterSetName = 'SSHKeyString')] [int] $MemoryWeight,
        [Parameter(ParameterSetName = 'FromTemplate')] [Parameter(ParameterSetName = 'FromVHD')] [Parameter(ParameterSetName = 'FromVM')] [Parameter(ParameterSetName = 'NewTemplateFromNothing')] [Parameter(ParameterSetName = 'SSHKeyFile')] [Parameter(ParameterSetName = 'SSHKeyString')] [bool] $VirtualVideoAdapterEnabled,
        [Parameter(ParameterSetName = 'FromTemplate')] [Parameter(ParameterSetName = 'FromVHD')] [Parameter(ParameterSetName = 'FromVM')] [Parameter(ParameterSetName = 'NewTemplateFromNothing')] [Parameter(ParameterSetName = 'SSHKeyFile')] [Parameter(ParameterSetName = 'SSHKeyString')] [int] $MonitorMaximumCount,
        [Parameter(ParameterSetName = 'FromTemplate')] [Parameter(ParameterSetName = 'FromVHD')] [Parameter(ParameterSetName = 'FromVM')] [Parameter(ParameterSetName = 'NewTemplateFromNothing')] [Parameter(ParameterSetName = 'SSHKeyFile')] [Parameter(ParameterSetName = 'SSHKeyString')] [Alias('MonitorResolutionMaximum')] [string] $MonitorMaximumResolution,
        [Parameter(ParameterSetName = 'FromTemplate')] [Parameter(ParameterSetName = 'FromVHD')] [Parameter(ParameterSetName = 'FromVM')] [Parameter(ParameterSetName = 'NewTemplateFromNothing')] [Parameter(ParameterSetName = 'SSHKeyFile')] [Parameter(ParameterSetName = 'SSHKeyString')] [Alias('ProcessorCount')] [byte] $CPUCount,
        [Parameter(ParameterSetName = 'FromTemplate')] [Parameter(ParameterSetName = 'FromVHD')] [Parameter(ParameterSetName = 'FromVM')] [Parameter(ParameterSetName = 'NewTemplateFromNothing')] [Parameter(ParameterSetName = 'SSHKeyFile')] [Parameter(ParameterSetName = 'SSHKeyString')] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.ProcessorType')] [psobject] $CPUType,
        [Parameter(ParameterSetName = 'FromTemplate')] [Parameter(ParameterSetName = 'FromVHD')] [Parameter(ParameterSetName = 'FromVM')] [Parameter(ParameterSetName = 'NewTemplateFromNothing')] [Parameter(ParameterSetName = 'SSHKeyFile')] [Parameter(ParameterSetName = 'SSHKeyString')] [Alias('RelativeWeight')] [int] $CPURelativeWeight,
        [Parameter(ParameterSetName = 'FromTemplate')] [Parameter(ParameterSetName = 'FromVHD')] [Parameter(ParameterSetName = 'FromVM')] [Parameter(ParameterSetName = 'NewTemplateFromNothing')] [Parameter(ParameterSetName = 'SSHKeyFile')] [Parameter(ParameterSetName = 'SSHKeyString')] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.CapabilityProfile')] [psobject] $CapabilityProfile,
        [Parameter(ParameterSetName = 'FromTemplate')] [Parameter(ParameterSetName = 'FromVHD')] [Parameter(ParameterSetName = 'FromVM')] [Parameter(ParameterSetName = 'NewTemplateFromNothing')] [Parameter(ParameterSetName = 'SSHKeyFile')] [Parameter(ParameterSetName = 'SSHKeyString')] [uint32] $HAVMPriority,
        [Parameter(ParameterSetName = 'FromTemplate')] [Parameter(ParameterSetName = 'FromVHD')] [Parameter(ParameterSetName = 'FromVM')] [Parameter(ParameterSetName = 'NewTemplateFromNothing')] [Parameter(ParameterSetName = 'SSHKeyFile')] [Parameter(ParameterSetName = 'SSHKeyString')] [byte] $CPUPerVirtualNumaNodeMaximum,
        [Parameter(ParameterSetName = 'FromTemplate')] [Parameter(ParameterSetName = 'FromVHD')] [Parameter(ParameterSetName = 'FromVM')] [Parameter(ParameterSetName = 'NewTemplateFromNothing')] [Parameter(ParameterSetName = 'SSHKeyFile')] [Parameter(ParameterSetName = 'SSHKeyString')] [int] $MemoryPerVirtualNumaNodeMaximumMB,
        [Parameter(ParameterSetName = 'FromTemplate')] [Parameter(ParameterSetName = 'FromVHD')] [Parameter(ParameterSetName = 'FromVM')] [Parameter(ParameterSetName = 'NewTemplateFromNothing')] [Parameter(ParameterSetName = 'SSHKeyFile')] [Parameter(ParameterSetName = 'SSHKeyString')] [byte] $VirtualNumaNodesPerSocketMaximum,
        [Parameter(ParameterSetName = 'FromTemplate')] [Parameter(ParameterSetName = 'FromVHD')] [Parameter(ParameterSetName = 'FromVM')] [Parameter(ParameterSetName = 'NewTemplateFromNothing')] [Parameter(ParameterSetName = 'SSHKeyFile')] [Parameter(ParameterSetName = 'SSHKeyString')] [uint16] $CPUReserve,
        [Parameter(ParameterSetName = 'FromTemplate')] [Parameter(ParameterSetName = 'FromVHD')] [Parameter(ParameterSetName = 'FromVM')] [Parameter(ParameterSetName = 'NewTemplateFromNothing')] [Parameter(ParameterSetName = 'SSHKeyFile')] [Parameter(ParameterSetName = 'SSHKeyString')] [Alias('CPUMax')] [int] $CPUMaximumPercent,
        [Parameter(ParameterSetName = 'FromTemplate')] [Parameter(ParameterSetName = 'FromVHD')] [Parameter(ParameterSetName = 'FromVM')] [Parameter(ParameterSetName = 'NewTemplateFromNothing')] [Parameter(ParameterSetName = 'SSHKeyFile')] [Parameter(ParameterSetName = 'SSHKeyString')] [int] $DynamicMemoryMinimumMB,
        [Parameter(ParameterSetName = 'FromTemplate')] [Parameter(ParameterSetName = 'FromVHD')] [Parameter(ParameterSetName = 'FromVM')] [Parameter(ParameterSetName = 'NewTemplateFromNothing')] [Parameter(ParameterSetName = 'SSHKeyFile')] [Parameter(ParameterSetName = 'SSHKeyString')] [bool] $NumaIsolationRequired,
        [Parameter(ParameterSetName = 'FromTemplate')] [Parameter(ParameterSetName = 'FromVHD')] [Parameter(ParameterSetName = 'FromVM')] [Parameter(ParameterSetName = 'NewTemplateFromNothing')] [Parameter(ParameterSetName = 'SSHKeyFile')] [Parameter(ParameterSetName = 'SSHKeyString')] [bool] $SecureBootEnabled,
        [Parameter(ParameterSetName = 'FromTemplate')] [Parameter(ParameterSetName = 'FromVHD')] [Parameter(ParameterSetName = 'FromVM')] [Parameter(ParameterSetName = 'NewTemplateFromNothing')] [Parameter(ParameterSetName = 'SSHKeyFile')] [Parameter(ParameterSetName = 'SSHKeyString')] [string] $SecureBootTemplate,
        [Parameter(ParameterSetName = 'FromTemplate')] [Parameter(ParameterSetName = 'FromVHD')] [Parameter(ParameterSetName = 'FromVM')] [Parameter(ParameterSetName = 'NewTemplateFromNothing')] [Parameter(ParameterSetName = 'SSHKeyFile')] [Parameter(ParameterSetName = 'SSHKeyString')] [string] $FullName,
        [Parameter(ParameterSetName = 'FromTemplate')] [Parameter(ParameterSetName = 'FromVHD')] [Parameter(ParameterSetName = 'FromVM')] [Parameter(ParameterSetName = 'NewTemplateFromNothing')] [Parameter(ParameterSetName = 'SSHKeyFile')] [Parameter(ParameterSetName = 'SSHKeyString')] [Alias('OrgName')] [string] $OrganizationName,
        [Parameter(ParameterSetName = 'FromTemplate')] [Parameter(ParameterSetName = 'FromVHD')] [Parameter(ParameterSetName = 'FromVM')] [Parameter(ParameterSetName = 'NewTemplateFromNothing')] [Parameter(ParameterSetName = 'SSHKeyFile')] [Parameter(ParameterSetName = 'SSHKeyString')] [string] $ComputerName,
        [Parameter(ParameterSetName = 'FromTemplate')] [Parameter(ParameterSetName = 'FromVHD')] [Parameter(ParameterSetName = 'FromVM')] [Parameter(ParameterSetName = 'NewTemplateFromNothing')] [Parameter(ParameterSetName = 'SSHKeyFile')] [Parameter(ParameterSetName = 'SSHKeyString')] [string] $ProductKey,
        [Parameter(ParameterSetName = 'FromTemplate')] [Parameter(ParameterSetName = 'FromVHD')] [Parameter(ParameterSetName = 'FromVM')] [Parameter(ParameterSetName = 'NewTemplateFromNothing')] [Parameter(ParameterSetName = 'SSHKeyFile')] [Parameter(ParameterSetName = 'SSHKeyString')] [Alias('AdminPasswordCredential')] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.VMMCredential')] [psobject] $LocalAdministratorCredential,
        [Parameter(ParameterSetName = 'FromTemplate')] [Parameter(ParameterSetName = 'FromVHD')] [Parameter(ParameterSetName = 'FromVM')] [Parameter(ParameterSetName = 'NewTemplateFromNothing')] [Parameter(ParameterSetName = 'SSHKeyFile')] [Parameter(ParameterSetName = 'SSHKeyString')] [int] $TimeZone,
        [Parameter(ParameterSetName = 'FromTemplate')] [Parameter(ParameterSetName = 'FromVHD')] [Parameter(ParameterSetName = 'FromVM')] [Parameter(ParameterSetName = 'NewTemplateFromNothing')] [Parameter(ParameterSetName = 'SSHKeyFile')] [Parameter(ParameterSetName = 'SSHKeyString')] [switch] $RemoveServerFeatures,
        [Parameter(ParameterSetName = 'FromTemplate')] [Parameter(ParameterSetName = 'FromVHD')] [Parameter(ParameterSetName = 'FromVM')] [Parameter(ParameterSetName = 'NewTemplateFromNothing')] [Parameter(ParameterSetName = 'SSHKeyFile')] [Parameter(ParameterSetName = 'SSHKeyString')] [Alias('JoinDomain')] [string] $Domain,
        [Parameter(ParameterSetName = 'FromTemplate')] [Parameter(ParameterSetName = 'FromVHD')] [Parameter(ParameterSetName = 'FromVM')] [Parameter(ParameterSetName = 'NewTemplateFromNothing')] [Parameter(ParameterSetName = 'SSHKeyFile')] [Parameter(ParameterSetName = 'SSHKeyString')] [Alias('JoinDomainCredential')] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.VMMCredential')] [psobject] $DomainJoinCredential,
        [Parameter(ParameterSetName = 'FromTemplate')] [Parameter(ParameterSetName = 'FromVHD')] [Parameter(ParameterSetName = 'FromVM')] [Parameter(ParameterSetName = 'NewTemplateFromNothing')] [Parameter(ParameterSetName = 'SSHKeyFile')] [Parameter(ParameterSetName = 'SSHKeyString')] [Alias('JoinWorkgroup')] [string] $Workgroup,
        [Parameter(ParameterSetName = 'FromTemplate')] [Parameter(ParameterSetName = 'FromVHD')] [Parameter(ParameterSetName = 'FromVM')] [Parameter(ParameterSetName = 'NewTemplateFromNothing')] [Parameter(ParameterSetName = 'SSHKeyFile')] [Parameter(ParameterSetName = 'SSHKeyString')] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.RunAsAccount')] [psobject] $AutoLogonCredential,
        [Parameter(ParameterSetName = 'FromTemplate')] [Parameter(ParameterSetName = 'FromVHD')] [Parameter(ParameterSetName = 'FromVM')] [Parameter(ParameterSetName = 'NewTemplateFromNothing')] [Parameter(ParameterSetName = 'SSHKeyFile')] [Parameter(ParameterSetName = 'SSHKeyString')] [uint32] $AutoLogonCount,
        [Parameter(ParameterSetName = 'FromTemplate')] [Parameter(ParameterSetName = 'FromVHD')] [Parameter(ParameterSetName = 'FromVM')] [Parameter(ParameterSetName = 'NewTemplateFromNothing')] [Parameter(ParameterSetName = 'SSHKeyFile')] [Parameter(ParameterSetName = 'SSHKeyString')] [switch] $DisableAutoLogon,
        [Parameter(ParameterSetName = 'FromTemplate')] [Parameter(ParameterSetName = 'FromVHD')] [Parameter(ParameterSetName = 'FromVM')] [Parameter(ParameterSetName = 'NewTemplateFromNothing')] [Parameter(ParameterSetName = 'SSHKeyFile')] [Parameter(ParameterSetName = 'SSHKeyString')] [System.Collections.Generic.Dictionary[string,string]] $UnattendSettings,
        [Parameter(ParameterSetName = 'FromTemplate')] [Parameter(ParameterSetName = 'FromVHD')] [Parameter(ParameterSetName = 'FromVM')] [Parameter(ParameterSetName = 'NewTemplateFromNothing')] [Parameter(ParameterSetName = 'SSHKeyFile')] [Parameter(ParameterSetName = 'SSHKeyString')] [string] $DomainJoinOrganizationalUnit,
        [Parameter(ParameterSetName = 'FromTemplate')] [Parameter(ParameterSetName = 'FromVHD')] [Parameter(ParameterSetName = 'FromVM')] [Parameter(ParameterSetName = 'NewTemplateFromNothing')] [Parameter(ParameterSetName = 'SSHKeyFile')] [Parameter(ParameterSetName = 'SSHKeyString')] [switch] $RemoveDomainJoinOrganizationalUnit,
        [Parameter(ParameterSetName = 'FromTemplate')] [Parameter(ParameterSetName = 'FromVHD')] [Parameter(ParameterSetName = 'FromVM')] [Parameter(ParameterSetName = 'NewTemplateFromNothing', Mandatory = $true)] [guid] $JobGroup,
        [Parameter(ParameterSetName = 'FromTemplate')] [Parameter(ParameterSetName = 'FromVHD')] [Parameter(ParameterSetName = 'FromVM')] [Parameter(ParameterSetName = 'NewTemplateFromNothing')] [Parameter(ParameterSetName = 'SSHKeyFile')] [Parameter(ParameterSetName = 'SSHKeyString')] [switch] $RunAsynchronously,
        [Parameter(ParameterSetName = 'FromTemplate')] [Parameter(ParameterSetName = 'FromVHD')] [Parameter(ParameterSetName = 'FromVM')] [Parameter(ParameterSetName = 'NewTemplateFromNothing')] [Parameter(ParameterSetName = 'SSHKeyFile')] [Parameter(ParameterSetName = 'SSHKeyString')] [guid] $PROTipID,
        [Parameter(ParameterSetName = 'FromTemplate')] [Parameter(ParameterSetName = 'FromVHD')] [Parameter(ParameterSetName = 'FromVM')] [Parameter(ParameterSetName = 'NewTemplateFromNothing')] [Parameter(ParameterSetName = 'SSHKeyFile')] [Parameter(ParameterSetName = 'SSHKeyString')] [string] $JobVariable,
        [Parameter(ParameterSetName = 'FromVHD')] [Parameter(ParameterSetName = 'NewTemplateFromNothing')] [int] $Generation,
        [Parameter(ParameterSetName = 'FromVHD')] [Parameter(ParameterSetName = 'NewTemplateFromNothing')] [bool] $Shielded,
        [Parameter(ParameterSetName = 'FromVHD', Mandatory = $true, ValueFromPipeline = $true)] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.StandaloneVirtualHardDisk')] [psobject] $VirtualHardDisk,
        [Parameter(ParameterSetName = 'FromVHD')] [Parameter(ParameterSetName = 'FromVM')] [Parameter(ParameterSetName = 'NewTemplateFromNothing')] [switch] $NoCustomization,
        [Parameter(ParameterSetName = 'FromVHD')] [Parameter(ParameterSetName = 'NewTemplateFromNothing')] [uint16] $AutomaticCriticalErrorAction,
        [Parameter(ParameterSetName = 'FromVHD')] [Parameter(ParameterSetName = 'NewTemplateFromNothing')] [int] $AutomaticCriticalErrorActionTimeout,
        [Parameter(ParameterSetName = 'FromVHD')] [Parameter(ParameterSetName = 'NewTemplateFromNothing')] [ValidateSet('Disabled', 'Production', 'ProductionOnly', 'Standard')] [string] $CheckpointType,
        [Parameter(ParameterSetName = 'FromVM', Mandatory = $true, ValueFromPipeline = $true)] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.VM')] [psobject] $VM,
        [Parameter(ParameterSetName = 'FromVM')] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.VirtualHardDisk')] [psobject] $BootVirtualHardDisk,
        [Parameter(ParameterSetName = 'FromVM')] [switch] $SkipRearm,
        [Parameter(ParameterSetName = 'FromVM')] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.LibraryServer')] [psobject] $LibraryServer,
        [Parameter(ParameterSetName = 'FromVM')] [string] $SharePath,
        [Parameter(ParameterSetName = 'NewTemplateFromNothing', ValueFromPipeline = $true)] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.ServerConnection')] [psobject] $VMMServer
    )
    process { Invoke-BridgeCall -Cmdlet 'New-SCVMTemplate' -Bound $PSBoundParameters -Caller $PSCmdlet }
}

function New-SCVirtualDVDDrive {
    [CmdletBinding(DefaultParameterSetName = 'HardwareProfile', PositionalBinding = $false)]
    param(
        [Parameter(ParameterSetName = 'HardwareProfile', Mandatory = $true)] [Parameter(ParameterSetName = 'JobGroup', Mandatory = $true)] [Parameter(ParameterSetName = 'Template', Mandatory = $true)] [Parameter(ParameterSetName = 'VM', Mandatory = $true)] [byte] $Bus,
        [Parameter(ParameterSetName = 'HardwareProfile', Mandatory = $true)] [Parameter(ParameterSetName = 'JobGroup', Mandatory = $true)] [Parameter(ParameterSetName = 'Template', Mandatory = $true)] [Parameter(ParameterSetName = 'VM', Mandatory = $true)] [byte] $LUN,
        [Parameter(ParameterSetName = 'HardwareProfile')] [Parameter(ParameterSetName = 'JobGroup')] [Parameter(ParameterSetName = 'Template')] [Parameter(ParameterSetName = 'VM')] [switch] $Link,
        [Parameter(ParameterSetName = 'HardwareProfile', Mandatory = $true, ValueFromPipeline = $true)] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.HardwareProfile')] [psobject] $HardwareProfile,
        [Parameter(ParameterSetName = 'HardwareProfile')] [Parameter(ParameterSetName = 'JobGroup')] [Parameter(ParameterSetName = 'Template')] [Parameter(ParameterSetName = 'VM')] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.ISO')] [psobject] $ISO,
        [Parameter(ParameterSetName = 'HardwareProfile')] [Parameter(ParameterSetName = 'JobGroup')] [Parameter(ParameterSetName = 'Template')] [Parameter(ParameterSetName = 'VM')] [Alias('HostDrive')] [string] $VMHostDrive,
        [Parameter(ParameterSetName = 'HardwareProfile')] [Parameter(ParameterSetName = 'JobGroup')] [Parameter(ParameterSetName = 'Template')] [Parameter(ParameterSetName = 'VM')] [Alias('AnyHostDrive')] [switch] $AnyVMHostDrive,
        [Parameter(ParameterSetName = 'HardwareProfile')] [Parameter(ParameterSetName = 'JobGroup')] [Parameter(ParameterSetName = 'Template')] [Parameter(ParameterSetName = 'VM')] [switch] $RunAsynchronously,
        [Parameter(ParameterSetName = 'HardwareProfile')] [Parameter(ParameterSetName = 'JobGroup')] [Parameter(ParameterSetName = 'Template')] [Parameter(ParameterSetName = 'VM')] [guid] $PROTipID,
        [Parameter(ParameterSetName = 'HardwareProfile')] [Parameter(ParameterSetName = 'JobGroup')] [Parameter(ParameterSetName = 'Template')] [Parameter(ParameterSetName = 'VM')] [string] $JobVariable,
        [Parameter(ParameterSetName = 'HardwareProfile')] [Parameter(ParameterSetName = 'JobGroup')] [Parameter(ParameterSetName = 'Template')] [Parameter(ParameterSetName = 'VM')] [string] $OnBehalfOfUser,
        [Parameter(ParameterSetName = 'HardwareProfile')] [Parameter(ParameterSetName = 'JobGroup')] [Parameter(ParameterSetName = 'Template')] [Parameter(ParameterSetName = 'VM')] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.UserRole')] [psobject] $OnBehalfOfUserRole,
        [Parameter(ParameterSetName = 'JobGroup', ValueFromPipeline = $true)] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.ServerConnection')] [psobject] $VMMServer,
        [Parameter(ParameterSetName = 'JobGroup', Mandatory = $true)] [guid] $JobGroup,
        [Parameter(ParameterSetName = 'Template', Mandatory = $true, ValueFromPipeline = $true)] [Alias('Template')] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.Template')] [psobject] $VMTemplate,
        [Parameter(ParameterSetName = 'VM', Mandatory = $true, ValueFromPipeline = $true)] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.VM')] [psobject] $VM
    )
    process { Invoke-BridgeCall -Cmdlet 'New-SCVirtualDVDDrive' -Bound $PSBoundParameters -Caller $PSCmdlet }
}

function New-SCVirtualDiskDrive {
    [CmdletBinding(DefaultParameterSetName = 'AnyHostDiskToJobGroupParamSetIDE', PositionalBinding = $false)]
    param(
        [Parameter(ParameterSetName = 'AnyHostDiskToJobGroupParamSetIDE', ValueFromPipeline = $true)] [Parameter(ParameterSetName = 'AnyHostDiskToJobGroupParamSetSCSI', ValueFromPipeline = $true)] [Parameter(ParameterSetName = 'AnyHostDiskToTemplateParamSetIDE', ValueFromPipeline = $true)] [Parameter(ParameterSetName = 'AnyHostDiskToTemplateParamSetSCSI', ValueFromPipeline = $true)] [Parameter(ParameterSetName = 'HostDiskToJobGroupParamSetIDE', ValueFromPipeline = $true)] [Parameter(ParameterSetName = 'HostDiskToJobGroupParamSetSCSI', ValueFromPipeline = $true)] [Parameter(ParameterSetName = 'HostDiskToVMParamSetIDE', ValueFromPipeline = $true)] [Parameter(ParameterSetName = 'HostDiskToVMParamSetSCSI', ValueFromPipeline = $true)] [Parameter(ParameterSetName = 'existingHostVHDToVMParamSetIDE', ValueFromPipeline = $true)] [Parameter(ParameterSetName = 'existingHostVHDToVMParamSetIDEJobGroup', ValueFromPipeline = $true)] [Parameter(ParameterSetName = 'existingHostVHDToVMParamSetSCSI', ValueFromPipeline = $true)] [Parameter(ParameterSetName = 'existingHostVHDToVMParamSetSCSIJobGroup', ValueFromPipeline = $true)] [Parameter(ParameterSetName = 'existingVHDToJobGroupParamSetIDE', ValueFromPipeline = $true)] [Parameter(ParameterSetName = 'existingVHDToJobGroupParamSetSCSI', ValueFromPipeline = $true)] [Parameter(ParameterSetName = 'existingVHDToTemplateParamSetIDE', ValueFromPipeline = $true)] [Parameter(ParameterSetName = 'existingVHDToTemplateParamSetSCSI', ValueFromPipeline = $true)] [Parameter(ParameterSetName = 'existingVHDToVMParamSetIDE', ValueFromPipeline = $true)] [Parameter(ParameterSetName = 'existingVHDToVMParamSetSCSI', ValueFromPipeline = $true)] [Parameter(ParameterSetName = 'newToJobGroupParamSetIDEDynamic', ValueFromPipeline = $true)] [Parameter(ParameterSetName = 'newToJobGroupParamSetIDEFixed', ValueFromPipeline = $true)] [Parameter(ParameterSetName = 'newToJobGroupParamSetSCSIDynamic', ValueFromPipeline = $true)] [Parameter(ParameterSetName = 'newToJobGroupParamSetSCSIFixed', ValueFromPipeline = $true)] [Parameter(ParameterSetName = 'newToTemplateParamSetIDEDynamic', ValueFromPipeline = $true)] [Parameter(ParameterSetName = 'newToTemplateParamSetIDEFixed', ValueFromPipeline = $true)] [Parameter(ParameterSetName = 'newToTemplateParamSetSCSIDynamic', ValueFromPipeline = $true)] [Parameter(ParameterSetName = 'newToTemplateParamSetSCSIFixed', ValueFromPipeline = $true)] [Parameter(ParameterSetName = 'newToVMParamSetIDEDynamic', ValueFromPipeline = $true)] [Parameter(ParameterSetName = 'newToVMParamSetIDEFixed', ValueFromPipeline = $true)] [Parameter(ParameterSetName = 'newToVMParamSetSCSIDynamic', ValueFromPipeline = $true)] [Parameter(ParameterSetName = 'newToVMParamSetSCSIFixed', ValueFromPipeline = $true)] [Parameter(ParameterSetName = 'newVirtualDiskDriveDifferencing', ValueFromPipeline = $true)] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.ServerConnection')] [psobject] $VMMServer,
        [Parameter(ParameterSetName = 'AnyHostDiskToJobGroupParamSetIDE', Mandatory = $true)] [Parameter(ParameterSetName = 'AnyHostDiskToJobGroupParamSetSCSI', Mandatory = $true)] [Parameter(ParameterSetName = 'AnyHostDiskToTemplateParamSetIDE', Mandatory = $true)] [Parameter(ParameterSetName = 'AnyHostDiskToTemplateParamSetSCSI', Mandatory = $true)] [Parameter(ParameterSetName = 'HostDiskToJobGroupParamSetIDE', Mandatory = $true)] [Parameter(ParameterSetName = 'HostDiskToJobGroupParamSetSCSI', Mandatory = $true)] [Parameter(ParameterSetName = 'HostDiskToVMParamSetIDE', Mandatory = $true)] [Parameter(ParameterSetName = 'HostDiskToVMParamSetSCSI', Mandatory = $true)] [Parameter(ParameterSetName = 'existingHostVHDToVMParamSetIDE', Mandatory = $true)] [Parameter(ParameterSetName = 'existingHostVHDToVMParamSetIDEJobGroup', Mandatory = $true)] [Parameter(ParameterSetName = 'existingHostVHDToVMParamSetSCSI', Mandatory = $true)] [Parameter(ParameterSetName = 'existingHostVHDToVMParamSetSCSIJobGroup', Mandatory = $true)] [Parameter(ParameterSetName = 'existingVHDToJobGroupParamSetIDE', Mandatory = $true)] [Parameter(ParameterSetName = 'existingVHDToJobGroupParamSetSCSI', Mandatory = $true)] [Parameter(ParameterSetName = 'existingVHDToTemplateParamSetIDE', Mandatory = $true)] [Parameter(ParameterSetName = 'existingVHDToTemplateParamSetSCSI', Mandatory = $true)] [Parameter(ParameterSetName = 'existingVHDToVMParamSetIDE', Mandatory = $true)] [Parameter(ParameterSetName = 'existingVHDToVMParamSetSCSI', Mandatory = $true)] [Parameter(ParameterSetName = 'newToJobGroupParamSetIDEDynamic', Mandatory = $true)] [Parameter(ParameterSetName = 'newToJobGroupParamSetIDEFixed', Mandatory = $true)] [Parameter(ParameterSetName = 'newToJobGroupParamSetSCSIDynamic', Mandatory = $true)] [Parameter(ParameterSetName = 'newToJobGroupParamSetSCSIFixed', Mandatory = $true)] [Parameter(ParameterSetName = 'newToTemplateParamSetIDEDynamic', Mandatory = $true)] [Parameter(ParameterSetName = 'newToTemplateParamSetIDEFixed', Mandatory = $true)] [Parameter(ParameterSetName = 'newToTemplateParamSetSCSIDynamic', Mandatory = $true)] [Parameter(ParameterSetName = 'newToTemplateParamSetSCSIFixed', Mandatory = $true)] [Parameter(ParameterSetName = 'newToVMParamSetIDEDynamic', Mandatory = $true)] [Parameter(ParameterSetName = 'newToVMParamSetIDEFixed', Mandatory = $true)] [Parameter(ParameterSetName = 'newToVMParamSetSCSIDynamic', Mandatory = $true)] [Parameter(ParameterSetName = 'newToVMParamSetSCSIFixed', Mandatory = $true)] [Parameter(ParameterSetName = 'newVirtualDiskDriveDifferencing', Mandatory = $true)] [byte] $Bus,
        [Parameter(ParameterSetName = 'AnyHostDiskToJobGroupParamSetIDE', Mandatory = $true)] [Parameter(ParameterSetName = 'AnyHostDiskToJobGroupParamSetSCSI', Mandatory = $true)] [Parameter(ParameterSetName = 'AnyHostDiskToTemplateParamSetIDE', Mandatory = $true)] [Parameter(ParameterSetName = 'AnyHostDiskToTemplateParamSetSCSI', Mandatory = $true)] [Parameter(ParameterSetName = 'HostDiskToJobGroupParamSetIDE', Mandatory = $true)] [Parameter(ParameterSetName = 'HostDiskToJobGroupParamSetSCSI', Mandatory = $true)] [Parameter(ParameterSetName = 'HostDiskToVMParamSetIDE', Mandatory = $true)] [Parameter(ParameterSetName = 'HostDiskToVMParamSetSCSI', Mandatory = $true)] [Parameter(ParameterSetName = 'existingHostVHDToVMParamSetIDE', Mandatory = $true)] [Parameter(ParameterSetName = 'existingHostVHDToVMParamSetIDEJobGroup', Mandatory = $true)] [Parameter(ParameterSetName = 'existingHostVHDToVMParamSetSCSI', Mandatory = $true)] [Parameter(ParameterSetName = 'existingHostVHDToVMParamSetSCSIJobGroup', Mandatory = $true)] [Parameter(ParameterSetName = 'existingVHDToJobGroupParamSetIDE', Mandatory = $true)] [Parameter(ParameterSetName = 'existingVHDToJobGroupParamSetSCSI', Mandatory = $true)] [Parameter(ParameterSetName = 'existingVHDToTemplateParamSetIDE', Mandatory = $true)] [Parameter(ParameterSetName = 'existingVHDToTemplateParamSetSCSI', Mandatory = $true)] [Parameter(ParameterSetName = 'existingVHDToVMParamSetIDE', Mandatory = $true)] [Parameter(ParameterSetName = 'existingVHDToVMParamSetSCSI', Mandatory = $true)] [Parameter(ParameterSetName = 'newToJobGroupParamSetIDEDynamic', Mandatory = $true)] [Parameter(ParameterSetName = 'newToJobGroupParamSetIDEFixed', Mandatory = $true)] [Parameter(ParameterSetName = 'newToJobGroupParamSetSCSIDynamic', Mandatory = $true)] [Parameter(ParameterSetName = 'newToJobGroupParamSetSCSIFixed', Mandatory = $true)] [Parameter(ParameterSetName = 'newToTemplateParamSetIDEDynamic', Mandatory = $true)] [Parameter(ParameterSetName = 'newToTemplateParamSetIDEFixed', Mandatory = $true)] [Parameter(ParameterSetName = 'newToTemplateParamSetSCSIDynamic', Mandatory = $true)] [Parameter(ParameterSetName = 'newToTemplateParamSetSCSIFixed', Mandatory = $true)] [Parameter(ParameterSetName = 'newToVMParamSetIDEDynamic', Mandatory = $true)] [Parameter(ParameterSetName = 'newToVMParamSetIDEFixed', Mandatory = $true)] [Parameter(ParameterSetName = 'newToVMParamSetSCSIDynamic', Mandatory = $true)] [Parameter(ParameterSetName = 'newToVMParamSetSCSIFixed', Mandatory = $true)] [Parameter(ParameterSetName = 'newVirtualDiskDriveDifferencing', Mandatory = $true)] [byte] $LUN,
        [Parameter(ParameterSetName = 'AnyHostDiskToJobGroupParamSetIDE')] [Parameter(ParameterSetName = 'AnyHostDiskToJobGroupParamSetSCSI')] [Parameter(ParameterSetName = 'AnyHostDiskToTemplateParamSetIDE')] [Parameter(ParameterSetName = 'AnyHostDiskToTemplateParamSetSCSI')] [Parameter(ParameterSetName = 'HostDiskToJobGroupParamSetIDE')] [Parameter(ParameterSetName = 'HostDiskToJobGroupParamSetSCSI')] [Parameter(ParameterSetName = 'HostDiskToVMParamSetIDE')] [Parameter(ParameterSetName = 'HostDiskToVMParamSetSCSI')] [Parameter(ParameterSetName = 'existingHostVHDToVMParamSetIDE')] [Parameter(ParameterSetName = 'existingHostVHDToVMParamSetIDEJobGroup')] [Parameter(ParameterSetName = 'existingHostVHDToVMParamSetSCSI')] [Parameter(ParameterSetName = 'existingHostVHDToVMParamSetSCSIJobGroup')] [Parameter(ParameterSetName = 'existingVHDToJobGroupParamSetIDE')] [Parameter(ParameterSetName = 'existingVHDToJobGroupParamSetSCSI')] [Parameter(ParameterSetName = 'existingVHDToTemplateParamSetIDE')] [Parameter(ParameterSetName = 'existingVHDToTemplateParamSetSCSI')] [Parameter(ParameterSetName = 'existingVHDToVMParamSetIDE')] [Parameter(ParameterSetName = 'existingVHDToVMParamSetSCSI')] [Parameter(ParameterSetName = 'newToJobGroupParamSetIDEDynamic')] [Parameter(ParameterSetName = 'newToJobGroupParamSetIDEFixed')] [Parameter(ParameterSetName = 'newToJobGroupParamSetSCSIDynamic')] [Parameter(ParameterSetName = 'newToJobGroupParamSetSCSIFixed')] [Parameter(ParameterSetName = 'newToTemplateParamSetIDEDynamic')] [Parameter(ParameterSetName = 'newToTemplateParamSetIDEFixed')] [Parameter(ParameterSetName = 'newToTemplateParamSetSCSIDynamic')] [Parameter(ParameterSetName = 'newToTemplateParamSetSCSIFixed')] [Parameter(ParameterSetName = 'newToVMParamSetIDEDynamic')] [Parameter(ParameterSetName = 'newToVMParamSetIDEFixed')] [Parameter(ParameterSetName = 'newToVMParamSetSCSIDynamic')] [Parameter(ParameterSetName = 'newToVMParamSetSCSIFixed')] [Parameter(ParameterSetName = 'newVirtualDiskDriveDifferencing')] [ValidateSet('VHD', 'VMDK', 'VHDX', 'VHDS')] [string] $VirtualHardDiskFormatType,
        [Parameter(ParameterSetName = 'AnyHostDiskToJobGroupParamSetIDE')] [Parameter(ParameterSetName = 'AnyHostDiskToJobGroupParamSetSCSI')] [Parameter(ParameterSetName = 'AnyHostDiskToTemplateParamSetIDE')] [Parameter(ParameterSetName = 'AnyHostDiskToTemplateParamSetSCSI')] [Parameter(ParameterSetName = 'HostDiskToJobGroupParamSetIDE')] [Parameter(ParameterSetName = 'HostDiskToJobGroupParamSetSCSI')] [Parameter(ParameterSetName = 'HostDiskToVMParamSetIDE')] [Parameter(ParameterSetName = 'HostDiskToVMParamSetSCSI')] [Parameter(ParameterSetName = 'existingHostVHDToVMParamSetIDE')] [Parameter(ParameterSetName = 'existingHostVHDToVMParamSetIDEJobGroup')] [Parameter(ParameterSetName = 'existingHostVHDToVMParamSetSCSI')] [Parameter(ParameterSetName = 'existingHostVHDToVMParamSetSCSIJobGroup')] [Parameter(ParameterSetName = 'existingVHDToJobGroupParamSetIDE')] [Parameter(ParameterSetName = 'existingVHDToJobGroupParamSetSCSI')] [Parameter(ParameterSetName = 'existingVHDToTemplateParamSetIDE')] [Parameter(ParameterSetName = 'existingVHDToTemplateParamSetSCSI')] [Parameter(ParameterSetName = 'existingVHDToVMParamSetIDE')] [Parameter(ParameterSetName = 'existingVHDToVMParamSetSCSI')] [Parameter(ParameterSetName = 'newToJobGroupParamSetIDEDynamic')] [Parameter(ParameterSetName = 'newToJobGroupParamSetIDEFixed')] [Parameter(ParameterSetName = 'newToJobGroupParamSetSCSIDynamic')] [Parameter(ParameterSetName = 'newToJobGroupParamSetSCSIFixed')] [Parameter(ParameterSetName = 'newToTemplateParamSetIDEDynamic')] [Parameter(ParameterSetName = 'newToTemplateParamSetIDEFixed')] [Parameter(ParameterSetName = 'newToTemplateParamSetSCSIDynamic')] [Parameter(ParameterSetName = 'newToTemplateParamSetSCSIFixed')] [Parameter(ParameterSetName = 'newToVMParamSetIDEDynamic')] [Parameter(ParameterSetName = 'newToVMParamSetIDEFixed')] [Parameter(ParameterSetName = 'newToVMParamSetSCSIDynamic')] [Parameter(ParameterSetName = 'newToVMParamSetSCSIFixed')] [Parameter(ParameterSetName = 'newVirtualDiskDriveDifferencing')] [bool] $CreateDiffDisk,
        [Parameter(ParameterSetName = 'AnyHostDiskToJobGroupParamSetIDE', Mandatory = $true)] [Parameter(ParameterSetName = 'AnyHostDiskToJobGroupParamSetSCSI', Mandatory = $true)] [Parameter(ParameterSetName = 'HostDiskToJobGroupParamSetIDE', Mandatory = $true)] [Parameter(ParameterSetName = 'HostDiskToJobGroupParamSetSCSI', Mandatory = $true)] [Parameter(ParameterSetName = 'existingHostVHDToVMParamSetIDEJobGroup', Mandatory = $true)] [Parameter(ParameterSetName = 'existingHostVHDToVMParamSetSCSIJobGroup', Mandatory = $true)] [Parameter(ParameterSetName = 'existingVHDToJobGroupParamSetIDE', Mandatory = $true)] [Parameter(ParameterSetName = 'existingVHDToJobGroupParamSetSCSI', Mandatory = $true)] [Parameter(ParameterSetName = 'newToJobGroupParamSetIDEDynamic', Mandatory = $true)] [Parameter(ParameterSetName = 'newToJobGroupParamSetIDEFixed', Mandatory = $true)] [Parameter(ParameterSetName = 'newToJobGroupParamSetSCSIDynamic', Mandatory = $true)] [Parameter(ParameterSetName = 'newToJobGroupParamSetSCSIFixed', Mandatory = $true)] [Parameter(ParameterSetName = 'newVirtualDiskDriveDifferencing')] [guid] $JobGroup,
        [Parameter(ParameterSetName = 'AnyHostDiskToJobGroupParamSetIDE')] [Parameter(ParameterSetName = 'AnyHostDiskToJobGroupParamSetSCSI')] [Parameter(ParameterSetName = 'AnyHostDiskToTemplateParamSetIDE')] [Parameter(ParameterSetName = 'AnyHostDiskToTemplateParamSetSCSI')] [Alias('AnyHostDisk')] [switch] $AnyStorageDisk,
        [Parameter(ParameterSetName = 'AnyHostDiskToJobGroupParamSetIDE')] [Parameter(ParameterSetName = 'AnyHostDiskToTemplateParamSetIDE')] [Parameter(ParameterSetName = 'HostDiskToJobGroupParamSetIDE')] [Parameter(ParameterSetName = 'HostDiskToVMParamSetIDE')] [Parameter(ParameterSetName = 'existingHostVHDToVMParamSetIDE')] [Parameter(ParameterSetName = 'existingHostVHDToVMParamSetIDEJobGroup')] [Parameter(ParameterSetName = 'existingVHDToJobGroupParamSetIDE')] [Parameter(ParameterSetName = 'existingVHDToTemplateParamSetIDE')] [Parameter(ParameterSetName = 'existingVHDToVMParamSetIDE')] [Parameter(ParameterSetName = 'newToJobGroupParamSetIDEDynamic')] [Parameter(ParameterSetName = 'newToJobGroupParamSetIDEFixed')] [Parameter(ParameterSetName = 'newToTemplateParamSetIDEDynamic')] [Parameter(ParameterSetName = 'newToTemplateParamSetIDEFixed')] [Parameter(ParameterSetName = 'newToVMParamSetIDEDynamic')] [Parameter(ParameterSetName = 'newToVMParamSetIDEFixed')] [Parameter(ParameterSetName = 'newVirtualDiskDriveDifferencing')] [switch] $IDE,
        [Parameter(ParameterSetName = 'AnyHostDiskToJobGroupParamSetIDE')] [Parameter(ParameterSetName = 'AnyHostDiskToJobGroupParamSetSCSI')] [Parameter(ParameterSetName = 'AnyHostDiskToTemplateParamSetIDE')] [Parameter(ParameterSetName = 'AnyHostDiskToTemplateParamSetSCSI')] [Parameter(ParameterSetName = 'HostDiskToJobGroupParamSetIDE')] [Parameter(ParameterSetName = 'HostDiskToJobGroupParamSetSCSI')] [Parameter(ParameterSetName = 'HostDiskToVMParamSetIDE')] [Parameter(ParameterSetName = 'HostDiskToVMParamSetSCSI')] [Parameter(ParameterSetName = 'existingHostVHDToVMParamSetIDE')] [Parameter(ParameterSetName = 'existingHostVHDToVMParamSetIDEJobGroup')] [Parameter(ParameterSetName = 'existingHostVHDToVMParamSetSCSI')] [Parameter(ParameterSetName = 'existingHostVHDToVMParamSetSCSIJobGroup')] [Parameter(ParameterSetName = 'existingVHDToJobGroupParamSetIDE')] [Parameter(ParameterSetName = 'existingVHDToJobGroupParamSetSCSI')] [Parameter(ParameterSetName = 'existingVHDToTemplateParamSetIDE')] [Parameter(ParameterSetName = 'existingVHDToTemplateParamSetSCSI')] [Parameter(ParameterSetName = 'existingVHDToVMParamSetIDE')] [Parameter(ParameterSetName = 'existingVHDToVMParamSetSCSI')] [Parameter(ParameterSetName = 'newToJobGroupParamSetIDEDynamic')] [Parameter(ParameterSetName = 'newToJobGroupParamSetIDEFixed')] [Parameter(ParameterSetName = 'newToJobGroupParamSetSCSIDynamic')] [Parameter(ParameterSetName = 'newToJobGroupParamSetSCSIFixed')] [Parameter(ParameterSetName = 'newToTemplateParamSetIDEDynamic')] [Parameter(ParameterSetName = 'newToTemplateParamSetIDEFixed')] [Parameter(ParameterSetName = 'newToTemplateParamSetSCSIDynamic')] [Parameter(ParameterSetName = 'newToTemplateParamSetSCSIFixed')] [Parameter(ParameterSetName = 'newToVMParamSetIDEDynamic')] [Parameter(ParameterSetName = 'newToVMParamSetIDEFixed')] [Parameter(ParameterSetName = 'newToVMParamSetSCSIDynamic')] [Parameter(ParameterSetName = 'newToVMParamSetSCSIFixed')] [Parameter(ParameterSetName = 'newVirtualDiskDriveDifferencing')] [switch] $BootVolume,
        [Parameter(ParameterSetName = 'AnyHostDiskToJobGroupParamSetIDE')] [Parameter(ParameterSetName = 'AnyHostDiskToJobGroupParamSetSCSI')] [Parameter(ParameterSetName = 'AnyHostDiskToTemplateParamSetIDE')] [Parameter(ParameterSetName = 'AnyHostDiskToTemplateParamSetSCSI')] [Parameter(ParameterSetName = 'HostDiskToJobGroupParamSetIDE')] [Parameter(ParameterSetName = 'HostDiskToJobGroupParamSetSCSI')] [Parameter(ParameterSetName = 'HostDiskToVMParamSetIDE')] [Parameter(ParameterSetName = 'HostDiskToVMParamSetSCSI')] [Parameter(ParameterSetName = 'existingHostVHDToVMParamSetIDE')] [Parameter(ParameterSetName = 'existingHostVHDToVMParamSetIDEJobGroup')] [Parameter(ParameterSetName = 'existingHostVHDToVMParamSetSCSI')] [Parameter(ParameterSetName = 'existingHostVHDToVMParamSetSCSIJobGroup')] [Parameter(ParameterSetName = 'existingVHDToJobGroupParamSetIDE')] [Parameter(ParameterSetName = 'existingVHDToJobGroupParamSetSCSI')] [Parameter(ParameterSetName = 'existingVHDToTemplateParamSetIDE')] [Parameter(ParameterSetName = 'existingVHDToTemplateParamSetSCSI')] [Parameter(ParameterSetName = 'existingVHDToVMParamSetIDE')] [Parameter(ParameterSetName = 'existingVHDToVMParamSetSCSI')] [Parameter(ParameterSetName = 'newToJobGroupParamSetIDEDynamic')] [Parameter(ParameterSetName = 'newToJobGroupParamSetIDEFixed')] [Parameter(ParameterSetName = 'newToJobGroupParamSetSCSIDynamic')] [Parameter(ParameterSetName = 'newToJobGroupParamSetSCSIFixed')] [Parameter(ParameterSetName = 'newToTemplateParamSetIDEDynamic')] [Parameter(ParameterSetName = 'newToTemplateParamSetIDEFixed')] [Parameter(ParameterSetName = 'newToTemplateParamSetSCSIDynamic')] [Parameter(ParameterSetName = 'newToTemplateParamSetSCSIFixed')] [Parameter(ParameterSetName = 'newToVMParamSetIDEDynamic')] [Parameter(ParameterSetName = 'newToVMParamSetIDEFixed')] [Parameter(ParameterSetName = 'newToVMParamSetSCSIDynamic')] [Parameter(ParameterSetName = 'newToVMParamSetSCSIFixed')] [Parameter(ParameterSetName = 'newVirtualDiskDriveDifferencing')] [switch] $SystemVolume,
        [Parameter(ParameterSetName = 'AnyHostDiskToJobGroupParamSetIDE')] [Parameter(ParameterSetName = 'AnyHostDiskToJobGroupParamSetSCSI')] [Parameter(ParameterSetName = 'AnyHostDiskToTemplateParamSetIDE')] [Parameter(ParameterSetName = 'AnyHostDiskToTemplateParamSetSCSI')] [Parameter(ParameterSetName = 'HostDiskToJobGroupParamSetIDE')] [Parameter(ParameterSetName = 'HostDiskToJobGroupParamSetSCSI')] [Parameter(ParameterSetName = 'HostDiskToVMParamSetIDE')] [Parameter(ParameterSetName = 'HostDiskToVMParamSetSCSI')] [Parameter(ParameterSetName = 'existingHostVHDToVMParamSetIDE')] [Parameter(ParameterSetName = 'existingHostVHDToVMParamSetIDEJobGroup')] [Parameter(ParameterSetName = 'existingHostVHDToVMParamSetSCSI')] [Parameter(ParameterSetName = 'existingHostVHDToVMParamSetSCSIJobGroup')] [Parameter(ParameterSetName = 'existingVHDToJobGroupParamSetIDE')] [Parameter(ParameterSetName = 'existingVHDToJobGroupParamSetSCSI')] [Parameter(ParameterSetName = 'existingVHDToTemplateParamSetIDE')] [Parameter(ParameterSetName = 'existingVHDToTemplateParamSetSCSI')] [Parameter(ParameterSetName = 'existingVHDToVMParamSetIDE')] [Parameter(ParameterSetName = 'existingVHDToVMParamSetSCSI')] [Parameter(ParameterSetName = 'newToJobGroupParamSetIDEDynamic')] [Parameter(ParameterSetName = 'newToJobGroupParamSetIDEFixed')] [Parameter(ParameterSetName = 'newToJobGroupParamSetSCSIDynamic')] [Parameter(ParameterSetName = 'newToJobGroupParamSetSCSIFixed')] [Parameter(ParameterSetName = 'newToTemplateParamSetIDEDynamic')] [Parameter(ParameterSetName = 'newToTemplateParamSetIDEFixed')] [Parameter(ParameterSetName = 'newToTemplateParamSetSCSIDynamic')] [Parameter(ParameterSetName = 'newToTemplateParamSetSCSIFixed')] [Parameter(ParameterSetName = 'newToVMParamSetIDEDynamic')] [Parameter(ParameterSetName = 'newToVMParamSetIDEFixed')] [Parameter(ParameterSetName = 'newToVMParamSetSCSIDynamic')] [Parameter(ParameterSetName = 'newToVMParamSetSCSIFixed')] [Parameter(ParameterSetName = 'newVirtualDiskDriveDifferencing')] [ValidateSet('None', 'Boot', 'System', 'BootAndSystem')] [string] $VolumeType,
        [Parameter(ParameterSetName = 'AnyHostDiskToJobGroupParamSetIDE')] [Parameter(ParameterSetName = 'AnyHostDiskToJobGroupParamSetSCSI')] [Parameter(ParameterSetName = 'AnyHostDiskToTemplateParamSetIDE')] [Parameter(ParameterSetName = 'AnyHostDiskToTemplateParamSetSCSI')] [Parameter(ParameterSetName = 'HostDiskToJobGroupParamSetIDE')] [Parameter(ParameterSetName = 'HostDiskToJobGroupParamSetSCSI')] [Parameter(ParameterSetName = 'HostDiskToVMParamSetIDE')] [Parameter(ParameterSetName = 'HostDiskToVMParamSetSCSI')] [Parameter(ParameterSetName = 'existingHostVHDToVMParamSetIDE')] [Parameter(ParameterSetName = 'existingHostVHDToVMParamSetIDEJobGroup')] [Parameter(ParameterSetName = 'existingHostVHDToVMParamSetSCSI')] [Parameter(ParameterSetName = 'existingHostVHDToVMParamSetSCSIJobGroup')] [Parameter(ParameterSetName = 'existingVHDToJobGroupParamSetIDE')] [Parameter(ParameterSetName = 'existingVHDToJobGroupParamSetSCSI')] [Parameter(ParameterSetName = 'existingVHDToTemplateParamSetIDE')] [Parameter(ParameterSetName = 'existingVHDToTemplateParamSetSCSI')] [Parameter(ParameterSetName = 'existingVHDToVMParamSetIDE')] [Parameter(ParameterSetName = 'existingVHDToVMParamSetSCSI')] [Parameter(ParameterSetName = 'newToJobGroupParamSetIDEDynamic')] [Parameter(ParameterSetName = 'newToJobGroupParamSetIDEFixed')] [Parameter(ParameterSetName = 'newToJobGroupParamSetSCSIDynamic')] [Parameter(ParameterSetName = 'newToJobGroupParamSetSCSIFixed')] [Parameter(ParameterSetName = 'newToTemplateParamSetIDEDynamic')] [Parameter(ParameterSetName = 'newToTemplateParamSetIDEFixed')] [Parameter(ParameterSetName = 'newToTemplateParamSetSCSIDynamic')] [Parameter(ParameterSetName = 'newToTemplateParamSetSCSIFixed')] [Parameter(ParameterSetName = 'newToVMParamSetIDEDynamic')] [Parameter(ParameterSetName = 'newToVMParamSetIDEFixed')] [Parameter(ParameterSetName = 'newToVMParamSetSCSIDynamic')] [Parameter(ParameterSetName = 'newToVMParamSetSCSIFixed')] [Parameter(ParameterSetName = 'newVirtualDiskDriveDifferencing')] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.StorageClassification')] [psobject] $StorageClassification,
        [Parameter(ParameterSetName = 'AnyHostDiskToJobGroupParamSetIDE')] [Parameter(ParameterSetName = 'AnyHostDiskToJobGroupParamSetSCSI')] [Parameter(ParameterSetName = 'AnyHostDiskToTemplateParamSetIDE')] [Parameter(ParameterSetName = 'AnyHostDiskToTemplateParamSetSCSI')] [Parameter(ParameterSetName = 'HostDiskToJobGroupParamSetIDE')] [Parameter(ParameterSetName = 'HostDiskToJobGroupParamSetSCSI')] [Parameter(ParameterSetName = 'HostDiskToVMParamSetIDE')] [Parameter(ParameterSetName = 'HostDiskToVMParamSetSCSI')] [Parameter(ParameterSetName = 'existingHostVHDToVMParamSetIDE')] [Parameter(ParameterSetName = 'existingHostVHDToVMParamSetIDEJobGroup')] [Parameter(ParameterSetName = 'existingHostVHDToVMParamSetSCSI')] [Parameter(ParameterSetName = 'existingHostVHDToVMParamSetSCSIJobGroup')] [Parameter(ParameterSetName = 'existingVHDToJobGroupParamSetIDE')] [Parameter(ParameterSetName = 'existingVHDToJobGroupParamSetSCSI')] [Parameter(ParameterSetName = 'existingVHDToTemplateParamSetIDE')] [Parameter(ParameterSetName = 'existingVHDToTemplateParamSetSCSI')] [Parameter(ParameterSetName = 'existingVHDToVMParamSetIDE')] [Parameter(ParameterSetName = 'existingVHDToVMParamSetSCSI')] [Parameter(ParameterSetName = 'newToJobGroupParamSetIDEDynamic')] [Parameter(ParameterSetName = 'newToJobGroupParamSetIDEFixed')] [Parameter(ParameterSetName = 'newToJobGroupParamSetSCSIDynamic')] [Parameter(ParameterSetName = 'newToJobGroupParamSetSCSIFixed')] [Parameter(ParameterSetName = 'newToTemplateParamSetIDEDynamic')] [Parameter(ParameterSetName = 'newToTemplateParamSetIDEFixed')] [Parameter(ParameterSetName = 'newToTemplateParamSetSCSIDynamic')] [Parameter(ParameterSetName = 'newToTemplateParamSetSCSIFixed')] [Parameter(ParameterSetName = 'newToVMParamSetIDEDynamic')] [Parameter(ParameterSetName = 'newToVMParamSetIDEFixed')] [Parameter(ParameterSetName = 'newToVMParamSetSCSIDynamic')] [Parameter(ParameterSetName = 'newToVMParamSetSCSIFixed')] [Parameter(ParameterSetName = 'newVirtualDiskDriveDifferencing')] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.StorageQoSPolicy')] [psobject] $StorageQoSPolicy,
        [Parameter(ParameterSetName = 'AnyHostDiskToJobGroupParamSetIDE')] [Parameter(ParameterSetName = 'AnyHostDiskToJobGroupParamSetSCSI')] [Parameter(ParameterSetName = 'AnyHostDiskToTemplateParamSetIDE')] [Parameter(ParameterSetName = 'AnyHostDiskToTemplateParamSetSCSI')] [Parameter(ParameterSetName = 'HostDiskToJobGroupParamSetIDE')] [Parameter(ParameterSetName = 'HostDiskToJobGroupParamSetSCSI')] [Parameter(ParameterSetName = 'HostDiskToVMParamSetIDE')] [Parameter(ParameterSetName = 'HostDiskToVMParamSetSCSI')] [Parameter(ParameterSetName = 'existingHostVHDToVMParamSetIDE')] [Parameter(ParameterSetName = 'existingHostVHDToVMParamSetIDEJobGroup')] [Parameter(ParameterSetName = 'existingHostVHDToVMParamSetSCSI')] [Parameter(ParameterSetName = 'existingHostVHDToVMParamSetSCSIJobGroup')] [Parameter(ParameterSetName = 'existingVHDToJobGroupParamSetIDE')] [Parameter(ParameterSetName = 'existingVHDToJobGroupParamSetSCSI')] [Parameter(ParameterSetName = 'existingVHDToTemplateParamSetIDE')] [Parameter(ParameterSetName = 'existingVHDToTemplateParamSetSCSI')] [Parameter(ParameterSetName = 'existingVHDToVMParamSetIDE')] [Parameter(ParameterSetName = 'existingVHDToVMParamSetSCSI')] [Parameter(ParameterSetName = 'newToJobGroupParamSetIDEDynamic')] [Parameter(ParameterSetName = 'newToJobGroupParamSetIDEFixed')] [Parameter(ParameterSetName = 'newToJobGroupParamSetSCSIDynamic')] [Parameter(ParameterSetName = 'newToJobGroupParamSetSCSIFixed')] [Parameter(ParameterSetName = 'newToTemplateParamSetIDEDynamic')] [Parameter(ParameterSetName = 'newToTemplateParamSetIDEFixed')] [Parameter(ParameterSetName = 'newToTemplateParamSetSCSIDynamic')] [Parameter(ParameterSetName = 'newToTemplateParamSetSCSIFixed')] [Parameter(ParameterSetName = 'newToVMParamSetIDEDynamic')] [Parameter(ParameterSetName = 'newToVMParamSetIDEFixed')] [Parameter(ParameterSetName = 'newToVMParamSetSCSIDynamic')] [Parameter(ParameterSetName = 'newToVMParamSetSCSIFixed')] [Parameter(ParameterSetName = 'newVirtualDiskDriveDifferencing')] [switch] $ReturnImmediately,
        [Parameter(ParameterSetName = 'AnyHostDiskToJobGroupParamSetIDE')] [Parameter(ParameterSetName = 'AnyHostDiskToJobGroupParamSetSCSI')] [Parameter(ParameterSetName = 'AnyHostDiskToTemplateParamSetIDE')] [Parameter(ParameterSetName = 'AnyHostDiskToTemplateParamSetSCSI')] [Parameter(ParameterSetName = 'HostDiskToJobGroupParamSetIDE')] [Parameter(ParameterSetName = 'HostDiskToJobGroupParamSetSCSI')] [Parameter(ParameterSetName = 'HostDiskToVMParamSetIDE')] [Parameter(ParameterSetName = 'HostDiskToVMParamSetSCSI')] [Parameter(ParameterSetName = 'existingHostVHDToVMParamSetIDE')] [Parameter(ParameterSetName = 'existingHostVHDToVMParamSetIDEJobGroup')] [Parameter(ParameterSetName = 'existingHostVHDToVMParamSetSCSI')] [Parameter(ParameterSetName = 'existingHostVHDToVMParamSetSCSIJobGroup')] [Parameter(ParameterSetName = 'existingVHDToJobGroupParamSetIDE')] [Parameter(ParameterSetName = 'existingVHDToJobGroupParamSetSCSI')] [Parameter(ParameterSetName = 'existingVHDToTemplateParamSetIDE')] [Parameter(ParameterSetName = 'existingVHDToTemplateParamSetSCSI')] [Parameter(ParameterSetName = 'existingVHDToVMParamSetIDE')] [Parameter(ParameterSetName = 'existingVHDToVMParamSetSCSI')] [Parameter(ParameterSetName = 'newToJobGroupParamSetIDEDynamic')] [Parameter(ParameterSetName = 'newToJobGroupParamSetIDEFixed')] [Parameter(ParameterSetName = 'newToJobGroupParamSetSCSIDynamic')] [Parameter(ParameterSetName = 'newToJobGroupParamSetSCSIFixed')] [Parameter(ParameterSetName = 'newToTemplateParamSetIDEDynamic')] [Parameter(ParameterSetName = 'newToTemplateParamSetIDEFixed')] [Parameter(ParameterSetName = 'newToTemplateParamSetSCSIDynamic')] [Parameter(ParameterSetName = 'newToTemplateParamSetSCSIFixed')] [Parameter(ParameterSetName = 'newToVMParamSetIDEDynamic')] [Parameter(ParameterSetName = 'newToVMParamSetIDEFixed')] [Parameter(ParameterSetName = 'newToVMParamSetSCSIDynamic')] [Parameter(ParameterSetName = 'newToVMParamSetSCSIFixed')] [Parameter(ParameterSetName = 'newVirtualDiskDriveDifferencing')] [switch] $RunAsynchronously,
        [Parameter(ParameterSetName = 'AnyHostDiskToJobGroupParamSetIDE')] [Parameter(ParameterSetName = 'AnyHostDiskToJobGroupParamSetSCSI')] [Parameter(ParameterSetName = 'AnyHostDiskToTemplateParamSetIDE')] [Parameter(ParameterSetName = 'AnyHostDiskToTemplateParamSetSCSI')] [Parameter(ParameterSetName = 'HostDiskToJobGroupParamSetIDE')] [Parameter(ParameterSetName = 'HostDiskToJobGroupParamSetSCSI')] [Parameter(ParameterSetName = 'HostDiskToVMParamSetIDE')] [Parameter(ParameterSetName = 'HostDiskToVMParamSetSCSI')] [Parameter(ParameterSetName = 'existingHostVHDToVMParamSetIDE')] [Parameter(ParameterSetName = 'existingHostVHDToVMParamSetIDEJobGroup')] [Parameter(ParameterSetName = 'existingHostVHDToVMParamSetSCSI')] [Parameter(ParameterSetName = 'existingHostVHDToVMParamSetSCSIJobGroup')] [Parameter(ParameterSetName = 'existingVHDToJobGroupParamSetIDE')] [Parameter(ParameterSetName = 'existingVHDToJobGroupParamSetSCSI')] [Parameter(ParameterSetName = 'existingVHDToTemplateParamSetIDE')] [Parameter(ParameterSetName = 'existingVHDToTemplateParamSetSCSI')] [Parameter(ParameterSetName = 'existingVHDToVMParamSetIDE')] [Parameter(ParameterSetName = 'existingVHDToVMParamSetSCSI')] [Parameter(ParameterSetName = 'newToJobGroupParamSetIDEDynamic')] [Parameter(ParameterSetName = 'newToJobGroupParamSetIDEFixed')] [Parameter(ParameterSetName = 'newToJobGroupParamSetSCSIDynamic')] [Parameter(ParameterSetName = 'newToJobGroupParamSetSCSIFixed')] [Parameter(ParameterSetName = 'newToTemplateParamSetIDEDynamic')] [Parameter(ParameterSetName = 'newToTemplateParamSetIDEFixed')] [Parameter(ParameterSetName = 'newToTemplateParamSetSCSIDynamic')] [Parameter(ParameterSetName = 'newToTemplateParamSetSCSIFixed')] [Parameter(ParameterSetName = 'newToVMParamSetIDEDynamic')] [Parameter(ParameterSetName = 'newToVMParamSetIDEFixed')] [Parameter(ParameterSetName = 'newToVMParamSetSCSIDynamic')] [Parameter(ParameterSetName = 'newToVMParamSetSCSIFixed')] [Parameter(ParameterSetName = 'newVirtualDiskDriveDifferencing')] [guid] $PROTipID,
        [Parameter(ParameterSetName = 'AnyHostDiskToJobGroupParamSetIDE')] [Parameter(ParameterSetName = 'AnyHostDiskToJobGroupParamSetSCSI')] [Parameter(ParameterSetName = 'AnyHostDiskToTemplateParamSetIDE')] [Parameter(ParameterSetName = 'AnyHostDiskToTemplateParamSetSCSI')] [Parameter(ParameterSetName = 'HostDiskToJobGroupParamSetIDE')] [Parameter(ParameterSetName = 'HostDiskToJobGroupParamSetSCSI')] [Parameter(ParameterSetName = 'HostDiskToVMParamSetIDE')] [Parameter(ParameterSetName = 'HostDiskToVMParamSetSCSI')] [Parameter(ParameterSetName = 'existingHostVHDToVMParamSetIDE')] [Parameter(ParameterSetName = 'existingHostVHDToVMParamSetIDEJobGroup')] [Parameter(ParameterSetName = 'existingHostVHDToVMParamSetSCSI')] [Parameter(ParameterSetName = 'existingHostVHDToVMParamSetSCSIJobGroup')] [Parameter(ParameterSetName = 'existingVHDToJobGroupParamSetIDE')] [Parameter(ParameterSetName = 'existingVHDToJobGroupParamSetSCSI')] [Parameter(ParameterSetName = 'existingVHDToTemplateParamSetIDE')] [Parameter(ParameterSetName = 'existingVHDToTemplateParamSetSCSI')] [Parameter(ParameterSetName = 'existingVHDToVMParamSetIDE')] [Parameter(ParameterSetName = 'existingVHDToVMParamSetSCSI')] [Parameter(ParameterSetName = 'newToJobGroupParamSetIDEDynamic')] [Parameter(ParameterSetName = 'newToJobGroupParamSetIDEFixed')] [Parameter(ParameterSetName = 'newToJobGroupParamSetSCSIDynamic')] [Parameter(ParameterSetName = 'newToJobGroupParamSetSCSIFixed')] [Parameter(ParameterSetName = 'newToTemplateParamSetIDEDynamic')] [Parameter(ParameterSetName = 'newToTemplateParamSetIDEFixed')] [Parameter(ParameterSetName = 'newToTemplateParamSetSCSIDynamic')] [Parameter(ParameterSetName = 'newToTemplateParamSetSCSIFixed')] [Parameter(ParameterSetName = 'newToVMParamSetIDEDynamic')] [Parameter(ParameterSetName = 'newToVMParamSetIDEFixed')] [Parameter(ParameterSetName = 'newToVMParamSetSCSIDynamic')] [Parameter(ParameterSetName = 'newToVMParamSetSCSIFixed')] [Parameter(ParameterSetName = 'newVirtualDiskDriveDifferencing')] [string] $JobVariable,
        [Parameter(ParameterSetName = 'AnyHostDiskToJobGroupParamSetIDE')] [Parameter(ParameterSetName = 'AnyHostDiskToJobGroupParamSetSCSI')] [Parameter(ParameterSetName = 'AnyHostDiskToTemplateParamSetIDE')] [Parameter(ParameterSetName = 'AnyHostDiskToTemplateParamSetSCSI')] [Parameter(ParameterSetName = 'HostDiskToJobGroupParamSetIDE')] [Parameter(ParameterSetName = 'HostDiskToJobGroupParamSetSCSI')] [Parameter(ParameterSetName = 'HostDiskToVMParamSetIDE')] [Parameter(ParameterSetName = 'HostDiskToVMParamSetSCSI')] [Parameter(ParameterSetName = 'existingHostVHDToVMParamSetIDE')] [Parameter(ParameterSetName = 'existingHostVHDToVMParamSetIDEJobGroup')] [Parameter(ParameterSetName = 'existingHostVHDToVMParamSetSCSI')] [Parameter(ParameterSetName = 'existingHostVHDToVMParamSetSCSIJobGroup')] [Parameter(ParameterSetName = 'existingVHDToJobGroupParamSetIDE')] [Parameter(ParameterSetName = 'existingVHDToJobGroupParamSetSCSI')] [Parameter(ParameterSetName = 'existingVHDToTemplateParamSetIDE')] [Parameter(ParameterSetName = 'existingVHDToTemplateParamSetSCSI')] [Parameter(ParameterSetName = 'existingVHDToVMParamSetIDE')] [Parameter(ParameterSetName = 'existingVHDToVMParamSetSCSI')] [Parameter(ParameterSetName = 'newToJobGroupParamSetIDEDynamic')] [Parameter(ParameterSetName = 'newToJobGroupParamSetIDEFixed')] [Parameter(ParameterSetName = 'newToJobGroupParamSetSCSIDynamic')] [Parameter(ParameterSetName = 'newToJobGroupParamSetSCSIFixed')] [Parameter(ParameterSetName = 'newToTemplateParamSetIDEDynamic')] [Parameter(ParameterSetName = 'newToTemplateParamSetIDEFixed')] [Parameter(ParameterSetName = 'newToTemplateParamSetSCSIDynamic')] [Parameter(ParameterSetName = 'newToTemplateParamSetSCSIFixed')] [Parameter(ParameterSetName = 'newToVMParamSetIDEDynamic')] [Parameter(ParameterSetName = 'newToVMParamSetIDEFixed')] [Parameter(ParameterSetName = 'newToVMParamSetSCSIDynamic')] [Parameter(ParameterSetName = 'newToVMParamSetSCSIFixed')] [Parameter(ParameterSetName = 'newVirtualDiskDriveDifferencing')] [string] $OnBehalfOfUser,
        [Parameter(ParameterSetName = 'AnyHostDiskToJobGroupParamSetIDE')] [Parameter(ParameterSetName = 'AnyHostDiskToJobGroupParamSetSCSI')] [Parameter(ParameterSetName = 'AnyHostDiskToTemplateParamSetIDE')] [Parameter(ParameterSetName = 'AnyHostDiskToTemplateParamSetSCSI')] [Parameter(ParameterSetName = 'HostDiskToJobGroupParamSetIDE')] [Parameter(ParameterSetName = 'HostDiskToJobGroupParamSetSCSI')] [Parameter(ParameterSetName = 'HostDiskToVMParamSetIDE')] [Parameter(ParameterSetName = 'HostDiskToVMParamSetSCSI')] [Parameter(ParameterSetName = 'existingHostVHDToVMParamSetIDE')] [Parameter(ParameterSetName = 'existingHostVHDToVMParamSetIDEJobGroup')] [Parameter(ParameterSetName = 'existingHostVHDToVMParamSetSCSI')] [Parameter(ParameterSetName = 'existingHostVHDToVMParamSetSCSIJobGroup')] [Parameter(ParameterSetName = 'existingVHDToJobGroupParamSetIDE')] [Parameter(ParameterSetName = 'existingVHDToJobGroupParamSetSCSI')] [Parameter(ParameterSetName = 'existingVHDToTemplateParamSetIDE')] [Parameter(ParameterSetName = 'existingVHDToTemplateParamSetSCSI')] [Parameter(ParameterSetName = 'existingVHDToVMParamSetIDE')] [Parameter(ParameterSetName = 'existingVHDToVMParamSetSCSI')] [Parameter(ParameterSetName = 'newToJobGroupParamSetIDEDynamic')] [Parameter(ParameterSetName = 'newToJobGroupParamSetIDEFixed')] [Parameter(ParameterSetName = 'newToJobGroupParamSetSCSIDynamic')] [Parameter(ParameterSetName = 'newToJobGroupParamSetSCSIFixed')] [Parameter(ParameterSetName = 'newToTemplateParamSetIDEDynamic')] [Parameter(ParameterSetName = 'newToTemplateParamSetIDEFixed')] [Parameter(ParameterSetName = 'newToTemplateParamSetSCSIDynamic')] [Parameter(ParameterSetName = 'newToTemplateParamSetSCSIFixed')] [Parameter(ParameterSetName = 'newToVMParamSetIDEDynamic')] [Parameter(ParameterSetName = 'newToVMParamSetIDEFixed')] [Parameter(ParameterSetName = 'newToVMParamSetSCSIDynamic')] [Parameter(ParameterSetName = 'newToVMParamSetSCSIFixed')] [Parameter(ParameterSetName = 'newVirtualDiskDriveDifferencing')] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.UserRole')] [psobject] $OnBehalfOfUserRole,
        [Parameter(ParameterSetName = 'AnyHostDiskToJobGroupParamSetSCSI')] [Parameter(ParameterSetName = 'AnyHostDiskToTemplateParamSetSCSI')] [Parameter(ParameterSetName = 'HostDiskToJobGroupParamSetSCSI')] [Parameter(ParameterSetName = 'HostDiskToVMParamSetSCSI')] [Parameter(ParameterSetName = 'existingHostVHDToVMParamSetSCSI')] [Parameter(ParameterSetName = 'existingHostVHDToVMParamSetSCSIJobGroup')] [Parameter(ParameterSetName = 'existingVHDToJobGroupParamSetSCSI')] [Parameter(ParameterSetName = 'existingVHDToTemplateParamSetSCSI')] [Parameter(ParameterSetName = 'existingVHDToVMParamSetSCSI')] [Parameter(ParameterSetName = 'newToJobGroupParamSetSCSIDynamic')] [Parameter(ParameterSetName = 'newToJobGroupParamSetSCSIFixed')] [Parameter(ParameterSetName = 'newToTemplateParamSetSCSIDynamic')] [Parameter(ParameterSetName = 'newToTemplateParamSetSCSIFixed')] [Parameter(ParameterSetName = 'newToVMParamSetSCSIDynamic')] [Parameter(ParameterSetName = 'newToVMParamSetSCSIFixed')] [Parameter(ParameterSetName = 'newVirtualDiskDriveDifferencing')] [switch] $SCSI,
        [Parameter(ParameterSetName = 'AnyHostDiskToTemplateParamSetIDE', Mandatory = $true, ValueFromPipeline = $true)] [Parameter(ParameterSetName = 'AnyHostDiskToTemplateParamSetSCSI', Mandatory = $true, ValueFromPipeline = $true)] [Parameter(ParameterSetName = 'existingVHDToTemplateParamSetIDE', Mandatory = $true, ValueFromPipeline = $true)] [Parameter(ParameterSetName = 'existingVHDToTemplateParamSetSCSI', Mandatory = $true, ValueFromPipeline = $true)] [Parameter(ParameterSetName = 'newToTemplateParamSetIDEDynamic', Mandatory = $true, ValueFromPipeline = $true)] [Parameter(ParameterSetName = 'newToTemplateParamSetIDEFixed', Mandatory = $true, ValueFromPipeline = $true)] [Parameter(ParameterSetName = 'newToTemplateParamSetSCSIDynamic', Mandatory = $true, ValueFromPipeline = $true)] [Parameter(ParameterSetName = 'newToTemplateParamSetSCSIFixed', Mandatory = $true, ValueFromPipeline = $true)] [Alias('Template')] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.Template')] [psobject] $VMTemplate,
        [Parameter(ParameterSetName = 'HostDiskToJobGroupParamSetIDE', Mandatory = $true)] [Parameter(ParameterSetName = 'HostDiskToJobGroupParamSetSCSI', Mandatory = $true)] [Parameter(ParameterSetName = 'HostDiskToVMParamSetIDE', Mandatory = $true)] [Parameter(ParameterSetName = 'HostDiskToVMParamSetSCSI', Mandatory = $true)] [Alias('HostDisk')] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.StorageDisk')] [psobject] $StorageDisk,
        [Parameter(ParameterSetName = 'HostDiskToJobGroupParamSetSCSI')] [Parameter(ParameterSetName = 'HostDiskToVMParamSetSCSI')] [Parameter(ParameterSetName = 'existingHostVHDToVMParamSetIDE', Mandatory = $true)] [Parameter(ParameterSetName = 'existingHostVHDToVMParamSetIDEJobGroup', Mandatory = $true)] [Parameter(ParameterSetName = 'existingHostVHDToVMParamSetSCSI', Mandatory = $true)] [Parameter(ParameterSetName = 'existingHostVHDToVMParamSetSCSIJobGroup', Mandatory = $true)] [Parameter(ParameterSetName = 'existingVHDToJobGroupParamSetIDE')] [Parameter(ParameterSetName = 'existingVHDToJobGroupParamSetSCSI')] [Parameter(ParameterSetName = 'existingVHDToVMParamSetIDE')] [Parameter(ParameterSetName = 'existingVHDToVMParamSetSCSI')] [Parameter(ParameterSetName = 'newToJobGroupParamSetIDEDynamic', Mandatory = $true)] [Parameter(ParameterSetName = 'newToJobGroupParamSetIDEFixed', Mandatory = $true)] [Parameter(ParameterSetName = 'newToJobGroupParamSetSCSIDynamic', Mandatory = $true)] [Parameter(ParameterSetName = 'newToJobGroupParamSetSCSIFixed', Mandatory = $true)] [Parameter(ParameterSetName = 'newToTemplateParamSetIDEDynamic', Mandatory = $true)] [Parameter(ParameterSetName = 'newToTemplateParamSetIDEFixed', Mandatory = $true)] [Parameter(ParameterSetName = 'newToTemplateParamSetSCSIDynamic', Mandatory = $true)] [Parameter(ParameterSetName = 'newToTemplateParamSetSCSIFixed', Mandatory = $true)] [Parameter(ParameterSetName = 'newToVMParamSetIDEDynamic', Mandatory = $true)] [Parameter(ParameterSetName = 'newToVMParamSetIDEFixed', Mandatory = $true)] [Parameter(ParameterSetName = 'newToVMParamSetSCSIDynamic', Mandatory = $true)] [Parameter(ParameterSetName = 'newToVMParamSetSCSIFixed', Mandatory = $true)] [Parameter(ParameterSetName = 'newVirtualDiskDriveDifferencing', Mandatory = $true)] [string] $FileName,
        [Parameter(ParameterSetName = 'HostDiskToJobGroupParamSetSCSI')] [Parameter(ParameterSetName = 'HostDiskToVMParamSetSCSI')] [Parameter(ParameterSetName = 'existingHostVHDToVMParamSetIDE', Mandatory = $true)] [Parameter(ParameterSetName = 'existingHostVHDToVMParamSetIDEJobGroup', Mandatory = $true)] [Parameter(ParameterSetName = 'existingHostVHDToVMParamSetSCSI', Mandatory = $true)] [Parameter(ParameterSetName = 'existingHostVHDToVMParamSetSCSIJobGroup', Mandatory = $true)] [Parameter(ParameterSetName = 'existingVHDToJobGroupParamSetIDE')] [Parameter(ParameterSetName = 'existingVHDToJobGroupParamSetSCSI')] [Parameter(ParameterSetName = 'existingVHDToVMParamSetIDE')] [Parameter(ParameterSetName = 'existingVHDToVMParamSetSCSI')] [Parameter(ParameterSetName = 'newToJobGroupParamSetIDEDynamic')] [Parameter(ParameterSetName = 'newToJobGroupParamSetIDEFixed')] [Parameter(ParameterSetName = 'newToJobGroupParamSetSCSIDynamic')] [Parameter(ParameterSetName = 'newToJobGroupParamSetSCSIFixed')] [Parameter(ParameterSetName = 'newToVMParamSetIDEDynamic')] [Parameter(ParameterSetName = 'newToVMParamSetIDEFixed')] [Parameter(ParameterSetName = 'newToVMParamSetSCSIDynamic')] [Parameter(ParameterSetName = 'newToVMParamSetSCSIFixed')] [Parameter(ParameterSetName = 'newVirtualDiskDriveDifferencing')] [string] $Path,
        [Parameter(ParameterSetName = 'HostDiskToVMParamSetIDE', Mandatory = $true, ValueFromPipeline = $true)] [Parameter(ParameterSetName = 'HostDiskToVMParamSetSCSI', Mandatory = $true, ValueFromPipeline = $true)] [Parameter(ParameterSetName = 'existingHostVHDToVMParamSetIDE', Mandatory = $true, ValueFromPipeline = $true)] [Parameter(ParameterSetName = 'existingHostVHDToVMParamSetSCSI', Mandatory = $true, ValueFromPipeline = $true)] [Parameter(ParameterSetName = 'existingVHDToVMParamSetIDE', Mandatory = $true, ValueFromPipeline = $true)] [Parameter(ParameterSetName = 'existingVHDToVMParamSetSCSI', Mandatory = $true, ValueFromPipeline = $true)] [Parameter(ParameterSetName = 'newToVMParamSetIDEDynamic', Mandatory = $true, ValueFromPipeline = $true)] [Parameter(ParameterSetName = 'newToVMParamSetIDEFixed', Mandatory = $true, ValueFromPipeline = $true)] [Parameter(ParameterSetName = 'newToVMParamSetSCSIDynamic', Mandatory = $true, ValueFromPipeline = $true)] [Parameter(ParameterSetName = 'newToVMParamSetSCSIFixed', Mandatory = $true, ValueFromPipeline = $true)] [Parameter(ParameterSetName = 'newVirtualDiskDriveDifferencing', ValueFromPipeline = $true)] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.VM')] [psobject] $VM,
        [Parameter(ParameterSetName = 'existingHostVHDToVMParamSetIDE')] [Parameter(ParameterSetName = 'existingHostVHDToVMParamSetIDEJobGroup')] [Parameter(ParameterSetName = 'existingHostVHDToVMParamSetSCSI')] [Parameter(ParameterSetName = 'existingHostVHDToVMParamSetSCSIJobGroup')] [switch] $UseLocalVirtualHardDisk,
        [Parameter(ParameterSetName = 'existingVHDToJobGroupParamSetIDE', Mandatory = $true)] [Parameter(ParameterSetName = 'existingVHDToJobGroupParamSetSCSI', Mandatory = $true)] [Parameter(ParameterSetName = 'existingVHDToTemplateParamSetIDE', Mandatory = $true)] [Parameter(ParameterSetName = 'existingVHDToTemplateParamSetSCSI', Mandatory = $true)] [Parameter(ParameterSetName = 'existingVHDToVMParamSetIDE', Mandatory = $true)] [Parameter(ParameterSetName = 'existingVHDToVMParamSetSCSI', Mandatory = $true)] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.StandaloneVirtualHardDisk')] [psobject] $VirtualHardDisk,
        [Parameter(ParameterSetName = 'existingVHDToJobGroupParamSetSCSI')] [Parameter(ParameterSetName = 'existingVHDToTemplateParamSetSCSI')] [bool] $SharedStorage,
        [Parameter(ParameterSetName = 'newToJobGroupParamSetIDEDynamic')] [Parameter(ParameterSetName = 'newToJobGroupParamSetSCSIDynamic')] [Parameter(ParameterSetName = 'newToTemplateParamSetIDEDynamic')] [Parameter(ParameterSetName = 'newToTemplateParamSetSCSIDynamic')] [Parameter(ParameterSetName = 'newToVMParamSetIDEDynamic')] [Parameter(ParameterSetName = 'newToVMParamSetSCSIDynamic')] [switch] $Dynamic,
        [Parameter(ParameterSetName = 'newToJobGroupParamSetIDEDynamic', Mandatory = $true)] [Parameter(ParameterSetName = 'newToJobGroupParamSetIDEFixed', Mandatory = $true)] [Parameter(ParameterSetName = 'newToJobGroupParamSetSCSIDynamic', Mandatory = $true)] [Parameter(ParameterSetName = 'newToJobGroupParamSetSCSIFixed', Mandatory = $true)] [Parameter(ParameterSetName = 'newToTemplateParamSetIDEDynamic', Mandatory = $true)] [Parameter(ParameterSetName = 'newToTemplateParamSetIDEFixed', Mandatory = $true)] [Parameter(ParameterSetName = 'newToTemplateParamSetSCSIDynamic', Mandatory = $true)] [Parameter(ParameterSetName = 'newToTemplateParamSetSCSIFixed', Mandatory = $true)] [Parameter(ParameterSetName = 'newToVMParamSetIDEDynamic', Mandatory = $true)] [Parameter(ParameterSetName = 'newToVMParamSetIDEFixed', Mandatory = $true)] [Parameter(ParameterSetName = 'newToVMParamSetSCSIDynamic', Mandatory = $true)] [Parameter(ParameterSetName = 'newToVMParamSetSCSIFixed', Mandatory = $true)] [Alias('Size')] [long] $VirtualHardDiskSizeMB,
        [Parameter(ParameterSetName = 'newToJobGroupParamSetIDEFixed')] [Parameter(ParameterSetName = 'newToJobGroupParamSetSCSIFixed')] [Parameter(ParameterSetName = 'newToTemplateParamSetIDEFixed')] [Parameter(ParameterSetName = 'newToTemplateParamSetSCSIFixed')] [Parameter(ParameterSetName = 'newToVMParamSetIDEFixed')] [Parameter(ParameterSetName = 'newToVMParamSetSCSIFixed')] [switch] $Fixed,
        [Parameter(ParameterSetName = 'newVirtualDiskDriveDifferencing', Mandatory = $true)] [string] $ParentVirtualHardDiskPath,
        [Parameter(ParameterSetName = 'newVirtualDiskDriveDifferencing')] [switch] $Differencing
    )
    process { Invoke-BridgeCall -Cmdlet 'New-SCVirtualDiskDrive' -Bound $PSBoundParameters -Caller $PSCmdlet }
}

function New-SCVirtualFibreChannelAdapter {
    [CmdletBinding(DefaultParameterSetName = 'HardwareProfileDynamicAddress', PositionalBinding = $false)]
    param(
        [Parameter(ParameterSetName = 'HardwareProfileDynamicAddress', Mandatory = $true, ValueFromPipeline = $true)] [Parameter(ParameterSetName = 'HardwareProfileStaticAddress', Mandatory = $true, ValueFromPipeline = $true)] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.HardwareProfile')] [psobject] $HardwareProfile,
        [Parameter(ParameterSetName = 'HardwareProfileDynamicAddress')] [Parameter(ParameterSetName = 'JobGroupDynamic')] [Parameter(ParameterSetName = 'TemplateDynamicAddress')] [Parameter(ParameterSetName = 'VMDynamicAddress')] [switch] $DynamicWorldWideName,
        [Parameter(ParameterSetName = 'HardwareProfileDynamicAddress')] [Parameter(ParameterSetName = 'HardwareProfileStaticAddress')] [Parameter(ParameterSetName = 'JobGroupDynamic')] [Parameter(ParameterSetName = 'JobGroupStatic')] [Parameter(ParameterSetName = 'TemplateDynamicAddress')] [Parameter(ParameterSetName = 'TemplateStaticAddress')] [Parameter(ParameterSetName = 'VMDynamicAddress')] [Parameter(ParameterSetName = 'VMStaticAddress')] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.StorageFabricClassification')] [psobject] $StorageFabricClassification,
        [Parameter(ParameterSetName = 'HardwareProfileDynamicAddress')] [Parameter(ParameterSetName = 'HardwareProfileStaticAddress')] [Parameter(ParameterSetName = 'JobGroupDynamic')] [Parameter(ParameterSetName = 'JobGroupStatic')] [Parameter(ParameterSetName = 'TemplateDynamicAddress')] [Parameter(ParameterSetName = 'TemplateStaticAddress')] [Parameter(ParameterSetName = 'VMDynamicAddress')] [Parameter(ParameterSetName = 'VMStaticAddress')] [switch] $RunAsynchronously,
        [Parameter(ParameterSetName = 'HardwareProfileDynamicAddress')] [Parameter(ParameterSetName = 'HardwareProfileStaticAddress')] [Parameter(ParameterSetName = 'JobGroupDynamic')] [Parameter(ParameterSetName = 'JobGroupStatic')] [Parameter(ParameterSetName = 'TemplateDynamicAddress')] [Parameter(ParameterSetName = 'TemplateStaticAddress')] [Parameter(ParameterSetName = 'VMDynamicAddress')] [Parameter(ParameterSetName = 'VMStaticAddress')] [guid] $PROTipID,
        [Parameter(ParameterSetName = 'HardwareProfileDynamicAddress')] [Parameter(ParameterSetName = 'HardwareProfileStaticAddress')] [Parameter(ParameterSetName = 'JobGroupDynamic')] [Parameter(ParameterSetName = 'JobGroupStatic')] [Parameter(ParameterSetName = 'TemplateDynamicAddress')] [Parameter(ParameterSetName = 'TemplateStaticAddress')] [Parameter(ParameterSetName = 'VMDynamicAddress')] [Parameter(ParameterSetName = 'VMStaticAddress')] [string] $JobVariable,
        [Parameter(ParameterSetName = 'HardwareProfileDynamicAddress')] [Parameter(ParameterSetName = 'HardwareProfileStaticAddress')] [Parameter(ParameterSetName = 'JobGroupDynamic')] [Parameter(ParameterSetName = 'JobGroupStatic')] [Parameter(ParameterSetName = 'TemplateDynamicAddress')] [Parameter(ParameterSetName = 'TemplateStaticAddress')] [Parameter(ParameterSetName = 'VMDynamicAddress')] [Parameter(ParameterSetName = 'VMStaticAddress')] [string] $OnBehalfOfUser,
        [Parameter(ParameterSetName = 'HardwareProfileDynamicAddress')] [Parameter(ParameterSetName = 'HardwareProfileStaticAddress')] [Parameter(ParameterSetName = 'JobGroupDynamic')] [Parameter(ParameterSetName = 'JobGroupStatic')] [Parameter(ParameterSetName = 'TemplateDynamicAddress')] [Parameter(ParameterSetName = 'TemplateStaticAddress')] [Parameter(ParameterSetName = 'VMDynamicAddress')] [Parameter(ParameterSetName = 'VMStaticAddress')] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.UserRole')] [psobject] $OnBehalfOfUserRole,
        [Parameter(ParameterSetName = 'HardwareProfileStaticAddress')] [Parameter(ParameterSetName = 'JobGroupStatic')] [Parameter(ParameterSetName = 'TemplateStaticAddress')] [Parameter(ParameterSetName = 'VMStaticAddress')] [switch] $StaticWorldWideName,
        [Parameter(ParameterSetName = 'JobGroupDynamic', ValueFromPipeline = $true)] [Parameter(ParameterSetName = 'JobGroupStatic', ValueFromPipeline = $true)] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.ServerConnection')] [psobject] $VMMServer,
        [Parameter(ParameterSetName = 'JobGroupDynamic', Mandatory = $true)] [Parameter(ParameterSetName = 'JobGroupStatic', Mandatory = $true)] [guid] $JobGroup,
        [Parameter(ParameterSetName = 'JobGroupDynamic')] [Parameter(ParameterSetName = 'JobGroupStatic')] [Parameter(ParameterSetName = 'VMDynamicAddress')] [Parameter(ParameterSetName = 'VMStaticAddress')] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.HostFibreChannelVirtualSAN')] [psobject] $VirtualFibreChannelSAN,
        [Parameter(ParameterSetName = 'JobGroupStatic')] [Parameter(ParameterSetName = 'VMStaticAddress', Mandatory = $true)] [string] $PrimaryWorldWideNodeName,
        [Parameter(ParameterSetName = 'JobGroupStatic')] [Parameter(ParameterSetName = 'VMStaticAddress', Mandatory = $true)] [string] $PrimaryWorldWidePortName,
        [Parameter(ParameterSetName = 'JobGroupStatic')] [Parameter(ParameterSetName = 'VMStaticAddress', Mandatory = $true)] [string] $SecondaryWorldWideNodeName,
        [Parameter(ParameterSetName = 'JobGroupStatic')] [Parameter(ParameterSetName = 'VMStaticAddress', Mandatory = $true)] [string] $SecondaryWorldWidePortName,
        [Parameter(ParameterSetName = 'TemplateDynamicAddress', Mandatory = $true, ValueFromPipeline = $true)] [Parameter(ParameterSetName = 'TemplateStaticAddress', Mandatory = $true, ValueFromPipeline = $true)] [Alias('Template')] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.Template')] [psobject] $VMTemplate,
        [Parameter(ParameterSetName = 'VMDynamicAddress', Mandatory = $true, ValueFromPipeline = $true)] [Parameter(ParameterSetName = 'VMStaticAddress', Mandatory = $true, ValueFromPipeline = $true)] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.VM')] [psobject] $VM
    )
    process { Invoke-BridgeCall -Cmdlet 'New-SCVirtualFibreChannelAdapter' -Bound $PSBoundParameters -Caller $PSCmdlet }
}

function New-SCVirtualMachine {
    [CmdletBinding(DefaultParameterSetName = 'NewVmFromComputerTierScaleOut', PositionalBinding = $false)]
    param(
        [Parameter(ParameterSetName = 'NewStoredVmFromHardwareProfile')] [Parameter(ParameterSetName = 'NewStoredVmFromVirtualDisk')] [Parameter(ParameterSetName = 'NewStoredVmFromVm')] [Parameter(ParameterSetName = 'NewVmFromComputerTierScaleOut')] [Parameter(ParameterSetName = 'NewVmFromHWProfile')] [Parameter(ParameterSetName = 'NewVmFromTemplate')] [Parameter(ParameterSetName = 'NewVmFromVirtualDisk')] [Parameter(ParameterSetName = 'NewVmFromVm')] [Parameter(ParameterSetName = 'NewVmFromVmCloud')] [Parameter(ParameterSetName = 'NewVmFromVmConfig')] [Parameter(ParameterSetName = 'NewVmFromVmConfigScaleOut')] [ValidateSet('NeverAutoTurnOnVM', 'AlwaysAutoTurnOnVM', 'TurnOnVMIfRunningWhenVSStopped')] [string] $StartAction,
        [Parameter(ParameterSetName = 'NewStoredVmFromHardwareProfile')] [Parameter(ParameterSetName = 'NewStoredVmFromVirtualDisk')] [Parameter(ParameterSetName = 'NewStoredVmFromVm')] [Parameter(ParameterSetName = 'NewVmFromComputerTierScaleOut')] [Parameter(ParameterSetName = 'NewVmFromHWProfile')] [Parameter(ParameterSetName = 'NewVmFromTemplate')] [Parameter(ParameterSetName = 'NewVmFromVirtualDisk')] [Parameter(ParameterSetName = 'NewVmFromVm')] [Parameter(ParameterSetName = 'NewVmFromVmCloud')] [Parameter(ParameterSetName = 'NewVmFromVmConfig')] [Parameter(ParameterSetName = 'NewVmFromVmConfigScaleOut')] [ValidateSet('SaveVM', 'TurnOffVM', 'ShutdownGuestOS')] [string] $StopAction,
        [Parameter(ParameterSetName = 'NewStoredVmFromHardwareProfile')] [Parameter(ParameterSetName = 'NewStoredVmFromVirtualDisk')] [Parameter(ParameterSetName = 'NewStoredVmFromVm')] [Parameter(ParameterSetName = 'NewVmFromComputerTierScaleOut')] [Parameter(ParameterSetName = 'NewVmFromHWProfile')] [Parameter(ParameterSetName = 'NewVmFromTemplate')] [Parameter(ParameterSetName = 'NewVmFromVirtualDisk')] [Parameter(ParameterSetName = 'NewVmFromVm')] [Parameter(ParameterSetName = 'NewVmFromVmCloud')] [Parameter(ParameterSetName = 'NewVmFromVmConfig')] [Parameter(ParameterSetName = 'NewVmFromVmConfigScaleOut')] [Alias('LimitCPUFunctionality')] [bool] $CPULimitFunctionality,
        [Parameter(ParameterSetName = 'NewStoredVmFromHardwareProfile')] [Parameter(ParameterSetName = 'NewStoredVmFromVirtualDisk')] [Parameter(ParameterSetName = 'NewStoredVmFromVm')] [Parameter(ParameterSetName = 'NewVmFromComputerTierScaleOut')] [Parameter(ParameterSetName = 'NewVmFromHWProfile')] [Parameter(ParameterSetName = 'NewVmFromTemplate')] [Parameter(ParameterSetName = 'NewVmFromVirtualDisk')] [Parameter(ParameterSetName = 'NewVmFromVm')] [Parameter(ParameterSetName = 'NewVmFromVmCloud')] [Parameter(ParameterSetName = 'NewVmFromVmConfig')] [Parameter(ParameterSetName = 'NewVmFromVmConfigScaleOut')] [Alias('LimitCPUForMigration')] [bool] $CPULimitForMigration,
        [Parameter(ParameterSetName = 'NewStoredVmFromHardwareProfile')] [Parameter(ParameterSetName = 'NewStoredVmFromVirtualDisk')] [Parameter(ParameterSetName = 'NewVmFromHWProfile')] [Parameter(ParameterSetName = 'NewVmFromVirtualDisk')] [int] $Generation,
        [Parameter(ParameterSetName = 'NewStoredVmFromHardwareProfile')] [Parameter(ParameterSetName = 'NewStoredVmFromVirtualDisk')] [Parameter(ParameterSetName = 'NewStoredVmFromVm')] [Parameter(ParameterSetName = 'NewVmFromComputerTierScaleOut')] [Parameter(ParameterSetName = 'NewVmFromHWProfile')] [Parameter(ParameterSetName = 'NewVmFromTemplate')] [Parameter(ParameterSetName = 'NewVmFromVirtualDisk')] [Parameter(ParameterSetName = 'NewVmFromVm')] [Parameter(ParameterSetName = 'NewVmFromVmCloud')] [Parameter(ParameterSetName = 'NewVmFromVmConfig')] [Parameter(ParameterSetName = 'NewVmFromVmConfigScaleOut')] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.OperatingSystem')] [psobject] $OperatingSystem,
        [Parameter(ParameterSetName = 'NewStoredVmFromHardwareProfile')] [Parameter(ParameterSetName = 'NewStoredVmFromVirtualDisk')] [Parameter(ParameterSetName = 'NewStoredVmFromVm')] [Parameter(ParameterSetName = 'NewVmFromComputerTierScaleOut')] [Parameter(ParameterSetName = 'NewVmFromHWProfile')] [Parameter(ParameterSetName = 'NewVmFromTemplate')] [Parameter(ParameterSetName = 'NewVmFromVirtualDisk')] [Parameter(ParameterSetName = 'NewVmFromVm')] [Parameter(ParameterSetName = 'NewVmFromVmCloud')] [Parameter(ParameterSetName = 'NewVmFromVmConfig')] [Parameter(ParameterSetName = 'NewVmFromVmConfigScaleOut')] [string] $LinuxAdministratorSSHKeyString,
        [Parameter(ParameterSetName = 'NewStoredVmFromHardwareProfile', ValueFromPipeline = $true)] [Parameter(ParameterSetName = 'NewStoredVmFromVirtualDisk', ValueFromPipeline = $true)] [Parameter(ParameterSetName = 'NewStoredVmFromVm', ValueFromPipeline = $true)] [Parameter(ParameterSetName = 'NewVmFromComputerTierScaleOut', ValueFromPipeline = $true)] [Parameter(ParameterSetName = 'NewVmFromHWProfile', ValueFromPipeline = $true)] [Parameter(ParameterSetName = 'NewVmFromTemplate', ValueFromPipeline = $true)] [Parameter(ParameterSetName = 'NewVmFromVirtualDisk', ValueFromPipeline = $true)] [Parameter(ParameterSetName = 'NewVmFromVm', ValueFromPipeline = $true)] [Parameter(ParameterSetName = 'NewVmFromVmCloud', ValueFromPipeline = $true)] [Parameter(ParameterSetName = 'NewVmFromVmConfig', ValueFromPipeline = $true)] [Parameter(ParameterSetName = 'NewVmFromVmConfigScaleOut', ValueFromPipeline = $true)] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.ServerConnection')] [psobject] $VMMServer,
        [Parameter(ParameterSetName = 'NewStoredVmFromHardwareProfile', Mandatory = $true, Position = 0)] [Parameter(ParameterSetName = 'NewStoredVmFromVirtualDisk', Mandatory = $true, Position = 0)] [Parameter(ParameterSetName = 'NewStoredVmFromVm', Mandatory = $true, Position = 0)] [Parameter(ParameterSetName = 'NewVmFromComputerTierScaleOut', Mandatory = $true, Position = 0)] [Parameter(ParameterSetName = 'NewVmFromHWProfile', Mandatory = $true, Position = 0)] [Parameter(ParameterSetName = 'NewVmFromTemplate', Mandatory = $true, Position = 0)] [Parameter(ParameterSetName = 'NewVmFromVirtualDisk', Mandatory = $true, Position = 0)] [Parameter(ParameterSetName = 'NewVmFromVm', Mandatory = $true, Position = 0)] [Parameter(ParameterSetName = 'NewVmFromVmCloud', Mandatory = $true, Position = 0)] [Parameter(ParameterSetName = 'NewVmFromVmConfig', Mandatory = $true, Position = 0)] [Parameter(ParameterSetName = 'NewVmFromVmConfigScaleOut', Mandatory = $true, Position = 0)] [string] $Name,
        [Parameter(ParameterSetName = 'NewStoredVmFromHardwareProfile')] [Parameter(ParameterSetName = 'NewStoredVmFromVirtualDisk')] [Parameter(ParameterSetName = 'NewStoredVmFromVm')] [Parameter(ParameterSetName = 'NewVmFromComputerTierScaleOut')] [Parameter(ParameterSetName = 'NewVmFromHWProfile')] [Parameter(ParameterSetName = 'NewVmFromTemplate')] [Parameter(ParameterSetName = 'NewVmFromVirtualDisk')] [Parameter(ParameterSetName = 'NewVmFromVm')] [Parameter(ParameterSetName = 'NewVmFromVmCloud')] [Parameter(ParameterSetName = 'NewVmFromVmConfig')] [Parameter(ParameterSetName = 'NewVmFromVmConfigScaleOut')] [string] $Description,
        [Parameter(ParameterSetName = 'NewStoredVmFromHardwareProfile')] [Parameter(ParameterSetName = 'NewStoredVmFromVirtualDisk')] [Parameter(ParameterSetName = 'NewStoredVmFromVm')] [Parameter(ParameterSetName = 'NewVmFromComputerTierScaleOut')] [Parameter(ParameterSetName = 'NewVmFromHWProfile')] [Parameter(ParameterSetName = 'NewVmFromTemplate')] [Parameter(ParameterSetName = 'NewVmFromVirtualDisk')] [Parameter(ParameterSetName = 'NewVmFromVm')] [Parameter(ParameterSetName = 'NewVmFromVmCloud')] [Parameter(ParameterSetName = 'NewVmFromVmConfig')] [Parameter(ParameterSetName = 'NewVmFromVmConfigScaleOut')] [string] $Owner,
        [Parameter(ParameterSetName = 'NewStoredVmFromHardwareProfile')] [Parameter(ParameterSetName = 'NewStoredVmFromVirtualDisk')] [Parameter(ParameterSetName = 'NewStoredVmFromVm')] [Parameter(ParameterSetName = 'NewVmFromComputerTierScaleOut')] [Parameter(ParameterSetName = 'NewVmFromHWProfile')] [Parameter(ParameterSetName = 'NewVmFromTemplate')] [Parameter(ParameterSetName = 'NewVmFromVirtualDisk')] [Parameter(ParameterSetName = 'NewVmFromVm')] [Parameter(ParameterSetName = 'NewVmFromVmCloud')] [Parameter(ParameterSetName = 'NewVmFromVmConfig')] [Parameter(ParameterSetName = 'NewVmFromVmConfigScaleOut')] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.UserRole')] [psobject] $UserRole,
        [Parameter(ParameterSetName = 'NewStoredVmFromHardwareProfile', Mandatory = $true, ValueFromPipeline = $true)] [Parameter(ParameterSetName = 'NewStoredVmFromVirtualDisk', Mandatory = $true, ValueFromPipeline = $true)] [Parameter(ParameterSetName = 'NewStoredVmFromVm', Mandatory = $true, ValueFromPipeline = $true)] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.LibraryServer')] [psobject] $LibraryServer,
        [Parameter(ParameterSetName = 'NewStoredVmFromHardwareProfile', Mandatory = $true)] [Parameter(ParameterSetName = 'NewStoredVmFromVirtualDisk', Mandatory = $true)] [Parameter(ParameterSetName = 'NewStoredVmFromVm', Mandatory = $true)] [string] $SharePath,
        [Parameter(ParameterSetName = 'NewStoredVmFromHardwareProfile')] [Parameter(ParameterSetName = 'NewStoredVmFromVirtualDisk')] [Parameter(ParameterSetName = 'NewStoredVmFromVm')] [Parameter(ParameterSetName = 'NewVmFromComputerTierScaleOut')] [Parameter(ParameterSetName = 'NewVmFromHWProfile')] [Parameter(ParameterSetName = 'NewVmFromTemplate')] [Parameter(ParameterSetName = 'NewVmFromVirtualDisk')] [Parameter(ParameterSetName = 'NewVmFromVm')] [Parameter(ParameterSetName = 'NewVmFromVmCloud')] [Parameter(ParameterSetName = 'NewVmFromVmConfig')] [Parameter(ParameterSetName = 'NewVmFromVmConfigScaleOut')] [Alias('UseLocalVirtualHardDisks')] [switch] $UseLocalVirtualHardDisk,
        [Parameter(ParameterSetName = 'NewStoredVmFromHardwareProfile')] [Parameter(ParameterSetName = 'NewStoredVmFromVirtualDisk')] [Parameter(ParameterSetName = 'NewStoredVmFromVm')] [Parameter(ParameterSetName = 'NewVmFromComputerTierScaleOut')] [Parameter(ParameterSetName = 'NewVmFromHWProfile')] [Parameter(ParameterSetName = 'NewVmFromTemplate')] [Parameter(ParameterSetName = 'NewVmFromVirtualDisk')] [Parameter(ParameterSetName = 'NewVmFromVm')] [Parameter(ParameterSetName = 'NewVmFromVmCloud')] [Parameter(ParameterSetName = 'NewVmFromVmConfig')] [Parameter(ParameterSetName = 'NewVmFromVmConfigScaleOut')] [switch] $UseDiffDiskOptimization,
        [Parameter(ParameterSetName = 'NewStoredVmFromHardwareProfile')] [Parameter(ParameterSetName = 'NewStoredVmFromVirtualDisk')] [Parameter(ParameterSetName = 'NewStoredVmFromVm')] [Parameter(ParameterSetName = 'NewVmFromComputerTierScaleOut')] [Parameter(ParameterSetName = 'NewVmFromHWProfile')] [Parameter(ParameterSetName = 'NewVmFromTemplate')] [Parameter(ParameterSetName = 'NewVmFromVirtualDisk')] [Parameter(ParameterSetName = 'NewVmFromVm')] [Parameter(ParameterSetName = 'NewVmFromVmCloud')] [Parameter(ParameterSetName = 'NewVmFromVmConfig')] [Parameter(ParameterSetName = 'NewVmFromVmConfigScaleOut')] [Alias('DelayStart')] [int] $DelayStartSeconds,
        [Parameter(ParameterSetName = 'NewStoredVmFromHardwareProfile')] [Parameter(ParameterSetName = 'NewStoredVmFromVirtualDisk')] [Parameter(ParameterSetName = 'NewStoredVmFromVm')] [Parameter(ParameterSetName = 'NewVmFromComputerTierScaleOut')] [Parameter(ParameterSetName = 'NewVmFromHWProfile')] [Parameter(ParameterSetName = 'NewVmFromTemplate')] [Parameter(ParameterSetName = 'NewVmFromVirtualDisk')] [Parameter(ParameterSetName = 'NewVmFromVm')] [Parameter(ParameterSetName = 'NewVmFromVmCloud')] [Parameter(ParameterSetName = 'NewVmFromVmConfig')] [Parameter(ParameterSetName = 'NewVmFromVmConfigScaleOut')] [int] $MemoryMB,
        [Parameter(ParameterSetName = 'NewStoredVmFromHardwareProfile')] [Parameter(ParameterSetName = 'NewStoredVmFromVirtualDisk')] [Parameter(ParameterSetName = 'NewStoredVmFromVm')] [Parameter(ParameterSetName = 'NewVmFromComputerTierScaleOut')] [Parameter(ParameterSetName = 'NewVmFromHWProfile')] [Parameter(ParameterSetName = 'NewVmFromTemplate')] [Parameter(ParameterSetName = 'NewVmFromVirtualDisk')] [Parameter(ParameterSetName = 'NewVmFromVm')] [Parameter(ParameterSetName = 'NewVmFromVmCloud')] [Parameter(ParameterSetName = 'NewVmFromVmConfig')] [Parameter(ParameterSetName = 'NewVmFromVmConfigScaleOut')] [bool] $DynamicMemoryEnabled,
        [Parameter(ParameterSetName = 'NewStoredVmFromHardwareProfile')] [Parameter(ParameterSetName = 'NewStoredVmFromVirtualDisk')] [Parameter(ParameterSetName = 'NewStoredVmFromVm')] [Parameter(ParameterSetName = 'NewVmFromComputerTierScaleOut')] [Parameter(ParameterSetName = 'NewVmFromHWProfile')] [Parameter(ParameterSetName = 'NewVmFromTemplate')] [Parameter(ParameterSetName = 'NewVmFromVirtualDisk')] [Parameter(ParameterSetName = 'NewVmFromVm')] [Parameter(ParameterSetName = 'NewVmFromVmCloud')] [Parameter(ParameterSetName = 'NewVmFromVmConfig')] [Parameter(ParameterSetName = 'NewVmFromVmConfigScaleOut')] [int] $DynamicMemoryMaximumMB,
        [Parameter(ParameterSetName = 'NewStoredVmFromHardwareProfile')] [Parameter(ParameterSetName = 'NewStoredVmFromVirtualDisk')] [Parameter(ParameterSetName = 'NewStoredVmFromVm')] [Parameter(ParameterSetName = 'NewVmFromComputerTierScaleOut')] [Parameter(ParameterSetName = 'NewVmFromHWProfile')] [Parameter(ParameterSetName = 'NewVmFromTemplate')] [Parameter(ParameterSetName = 'NewVmFromVirtualDisk')] [Parameter(ParameterSetName = 'NewVmFromVm')] [Parameter(ParameterSetName = 'NewVmFromVmCloud')] [Parameter(ParameterSetName = 'NewVmFromVmConfig')] [Parameter(ParameterSetName = 'NewVmFromVmConfigScaleOut')] [int] $DynamicMemoryBufferPercentage,
        [Parameter(ParameterSetName = 'NewStoredVmFromHardwareProfile')] [Parameter(ParameterSetName = 'NewStoredVmFromVirtualDisk')] [Parameter(ParameterSetName = 'NewStoredVmFromVm')] [Parameter(ParameterSetName = 'NewVmFromComputerTierScaleOut')] [Parameter(ParameterSetName = 'NewVmFromHWProfile')] [Parameter(ParameterSetName = 'NewVmFromTemplate')] [Parameter(ParameterSetName = 'NewVmFromVirtualDisk')] [Parameter(ParameterSetName = 'NewVmFromVm')] [Parameter(ParameterSetName = 'NewVmFromVmCloud')] [Parameter(ParameterSetName = 'NewVmFromVmConfig')] [Parameter(ParameterSetName = 'NewVmFromVmConfigScaleOut')] [int] $MemoryWeight,
        [Parameter(ParameterSetName = 'NewStoredVmFromHardwareProfile')] [Parameter(ParameterSetName = 'NewStoredVmFromVirtualDisk')] [Parameter(ParameterSetName = 'NewStoredVmFromVm')] [Parameter(ParameterSetName = 'NewVmFromComputerTierScaleOut')] [Parameter(ParameterSetName = 'NewVmFromHWProfile')] [Parameter(ParameterSetName = 'NewVmFromTemplate')] [Parameter(ParameterSetName = 'NewVmFromVirtualDisk')] [Parameter(ParameterSetName = 'NewVmFromVm')] [Parameter(ParameterSetName = 'NewVmFromVmCloud')] [Parameter(ParameterSetName = 'NewVmFromVmConfig')] [Parameter(ParameterSetName = 'NewVmFromVmConfigScaleOut')] [bool] $VirtualVideoAdapterEnabled,
        [Parameter(ParameterSetName = 'NewStoredVmFromHardwareProfile')] [Parameter(ParameterSetName = 'NewStoredVmFromVirtualDisk')] [Parameter(ParameterSetName = 'NewStoredVmFromVm')] [Parameter(ParameterSetName = 'NewVmFromComputerTierScaleOut')] [Parameter(ParameterSetName = 'NewVmFromHWProfile')] [Parameter(ParameterSetName = 'NewVmFromTemplate')] [Parameter(ParameterSetName = 'NewVmFromVirtualDisk')] [Parameter(ParameterSetName = 'NewVmFromVm')] [Parameter(ParameterSetName = 'NewVmFromVmCloud')] [Parameter(ParameterSetName = 'NewVmFromVmConfig')] [Parameter(ParameterSetName = 'NewVmFromVmConfigScaleOut')] [int] $MonitorMaximumCount,
        [Parameter(ParameterSetName = 'NewStoredVmFromHardwareProfile')] [Parameter(ParameterSetName = 'NewStoredVmFromVirtualDisk')] [Parameter(ParameterSetName = 'NewStoredVmFromVm')] [Parameter(ParameterSetName = 'NewVmFromComputerTierScaleOut')] [Parameter(ParameterSetName = 'NewVmFromHWProfile')] [Parameter(ParameterSetName = 'NewVmFromTemplate')] [Parameter(ParameterSetName = 'NewVmFromVirtualDisk')] [Parameter(ParameterSetName = 'NewVmFromVm')] [Parameter(ParameterSetName = 'NewVmFromVmCloud')] [Parameter(ParameterSetName = 'NewVmFromVmConfig')] [Parameter(ParameterSetName = 'NewVmFromVmConfigScaleOut')] [Alias('MonitorResolutionMaximum')] [string] $MonitorMaximumResolution,
        [Parameter(ParameterSetName = 'NewStoredVmFromHardwareProfile')] [Parameter(ParameterSetName = 'NewStoredVmFromVirtualDisk')] [Parameter(ParameterSetName = 'NewStoredVmFromVm')] [Parameter(ParameterSetName = 'NewVmFromComputerTierScaleOut')] [Parameter(ParameterSetName = 'NewVmFromHWProfile')] [Parameter(ParameterSetName = 'NewVmFromTemplate')] [Parameter(ParameterSetName = 'NewVmFromVirtualDisk')] [Parameter(ParameterSetName = 'NewVmFromVm')] [Parameter(ParameterSetName = 'NewVmFromVmCloud')] [Parameter(ParameterSetName = 'NewVmFromVmConfig')] [Parameter(ParameterSetName = 'NewVmFromVmConfigScaleOut')] [Alias('ProcessorCount')] [byte] $CPUCount,
        [Parameter(ParameterSetName = 'NewStoredVmFromHardwareProfile')] [Parameter(ParameterSetName = 'NewStoredVmFromVirtualDisk')] [Parameter(ParameterSetName = 'NewStoredVmFromVm')] [Parameter(ParameterSetName = 'NewVmFromComputerTierScaleOut')] [Parameter(ParameterSetName = 'NewVmFromHWProfile')] [Parameter(ParameterSetName = 'NewVmFromTemplate')] [Parameter(ParameterSetName = 'NewVmFromVirtualDisk')] [Parameter(ParameterSetName = 'NewVmFromVm')] [Parameter(ParameterSetName = 'NewVmFromVmCloud')] [Parameter(ParameterSetName = 'NewVmFromVmConfig')] [Parameter(ParameterSetName = 'NewVmFromVmConfigScaleOut')] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.ProcessorType')] [psobject] $CPUType,
        [Parameter(ParameterSetName = 'NewStoredVmFromHardwareProfile')] [Parameter(ParameterSetName = 'NewStoredVmFromVirtualDisk')] [Parameter(ParameterSetName = 'NewStoredVmFromVm')] [Parameter(ParameterSetName = 'NewVmFromComputerTierScaleOut')] [Parameter(ParameterSetName = 'NewVmFromHWProfile')] [Parameter(ParameterSetName = 'NewVmFromTemplate')] [Parameter(ParameterSetName = 'NewVmFromVirtualDisk')] [Parameter(ParameterSetName = 'NewVmFromVm')] [Parameter(ParameterSetName = 'NewVmFromVmCloud')] [Parameter(ParameterSetName = 'NewVmFromVmConfig')] [Parameter(ParameterSetName = 'NewVmFromVmConfigScaleOut')] [Alias('RelativeWeight')] [int] $CPURelativeWeight,
        [Parameter(ParameterSetName = 'NewStoredVmFromHardwareProfile', ValueFromPipeline = $true)] [Parameter(ParameterSetName = 'NewStoredVmFromVirtualDisk', ValueFromPipeline = $true)] [Parameter(ParameterSetName = 'NewStoredVmFromVm', ValueFromPipeline = $true)] [Parameter(ParameterSetName = 'NewVmFromComputerTierScaleOut', ValueFromPipeline = $true)] [Parameter(ParameterSetName = 'NewVmFromHWProfile', ValueFromPipeline = $true)] [Parameter(ParameterSetName = 'NewVmFromTemplate', ValueFromPipeline = $true)] [Parameter(ParameterSetName = 'NewVmFromVirtualDisk', ValueFromPipeline = $true)] [Parameter(ParameterSetName = 'NewVmFromVm', ValueFromPipeline = $true)] [Parameter(ParameterSetName = 'NewVmFromVmCloud', ValueFromPipeline = $true)] [Parameter(ParameterSetName = 'NewVmFromVmConfig', ValueFromPipeline = $true)] [Parameter(ParameterSetName = 'NewVmFromVmConfigScaleOut', ValueFromPipeline = $true)] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.HardwareProfile')] [psobject] $HardwareProfile,
        [Parameter(ParameterSetName = 'NewStoredVmFromHardwareProfile')] [Parameter(ParameterSetName = 'NewStoredVmFromVirtualDisk')] [Parameter(ParameterSetName = 'NewStoredVmFromVm')] [Parameter(ParameterSetName = 'NewVmFromComputerTierScaleOut')] [Parameter(ParameterSetName = 'NewVmFromHWProfile')] [Parameter(ParameterSetName = 'NewVmFromTemplate')] [Parameter(ParameterSetName = 'NewVmFromVirtualDisk')] [Parameter(ParameterSetName = 'NewVmFromVm')] [Parameter(ParameterSetName = 'NewVmFromVmCloud')] [Parameter(ParameterSetName = 'NewVmFromVmConfig')] [Parameter(ParameterSetName = 'NewVmFromVmConfigScaleOut')] [byte] $CPUPerVirtualNumaNodeMaximum,
        [Parameter(ParameterSetName = 'NewStoredVmFromHardwareProfile')] [Parameter(ParameterSetName = 'NewStoredVmFromVirtualDisk')] [Parameter(ParameterSetName = 'NewStoredVmFromVm')] [Parameter(ParameterSetName = 'NewVmFromComputerTierScaleOut')] [Parameter(ParameterSetName = 'NewVmFromHWProfile')] [Parameter(ParameterSetName = 'NewVmFromTemplate')] [Parameter(ParameterSetName = 'NewVmFromVirtualDisk')] [Parameter(ParameterSetName = 'NewVmFromVm')] [Parameter(ParameterSetName = 'NewVmFromVmCloud')] [Parameter(ParameterSetName = 'NewVmFromVmConfig')] [Parameter(ParameterSetName = 'NewVmFromVmConfigScaleOut')] [int] $MemoryPerVirtualNumaNodeMaximumMB,
        [Parameter(ParameterSetName = 'NewStoredVmFromHardwareProfile')] [Parameter(ParameterSetName = 'NewStoredVmFromVirtualDisk')] [Parameter(ParameterSetName = 'NewStoredVmFromVm')] [Parameter(ParameterSetName = 'NewVmFromComputerTierScaleOut')] [Parameter(ParameterSetName = 'NewVmFromHWProfile')] [Parameter(ParameterSetName = 'NewVmFromTemplate')] [Parameter(ParameterSetName = 'NewVmFromVirtualDisk')] [Parameter(ParameterSetName = 'NewVmFromVm')] [Parameter(ParameterSetName = 'NewVmFromVmCloud')] [Parameter(ParameterSetName = 'NewVmFromVmConfig')] [Parameter(ParameterSetName = 'NewVmFromVmConfigScaleOut')] [byte] $VirtualNumaNodesPerSocketMaximum,
        [Parameter(ParameterSetName = 'NewStoredVmFromHardwareProfile')] [Parameter(ParameterSetName = 'NewStoredVmFromVirtualDisk')] [Parameter(ParameterSetName = 'NewStoredVmFromVm')] [Parameter(ParameterSetName = 'NewVmFromComputerTierScaleOut')] [Parameter(ParameterSetName = 'NewVmFromHWProfile')] [Parameter(ParameterSetName = 'NewVmFromTemplate')] [Parameter(ParameterSetName = 'NewVmFromVirtualDisk')] [Parameter(ParameterSetName = 'NewVmFromVm')] [Parameter(ParameterSetName = 'NewVmFromVmCloud')] [Parameter(ParameterSetName = 'NewVmFromVmConfig')] [Parameter(ParameterSetName = 'NewVmFromVmConfigScaleOut')] [uint16] $CPUCyclesReservePercent,
        [Parameter(ParameterSetName = 'NewStoredVmFromHardwareProfile')] [Parameter(ParameterSetName = 'NewStoredVmFromVirtualDisk')] [Parameter(ParameterSetName = 'NewStoredVmFromVm')] [Parameter(ParameterSetName = 'NewVmFromComputerTierScaleOut')] [Parameter(ParameterSetName = 'NewVmFromHWProfile')] [Parameter(ParameterSetName = 'NewVmFromTemplate')] [Parameter(ParameterSetName = 'NewVmFromVirtualDisk')] [Parameter(ParameterSetName = 'NewVmFromVm')] [Parameter(ParameterSetName = 'NewVmFromVmCloud')] [Parameter(ParameterSetName = 'NewVmFromVmConfig')] [Parameter(ParameterSetName = 'NewVmFromVmConfigScaleOut')] [uint16] $CPUCyclesLimitPercent,
        [Parameter(ParameterSetName = 'NewStoredVmFromHardwareProfile')] [Parameter(ParameterSetName = 'NewStoredVmFromVirtualDisk')] [Parameter(ParameterSetName = 'NewStoredVmFromVm')] [Parameter(ParameterSetName = 'NewVmFromComputerTierScaleOut')] [Parameter(ParameterSetName = 'NewVmFromHWProfile')] [Parameter(ParameterSetName = 'NewVmFromTemplate')] [Parameter(ParameterSetName = 'NewVmFromVirtualDisk')] [Parameter(ParameterSetName = 'NewVmFromVm')] [Parameter(ParameterSetName = 'NewVmFromVmCloud')] [Parameter(ParameterSetName = 'NewVmFromVmConfig')] [Parameter(ParameterSetName = 'NewVmFromVmConfigScaleOut')] [int] $DynamicMemoryMinimumMB,
        [Parameter(ParameterSetName = 'NewStoredVmFromHardwareProfile')] [Parameter(ParameterSetName = 'NewStoredVmFromVirtualDisk')] [Parameter(ParameterSetName = 'NewStoredVmFromVm')] [Parameter(ParameterSetName = 'NewVmFromComputerTierScaleOut')] [Parameter(ParameterSetName = 'NewVmFromHWProfile')] [Parameter(ParameterSetName = 'NewVmFromTemplate')] [Parameter(ParameterSetName = 'NewVmFromVirtualDisk')] [Parameter(ParameterSetName = 'NewVmFromVm')] [Parameter(ParameterSetName = 'NewVmFromVmCloud')] [Parameter(ParameterSetName = 'NewVmFromVmConfig')] [Parameter(ParameterSetName = 'NewVmFromVmConfigScaleOut')] [bool] $NumaIsolationRequired,
        [Parameter(ParameterSetName = 'NewStoredVmFromHardwareProfile')] [Parameter(ParameterSetName = 'NewStoredVmFromVirtualDisk')] [Parameter(ParameterSetName = 'NewStoredVmFromVm')] [Parameter(ParameterSetName = 'NewVmFromComputerTierScaleOut')] [Parameter(ParameterSetName = 'NewVmFromHWProfile')] [Parameter(ParameterSetName = 'NewVmFromTemplate')] [Parameter(ParameterSetName = 'NewVmFromVirtualDisk')] [Parameter(ParameterSetName = 'NewVmFromVm')] [Parameter(ParameterSetName = 'NewVmFromVmCloud')] [Parameter(ParameterSetName = 'NewVmFromVmConfig')] [Parameter(ParameterSetName = 'NewVmFromVmConfigScaleOut')] [bool] $SecureBootEnabled,
        [Parameter(ParameterSetName = 'NewStoredVmFromHardwareProfile')] [Parameter(ParameterSetName = 'NewStoredVmFromVirtualDisk')] [Parameter(ParameterSetName = 'NewStoredVmFromVm')] [Parameter(ParameterSetName = 'NewVmFromComputerTierScaleOut')] [Parameter(ParameterSetName = 'NewVmFromHWProfile')] [Parameter(ParameterSetName = 'NewVmFromTemplate')] [Parameter(ParameterSetName = 'NewVmFromVirtualDisk')] [Parameter(ParameterSetName = 'NewVmFromVm')] [Parameter(ParameterSetName = 'NewVmFromVmCloud')] [Parameter(ParameterSetName = 'NewVmFromVmConfig')] [Parameter(ParameterSetName = 'NewVmFromVmConfigScaleOut')] [string] $SecureBootTemplate,
        [Parameter(ParameterSetName = 'NewStoredVmFromHardwareProfile')] [Parameter(ParameterSetName = 'NewStoredVmFromVirtualDisk')] [Parameter(ParameterSetName = 'NewStoredVmFromVm')] [Parameter(ParameterSetName = 'NewVmFromComputerTierScaleOut')] [Parameter(ParameterSetName = 'NewVmFromHWProfile')] [Parameter(ParameterSetName = 'NewVmFromTemplate')] [Parameter(ParameterSetName = 'NewVmFromVirtualDisk')] [Parameter(ParameterSetName = 'NewVmFromVm')] [Parameter(ParameterSetName = 'NewVmFromVmCloud')] [Parameter(ParameterSetName = 'NewVmFromVmConfig')] [Parameter(ParameterSetName = 'NewVmFromVmConfigScaleOut')] [guid] $JobGroup,
        [Parameter(ParameterSetName = 'NewStoredVmFromHardwareProfile')] [Parameter(ParameterSetName = 'NewStoredVmFromVirtualDisk')] [Parameter(ParameterSetName = 'NewStoredVmFromVm')] [Parameter(ParameterSetName = 'NewVmFromComputerTierScaleOut')] [Parameter(ParameterSetName = 'NewVmFromHWProfile')] [Parameter(ParameterSetName = 'NewVmFromTemplate')] [Parameter(ParameterSetName = 'NewVmFromVirtualDisk')] [Parameter(ParameterSetName = 'NewVmFromVm')] [Parameter(ParameterSetName = 'NewVmFromVmCloud')] [Parameter(ParameterSetName = 'NewVmFromVmConfig')] [Parameter(ParameterSetName = 'NewVmFromVmConfigScaleOut')] [switch] $SkipInstallVirtualizationGuestServices,
        [Parameter(ParameterSetName = 'NewStoredVmFromHardwareProfile')] [Parameter(ParameterSetName = 'NewStoredVmFromVirtualDisk')] [Parameter(ParameterSetName = 'NewStoredVmFromVm')] [Parameter(ParameterSetName = 'NewVmFromComputerTierScaleOut')] [Parameter(ParameterSetName = 'NewVmFromHWProfile')] [Parameter(ParameterSetName = 'NewVmFromTemplate')] [Parameter(ParameterSetName = 'NewVmFromVirtualDisk')] [Parameter(ParameterSetName = 'NewVmFromVm')] [Parameter(ParameterSetName = 'NewVmFromVmCloud')] [Parameter(ParameterSetName = 'NewVmFromVmConfig')] [Parameter(ParameterSetName = 'NewVmFromVmConfigScaleOut')] [switch] $ReturnImmediately,
        [Parameter(ParameterSetName = 'NewStoredVmFromHardwareProfile')] [Parameter(ParameterSetName = 'NewStoredVmFromVirtualDisk')] [Parameter(ParameterSetName = 'NewStoredVmFromVm')] [Parameter(ParameterSetName = 'NewVmFromComputerTierScaleOut')] [Parameter(ParameterSetName = 'NewVmFromHWProfile')] [Parameter(ParameterSetName = 'NewVmFromTemplate')] [Parameter(ParameterSetName = 'NewVmFromVirtualDisk')] [Parameter(ParameterSetName = 'NewVmFromVm')] [Parameter(ParameterSetName = 'NewVmFromVmCloud')] [Parameter(ParameterSetName = 'NewVmFromVmConfig')] [Parameter(ParameterSetName = 'NewVmFromVmConfigScaleOut')] [string] $LinuxDomainName,
        [Parameter(ParameterSetName = 'NewStoredVmFromHardwareProfile')] [Parameter(ParameterSetName = 'NewStoredVmFromVirtualDisk')] [Parameter(ParameterSetName = 'NewStoredVmFromVm')] [Parameter(ParameterSetName = 'NewVmFromComputerTierScaleOut')] [Parameter(ParameterSetName = 'NewVmFromHWProfile')] [Parameter(ParameterSetName = 'NewVmFromTemplate')] [Parameter(ParameterSetName = 'NewVmFromVirtualDisk')] [Parameter(ParameterSetName = 'NewVmFromVm')] [Parameter(ParameterSetName = 'NewVmFromVmCloud')] [Parameter(ParameterSetName = 'NewVmFromVmConfig')] [Parameter(ParameterSetName = 'NewVmFromVmConfigScaleOut')] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.SSHKey')] [psobject] $LinuxAdministratorSSHKey,
        [Parameter(ParameterSetName = 'NewStoredVmFromHardwareProfile')] [Parameter(ParameterSetName = 'NewStoredVmFromVirtualDisk')] [Parameter(ParameterSetName = 'NewStoredVmFromVm')] [Parameter(ParameterSetName = 'NewVmFromComputerTierScaleOut')] [Parameter(ParameterSetName = 'NewVmFromHWProfile')] [Parameter(ParameterSetName = 'NewVmFromTemplate')] [Parameter(ParameterSetName = 'NewVmFromVirtualDisk')] [Parameter(ParameterSetName = 'NewVmFromVm')] [Parameter(ParameterSetName = 'NewVmFromVmCloud')] [Parameter(ParameterSetName = 'NewVmFromVmConfig')] [Parameter(ParameterSetName = 'NewVmFromVmConfigScaleOut')] [switch] $RunAsynchronously,
        [Parameter(ParameterSetName = 'NewStoredVmFromHardwareProfile')] [Parameter(ParameterSetName = 'NewStoredVmFromVirtualDisk')] [Parameter(ParameterSetName = 'NewStoredVmFromVm')] [Parameter(ParameterSetName = 'NewVmFromComputerTierScaleOut')] [Parameter(ParameterSetName = 'NewVmFromHWProfile')] [Parameter(ParameterSetName = 'NewVmFromTemplate')] [Parameter(ParameterSetName = 'NewVmFromVirtualDisk')] [Parameter(ParameterSetName = 'NewVmFromVm')] [Parameter(ParameterSetName = 'NewVmFromVmCloud')] [Parameter(ParameterSetName = 'NewVmFromVmConfig')] [Parameter(ParameterSetName = 'NewVmFromVmConfigScaleOut')] [guid] $PROTipID,
        [Parameter(ParameterSetName = 'NewStoredVmFromHardwareProfile')] [Parameter(ParameterSetName = 'NewStoredVmFromVirtualDisk')] [Parameter(ParameterSetName = 'NewStoredVmFromVm')] [Parameter(ParameterSetName = 'NewVmFromComputerTierScaleOut')] [Parameter(ParameterSetName = 'NewVmFromHWProfile')] [Parameter(ParameterSetName = 'NewVmFromTemplate')] [Parameter(ParameterSetName = 'NewVmFromVirtualDisk')] [Parameter(ParameterSetName = 'NewVmFromVm')] [Parameter(ParameterSetName = 'NewVmFromVmCloud')] [Parameter(ParameterSetName = 'NewVmFromVmConfig')] [Parameter(ParameterSetName = 'NewVmFromVmConfigScaleOut')] [string] $JobVariable,
        [Parameter(ParameterSetName = 'NewStoredVmFromHardwareProfile')] [Parameter(ParameterSetName = 'NewStoredVmFromVirtualDisk')] [Parameter(ParameterSetName = 'NewStoredVmFromVm')] [Parameter(ParameterSetName = 'NewVmFromComputerTierScaleOut')] [Parameter(ParameterSetName = 'NewVmFromHWProfile')] [Parameter(ParameterSetName = 'NewVmFromTemplate')] [Parameter(ParameterSetName = 'NewVmFromVirtualDisk')] [Parameter(ParameterSetName = 'NewVmFromVm')] [Parameter(ParameterSetName = 'NewVmFromVmCloud')] [Parameter(ParameterSetName = 'NewVmFromVmConfig')] [Parameter(ParameterSetName = 'NewVmFromVmConfigScaleOut')] [string] $OnBehalfOfUser,
        [Parameter(ParameterSetName = 'NewStoredVmFromHardwareProfile')] [Parameter(ParameterSetName = 'NewStoredVmFromVirtualDisk')] [Parameter(ParameterSetName = 'NewStoredVmFromVm')] [Parameter(ParameterSetName = 'NewVmFromComputerTierScaleOut')] [Parameter(ParameterSetName = 'NewVmFromHWProfile')] [Parameter(ParameterSetName = 'NewVmFromTemplate')] [Parameter(ParameterSetName = 'NewVmFromVirtualDisk')] [Parameter(ParameterSetName = 'NewVmFromVm')] [Parameter(ParameterSetName = 'NewVmFromVmCloud')] [Parameter(ParameterSetName = 'NewVmFromVmConfig')] [Parameter(ParameterSetName = 'NewVmFromVmConfigScaleOut')] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.UserRole')] [psobject] $OnBehalfOfUserRole,
        [Parameter(ParameterSetName = 'NewStoredVmFromHardwareProfile')] [Parameter(ParameterSetName = 'NewStoredVmFromVirtualDisk')] [Parameter(ParameterSetName = 'NewStoredVmFromVm')] [Parameter(ParameterSetName = 'NewVmFromComputerTierScaleOut')] [Parameter(ParameterSetName = 'NewVmFromHWProfile')] [Parameter(ParameterSetName = 'NewVmFromTemplate')] [Parameter(ParameterSetName = 'NewVmFromVirtualDisk')] [Parameter(ParameterSetName = 'NewVmFromVm')] [Parameter(ParameterSetName = 'NewVmFromVmCloud')] [Parameter(ParameterSetName = 'NewVmFromVmConfig')] [Parameter(ParameterSetName = 'NewVmFromVmConfigScaleOut')] [bool] $EnableNestedVirtualization,
        [Parameter(ParameterSetName = 'NewStoredVmFromVirtualDisk', Mandatory = $true, ValueFromPipeline = $true)] [Parameter(ParameterSetName = 'NewVmFromVirtualDisk', Mandatory = $true, ValueFromPipeline = $true)] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.StandaloneVirtualHardDisk')] [psobject] $VirtualHardDisk,
        [Parameter(ParameterSetName = 'NewStoredVmFromVm', Mandatory = $true, ValueFromPipeline = $true)] [Parameter(ParameterSetName = 'NewVmFromVm', Mandatory = $true, ValueFromPipeline = $true)] [Parameter(ParameterSetName = 'NewVmFromVmCloud', Mandatory = $true, ValueFromPipeline = $true)] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.VM')] [psobject] $VM,
        [Parameter(ParameterSetName = 'NewVmFromComputerTierScaleOut', Mandatory = $true)] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.ComputerTier')] [psobject] $ComputerTier,
        [Parameter(ParameterSetName = 'NewVmFromComputerTierScaleOut')] [Parameter(ParameterSetName = 'NewVmFromTemplate')] [Parameter(ParameterSetName = 'NewVmFromVmConfig')] [string] $ComputerName,
        [Parameter(ParameterSetName = 'NewVmFromHWProfile')] [Parameter(ParameterSetName = 'NewVmFromTemplate')] [Parameter(ParameterSetName = 'NewVmFromVirtualDisk')] [Parameter(ParameterSetName = 'NewVmFromVm')] [Parameter(ParameterSetName = 'NewVmFromVmCloud')] [Parameter(ParameterSetName = 'NewVmFromVmConfig')] [switch] $StartVM,
        [Parameter(ParameterSetName = 'NewVmFromHWProfile', Mandatory = $true, ValueFromPipeline = $true)] [Parameter(ParameterSetName = 'NewVmFromTemplate', Mandatory = $true, ValueFromPipeline = $true)] [Parameter(ParameterSetName = 'NewVmFromVirtualDisk', Mandatory = $true, ValueFromPipeline = $true)] [Parameter(ParameterSetName = 'NewVmFromVm', Mandatory = $true, ValueFromPipeline = $true)] [Alias('Host')] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.Host')] [psobject] $VMHost,
        [Parameter(ParameterSetName = 'NewVmFromHWProfile', Mandatory = $true)] [Parameter(ParameterSetName = 'NewVmFromTemplate', Mandatory = $true)] [Parameter(ParameterSetName = 'NewVmFromVirtualDisk', Mandatory = $true)] [Parameter(ParameterSetName = 'NewVmFromVm', Mandatory = $true)] [string] $Path,
        [Parameter(ParameterSetName = 'NewVmFromHWProfile')] [Parameter(ParameterSetName = 'NewVmFromTemplate')] [Parameter(ParameterSetName = 'NewVmFromVirtualDisk')] [bool] $HighlyAvailable,
        [Parameter(ParameterSetName = 'NewVmFromHWProfile')] [Parameter(ParameterSetName = 'NewVmFromTemplate')] [Parameter(ParameterSetName = 'NewVmFromVirtualDisk')] [bool] $DRProtectionRequired,
        [Parameter(ParameterSetName = 'NewVmFromHWProfile')] [Parameter(ParameterSetName = 'NewVmFromTemplate')] [Parameter(ParameterSetName = 'NewVmFromVirtualDisk')] [int] $RecoveryPointObjective,
        [Parameter(ParameterSetName = 'NewVmFromHWProfile')] [Parameter(ParameterSetName = 'NewVmFromTemplate')] [Parameter(ParameterSetName = 'NewVmFromVirtualDisk')] [ValidateSet('None', 'HVR8', 'HVRBlue', 'HVRAzure', 'DiskReplication', 'SANReplication')] [string] $ProtectionProvider,
        [Parameter(ParameterSetName = 'NewVmFromHWProfile')] [Parameter(ParameterSetName = 'NewVmFromTemplate')] [Parameter(ParameterSetName = 'NewVmFromVirtualDisk')] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.ReplicationGroup')] [psobject] $ReplicationGroup,
        [Parameter(ParameterSetName = 'NewVmFromHWProfile')] [Parameter(ParameterSetName = 'NewVmFromTemplate')] [Parameter(ParameterSetName = 'NewVmFromVirtualDisk')] [Parameter(ParameterSetName = 'NewVmFromVmConfig')] [Alias('ExcludeFromPRO')] [bool] $BlockDynamicOptimization,
        [Parameter(ParameterSetName = 'NewVmFromHWProfile')] [Parameter(ParameterSetName = 'NewVmFromTemplate')] [Parameter(ParameterSetName = 'NewVmFromVirtualDisk')] [Parameter(ParameterSetName = 'NewVmFromVmConfig')] [uint16] $AutomaticCriticalErrorAction,
        [Parameter(ParameterSetName = 'NewVmFromHWProfile')] [Parameter(ParameterSetName = 'NewVmFromTemplate')] [Parameter(ParameterSetName = 'NewVmFromVirtualDisk')] [Parameter(ParameterSetName = 'NewVmFromVmConfig')] [int] $AutomaticCriticalErrorActionTimeout,
        [Parameter(ParameterSetName = 'NewVmFromHWProfile')] [Parameter(ParameterSetName = 'NewVmFromTemplate')] [Parameter(ParameterSetName = 'NewVmFromVirtualDisk')] [Parameter(ParameterSetName = 'NewVmFromVmConfig')] [ValidateSet('Disabled', 'Production', 'ProductionOnly', 'Standard')] [string] $CheckpointType,
        [Parameter(ParameterSetName = 'NewVmFromTemplate', Mandatory = $true, ValueFromPipeline = $true)] [Alias('Template')] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.Template')] [psobject] $VMTemplate,
        [Parameter(ParameterSetName = 'NewVmFromTemplate')] [Parameter(ParameterSetName = 'NewVmFromVmConfig')] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.KeyFile')] [psobject] $VMShieldingData,
        [Parameter(ParameterSetName = 'NewVmFromTemplate', ValueFromPipeline = $true)] [Parameter(ParameterSetName = 'NewVmFromVmConfig', ValueFromPipeline = $true)] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.GuestOSProfile')] [psobject] $GuestOSProfile,
        [Parameter(ParameterSetName = 'NewVmFromTemplate')] [Parameter(ParameterSetName = 'NewVmFromVmConfig')] [string] $FullName,
        [Parameter(ParameterSetName = 'NewVmFromTemplate')] [Parameter(ParameterSetName = 'NewVmFromVmConfig')] [Alias('OrgName')] [string] $OrganizationName,
        [Parameter(ParameterSetName = 'NewVmFromTemplate')] [Parameter(ParameterSetName = 'NewVmFromVmConfig')] [string] $ProductKey,
        [Parameter(ParameterSetName = 'NewVmFromTemplate')] [Parameter(ParameterSetName = 'NewVmFromVmConfig')] [string[]] $GuiRunOnceCommands,
        [Parameter(ParameterSetName = 'NewVmFromTemplate')] [Parameter(ParameterSetName = 'NewVmFromVmConfig')] [int] $TimeZone,
        [Parameter(ParameterSetName = 'NewVmFromTemplate')] [Parameter(ParameterSetName = 'NewVmFromVmConfig')] [bool] $MergeAnswerFile,
        [Parameter(ParameterSetName = 'NewVmFromTemplate')] [Parameter(ParameterSetName = 'NewVmFromVmConfig')] [Alias('AdminPasswordCredential')] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.VMMCredential')] [psobject] $LocalAdministratorCredential,
        [Parameter(ParameterSetName = 'NewVmFromTemplate')] [Parameter(ParameterSetName = 'NewVmFromVmConfig')] [Alias('JoinDomain')] [string] $Domain,
        [Parameter(ParameterSetName = 'NewVmFromTemplate')] [Parameter(ParameterSetName = 'NewVmFromVmConfig')] [Alias('JoinDomainCredential')] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.VMMCredential')] [psobject] $DomainJoinCredential,
        [Parameter(ParameterSetName = 'NewVmFromTemplate')] [Parameter(ParameterSetName = 'NewVmFromVmConfig')] [Alias('JoinWorkgroup')] [string] $Workgroup,
        [Parameter(ParameterSetName = 'NewVmFromTemplate', ValueFromPipeline = $true)] [Parameter(ParameterSetName = 'NewVmFromVmConfig', ValueFromPipeline = $true)] [Alias('SysPrepFile')] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.Script')] [psobject] $AnswerFile,
        [Parameter(ParameterSetName = 'NewVmFromVmCloud', Mandatory = $true)] [Parameter(ParameterSetName = 'NewVmFromVmConfig')] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.Cloud')] [psobject] $Cloud,
        [Parameter(ParameterSetName = 'NewVmFromVmCloud')] [Parameter(ParameterSetName = 'NewVmFromVmConfig')] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.CapabilityProfile')] [psobject] $CapabilityProfile,
        [Parameter(ParameterSetName = 'NewVmFromVmCloud')] [Parameter(ParameterSetName = 'NewVmFromVmConfig')] [switch] $StoreToLibrary,
        [Parameter(ParameterSetName = 'NewVmFromVmCloud')] [Parameter(ParameterSetName = 'NewVmFromVmConfig')] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.SelfServiceUserRole')] [psobject] $SelfServiceRole,
        [Parameter(ParameterSetName = 'NewVmFromVmConfig', Mandatory = $true)] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.BaseVMConfiguration')] [psobject] $VMConfiguration,
        [Parameter(ParameterSetName = 'NewVmFromVmConfigScaleOut', Mandatory = $true)] [Alias('ScaleOutVMConfiguration')] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.BaseVMConfiguration')] [psobject] $VMConfigurationScaleOut
    )
    process { Invoke-BridgeCall -Cmdlet 'New-SCVirtualMachine' -Bound $PSBoundParameters -Caller $PSCmdlet }
}

function New-SCVirtualNetworkAdapter {
    [CmdletBinding(DefaultParameterSetName = 'HardwareProfile', PositionalBinding = $false)]
    param(
        [Parameter(ParameterSetName = 'HardwareProfile')] [Parameter(ParameterSetName = 'JobGroup')] [Parameter(ParameterSetName = 'Template')] [Parameter(ParameterSetName = 'VM')] [Parameter(ParameterSetName = 'VMHost')] [ValidateSet('Dynamic', 'Static')] [string] $IPv4AddressType,
        [Parameter(ParameterSetName = 'HardwareProfile')] [Parameter(ParameterSetName = 'JobGroup')] [Parameter(ParameterSetName = 'Template')] [Parameter(ParameterSetName = 'VM')] [Parameter(ParameterSetName = 'VMHost')] [ValidateSet('Dynamic', 'Static')] [string] $IPv6AddressType,
        [Parameter(ParameterSetName = 'HardwareProfile')] [Parameter(ParameterSetName = 'JobGroup')] [Parameter(ParameterSetName = 'Template')] [Parameter(ParameterSetName = 'VM')] [Alias('MACAddressesSpoofingEnabled')] [bool] $EnableMACAddressSpoofing,
        [Parameter(ParameterSetName = 'HardwareProfile')] [Parameter(ParameterSetName = 'JobGroup')] [Parameter(ParameterSetName = 'Template')] [Parameter(ParameterSetName = 'VM')] [Alias('GuestIPNetworkVirtualizationUpdatesEnabled')] [bool] $EnableGuestIPNetworkVirtualizationUpdates,
        [Parameter(ParameterSetName = 'HardwareProfile')] [Parameter(ParameterSetName = 'JobGroup')] [Parameter(ParameterSetName = 'Template')] [Parameter(ParameterSetName = 'VM')] [Alias('VMNetworkOptimizationEnabled')] [bool] $EnableVMNetworkOptimization,
        [Parameter(ParameterSetName = 'HardwareProfile', ValueFromPipeline = $true)] [Parameter(ParameterSetName = 'JobGroup', ValueFromPipeline = $true)] [Parameter(ParameterSetName = 'Template', ValueFromPipeline = $true)] [Parameter(ParameterSetName = 'VM', ValueFromPipeline = $true)] [Parameter(ParameterSetName = 'VMHost', ValueFromPipeline = $true)] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.VMNetwork')] [psobject] $VMNetwork,
        [Parameter(ParameterSetName = 'HardwareProfile', ValueFromPipeline = $true)] [Parameter(ParameterSetName = 'JobGroup', ValueFromPipeline = $true)] [Parameter(ParameterSetName = 'Template', ValueFromPipeline = $true)] [Parameter(ParameterSetName = 'VM', ValueFromPipeline = $true)] [Parameter(ParameterSetName = 'VMHost', ValueFromPipeline = $true)] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.PortClassification')] [psobject] $PortClassification,
        [Parameter(ParameterSetName = 'HardwareProfile')] [Parameter(ParameterSetName = 'JobGroup')] [Parameter(ParameterSetName = 'Template')] [Parameter(ParameterSetName = 'VM')] [Parameter(ParameterSetName = 'VMHost')] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.VMSubnet')] [psobject] $VMSubnet,
        [Parameter(ParameterSetName = 'HardwareProfile')] [Parameter(ParameterSetName = 'JobGroup')] [Parameter(ParameterSetName = 'Template')] [Parameter(ParameterSetName = 'VM')] [Parameter(ParameterSetName = 'VMHost')] [bool] $VLanEnabled,
        [Parameter(ParameterSetName = 'HardwareProfile')] [Parameter(ParameterSetName = 'JobGroup')] [Parameter(ParameterSetName = 'Template')] [Parameter(ParameterSetName = 'VM')] [Parameter(ParameterSetName = 'VMHost')] [uint16] $VLanID,
        [Parameter(ParameterSetName = 'HardwareProfile')] [Parameter(ParameterSetName = 'JobGroup')] [Parameter(ParameterSetName = 'Template')] [ValidateSet('Disabled', 'VMNetwork', 'Custom')] [string] $DevicePropertiesAdapterNameMode,
        [Parameter(ParameterSetName = 'HardwareProfile')] [Parameter(ParameterSetName = 'JobGroup')] [Parameter(ParameterSetName = 'Template')] [Parameter(ParameterSetName = 'VM')] [bool] $ApplyInfrastructurePortProfileForNetworkController,
        [Parameter(ParameterSetName = 'HardwareProfile', Mandatory = $true, ValueFromPipeline = $true)] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.HardwareProfile')] [psobject] $HardwareProfile,
        [Parameter(ParameterSetName = 'HardwareProfile', Position = 0)] [Parameter(ParameterSetName = 'JobGroup', Position = 0)] [Parameter(ParameterSetName = 'Template', Position = 0)] [Parameter(ParameterSetName = 'VM', Position = 0)] [string] $VirtualNetwork,
        [Parameter(ParameterSetName = 'HardwareProfile')] [Parameter(ParameterSetName = 'JobGroup')] [Parameter(ParameterSetName = 'Template')] [Parameter(ParameterSetName = 'VM')] [Parameter(ParameterSetName = 'VMHost')] [Alias('EthernetAddress', 'PhysicalAddress')] [string] $MACAddress,
        [Parameter(ParameterSetName = 'HardwareProfile')] [Parameter(ParameterSetName = 'JobGroup')] [Parameter(ParameterSetName = 'Template')] [Parameter(ParameterSetName = 'VM')] [Parameter(ParameterSetName = 'VMHost')] [Alias('EthernetAddressType', 'PhysicalAddressType')] [string] $MACAddressType,
        [Parameter(ParameterSetName = 'HardwareProfile')] [Parameter(ParameterSetName = 'JobGroup')] [Parameter(ParameterSetName = 'Template')] [Parameter(ParameterSetName = 'VM')] [switch] $NoConnection,
        [Parameter(ParameterSetName = 'HardwareProfile')] [Parameter(ParameterSetName = 'JobGroup')] [Parameter(ParameterSetName = 'Template')] [Parameter(ParameterSetName = 'VM')] [switch] $Synthetic,
        [Parameter(ParameterSetName = 'HardwareProfile')] [Parameter(ParameterSetName = 'JobGroup')] [Parameter(ParameterSetName = 'Template')] [Parameter(ParameterSetName = 'VM')] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.LogicalNetwork')] [psobject] $LogicalNetwork,
        [Parameter(ParameterSetName = 'HardwareProfile')] [Parameter(ParameterSetName = 'JobGroup')] [Parameter(ParameterSetName = 'Template')] [string] $VMNetworkServiceSetting,
        [Parameter(ParameterSetName = 'HardwareProfile')] [Parameter(ParameterSetName = 'JobGroup')] [Parameter(ParameterSetName = 'Template')] [Parameter(ParameterSetName = 'VM')] [Alias('NoLogicalNetwork')] [switch] $NoVMNetwork,
        [Parameter(ParameterSetName = 'HardwareProfile')] [Parameter(ParameterSetName = 'JobGroup')] [Parameter(ParameterSetName = 'Template')] [Parameter(ParameterSetName = 'VM')] [string] $VMwarePortGroup,
        [Parameter(ParameterSetName = 'HardwareProfile')] [Parameter(ParameterSetName = 'JobGroup')] [Parameter(ParameterSetName = 'Template')] [Parameter(ParameterSetName = 'VM')] [string] $NetworkLocation,
        [Parameter(ParameterSetName = 'HardwareProfile')] [Parameter(ParameterSetName = 'JobGroup')] [Parameter(ParameterSetName = 'Template')] [Parameter(ParameterSetName = 'VM')] [Alias('Tag')] [string] $NetworkTag,
        [Parameter(ParameterSetName = 'HardwareProfile')] [Parameter(ParameterSetName = 'JobGroup')] [Parameter(ParameterSetName = 'Template')] [string] $DevicePropertiesAdapterName,
        [Parameter(ParameterSetName = 'HardwareProfile')] [Parameter(ParameterSetName = 'JobGroup')] [Parameter(ParameterSetName = 'Template')] [Parameter(ParameterSetName = 'VM')] [Parameter(ParameterSetName = 'VMHost')] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.PortACL')] [psobject] $PortACL,
        [Parameter(ParameterSetName = 'HardwareProfile')] [Parameter(ParameterSetName = 'JobGroup')] [Parameter(ParameterSetName = 'Template')] [Parameter(ParameterSetName = 'VM')] [Parameter(ParameterSetName = 'VMHost')] [switch] $RunAsynchronously,
        [Parameter(ParameterSetName = 'HardwareProfile')] [Parameter(ParameterSetName = 'JobGroup')] [Parameter(ParameterSetName = 'Template')] [Parameter(ParameterSetName = 'VM')] [Parameter(ParameterSetName = 'VMHost')] [guid] $PROTipID,
        [Parameter(ParameterSetName = 'HardwareProfile')] [Parameter(ParameterSetName = 'JobGroup')] [Parameter(ParameterSetName = 'Template')] [Parameter(ParameterSetName = 'VM')] [Parameter(ParameterSetName = 'VMHost')] [string] $JobVariable,
        [Parameter(ParameterSetName = 'HardwareProfile')] [Parameter(ParameterSetName = 'JobGroup')] [Parameter(ParameterSetName = 'Template')] [Parameter(ParameterSetName = 'VM')] [Parameter(ParameterSetName = 'VMHost')] [string] $OnBehalfOfUser,
        [Parameter(ParameterSetName = 'HardwareProfile')] [Parameter(ParameterSetName = 'JobGroup')] [Parameter(ParameterSetName = 'Template')] [Parameter(ParameterSetName = 'VM')] [Parameter(ParameterSetName = 'VMHost')] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.UserRole')] [psobject] $OnBehalfOfUserRole,
        [Parameter(ParameterSetName = 'JobGroup')] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.ServerConnection')] [psobject] $VMMServer,
        [Parameter(ParameterSetName = 'JobGroup', ValueFromPipeline = $true)] [Parameter(ParameterSetName = 'VMHost', Mandatory = $true, ValueFromPipeline = $true)] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.Host')] [psobject] $VMHost,
        [Parameter(ParameterSetName = 'JobGroup', ValueFromPipeline = $true)] [Parameter(ParameterSetName = 'VMHost', Mandatory = $true, ValueFromPipeline = $true)] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.LogicalSwitch')] [psobject] $LogicalSwitch,
        [Parameter(ParameterSetName = 'JobGroup', Mandatory = $true)] [Parameter(ParameterSetName = 'VMHost')] [guid] $JobGroup,
        [Parameter(ParameterSetName = 'Template', Mandatory = $true, ValueFromPipeline = $true)] [Alias('Template')] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.Template')] [psobject] $VMTemplate,
        [Parameter(ParameterSetName = 'VM', Mandatory = $true, ValueFromPipeline = $true)] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.VM')] [psobject] $VM,
        [Parameter(ParameterSetName = 'VMHost')] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.StaticIPAddressPool')] [psobject] $IPv4AddressPool,
        [Parameter(ParameterSetName = 'VMHost')] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.StaticIPAddressPool')] [psobject] $IPv6AddressPool,
        [Parameter(ParameterSetName = 'VMHost')] [bool] $InheritsAddressFromPhysicalNetworkAdapter,
        [Parameter(ParameterSetName = 'VMHost')] [string] $Name,
        [Parameter(ParameterSetName = 'VMHost')] [string] $IPv4Address,
        [Parameter(ParameterSetName = 'VMHost')] [string] $IPv6Address
    )
    process { Invoke-BridgeCall -Cmdlet 'New-SCVirtualNetworkAdapter' -Bound $PSBoundParameters -Caller $PSCmdlet }
}

function Read-SCLibraryShare {
    [CmdletBinding(DefaultParameterSetName = '__AllParameterSets', PositionalBinding = $false)]
    param(
        [Parameter(Mandatory = $true, Position = 0, ValueFromPipeline = $true)] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.LibraryShare')] [psobject] $LibraryShare,
        [Parameter()] [string] $Path,
        [Parameter()] [switch] $RunAsynchronously,
        [Parameter()] [guid] $PROTipID,
        [Parameter()] [string] $JobVariable
    )
    process { Invoke-BridgeCall -Cmdlet 'Read-SCLibraryShare' -Bound $PSBoundParameters -Caller $PSCmdlet }
}

function Read-SCVirtualMachine {
    [CmdletBinding(DefaultParameterSetName = 'FullRefreshSingleVm', PositionalBinding = $false)]
    param(
        [Parameter(ParameterSetName = 'FullRefreshSingleVm', Mandatory = $true, Position = 0, ValueFromPipeline = $true)] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.VM')] [psobject] $VM,
        [Parameter(ParameterSetName = 'FullRefreshSingleVm')] [switch] $Force,
        [Parameter(ParameterSetName = 'FullRefreshSingleVm')] [Parameter(ParameterSetName = 'LightRefreshVmsOnHost')] [switch] $RunAsynchronously,
        [Parameter(ParameterSetName = 'FullRefreshSingleVm')] [Parameter(ParameterSetName = 'LightRefreshVmsOnHost')] [guid] $PROTipID,
        [Parameter(ParameterSetName = 'FullRefreshSingleVm')] [Parameter(ParameterSetName = 'LightRefreshVmsOnHost')] [string] $JobVariable,
        [Parameter(ParameterSetName = 'FullRefreshSingleVm')] [Parameter(ParameterSetName = 'LightRefreshVmsOnHost')] [string] $OnBehalfOfUser,
        [Parameter(ParameterSetName = 'FullRefreshSingleVm')] [Parameter(ParameterSetName = 'LightRefreshVmsOnHost')] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.UserRole')] [psobject] $OnBehalfOfUserRole,
        [Parameter(ParameterSetName = 'LightRefreshVmsOnHost', Mandatory = $true, Position = 0, ValueFromPipeline = $true)] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.Host')] [psobject] $VMHost
    )
    process { Invoke-BridgeCall -Cmdlet 'Read-SCVirtualMachine' -Bound $PSBoundParameters -Caller $PSCmdlet }
}

function Remove-SCISO {
    [CmdletBinding(DefaultParameterSetName = '__AllParameterSets', PositionalBinding = $false, SupportsShouldProcess = $true)]
    param(
        [Parameter(Mandatory = $true, Position = 0, ValueFromPipeline = $true)] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.ISO')] [psobject] $ISO,
        [Parameter()] [switch] $Force,
        [Parameter()] [switch] $RunAsynchronously,
        [Parameter()] [guid] $PROTipID,
        [Parameter()] [string] $JobVariable
    )
    process { if ($PSCmdlet.ShouldProcess('Remove-SCISO')) { Invoke-BridgeCall -Cmdlet 'Remove-SCISO' -Bound $PSBoundParameters -Caller $PSCmdlet } }
}

function Remove-SCUserRole {
    [CmdletBinding(DefaultParameterSetName = '__AllParameterSets', PositionalBinding = $false, SupportsShouldProcess = $true)]
    param(
        [Parameter(Mandatory = $true, Position = 0, ValueFromPipeline = $true)] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.UserRole')] [psobject] $UserRole,
        [Parameter()] [guid] $JobGroup,
        [Parameter()] [switch] $RunAsynchronously,
        [Parameter()] [guid] $PROTipID,
        [Parameter()] [string] $JobVariable,
        [Parameter()] [string] $OnBehalfOfUser,
        [Parameter()] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.UserRole')] [psobject] $OnBehalfOfUserRole
    )
    process { if ($PSCmdlet.ShouldProcess('Remove-SCUserRole')) { Invoke-BridgeCall -Cmdlet 'Remove-SCUserRole' -Bound $PSBoundParameters -Caller $PSCmdlet } }
}

function Remove-SCVMCheckpoint {
    [CmdletBinding(DefaultParameterSetName = '__AllParameterSets', PositionalBinding = $false, SupportsShouldProcess = $true)]
    param(
        [Parameter(Mandatory = $true, ValueFromPipeline = $true)] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.VMCheckpoint')] [psobject] $VMCheckpoint,
        [Parameter()] [guid] $JobGroup,
        [Parameter()] [switch] $RunAsynchronously,
        [Parameter()] [guid] $PROTipID,
        [Parameter()] [string] $JobVariable,
        [Parameter()] [string] $OnBehalfOfUser,
        [Parameter()] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.UserRole')] [psobject] $OnBehalfOfUserRole
    )
    process { if ($PSCmdlet.ShouldProcess('Remove-SCVMCheckpoint')) { Invoke-BridgeCall -Cmdlet 'Remove-SCVMCheckpoint' -Bound $PSBoundParameters -Caller $PSCmdlet } }
}

function Remove-SCVMConfiguration {
    [CmdletBinding(DefaultParameterSetName = '__AllParameterSets', PositionalBinding = $false, SupportsShouldProcess = $true)]
    param(
        [Parameter(Mandatory = $true, Position = 0, ValueFromPipeline = $true)] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.BaseVMConfiguration')] [psobject] $VMConfiguration,
        [Parameter()] [switch] $RunAsynchronously,
        [Parameter()] [guid] $PROTipID,
        [Parameter()] [string] $JobVariable,
        [Parameter()] [string] $OnBehalfOfUser,
        [Parameter()] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.UserRole')] [psobject] $OnBehalfOfUserRole
    )
    process { if ($PSCmdlet.ShouldProcess('Remove-SCVMConfiguration')) { Invoke-BridgeCall -Cmdlet 'Remove-SCVMConfiguration' -Bound $PSBoundParameters -Caller $PSCmdlet } }
}

function Remove-SCVMTemplate {
    [CmdletBinding(DefaultParameterSetName = '__AllParameterSets', PositionalBinding = $false, SupportsShouldProcess = $true)]
    param(
        [Parameter(Mandatory = $true, Position = 0, ValueFromPipeline = $true)] [Alias('Template')] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.Template')] [psobject] $VMTemplate,
        [Parameter()] [switch] $Force,
        [Parameter()] [switch] $RunAsynchronously,
        [Parameter()] [guid] $PROTipID,
        [Parameter()] [string] $JobVariable
    )
    process { if ($PSCmdlet.ShouldProcess('Remove-SCVMTemplate')) { Invoke-BridgeCall -Cmdlet 'Remove-SCVMTemplate' -Bound $PSBoundParameters -Caller $PSCmdlet } }
}

function Remove-SCVirtualDVDDrive {
    [CmdletBinding(DefaultParameterSetName = 'VirtualDVDDriveSpecified', PositionalBinding = $false, SupportsShouldProcess = $true)]
    param(
        [Parameter(ParameterSetName = 'SourceBusAndLunSpecified', Mandatory = $true)] [byte] $SourceBus,
        [Parameter(ParameterSetName = 'SourceBusAndLunSpecified', Mandatory = $true)] [byte] $SourceLUN,
        [Parameter(ParameterSetName = 'SourceBusAndLunSpecified', Mandatory = $true)] [Parameter(ParameterSetName = 'VirtualDVDDriveSpecified')] [guid] $JobGroup,
        [Parameter(ParameterSetName = 'SourceBusAndLunSpecified')] [Parameter(ParameterSetName = 'VirtualDVDDriveSpecified')] [switch] $RunAsynchronously,
        [Parameter(ParameterSetName = 'SourceBusAndLunSpecified')] [Parameter(ParameterSetName = 'VirtualDVDDriveSpecified')] [guid] $PROTipID,
        [Parameter(ParameterSetName = 'SourceBusAndLunSpecified')] [Parameter(ParameterSetName = 'VirtualDVDDriveSpecified')] [string] $JobVariable,
        [Parameter(ParameterSetName = 'SourceBusAndLunSpecified')] [Parameter(ParameterSetName = 'VirtualDVDDriveSpecified')] [string] $OnBehalfOfUser,
        [Parameter(ParameterSetName = 'SourceBusAndLunSpecified')] [Parameter(ParameterSetName = 'VirtualDVDDriveSpecified')] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.UserRole')] [psobject] $OnBehalfOfUserRole,
        [Parameter(ParameterSetName = 'VirtualDVDDriveSpecified', Mandatory = $true, Position = 0, ValueFromPipeline = $true)] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.VirtualDVDDrive')] [psobject] $VirtualDVDDrive
    )
    process { if ($PSCmdlet.ShouldProcess('Remove-SCVirtualDVDDrive')) { Invoke-BridgeCall -Cmdlet 'Remove-SCVirtualDVDDrive' -Bound $PSBoundParameters -Caller $PSCmdlet } }
}

function Remove-SCVirtualDiskDrive {
    [CmdletBinding(DefaultParameterSetName = '__AllParameterSets', PositionalBinding = $false, SupportsShouldProcess = $true)]
    param(
        [Parameter(Mandatory = $true, Position = 0, ValueFromPipeline = $true)] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.VirtualDiskDrive')] [psobject] $VirtualDiskDrive,
        [Parameter()] [switch] $SkipDeleteVHD,
        [Parameter()] [guid] $JobGroup,
        [Parameter()] [switch] $Force,
        [Parameter()] [switch] $RunAsynchronously,
        [Parameter()] [guid] $PROTipID,
        [Parameter()] [string] $JobVariable,
        [Parameter()] [string] $OnBehalfOfUser,
        [Parameter()] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.UserRole')] [psobject] $OnBehalfOfUserRole
    )
    process { if ($PSCmdlet.ShouldProcess('Remove-SCVirtualDiskDrive')) { Invoke-BridgeCall -Cmdlet 'Remove-SCVirtualDiskDrive' -Bound $PSBoundParameters -Caller $PSCmdlet } }
}

function Remove-SCVirtualFloppyDisk {
    [CmdletBinding(DefaultParameterSetName = '__AllParameterSets', PositionalBinding = $false, SupportsShouldProcess = $true)]
    param(
        [Parameter(Mandatory = $true, Position = 0, ValueFromPipeline = $true)] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.VirtualFloppyDisk')] [psobject] $VirtualFloppyDisk,
        [Parameter()] [switch] $Force,
        [Parameter()] [switch] $RunAsynchronously,
        [Parameter()] [guid] $PROTipID,
        [Parameter()] [string] $JobVariable
    )
    process { if ($PSCmdlet.ShouldProcess('Remove-SCVirtualFloppyDisk')) { Invoke-BridgeCall -Cmdlet 'Remove-SCVirtualFloppyDisk' -Bound $PSBoundParameters -Caller $PSCmdlet } }
}

function Remove-SCVirtualHardDisk {
    [CmdletBinding(DefaultParameterSetName = '__AllParameterSets', PositionalBinding = $false, SupportsShouldProcess = $true)]
    param(
        [Parameter(Mandatory = $true, Position = 0, ValueFromPipeline = $true)] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.VirtualHardDisk')] [psobject] $VirtualHardDisk,
        [Parameter()] [guid] $JobGroup,
        [Parameter()] [switch] $Force,
        [Parameter()] [switch] $RunAsynchronously,
        [Parameter()] [guid] $PROTipID,
        [Parameter()] [string] $JobVariable
    )
    process { if ($PSCmdlet.ShouldProcess('Remove-SCVirtualHardDisk')) { Invoke-BridgeCall -Cmdlet 'Remove-SCVirtualHardDisk' -Bound $PSBoundParameters -Caller $PSCmdlet } }
}

function Remove-SCVirtualMachine {
    [CmdletBinding(DefaultParameterSetName = '__AllParameterSets', PositionalBinding = $false, SupportsShouldProcess = $true)]
    param(
        [Parameter(Mandatory = $true, Position = 0, ValueFromPipeline = $true)] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.VM')] [psobject] $VM,
        [Parameter()] [switch] $SkipFileRemoval,
        [Parameter()] [switch] $Force,
        [Parameter()] [switch] $RunAsynchronously,
        [Parameter()] [guid] $PROTipID,
        [Parameter()] [string] $JobVariable,
        [Parameter()] [string] $OnBehalfOfUser,
        [Parameter()] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.UserRole')] [psobject] $OnBehalfOfUserRole
    )
    process { if ($PSCmdlet.ShouldProcess('Remove-SCVirtualMachine')) { Invoke-BridgeCall -Cmdlet 'Remove-SCVirtualMachine' -Bound $PSBoundParameters -Caller $PSCmdlet } }
}

function Repair-SCVirtualMachine {
    [CmdletBinding(DefaultParameterSetName = 'Agent', PositionalBinding = $false)]
    param(
        [Parameter(ParameterSetName = 'Agent', Mandatory = $true, Position = 0, ValueFromPipeline = $true)] [Parameter(ParameterSetName = 'Dismiss', Mandatory = $true, Position = 0, ValueFromPipeline = $true)] [Parameter(ParameterSetName = 'MigrateDBOnlyVM', Mandatory = $true, Position = 0, ValueFromPipeline = $true)] [Parameter(ParameterSetName = 'Retry', Mandatory = $true, Position = 0, ValueFromPipeline = $true)] [Parameter(ParameterSetName = 'Undo', Mandatory = $true, Position = 0, ValueFromPipeline = $true)] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.VM')] [psobject] $VM,
        [Parameter(ParameterSetName = 'Agent')] [switch] $Agent,
        [Parameter(ParameterSetName = 'Agent')] [Parameter(ParameterSetName = 'Dismiss')] [Parameter(ParameterSetName = 'MigrateDBOnlyVM')] [Parameter(ParameterSetName = 'Retry')] [Parameter(ParameterSetName = 'Undo')] [switch] $RunAsynchronously,
        [Parameter(ParameterSetName = 'Agent')] [Parameter(ParameterSetName = 'Dismiss')] [Parameter(ParameterSetName = 'MigrateDBOnlyVM')] [Parameter(ParameterSetName = 'Retry')] [Parameter(ParameterSetName = 'Undo')] [guid] $PROTipID,
        [Parameter(ParameterSetName = 'Agent')] [Parameter(ParameterSetName = 'Dismiss')] [Parameter(ParameterSetName = 'MigrateDBOnlyVM')] [Parameter(ParameterSetName = 'Retry')] [Parameter(ParameterSetName = 'Undo')] [string] $JobVariable,
        [Parameter(ParameterSetName = 'Agent')] [Parameter(ParameterSetName = 'Dismiss')] [Parameter(ParameterSetName = 'MigrateDBOnlyVM')] [Parameter(ParameterSetName = 'Retry')] [Parameter(ParameterSetName = 'Undo')] [string] $OnBehalfOfUser,
        [Parameter(ParameterSetName = 'Agent')] [Parameter(ParameterSetName = 'Dismiss')] [Parameter(ParameterSetName = 'MigrateDBOnlyVM')] [Parameter(ParameterSetName = 'Retry')] [Parameter(ParameterSetName = 'Undo')] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.UserRole')] [psobject] $OnBehalfOfUserRole,
        [Parameter(ParameterSetName = 'Dismiss')] [switch] $Dismiss,
        [Parameter(ParameterSetName = 'Dismiss')] [switch] $Force,
        [Parameter(ParameterSetName = 'MigrateDBOnlyVM')] [switch] $MigrateDBOnlyVM,
        [Parameter(ParameterSetName = 'MigrateDBOnlyVM', Mandatory = $true)] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.Host')] [psobject] $VMHost,
        [Parameter(ParameterSetName = 'Retry')] [switch] $Retry,
        [Parameter(ParameterSetName = 'Undo')] [switch] $Undo
    )
    process { Invoke-BridgeCall -Cmdlet 'Repair-SCVirtualMachine' -Bound $PSBoundParameters -Caller $PSCmdlet }
}

function Restore-SCVMCheckpoint {
    [CmdletBinding(DefaultParameterSetName = '__AllParameterSets', PositionalBinding = $false, SupportsShouldProcess = $true)]
    param(
        [Parameter(Mandatory = $true, ValueFromPipeline = $true)] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.VMCheckpoint')] [psobject] $VMCheckpoint,
        [Parameter()] [switch] $RunAsynchronously,
        [Parameter()] [guid] $PROTipID,
        [Parameter()] [string] $JobVariable,
        [Parameter()] [string] $OnBehalfOfUser,
        [Parameter()] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.UserRole')] [psobject] $OnBehalfOfUserRole
    )
    process { if ($PSCmdlet.ShouldProcess('Restore-SCVMCheckpoint')) { Invoke-BridgeCall -Cmdlet 'Restore-SCVMCheckpoint' -Bound $PSBoundParameters -Caller $PSCmdlet } }
}

function Resume-SCVirtualMachine {
    [CmdletBinding(DefaultParameterSetName = '__AllParameterSets', PositionalBinding = $false)]
    param(
        [Parameter(Mandatory = $true, Position = 0, ValueFromPipeline = $true)] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.VM')] [psobject] $VM,
        [Parameter()] [switch] $RunAsynchronously,
        [Parameter()] [guid] $PROTipID,
        [Parameter()] [string] $JobVariable,
        [Parameter()] [string] $OnBehalfOfUser,
        [Parameter()] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.UserRole')] [psobject] $OnBehalfOfUserRole
    )
    process { Invoke-BridgeCall -Cmdlet 'Resume-SCVirtualMachine' -Bound $PSBoundParameters -Caller $PSCmdlet }
}

function Revoke-SCIPAddress {
    [CmdletBinding(DefaultParameterSetName = '__AllParameterSets', PositionalBinding = $false)]
    param(
        [Parameter(ValueFromPipeline = $true)] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.ServerConnection')] [psobject] $VMMServer,
        [Parameter(Mandatory = $true, Position = 0, ValueFromPipeline = $true)] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.AllocatedIPAddress')] [psobject] $AllocatedIPAddress,
        [Parameter()] [bool] $ReturnToPool,
        [Parameter()] [switch] $RunAsynchronously,
        [Parameter()] [guid] $PROTipID,
        [Parameter()] [string] $JobVariable,
        [Parameter()] [string] $OnBehalfOfUser,
        [Parameter()] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.UserRole')] [psobject] $OnBehalfOfUserRole
    )
    process { Invoke-BridgeCall -Cmdlet 'Revoke-SCIPAddress' -Bound $PSBoundParameters -Caller $PSCmdlet }
}

function Set-SCCustomPropertyValue {
    [CmdletBinding(DefaultParameterSetName = 'InputObject', PositionalBinding = $false)]
    param(
        [Parameter(ParameterSetName = 'InputObject', Mandatory = $true, ValueFromPipeline = $true)] [Parameter(ParameterSetName = 'JobGroup', Mandatory = $true, ValueFromPipeline = $true)] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.CustomProperty')] [psobject] $CustomProperty,
        [Parameter(ParameterSetName = 'InputObject', Mandatory = $true, ValueFromPipeline = $true)] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.ClientObject')] [psobject] $InputObject,
        [Parameter(ParameterSetName = 'InputObject', Mandatory = $true)] [Parameter(ParameterSetName = 'JobGroup', Mandatory = $true)] [string] $Value,
        [Parameter(ParameterSetName = 'InputObject')] [Parameter(ParameterSetName = 'JobGroup')] [switch] $RunAsynchronously,
        [Parameter(ParameterSetName = 'InputObject')] [Parameter(ParameterSetName = 'JobGroup')] [guid] $PROTipID,
        [Parameter(ParameterSetName = 'InputObject')] [Parameter(ParameterSetName = 'JobGroup')] [string] $JobVariable,
        [Parameter(ParameterSetName = 'InputObject')] [Parameter(ParameterSetName = 'JobGroup')] [string] $OnBehalfOfUser,
        [Parameter(ParameterSetName = 'InputObject')] [Parameter(ParameterSetName = 'JobGroup')] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.UserRole')] [psobject] $OnBehalfOfUserRole,
        [Parameter(ParameterSetName = 'JobGroup', Mandatory = $true)] [guid] $JobGroup
    )
    process { Invoke-BridgeCall -Cmdlet 'Set-SCCustomPropertyValue' -Bound $PSBoundParameters -Caller $PSCmdlet }
}

function Set-SCUserRole {
    [CmdletBinding(DefaultParameterSetName = '__AllParameterSets', PositionalBinding = $false)]
    param(
        [Parameter(ValueFromPipeline = $true)] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.UserRole')] [psobject] $UserRole,
        [Parameter()] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.ServerConnection')] [psobject] $VMMServer,
        [Parameter()] [string] $Name,
        [Parameter()] [guid] $JobGroup,
        [Parameter()] [string[]] $AddMember,
        [Parameter()] [string[]] $RemoveMember,
        [Parameter()] [Alias('VMPermission')] [ValidateSet('Create', 'PauseAndResume', 'Start', 'Stop', 'AllowLocalAdmin', 'RemoteConnect', 'Remove', 'Shutdown', 'Checkpoint', 'Store', 'Save', 'Author', 'CanShare', 'CanReceive', 'CreateFromVHDOrTemplate', 'CheckpointRestoreOnly', 'AuthorVMNetwork', 'CreateShielded')] [string[]] $Permission,
        [Parameter()] [Alias('LibraryStoreSharePath')] [string] $UserRoleDataPath,
        [Parameter()] [switch] $RemoveLibraryStoreSharePath,
        [Parameter()] [bool] $ShowPROTips,
        [Parameter()] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.ClientObject')] [psobject[]] $AddScope,
        [Parameter()] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.ClientObject')] [psobject[]] $RemoveScope,
        [Parameter()] [string] $Description,
        [Parameter()] [uint16] $VMNetworkMaximum,
        [Parameter()] [uint16] $VMNetworkMaximumPerUser,
        [Parameter()] [switch] $RemoveVMNetworkMaximum,
        [Parameter()] [switch] $RemoveVMNetworkMaximumPerUser,
        [Parameter()] [uint16] $VPNConnectionMaximum,
        [Parameter()] [uint16] $VPNConnectionMaximumPerUser,
        [Parameter()] [switch] $RemoveVPNConnectionMaximum,
        [Parameter()] [switch] $RemoveVPNConnectionMaximumPerUser,
        [Parameter()] [uint16] $NATConnectionMaximum,
        [Parameter()] [uint16] $NATConnectionMaximumPerUser,
        [Parameter()] [switch] $RemoveNATConnectionMaximum,
        [Parameter()] [switch] $RemoveNATConnectionMaximumPerUser,
        [Parameter()] [uint64] $VMNetworkVPNMaximumBandwidthInKbps,
        [Parameter()] [uint64] $VMNetworkVPNMaximumBandwidthOutKbps,
        [Parameter()] [switch] $RemoveVMNetworkVPNMaximumBandwidthIn,
        [Parameter()] [switch] $RemoveVMNetworkVPNMaximumBandwidthOut,
        [Parameter()] [switch] $RunAsynchronously,
        [Parameter()] [guid] $PROTipID,
        [Parameter()] [string] $JobVariable,
        [Parameter()] [string] $OnBehalfOfUser,
        [Parameter()] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.UserRole')] [psobject] $OnBehalfOfUserRole
    )
    process { Invoke-BridgeCall -Cmdlet 'Set-SCUserRole' -Bound $PSBoundParameters -Caller $PSCmdlet }
}

function Set-SCVMCheckpoint {
    [CmdletBinding(DefaultParameterSetName = '__AllParameterSets', PositionalBinding = $false)]
    param(
        [Parameter(Mandatory = $true, ValueFromPipeline = $true)] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.VMCheckpoint')] [psobject] $VMCheckpoint,
        [Parameter()] [string] $Description,
        [Parameter()] [string] $Name,
        [Parameter()] [switch] $RunAsynchronously,
        [Parameter()] [guid] $PROTipID,
        [Parameter()] [string] $JobVariable,
        [Parameter()] [string] $OnBehalfOfUser,
        [Parameter()] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.UserRole')] [psobject] $OnBehalfOfUserRole
    )
    process { Invoke-BridgeCall -Cmdlet 'Set-SCVMCheckpoint' -Bound $PSBoundParameters -Caller $PSCmdlet }
}

function Set-SCVMConfiguration {
    [CmdletBinding(DefaultParameterSetName = 'Update', PositionalBinding = $false)]
    param(
        [Parameter(ParameterSetName = 'Cloud')] [Parameter(ParameterSetName = 'Update')] [Parameter(ParameterSetName = 'VMHost')] [Parameter(ParameterSetName = 'VMHostGroup')] [string] $VMLocation,
        [Parameter(ParameterSetName = 'Cloud')] [Parameter(ParameterSetName = 'Update')] [Parameter(ParameterSetName = 'VMHost')] [Parameter(ParameterSetName = 'VMHostGroup')] [bool] $PinVMLocation,
        [Parameter(ParameterSetName = 'Cloud')] [Parameter(ParameterSetName = 'Update')] [Parameter(ParameterSetName = 'VMHost')] [Parameter(ParameterSetName = 'VMHostGroup')] [string] $ComputerName,
        [Parameter(ParameterSetName = 'Cloud')] [Parameter(ParameterSetName = 'Update')] [Parameter(ParameterSetName = 'VMHost')] [Parameter(ParameterSetName = 'VMHostGroup')] [bool] $PinVMHost,
        [Parameter(ParameterSetName = 'Cloud', Mandatory = $true)] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.Cloud')] [psobject] $Cloud,
        [Parameter(ParameterSetName = 'Cloud')] [Parameter(ParameterSetName = 'Update')] [Parameter(ParameterSetName = 'VMHost')] [Parameter(ParameterSetName = 'VMHostGroup')] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.CapabilityProfile')] [psobject] $CapabilityProfile,
        [Parameter(ParameterSetName = 'Cloud', Mandatory = $true, Position = 0, ValueFromPipeline = $true)] [Parameter(ParameterSetName = 'Update', Mandatory = $true, Position = 0, ValueFromPipeline = $true)] [Parameter(ParameterSetName = 'VMHost', Mandatory = $true, Position = 0, ValueFromPipeline = $true)] [Parameter(ParameterSetName = 'VMHostGroup', Mandatory = $true, Position = 0, ValueFromPipeline = $true)] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.BaseVMConfiguration')] [psobject] $VMConfiguration,
        [Parameter(ParameterSetName = 'Cloud')] [Parameter(ParameterSetName = 'Update')] [Parameter(ParameterSetName = 'VMHost')] [Parameter(ParameterSetName = 'VMHostGroup')] [string] $Description,
        [Parameter(ParameterSetName = 'Cloud')] [Parameter(ParameterSetName = 'Update')] [Parameter(ParameterSetName = 'VMHost')] [Parameter(ParameterSetName = 'VMHostGroup')] [string] $Tag,
        [Parameter(ParameterSetName = 'Cloud')] [Parameter(ParameterSetName = 'Update')] [Parameter(ParameterSetName = 'VMHost')] [Parameter(ParameterSetName = 'VMHostGroup')] [string] $CostCenter,
        [Parameter(ParameterSetName = 'Cloud')] [Parameter(ParameterSetName = 'Update')] [Parameter(ParameterSetName = 'VMHost')] [Parameter(ParameterSetName = 'VMHostGroup')] [string] $Name,
        [Parameter(ParameterSetName = 'Cloud')] [Parameter(ParameterSetName = 'Update')] [Parameter(ParameterSetName = 'VMHost')] [Parameter(ParameterSetName = 'VMHostGroup')] [switch] $NoConnectedHost,
        [Parameter(ParameterSetName = 'Cloud')] [Parameter(ParameterSetName = 'Update')] [Parameter(ParameterSetName = 'VMHost')] [Parameter(ParameterSetName = 'VMHostGroup')] [System.Collections.Generic.List[string]] $AvailabilitySetNames,
        [Parameter(ParameterSetName = 'Cloud')] [Parameter(ParameterSetName = 'Update')] [Parameter(ParameterSetName = 'VMHost')] [Parameter(ParameterSetName = 'VMHostGroup')] [switch] $RunAsynchronously,
        [Parameter(ParameterSetName = 'Cloud')] [Parameter(ParameterSetName = 'Update')] [Parameter(ParameterSetName = 'VMHost')] [Parameter(ParameterSetName = 'VMHostGroup')] [guid] $PROTipID,
        [Parameter(ParameterSetName = 'Cloud')] [Parameter(ParameterSetName = 'Update')] [Parameter(ParameterSetName = 'VMHost')] [Parameter(ParameterSetName = 'VMHostGroup')] [string] $JobVariable,
        [Parameter(ParameterSetName = 'Cloud')] [Parameter(ParameterSetName = 'Update')] [Parameter(ParameterSetName = 'VMHost')] [Parameter(ParameterSetName = 'VMHostGroup')] [string] $OnBehalfOfUser,
        [Parameter(ParameterSetName = 'Cloud')] [Parameter(ParameterSetName = 'Update')] [Parameter(ParameterSetName = 'VMHost')] [Parameter(ParameterSetName = 'VMHostGroup')] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.UserRole')] [psobject] $OnBehalfOfUserRole,
        [Parameter(ParameterSetName = 'Update')] [Parameter(ParameterSetName = 'VMHostGroup')] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.ServerConnection')] [psobject] $VMMServer,
        [Parameter(ParameterSetName = 'VMHost', Mandatory = $true)] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.Host')] [psobject] $VMHost,
        [Parameter(ParameterSetName = 'VMHostGroup')] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.HostGroup')] [psobject] $VMHostGroup
    )
    process { Invoke-BridgeCall -Cmdlet 'Set-SCVMConfiguration' -Bound $PSBoundParameters -Caller $PSCmdlet }
}

function Set-SCVirtualDVDDrive {
    [CmdletBinding(DefaultParameterSetName = 'AnyHostDriveWithVirtualDVDDriveSpecified', PositionalBinding = $false)]
    param(
        [Parameter(ParameterSetName = 'AnyHostDriveWithSourceBusAndLunSpecified')] [Parameter(ParameterSetName = 'AnyHostDriveWithVirtualDVDDriveSpecified')] [Parameter(ParameterSetName = 'BusChangesWithSourceBusAndLunSpecified')] [Parameter(ParameterSetName = 'BusChangesWithVirtualDVDDriveSpecified')] [Parameter(ParameterSetName = 'HostDriveWithSourceBusAndLunSpecified')] [Parameter(ParameterSetName = 'HostDriveWithVirtualDVDDriveSpecified')] [Parameter(ParameterSetName = 'ISOWithSourceBusAndLunSpecified')] [Parameter(ParameterSetName = 'ISOWithVirtualDVDDriveSpecified')] [Parameter(ParameterSetName = 'NoMediaWithSourceBusAndLunSpecified')] [Parameter(ParameterSetName = 'NoMediaWithVirtualDVDDriveSpecified')] [byte] $Bus,
        [Parameter(ParameterSetName = 'AnyHostDriveWithSourceBusAndLunSpecified')] [Parameter(ParameterSetName = 'AnyHostDriveWithVirtualDVDDriveSpecified')] [Parameter(ParameterSetName = 'BusChangesWithSourceBusAndLunSpecified')] [Parameter(ParameterSetName = 'BusChangesWithVirtualDVDDriveSpecified')] [Parameter(ParameterSetName = 'HostDriveWithSourceBusAndLunSpecified')] [Parameter(ParameterSetName = 'HostDriveWithVirtualDVDDriveSpecified')] [Parameter(ParameterSetName = 'ISOWithSourceBusAndLunSpecified')] [Parameter(ParameterSetName = 'ISOWithVirtualDVDDriveSpecified')] [Parameter(ParameterSetName = 'NoMediaWithSourceBusAndLunSpecified')] [Parameter(ParameterSetName = 'NoMediaWithVirtualDVDDriveSpecified')] [byte] $LUN,
        [Parameter(ParameterSetName = 'AnyHostDriveWithSourceBusAndLunSpecified', Mandatory = $true)] [Parameter(ParameterSetName = 'AnyHostDriveWithVirtualDVDDriveSpecified')] [Parameter(ParameterSetName = 'BusChangesWithSourceBusAndLunSpecified', Mandatory = $true)] [Parameter(ParameterSetName = 'BusChangesWithVirtualDVDDriveSpecified')] [Parameter(ParameterSetName = 'HostDriveWithSourceBusAndLunSpecified', Mandatory = $true)] [Parameter(ParameterSetName = 'HostDriveWithVirtualDVDDriveSpecified')] [Parameter(ParameterSetName = 'ISOWithSourceBusAndLunSpecified', Mandatory = $true)] [Parameter(ParameterSetName = 'ISOWithVirtualDVDDriveSpecified')] [Parameter(ParameterSetName = 'NoMediaWithSourceBusAndLunSpecified', Mandatory = $true)] [Parameter(ParameterSetName = 'NoMediaWithVirtualDVDDriveSpecified')] [guid] $JobGroup,
        [Parameter(ParameterSetName = 'AnyHostDriveWithSourceBusAndLunSpecified')] [Parameter(ParameterSetName = 'AnyHostDriveWithVirtualDVDDriveSpecified')] [Alias('AnyHostDrive')] [switch] $AnyVMHostDrive,
        [Parameter(ParameterSetName = 'AnyHostDriveWithSourceBusAndLunSpecified', Mandatory = $true)] [Parameter(ParameterSetName = 'BusChangesWithSourceBusAndLunSpecified', Mandatory = $true)] [Parameter(ParameterSetName = 'HostDriveWithSourceBusAndLunSpecified', Mandatory = $true)] [Parameter(ParameterSetName = 'ISOWithSourceBusAndLunSpecified', Mandatory = $true)] [Parameter(ParameterSetName = 'NoMediaWithSourceBusAndLunSpecified', Mandatory = $true)] [byte] $SourceBus,
        [Parameter(ParameterSetName = 'AnyHostDriveWithSourceBusAndLunSpecified', Mandatory = $true)] [Parameter(ParameterSetName = 'BusChangesWithSourceBusAndLunSpecified', Mandatory = $true)] [Parameter(ParameterSetName = 'HostDriveWithSourceBusAndLunSpecified', Mandatory = $true)] [Parameter(ParameterSetName = 'ISOWithSourceBusAndLunSpecified', Mandatory = $true)] [Parameter(ParameterSetName = 'NoMediaWithSourceBusAndLunSpecified', Mandatory = $true)] [byte] $SourceLUN,
        [Parameter(ParameterSetName = 'AnyHostDriveWithSourceBusAndLunSpecified')] [Parameter(ParameterSetName = 'AnyHostDriveWithVirtualDVDDriveSpecified')] [Parameter(ParameterSetName = 'BusChangesWithSourceBusAndLunSpecified')] [Parameter(ParameterSetName = 'BusChangesWithVirtualDVDDriveSpecified')] [Parameter(ParameterSetName = 'HostDriveWithSourceBusAndLunSpecified')] [Parameter(ParameterSetName = 'HostDriveWithVirtualDVDDriveSpecified')] [Parameter(ParameterSetName = 'ISOWithSourceBusAndLunSpecified')] [Parameter(ParameterSetName = 'ISOWithVirtualDVDDriveSpecified')] [Parameter(ParameterSetName = 'NoMediaWithSourceBusAndLunSpecified')] [Parameter(ParameterSetName = 'NoMediaWithVirtualDVDDriveSpecified')] [switch] $RunAsynchronously,
        [Parameter(ParameterSetName = 'AnyHostDriveWithSourceBusAndLunSpecified')] [Parameter(ParameterSetName = 'AnyHostDriveWithVirtualDVDDriveSpecified')] [Parameter(ParameterSetName = 'BusChangesWithSourceBusAndLunSpecified')] [Parameter(ParameterSetName = 'BusChangesWithVirtualDVDDriveSpecified')] [Parameter(ParameterSetName = 'HostDriveWithSourceBusAndLunSpecified')] [Parameter(ParameterSetName = 'HostDriveWithVirtualDVDDriveSpecified')] [Parameter(ParameterSetName = 'ISOWithSourceBusAndLunSpecified')] [Parameter(ParameterSetName = 'ISOWithVirtualDVDDriveSpecified')] [Parameter(ParameterSetName = 'NoMediaWithSourceBusAndLunSpecified')] [Parameter(ParameterSetName = 'NoMediaWithVirtualDVDDriveSpecified')] [guid] $PROTipID,
        [Parameter(ParameterSetName = 'AnyHostDriveWithSourceBusAndLunSpecified')] [Parameter(ParameterSetName = 'AnyHostDriveWithVirtualDVDDriveSpecified')] [Parameter(ParameterSetName = 'BusChangesWithSourceBusAndLunSpecified')] [Parameter(ParameterSetName = 'BusChangesWithVirtualDVDDriveSpecified')] [Parameter(ParameterSetName = 'HostDriveWithSourceBusAndLunSpecified')] [Parameter(ParameterSetName = 'HostDriveWithVirtualDVDDriveSpecified')] [Parameter(ParameterSetName = 'ISOWithSourceBusAndLunSpecified')] [Parameter(ParameterSetName = 'ISOWithVirtualDVDDriveSpecified')] [Parameter(ParameterSetName = 'NoMediaWithSourceBusAndLunSpecified')] [Parameter(ParameterSetName = 'NoMediaWithVirtualDVDDriveSpecified')] [string] $JobVariable,
        [Parameter(ParameterSetName = 'AnyHostDriveWithSourceBusAndLunSpecified')] [Parameter(ParameterSetName = 'AnyHostDriveWithVirtualDVDDriveSpecified')] [Parameter(ParameterSetName = 'BusChangesWithSourceBusAndLunSpecified')] [Parameter(ParameterSetName = 'BusChangesWithVirtualDVDDriveSpecified')] [Parameter(ParameterSetName = 'HostDriveWithSourceBusAndLunSpecified')] [Parameter(ParameterSetName = 'HostDriveWithVirtualDVDDriveSpecified')] [Parameter(ParameterSetName = 'ISOWithSourceBusAndLunSpecified')] [Parameter(ParameterSetName = 'ISOWithVirtualDVDDriveSpecified')] [Parameter(ParameterSetName = 'NoMediaWithSourceBusAndLunSpecified')] [Parameter(ParameterSetName = 'NoMediaWithVirtualDVDDriveSpecified')] [string] $OnBehalfOfUser,
        [Parameter(ParameterSetName = 'AnyHostDriveWithSourceBusAndLunSpecified')] [Parameter(ParameterSetName = 'AnyHostDriveWithVirtualDVDDriveSpecified')] [Parameter(ParameterSetName = 'BusChangesWithSourceBusAndLunSpecified')] [Parameter(ParameterSetName = 'BusChangesWithVirtualDVDDriveSpecified')] [Parameter(ParameterSetName = 'HostDriveWithSourceBusAndLunSpecified')] [Parameter(ParameterSetName = 'HostDriveWithVirtualDVDDriveSpecified')] [Parameter(ParameterSetName = 'ISOWithSourceBusAndLunSpecified')] [Parameter(ParameterSetName = 'ISOWithVirtualDVDDriveSpecified')] [Parameter(ParameterSetName = 'NoMediaWithSourceBusAndLunSpecified')] [Parameter(ParameterSetName = 'NoMediaWithVirtualDVDDriveSpecified')] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.UserRole')] [psobject] $OnBehalfOfUserRole,
        [Parameter(ParameterSetName = 'AnyHostDriveWithVirtualDVDDriveSpecified', Mandatory = $true, Position = 0, ValueFromPipeline = $true)] [Parameter(ParameterSetName = 'BusChangesWithVirtualDVDDriveSpecified', Mandatory = $true, Position = 0, ValueFromPipeline = $true)] [Parameter(ParameterSetName = 'HostDriveWithVirtualDVDDriveSpecified', Mandatory = $true, Position = 0, ValueFromPipeline = $true)] [Parameter(ParameterSetName = 'ISOWithVirtualDVDDriveSpecified', Mandatory = $true, Position = 0, ValueFromPipeline = $true)] [Parameter(ParameterSetName = 'NoMediaWithVirtualDVDDriveSpecified', Mandatory = $true, Position = 0, ValueFromPipeline = $true)] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.VirtualDVDDrive')] [psobject] $VirtualDVDDrive,
        [Parameter(ParameterSetName = 'HostDriveWithSourceBusAndLunSpecified', Mandatory = $true)] [Parameter(ParameterSetName = 'HostDriveWithVirtualDVDDriveSpecified', Mandatory = $true)] [Alias('HostDrive')] [string] $VMHostDrive,
        [Parameter(ParameterSetName = 'ISOWithSourceBusAndLunSpecified')] [Parameter(ParameterSetName = 'ISOWithVirtualDVDDriveSpecified')] [switch] $Link,
        [Parameter(ParameterSetName = 'ISOWithSourceBusAndLunSpecified', Mandatory = $true, ValueFromPipeline = $true)] [Parameter(ParameterSetName = 'ISOWithVirtualDVDDriveSpecified', Mandatory = $true, ValueFromPipeline = $true)] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.ISO')] [psobject] $ISO,
        [Parameter(ParameterSetName = 'NoMediaWithSourceBusAndLunSpecified')] [Parameter(ParameterSetName = 'NoMediaWithVirtualDVDDriveSpecified')] [switch] $NoMedia
    )
    process { Invoke-BridgeCall -Cmdlet 'Set-SCVirtualDVDDrive' -Bound $PSBoundParameters -Caller $PSCmdlet }
}

function Set-SCVirtualDiskDrive {
    [CmdletBinding(DefaultParameterSetName = 'BusChanges', PositionalBinding = $false)]
    param(
        [Parameter(ParameterSetName = 'BusChanges')] [Parameter(ParameterSetName = 'DisableStorageQoS')] [Parameter(ParameterSetName = 'IOPSMaximum')] [Parameter(ParameterSetName = 'StorageQoSPolicy')] [byte] $Bus,
        [Parameter(ParameterSetName = 'BusChanges')] [Parameter(ParameterSetName = 'DisableStorageQoS')] [Parameter(ParameterSetName = 'IOPSMaximum')] [Parameter(ParameterSetName = 'StorageQoSPolicy')] [byte] $LUN,
        [Parameter(ParameterSetName = 'BusChanges')] [Parameter(ParameterSetName = 'DisableStorageQoS')] [Parameter(ParameterSetName = 'IOPSMaximum')] [Parameter(ParameterSetName = 'StorageQoSPolicy')] [switch] $SCSI,
        [Parameter(ParameterSetName = 'BusChanges')] [Parameter(ParameterSetName = 'DisableStorageQoS')] [Parameter(ParameterSetName = 'IOPSMaximum')] [Parameter(ParameterSetName = 'StorageQoSPolicy')] [switch] $IDE,
        [Parameter(ParameterSetName = 'BusChanges')] [Parameter(ParameterSetName = 'DisableStorageQoS')] [Parameter(ParameterSetName = 'IOPSMaximum')] [Parameter(ParameterSetName = 'StorageQoSPolicy')] [ValidateSet('None', 'Boot', 'System', 'BootAndSystem')] [string] $VolumeType,
        [Parameter(ParameterSetName = 'BusChanges')] [Parameter(ParameterSetName = 'DisableStorageQoS')] [Parameter(ParameterSetName = 'IOPSMaximum')] [Parameter(ParameterSetName = 'StorageQoSPolicy')] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.StorageClassification')] [psobject] $StorageClassification,
        [Parameter(ParameterSetName = 'BusChanges')] [Parameter(ParameterSetName = 'DisableStorageQoS')] [Parameter(ParameterSetName = 'IOPSMaximum')] [Parameter(ParameterSetName = 'StorageQoSPolicy')] [bool] $SharedStorage,
        [Parameter(ParameterSetName = 'BusChanges')] [Parameter(ParameterSetName = 'DisableStorageQoS')] [Parameter(ParameterSetName = 'IOPSMaximum')] [Parameter(ParameterSetName = 'StorageQoSPolicy')] [bool] $CreateDiffDisk,
        [Parameter(ParameterSetName = 'BusChanges', Mandatory = $true, ValueFromPipeline = $true)] [Parameter(ParameterSetName = 'DisableStorageQoS', Mandatory = $true, ValueFromPipeline = $true)] [Parameter(ParameterSetName = 'IOPSMaximum', Mandatory = $true, ValueFromPipeline = $true)] [Parameter(ParameterSetName = 'StorageQoSPolicy', Mandatory = $true, ValueFromPipeline = $true)] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.VirtualDiskDrive')] [psobject] $VirtualDiskDrive,
        [Parameter(ParameterSetName = 'BusChanges')] [Parameter(ParameterSetName = 'DisableStorageQoS')] [Parameter(ParameterSetName = 'IOPSMaximum')] [Parameter(ParameterSetName = 'StorageQoSPolicy')] [guid] $JobGroup,
        [Parameter(ParameterSetName = 'BusChanges')] [Parameter(ParameterSetName = 'DisableStorageQoS')] [Parameter(ParameterSetName = 'IOPSMaximum')] [Parameter(ParameterSetName = 'StorageQoSPolicy')] [switch] $RunAsynchronously,
        [Parameter(ParameterSetName = 'BusChanges')] [Parameter(ParameterSetName = 'DisableStorageQoS')] [Parameter(ParameterSetName = 'IOPSMaximum')] [Parameter(ParameterSetName = 'StorageQoSPolicy')] [guid] $PROTipID,
        [Parameter(ParameterSetName = 'BusChanges')] [Parameter(ParameterSetName = 'DisableStorageQoS')] [Parameter(ParameterSetName = 'IOPSMaximum')] [Parameter(ParameterSetName = 'StorageQoSPolicy')] [string] $JobVariable,
        [Parameter(ParameterSetName = 'BusChanges')] [Parameter(ParameterSetName = 'DisableStorageQoS')] [Parameter(ParameterSetName = 'IOPSMaximum')] [Parameter(ParameterSetName = 'StorageQoSPolicy')] [string] $OnBehalfOfUser,
        [Parameter(ParameterSetName = 'BusChanges')] [Parameter(ParameterSetName = 'DisableStorageQoS')] [Parameter(ParameterSetName = 'IOPSMaximum')] [Parameter(ParameterSetName = 'StorageQoSPolicy')] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.UserRole')] [psobject] $OnBehalfOfUserRole,
        [Parameter(ParameterSetName = 'DisableStorageQoS')] [switch] $DisableStorageQoS,
        [Parameter(ParameterSetName = 'IOPSMaximum', Mandatory = $true)] [uint64] $IOPSMaximum,
        [Parameter(ParameterSetName = 'StorageQoSPolicy', Mandatory = $true)] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.StorageQoSPolicy')] [psobject] $StorageQoSPolicy
    )
    process { Invoke-BridgeCall -Cmdlet 'Set-SCVirtualDiskDrive' -Bound $PSBoundParameters -Caller $PSCmdlet }
}

function Set-SCVirtualFloppyDrive {
    [CmdletBinding(DefaultParameterSetName = 'NoMedia', PositionalBinding = $false)]
    param(
        [Parameter(ParameterSetName = 'NoMedia', ValueFromPipeline = $true)] [Parameter(ParameterSetName = 'VirtualFloppyDisk', ValueFromPipeline = $true)] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.ServerConnection')] [psobject] $VMMServer,
        [Parameter(ParameterSetName = 'NoMedia', Position = 0, ValueFromPipeline = $true)] [Parameter(ParameterSetName = 'VirtualFloppyDisk', Position = 0, ValueFromPipeline = $true)] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.VirtualFloppyDrive')] [psobject] $VirtualFloppyDrive,
        [Parameter(ParameterSetName = 'NoMedia')] [switch] $NoMedia,
        [Parameter(ParameterSetName = 'NoMedia')] [Parameter(ParameterSetName = 'VirtualFloppyDisk')] [guid] $JobGroup,
        [Parameter(ParameterSetName = 'NoMedia')] [Parameter(ParameterSetName = 'VirtualFloppyDisk')] [switch] $RunAsynchronously,
        [Parameter(ParameterSetName = 'NoMedia')] [Parameter(ParameterSetName = 'VirtualFloppyDisk')] [guid] $PROTipID,
        [Parameter(ParameterSetName = 'NoMedia')] [Parameter(ParameterSetName = 'VirtualFloppyDisk')] [string] $JobVariable,
        [Parameter(ParameterSetName = 'VirtualFloppyDisk', Mandatory = $true)] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.VirtualFloppyDisk')] [psobject] $VirtualFloppyDisk
    )
    process { Invoke-BridgeCall -Cmdlet 'Set-SCVirtualFloppyDrive' -Bound $PSBoundParameters -Caller $PSCmdlet }
}

function Set-SCVirtualMachine {
    [CmdletBinding(DefaultParameterSetName = '__AllParameterSets', PositionalBinding = $false)]
    param(
        [Parameter(Mandatory = $true, Position = 0, ValueFromPipeline = $true)] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.VM')] [psobject] $VM,
        [Parameter()] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.VmwResourcePool')] [psobject] $VMwareResourcePool,
        [Parameter()] [ValidateSet('NeverAutoTurnOnVM', 'AlwaysAutoTurnOnVM', 'TurnOnVMIfRunningWhenVSStopped')] [string] $StartAction,
        [Parameter()] [ValidateSet('SaveVM', 'TurnOffVM', 'ShutdownGuestOS')] [string] $StopAction,
        [Parameter()] [bool] $RemoveSelfServiceUserRole,
        [Parameter()] [bool] $EnableOperatingSystemShutdown,
        [Parameter()] [Alias('EnableTimeSynchronization')] [bool] $EnableTimeSync,
        [Parameter()] [bool] $EnableDataExchange,
        [Parameter()] [bool] $EnableHeartbeat,
        [Parameter()] [bool] $EnableBackup,
        [Parameter()] [bool] $InstallVirtualizationGuestServices,
        [Parameter()] [string] $Owner,
        [Parameter(ValueFromPipeline = $true)] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.OperatingSystem')] [psobject] $OperatingSystem,
        [Parameter()] [bool] $Enabled,
        [Parameter()] [bool] $HighlyAvailable,
        [Parameter()] [uint32] $HAVMPriority,
        [Parameter()] [bool] $DRProtectionRequired,
        [Parameter()] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.ReplicationGroup')] [psobject] $ReplicationGroup,
        [Parameter()] [bool] $SecureBootEnabled,
        [Parameter()] [bool] $NumLock,
        [Parameter()] [Alias('LimitCPUFunctionality')] [bool] $CPULimitFunctionality,
        [Parameter()] [Alias('LimitCPUForMigration')] [bool] $CPULimitForMigration,
        [Parameter()] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.KeyFile')] [psobject] $VMShieldingData,
        [Parameter()] [switch] $RunAsSystem,
        [Parameter()] [pscredential] $RunAsUserCredential,
        [Parameter()] [Alias('DelayStart')] [int] $DelayStartSeconds,
        [Parameter()] [bool] $UseHardwareAssistedVirtualization,
        [Parameter()] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.Cloud')] [psobject] $Cloud,
        [Parameter()] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.CapabilityProfile')] [psobject] $CapabilityProfile,
        [Parameter()] [switch] $RemoveCapabilityProfile,
        [Parameter()] [switch] $RemoveFromCloud,
        [Parameter()] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.Host')] [psobject[]] $ClusterNonPossibleOwner,
        [Parameter()] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.Host')] [psobject[]] $ClusterPreferredOwner,
        [Parameter()] [System.Collections.Generic.List[string]] $AvailabilitySetNames,
        [Parameter()] [Alias('SelfServiceUserRole')] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.UserRole')] [psobject] $UserRole,
        [Parameter()] [string] $Name,
        [Parameter()] [guid] $JobGroup,
        [Parameter()] [uint32] $QuotaPoint,
        [Parameter()] [string] $CostCenter,
        [Parameter()] [string] $Tag,
        [Parameter()] [string] $Custom1,
        [Parameter()] [string] $Custom2,
        [Parameter()] [string] $Custom3,
        [Parameter()] [string] $Custom4,
        [Parameter()] [string] $Custom5,
        [Parameter()] [string] $Custom6,
        [Parameter()] [string] $Custom7,
        [Parameter()] [string] $Custom8,
        [Parameter()] [string] $Custom9,
        [Parameter()] [string] $Custom10,
        [Parameter()] [Alias('ExcludeFromPRO')] [bool] $BlockDynamicOptimization,
        [Parameter()] [switch] $ClearDRProtection,
        [Parameter()] [string] $Description,
        [Parameter()] [int] $MemoryMB,
        [Parameter()] [bool] $DynamicMemoryEnabled,
        [Parameter()] [int] $DynamicMemoryMaximumMB,
        [Parameter()] [int] $DynamicMemoryBufferPercentage,
        [Parameter()] [int] $MemoryWeight,
        [Parameter()] [bool] $VirtualVideoAdapterEnabled,
        [Parameter()] [int] $MonitorMaximumCount,
        [Parameter()] [Alias('MonitorResolutionMaximum')] [string] $MonitorMaximumResolution,
        [Parameter()] [int] $RecoveryPointObjective,
        [Parameter()] [ValidateSet('None', 'HVR8', 'HVRBlue', 'HVRAzure', 'DiskReplication', 'SANReplication')] [string] $ProtectionProvider,
        [Parameter()] [ValidateSet('Floppy', 'CD', 'IdeHardDrive', 'PxeBoot', 'Unknown')] [string[]] $BootOrder,
        [Parameter()] [string] $FirstBootDevice,
        [Parameter()] [string] $SecureBootTemplate,
        [Parameter()] [Alias('ProcessorCount')] [byte] $CPUCount,
        [Parameter()] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.ProcessorType')] [psobject] $CPUType,
        [Parameter()] [Alias('ExpectedCPUUtilization')] [int] $CPUExpectedUtilizationPercent,
        [Parameter()] [Alias('DiskIO')] [int] $DiskIops,
        [Parameter()] [Alias('NetworkUtilization')] [int] $NetworkUtilizationMbps,
        [Parameter()] [Alias('RelativeWeight')] [int] $CPURelativeWeight,
        [Parameter()] [int] $CPUReserve,
        [Parameter()] [Alias('CPUMax')] [int] $CPUMaximumPercent,
        [Parameter()] [byte] $CPUPerVirtualNumaNodeMaximum,
        [Parameter()] [int] $MemoryPerVirtualNumaNodeMaximumMB,
        [Parameter()] [byte] $VirtualNumaNodesPerSocketMaximum,
        [Parameter()] [int] $DynamicMemoryMinimumMB,
        [Parameter()] [bool] $NumaIsolationRequired,
        [Parameter()] [uint16] $AutomaticCriticalErrorAction,
        [Parameter()] [int] $AutomaticCriticalErrorActionTimeout,
        [Parameter()] [ValidateSet('Disabled', 'Production', 'ProductionOnly', 'Standard')] [string] $CheckpointType,
        [Parameter()] [switch] $RunAsynchronously,
        [Parameter()] [guid] $PROTipID,
        [Parameter()] [string] $JobVariable,
        [Parameter()] [string] $OnBehalfOfUser,
        [Parameter()] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.UserRole')] [psobject] $OnBehalfOfUserRole,
        [Parameter()] [bool] $EnableNestedVirtualization
    )
    process { Invoke-BridgeCall -Cmdlet 'Set-SCVirtualMachine' -Bound $PSBoundParameters -Caller $PSCmdlet }
}

function Set-SCVirtualNetworkAdapter {
    [CmdletBinding(DefaultParameterSetName = 'IsCheckpoint', PositionalBinding = $false)]
    param(
        [Parameter(ParameterSetName = 'IsCheckpoint')] [Parameter(ParameterSetName = 'SlotIdSpecified')] [Parameter(ParameterSetName = 'VirtualNicSpecified')] [bool] $VLanEnabled,
        [Parameter(ParameterSetName = 'IsCheckpoint')] [Parameter(ParameterSetName = 'SlotIdSpecified')] [Parameter(ParameterSetName = 'VirtualNicSpecified')] [uint16] $VLanID,
        [Parameter(ParameterSetName = 'IsCheckpoint', ValueFromPipeline = $true)] [Parameter(ParameterSetName = 'SlotIdSpecified', ValueFromPipeline = $true)] [Parameter(ParameterSetName = 'VirtualNicSpecified', ValueFromPipeline = $true)] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.ServerConnection')] [psobject] $VMMServer,
        [Parameter(ParameterSetName = 'IsCheckpoint', Position = 0, ValueFromPipeline = $true)] [Parameter(ParameterSetName = 'VirtualNicSpecified', Mandatory = $true, Position = 0, ValueFromPipeline = $true)] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.VirtualNetworkAdapter')] [psobject] $VirtualNetworkAdapter,
        [Parameter(ParameterSetName = 'IsCheckpoint', Mandatory = $true)] [Parameter(ParameterSetName = 'SlotIdSpecified')] [Parameter(ParameterSetName = 'VirtualNicSpecified')] [string] $VirtualNetwork,
        [Parameter(ParameterSetName = 'IsCheckpoint')] [switch] $Checkpoint,
        [Parameter(ParameterSetName = 'IsCheckpoint')] [Parameter(ParameterSetName = 'SlotIdSpecified')] [Parameter(ParameterSetName = 'VirtualNicSpecified')] [switch] $RunAsynchronously,
        [Parameter(ParameterSetName = 'IsCheckpoint')] [Parameter(ParameterSetName = 'SlotIdSpecified')] [Parameter(ParameterSetName = 'VirtualNicSpecified')] [guid] $PROTipID,
        [Parameter(ParameterSetName = 'IsCheckpoint')] [Parameter(ParameterSetName = 'SlotIdSpecified')] [Parameter(ParameterSetName = 'VirtualNicSpecified')] [string] $JobVariable,
        [Parameter(ParameterSetName = 'IsCheckpoint')] [Parameter(ParameterSetName = 'SlotIdSpecified')] [Parameter(ParameterSetName = 'VirtualNicSpecified')] [string] $OnBehalfOfUser,
        [Parameter(ParameterSetName = 'IsCheckpoint')] [Parameter(ParameterSetName = 'SlotIdSpecified')] [Parameter(ParameterSetName = 'VirtualNicSpecified')] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.UserRole')] [psobject] $OnBehalfOfUserRole,
        [Parameter(ParameterSetName = 'SlotIdSpecified')] [Parameter(ParameterSetName = 'VirtualNicSpecified')] [ValidateSet('Dynamic', 'Static')] [string] $IPv4AddressType,
        [Parameter(ParameterSetName = 'SlotIdSpecified')] [Parameter(ParameterSetName = 'VirtualNicSpecified')] [ValidateSet('Dynamic', 'Static')] [string] $IPv6AddressType,
        [Parameter(ParameterSetName = 'SlotIdSpecified')] [Parameter(ParameterSetName = 'VirtualNicSpecified')] [Alias('MACAddressesSpoofingEnabled')] [bool] $EnableMACAddressSpoofing,
        [Parameter(ParameterSetName = 'SlotIdSpecified')] [Parameter(ParameterSetName = 'VirtualNicSpecified')] [Alias('GuestIPNetworkVirtualizationUpdatesEnabled')] [bool] $EnableGuestIPNetworkVirtualizationUpdates,
        [Parameter(ParameterSetName = 'SlotIdSpecified')] [Parameter(ParameterSetName = 'VirtualNicSpecified')] [Alias('VMNetworkOptimizationEnabled')] [bool] $EnableVMNetworkOptimization,
        [Parameter(ParameterSetName = 'SlotIdSpecified')] [Parameter(ParameterSetName = 'VirtualNicSpecified')] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.VMNetwork')] [psobject] $VMNetwork,
        [Parameter(ParameterSetName = 'SlotIdSpecified')] [Parameter(ParameterSetName = 'VirtualNicSpecified')] [string] $VMNetworkServiceSetting,
        [Parameter(ParameterSetName = 'SlotIdSpecified')] [Parameter(ParameterSetName = 'VirtualNicSpecified')] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.PortClassification')] [psobject] $PortClassification,
        [Parameter(ParameterSetName = 'SlotIdSpecified')] [Parameter(ParameterSetName = 'VirtualNicSpecified')] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.VMSubnet')] [psobject] $VMSubnet,
        [Parameter(ParameterSetName = 'SlotIdSpecified')] [Parameter(ParameterSetName = 'VirtualNicSpecified')] [ValidateSet('Disabled', 'VMNetwork', 'Custom')] [string] $DevicePropertiesAdapterNameMode,
        [Parameter(ParameterSetName = 'SlotIdSpecified')] [Parameter(ParameterSetName = 'VirtualNicSpecified')] [bool] $ApplyInfrastructurePortProfileForNetworkController,
        [Parameter(ParameterSetName = 'SlotIdSpecified', Mandatory = $true)] [int] $SlotID,
        [Parameter(ParameterSetName = 'SlotIdSpecified')] [Parameter(ParameterSetName = 'VirtualNicSpecified')] [decimal] $RequiredBandwidth,
        [Parameter(ParameterSetName = 'SlotIdSpecified')] [Parameter(ParameterSetName = 'VirtualNicSpecified')] [switch] $NoConnection,
        [Parameter(ParameterSetName = 'SlotIdSpecified')] [Parameter(ParameterSetName = 'VirtualNicSpecified')] [Alias('EthernetAddress', 'PhysicalAddress')] [string] $MACAddress,
        [Parameter(ParameterSetName = 'SlotIdSpecified')] [Parameter(ParameterSetName = 'VirtualNicSpecified')] [Alias('EthernetAddressType', 'PhysicalAddressType')] [string] $MACAddressType,
        [Parameter(ParameterSetName = 'SlotIdSpecified')] [Parameter(ParameterSetName = 'VirtualNicSpecified')] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.LogicalNetwork')] [psobject] $LogicalNetwork,
        [Parameter(ParameterSetName = 'SlotIdSpecified')] [Parameter(ParameterSetName = 'VirtualNicSpecified')] [Alias('NoVMNetwork')] [switch] $NoLogicalNetwork,
        [Parameter(ParameterSetName = 'SlotIdSpecified', Mandatory = $true)] [Parameter(ParameterSetName = 'VirtualNicSpecified')] [guid] $JobGroup,
        [Parameter(ParameterSetName = 'SlotIdSpecified')] [Parameter(ParameterSetName = 'VirtualNicSpecified')] [string] $VMwarePortGroup,
        [Parameter(ParameterSetName = 'SlotIdSpecified')] [Parameter(ParameterSetName = 'VirtualNicSpecified')] [string] $NetworkLocation,
        [Parameter(ParameterSetName = 'SlotIdSpecified')] [Parameter(ParameterSetName = 'VirtualNicSpecified')] [Alias('Tag')] [string] $NetworkTag,
        [Parameter(ParameterSetName = 'SlotIdSpecified')] [Parameter(ParameterSetName = 'VirtualNicSpecified')] [switch] $NoPortClassification,
        [Parameter(ParameterSetName = 'SlotIdSpecified')] [Parameter(ParameterSetName = 'VirtualNicSpecified')] [string] $DevicePropertiesAdapterName,
        [Parameter(ParameterSetName = 'SlotIdSpecified')] [Parameter(ParameterSetName = 'VirtualNicSpecified')] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.PortACL')] [psobject] $PortACL,
        [Parameter(ParameterSetName = 'SlotIdSpecified')] [Parameter(ParameterSetName = 'VirtualNicSpecified')] [switch] $RemovePortACL,
        [Parameter(ParameterSetName = 'VirtualNicSpecified')] [Alias('IPv4Address')] [System.Collections.Generic.List[string]] $IPv4Addresses,
        [Parameter(ParameterSetName = 'VirtualNicSpecified')] [Alias('IPv6Address')] [System.Collections.Generic.List[string]] $IPv6Addresses,
        [Parameter(ParameterSetName = 'VirtualNicSpecified')] [Alias('IPv4AddressPool')] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.StaticIPAddressPool')] [psobject[]] $IPv4AddressPools,
        [Parameter(ParameterSetName = 'VirtualNicSpecified')] [Alias('IPv6AddressPool')] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.StaticIPAddressPool')] [psobject[]] $IPv6AddressPools
    )
    process { Invoke-BridgeCall -Cmdlet 'Set-SCVirtualNetworkAdapter' -Bound $PSBoundParameters -Caller $PSCmdlet }
}

function Start-SCVirtualMachine {
    [CmdletBinding(DefaultParameterSetName = '__AllParameterSets', PositionalBinding = $false)]
    param(
        [Parameter(Mandatory = $true, Position = 0, ValueFromPipeline = $true)] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.VM')] [psobject] $VM,
        [Parameter()] [switch] $RunAsynchronously,
        [Parameter()] [guid] $PROTipID,
        [Parameter()] [string] $JobVariable,
        [Parameter()] [string] $OnBehalfOfUser,
        [Parameter()] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.UserRole')] [psobject] $OnBehalfOfUserRole
    )
    process { Invoke-BridgeCall -Cmdlet 'Start-SCVirtualMachine' -Bound $PSBoundParameters -Caller $PSCmdlet }
}

function Stop-SCJob {
    [CmdletBinding(DefaultParameterSetName = '__AllParameterSets', PositionalBinding = $false)]
    param(
        [Parameter(Mandatory = $true, Position = 0, ValueFromPipeline = $true)] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.Task')] [psobject] $Job,
        [Parameter()] [string] $OnBehalfOfUser,
        [Parameter()] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.UserRole')] [psobject] $OnBehalfOfUserRole
    )
    process { Invoke-BridgeCall -Cmdlet 'Stop-SCJob' -Bound $PSBoundParameters -Caller $PSCmdlet }
}

function Stop-SCVirtualMachine {
    [CmdletBinding(DefaultParameterSetName = 'CorrespondsToVMM2008DiscardSavedStateVM', PositionalBinding = $false)]
    param(
        [Parameter(ParameterSetName = 'CorrespondsToVMM2008DiscardSavedStateVM', Mandatory = $true, Position = 0, ValueFromPipeline = $true)] [Parameter(ParameterSetName = 'CorrespondsToVMM2008SaveStateVM', Mandatory = $true, Position = 0, ValueFromPipeline = $true)] [Parameter(ParameterSetName = 'CorrespondsToVMM2008StopVM', Mandatory = $true, Position = 0, ValueFromPipeline = $true)] [Parameter(ParameterSetName = 'SingleVM', Mandatory = $true, Position = 0, ValueFromPipeline = $true)] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.VM')] [psobject] $VM,
        [Parameter(ParameterSetName = 'CorrespondsToVMM2008DiscardSavedStateVM')] [switch] $DiscardSavedState,
        [Parameter(ParameterSetName = 'CorrespondsToVMM2008DiscardSavedStateVM')] [Parameter(ParameterSetName = 'CorrespondsToVMM2008SaveStateVM')] [Parameter(ParameterSetName = 'CorrespondsToVMM2008StopVM')] [Parameter(ParameterSetName = 'SingleVM')] [switch] $RunAsynchronously,
        [Parameter(ParameterSetName = 'CorrespondsToVMM2008DiscardSavedStateVM')] [Parameter(ParameterSetName = 'CorrespondsToVMM2008SaveStateVM')] [Parameter(ParameterSetName = 'CorrespondsToVMM2008StopVM')] [Parameter(ParameterSetName = 'SingleVM')] [guid] $PROTipID,
        [Parameter(ParameterSetName = 'CorrespondsToVMM2008DiscardSavedStateVM')] [Parameter(ParameterSetName = 'CorrespondsToVMM2008SaveStateVM')] [Parameter(ParameterSetName = 'CorrespondsToVMM2008StopVM')] [Parameter(ParameterSetName = 'SingleVM')] [string] $JobVariable,
        [Parameter(ParameterSetName = 'CorrespondsToVMM2008DiscardSavedStateVM')] [Parameter(ParameterSetName = 'CorrespondsToVMM2008SaveStateVM')] [Parameter(ParameterSetName = 'CorrespondsToVMM2008StopVM')] [Parameter(ParameterSetName = 'SingleVM')] [string] $OnBehalfOfUser,
        [Parameter(ParameterSetName = 'CorrespondsToVMM2008DiscardSavedStateVM')] [Parameter(ParameterSetName = 'CorrespondsToVMM2008SaveStateVM')] [Parameter(ParameterSetName = 'CorrespondsToVMM2008StopVM')] [Parameter(ParameterSetName = 'SingleVM')] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.UserRole')] [psobject] $OnBehalfOfUserRole,
        [Parameter(ParameterSetName = 'CorrespondsToVMM2008SaveStateVM')] [switch] $SaveState,
        [Parameter(ParameterSetName = 'CorrespondsToVMM2008StopVM')] [switch] $Force,
        [Parameter(ParameterSetName = 'SingleVM')] [switch] $Shutdown
    )
    process { Invoke-BridgeCall -Cmdlet 'Stop-SCVirtualMachine' -Bound $PSBoundParameters -Caller $PSCmdlet }
}

function Suspend-SCVirtualMachine {
    [CmdletBinding(DefaultParameterSetName = '__AllParameterSets', PositionalBinding = $false)]
    param(
        [Parameter(Mandatory = $true, Position = 0, ValueFromPipeline = $true)] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.VM')] [psobject] $VM,
        [Parameter()] [switch] $RunAsynchronously,
        [Parameter()] [guid] $PROTipID,
        [Parameter()] [string] $JobVariable,
        [Parameter()] [string] $OnBehalfOfUser,
        [Parameter()] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.UserRole')] [psobject] $OnBehalfOfUserRole
    )
    process { Invoke-BridgeCall -Cmdlet 'Suspend-SCVirtualMachine' -Bound $PSBoundParameters -Caller $PSCmdlet }
}

function Update-SCVMConfiguration {
    [CmdletBinding(DefaultParameterSetName = 'FromVMConfig', PositionalBinding = $false)]
    param(
        [Parameter(ParameterSetName = 'FromVMConfig', Mandatory = $true, Position = 0, ValueFromPipeline = $true)] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.BaseVMConfiguration')] [psobject] $VMConfiguration,
        [Parameter(ParameterSetName = 'FromVMConfig')] [Parameter(ParameterSetName = 'FromVMConfigList')] [bool] $ValidateOnly,
        [Parameter(ParameterSetName = 'FromVMConfig')] [Parameter(ParameterSetName = 'FromVMConfigList')] [string] $VMName,
        [Parameter(ParameterSetName = 'FromVMConfig')] [Parameter(ParameterSetName = 'FromVMConfigList')] [switch] $RunAsynchronously,
        [Parameter(ParameterSetName = 'FromVMConfig')] [Parameter(ParameterSetName = 'FromVMConfigList')] [guid] $PROTipID,
        [Parameter(ParameterSetName = 'FromVMConfig')] [Parameter(ParameterSetName = 'FromVMConfigList')] [string] $JobVariable,
        [Parameter(ParameterSetName = 'FromVMConfig')] [Parameter(ParameterSetName = 'FromVMConfigList')] [string] $OnBehalfOfUser,
        [Parameter(ParameterSetName = 'FromVMConfig')] [Parameter(ParameterSetName = 'FromVMConfigList')] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.UserRole')] [psobject] $OnBehalfOfUserRole,
        [Parameter(ParameterSetName = 'FromVMConfigList', Mandatory = $true)] [PSTypeName('Microsoft.SystemCenter.VirtualMachineManager.BaseVMConfiguration')] [psobject[]] $VMConfigurationList
    )
    process { Invoke-BridgeCall -Cmdlet 'Update-SCVMConfiguration' -Bound $PSBoundParameters -Caller $PSCmdlet }
}

# What VMM has besides: there, and of no use yet.
foreach ($name in @(
        'Add-SCApplicationDeployment', 'Add-SCApplicationHostTemplate', 'Add-SCBGPPeer', 'Add-SCComputerTierTemplate',
        'Add-SCCustomPlacementRule', 'Add-SCFabricRoleResource', 'Add-SCLibraryServer', 'Add-SCLibraryShare',
        'Add-SCLoadBalancer', 'Add-SCNATConnection', 'Add-SCNATRule', 'Add-SCNetworkConnection',
        'Add-SCNetworkGateway', 'Add-SCNetworkRoute', 'Add-SCNetworkService', 'Add-SCOperatingSystem',
        'Add-SCPXEServer', 'Add-SCPowerOptimizationRange', 'Add-SCSQLDeployment', 'Add-SCSQLScriptCommand',
        'Add-SCScriptCommand', 'Add-SCServerFeature', 'Add-SCServicingWindowSubscription', 'Add-SCStorageProvider',
        'Add-SCUpdateServer', 'Add-SCUserRolePermission', 'Add-SCVMHost', 'Add-SCVMHostCluster',
        'Add-SCVMHostNetworkAdapter', 'Add-SCVMHostToNetworkController', 'Add-SCVMMManagedComputer',
        'Add-SCVMNetworkGateway', 'Add-SCVPNConnection', 'Add-SCVirtualSwitchExtensionManager',
        'Add-SCVirtualizationManager', 'Backup-SCVMMServer', 'Clear-SCPROTip', 'Clear-SCPowerOptimizationSchedule',
        'Compress-SCVirtualDiskDrive', 'Convert-SCVirtualDiskDrive', 'Copy-SCVirtualHardDisk',
        'Disable-SCLoadBalancerVIPMember', 'Disable-SCRunAsAccount', 'Disable-SCVMHost',
        'Enable-SCLoadBalancerVIPMember', 'Enable-SCRunAsAccount', 'Enable-SCVMHost',
        'Export-SCLibraryPhysicalResource', 'Export-SCTemplate', 'Find-SCCluster', 'Find-SCComputer',
        'Find-SCLibraryShare', 'Get-SCApplicableVMHostGroup', 'Get-SCApplication', 'Get-SCApplicationDeployment',
        'Get-SCApplicationHost', 'Get-SCApplicationHostTemplate', 'Get-SCApplicationPackage',
        'Get-SCApplicationProfile', 'Get-SCApplicationSetting', 'Get-SCBGPPeer', 'Get-SCBaseline', 'Get-SCCPUType',
        'Get-SCCapabilityProfile', 'Get-SCCertificate', 'Get-SCCloudCapacity', 'Get-SCCloudProtectionInfo',
        'Get-SCCloudUsage', 'Get-SCClusterVirtualNetwork', 'Get-SCCodeIntegrityPolicy', 'Get-SCComplianceStatus',
        'Get-SCComputerTier', 'Get-SCComputerTierConfiguration', 'Get-SCComputerTierTemplate',
        'Get-SCConfigurationProvider', 'Get-SCCustomPlacementRule', 'Get-SCCustomResource',
        'Get-SCDependentLibraryResource', 'Get-SCDirectoryChildItem', 'Get-SCDriverPackage',
        'Get-SCDynamicOptimizationConfiguration', 'Get-SCExtensionUplinkPortProfile', 'Get-SCFabricRole',
        'Get-SCGuardianConfiguration', 'Get-SCGuestOSProfile', 'Get-SCHostReserve', 'Get-SCISOConfiguration',
        'Get-SCKMSNetworkSetting', 'Get-SCLibraryRating', 'Get-SCLoadBalancer', 'Get-SCLoadBalancerConfiguration',
        'Get-SCLoadBalancerTemplate', 'Get-SCLoadBalancerVIP', 'Get-SCLoadBalancerVIPMember',
        'Get-SCLoadBalancerVIPTemplate', 'Get-SCLogicalNetwork', 'Get-SCLogicalNetworkDefinition',
        'Get-SCLogicalSwitch', 'Get-SCLogicalSwitchVirtualNetworkAdapter', 'Get-SCMACAddress', 'Get-SCMACAddressPool',
        'Get-SCNATConnection', 'Get-SCNATRule', 'Get-SCNativeUplinkPortProfile', 'Get-SCNetworkConnection',
        'Get-SCNetworkGateway', 'Get-SCNetworkRoute', 'Get-SCNetworkService', 'Get-SCNetworkServiceCapabilities',
        'Get-SCNetworkServiceCertificateUrl', 'Get-SCNotification', 'Get-SCOpsMgrConnection', 'Get-SCPROMonitor',
        'Get-SCPROMonitorConfiguration', 'Get-SCPROMonitorState', 'Get-SCPROTip', 'Get-SCPXEServer',
        'Get-SCPendingServiceSetting', 'Get-SCPerformanceData', 'Get-SCPhysicalComputerNetworkAdapterProfile',
        'Get-SCPhysicalComputerProfile', 'Get-SCPlacementConfiguration', 'Get-SCPortACL', 'Get-SCPortACLRule',
        'Get-SCPortClassification', 'Get-SCPowerOptimizationRange', 'Get-SCReplicationGroup', 'Get-SCRunAsAccount',
        'Get-SCRunAsAccountConsumer', 'Get-SCSQLDeployment', 'Get-SCSQLProfile', 'Get-SCSQLScriptCommand',
        'Get-SCSSASConnection', 'Get-SCSSHKey', 'Get-SCScript', 'Get-SCScriptCommand', 'Get-SCScriptCommandSetting',
        'Get-SCServerFeature', 'Get-SCService', 'Get-SCServiceConfiguration', 'Get-SCServiceSetting',
        'Get-SCServiceTemplate', 'Get-SCServicingWindow', 'Get-SCServicingWindowSubscription', 'Get-SCSharedResource',
        'Get-SCStep', 'Get-SCStorageArray', 'Get-SCStorageClassification', 'Get-SCStorageClusterDisk',
        'Get-SCStorageDisk', 'Get-SCStorageFabric', 'Get-SCStorageFileServer', 'Get-SCStorageFileShare',
        'Get-SCStorageLogicalUnit', 'Get-SCStoragePhysicalDisk', 'Get-SCStoragePool', 'Get-SCStorageProvider',
        'Get-SCStorageSwitch', 'Get-SCStorageTier', 'Get-SCStorageVolume', 'Get-SCStorageZone',
        'Get-SCStorageZoneAlias', 'Get-SCStorageZoneSet', 'Get-SCSupportedRecoveryPointObjective', 'Get-SCTag',
        'Get-SCTemplatePackage', 'Get-SCUpdate', 'Get-SCUpdateServer', 'Get-SCUplinkPortProfileSet',
        'Get-SCUserRoleMembership', 'Get-SCUserRolePermission', 'Get-SCUserRoleQuota', 'Get-SCVMConfiguration',
        'Get-SCVMConsoleInformation', 'Get-SCVMHostCluster', 'Get-SCVMHostFibreChannelHba',
        'Get-SCVMHostFromNetworkController', 'Get-SCVMHostNetworkAdapter', 'Get-SCVMHostNetworkAdapterProfile',
        'Get-SCVMHostProfile', 'Get-SCVMHostRating', 'Get-SCVMMAccessLicense', 'Get-SCVMMDRServiceRegistration',
        'Get-SCVMMManagedComputer', 'Get-SCVMNetworkGateway', 'Get-SCVMShieldingData',
        'Get-SCVMXComputerConfiguration', 'Get-SCVMwareResourcePool', 'Get-SCVPNConnection', 'Get-SCVirtualCOMPort',
        'Get-SCVirtualFibreChannelAdapterConfiguration', 'Get-SCVirtualHardDiskConfiguration', 'Get-SCVirtualNetwork',
        'Get-SCVirtualNetworkAdapterConfiguration', 'Get-SCVirtualNetworkAdapterExtensionPortProfile',
        'Get-SCVirtualNetworkAdapterNativePortProfile', 'Get-SCVirtualNetworkAdapterPortProfileSet',
        'Get-SCVirtualScsiAdapter', 'Get-SCVirtualSwitchExtension', 'Get-SCVirtualSwitchExtensionManager',
        'Get-SCVirtualizationManager', 'Get-SCVolumeSignatureCatalog', 'Grant-SCMACAddress', 'Grant-SCResource',
        'Import-SCStorageProvider', 'Import-SCTemplate', 'Install-SCStorageFileServer', 'Install-SCVMHostCluster',
        'Invoke-SCPROTip', 'Invoke-SCScriptCommand', 'Join-SCVirtualMachine', 'Mount-SCStorageDisk', 'Move-SCVMHost',
        'Move-SCVMHostCluster', 'Move-SCVMHostGroup', 'Move-SCVirtualHardDisk', 'Move-SCVirtualMachine',
        'New-SCApplicationProfile', 'New-SCBaseline', 'New-SCCapabilityProfile', 'New-SCCloud',
        'New-SCCodeIntegrityPolicy', 'New-SCCustomProperty', 'New-SCDefaultGateway', 'New-SCExternalJob',
        'New-SCGatewayRoleConfiguration', 'New-SCGuestOSProfile', 'New-SCHardwareProfile',
        'New-SCLoadBalancerConnectionPersistence', 'New-SCLoadBalancerHealthMonitor', 'New-SCLoadBalancerProtocol',
        'New-SCLoadBalancerRoleConfiguration', 'New-SCLoadBalancerTemplate', 'New-SCLoadBalancerVIP',
        'New-SCLoadBalancerVIPMember', 'New-SCLoadBalancerVIPTemplate', 'New-SCLoadBalancingMethod',
        'New-SCLogicalNetwork', 'New-SCLogicalNetworkDefinition', 'New-SCLogicalSwitch',
        'New-SCLogicalSwitchVirtualNetworkAdapter', 'New-SCMACAddressPool', 'New-SCNCBGPPeer', 'New-SCNCBGPRouter',
        'New-SCNativeUplinkPortProfile', 'New-SCNetworkRoute', 'New-SCOpsMgrConnection', 'New-SCPackageMapping',
        'New-SCPhysicalComputerConfig', 'New-SCPhysicalComputerNetworkAdapterConfig',
        'New-SCPhysicalComputerNetworkAdapterProfile', 'New-SCPhysicalComputerProfile', 'New-SCPortACL',
        'New-SCPortACLRule', 'New-SCPortClassification', 'New-SCReplicationGroup', 'New-SCRunAsAccount',
        'New-SCSQLProfile', 'New-SCSSASConnection', 'New-SCScriptCommandSetting', 'New-SCService',
        'New-SCServiceConfiguration', 'New-SCServiceTemplate', 'New-SCServicingWindow', 'New-SCStaticIPAddressPool',
        'New-SCStorageClassification', 'New-SCStorageFabricClassification', 'New-SCStorageFileShare',
        'New-SCStorageLogicalUnit', 'New-SCStoragePool', 'New-SCStorageQoSPolicy', 'New-SCStorageTier',
        'New-SCStorageVolume', 'New-SCStorageZone', 'New-SCStorageZoneAlias', 'New-SCSubnetVLan',
        'New-SCUplinkPortProfileSet', 'New-SCV2V', 'New-SCVMConnectFedAuth', 'New-SCVMHost', 'New-SCVMHostConfig',
        'New-SCVMHostFibreChannelVirtualSAN', 'New-SCVMHostGroup', 'New-SCVMHostNetworkAdapterConfig',
        'New-SCVMHostNetworkAdapterProfile', 'New-SCVMHostProfile', 'New-SCVMNetwork', 'New-SCVMShieldingData',
        'New-SCVMSubnet', 'New-SCVMXComputerConfiguration', 'New-SCVirtualNetwork',
        'New-SCVirtualNetworkAdapterNativePortProfile', 'New-SCVirtualNetworkAdapterPortProfileSet',
        'New-SCVirtualScsiAdapter', 'Publish-SCWindowsPE', 'Read-SCFabricRoleResource', 'Read-SCGuestInfo',
        'Read-SCLoadBalancer', 'Read-SCLoadBalancerVIP', 'Read-SCNetworkGateway', 'Read-SCNetworkService',
        'Read-SCService', 'Read-SCServiceTemplate', 'Read-SCStorageProvider', 'Read-SCVMHost', 'Read-SCVMHostCluster',
        'Read-SCVMMManagedComputer', 'Read-SCVMNetworkGateway', 'Read-SCVPNConnection',
        'Read-SCVirtualSwitchExtensionManager', 'Read-SCVirtualizationManager', 'Register-SCStorageFileShare',
        'Register-SCStorageLogicalUnit', 'Register-SCVMHost', 'Register-SCVMMAccessLicense',
        'Register-SCVMMManagedComputer', 'Register-SCVirtualMachine', 'Remove-SCApplicationDeployment',
        'Remove-SCApplicationHostTemplate', 'Remove-SCApplicationPackage', 'Remove-SCApplicationProfile',
        'Remove-SCBGPPeer', 'Remove-SCBaseline', 'Remove-SCCapabilityProfile', 'Remove-SCCloud',
        'Remove-SCCodeIntegrityPolicy', 'Remove-SCComputerTierTemplate', 'Remove-SCCustomPlacementRule',
        'Remove-SCCustomProperty', 'Remove-SCCustomPropertyValue', 'Remove-SCCustomResource',
        'Remove-SCDriverPackage', 'Remove-SCFabricRoleResource', 'Remove-SCGuestOSProfile',
        'Remove-SCHardwareProfile', 'Remove-SCLibraryServer', 'Remove-SCLibraryShare', 'Remove-SCLoadBalancer',
        'Remove-SCLoadBalancerTemplate', 'Remove-SCLoadBalancerVIP', 'Remove-SCLoadBalancerVIPMember',
        'Remove-SCLoadBalancerVIPTemplate', 'Remove-SCLogicalNetwork', 'Remove-SCLogicalNetworkDefinition',
        'Remove-SCLogicalSwitch', 'Remove-SCLogicalSwitchVirtualNetworkAdapter', 'Remove-SCMACAddressPool',
        'Remove-SCNATConnection', 'Remove-SCNATRule', 'Remove-SCNativeUplinkPortProfile',
        'Remove-SCNetworkConnection', 'Remove-SCNetworkGateway', 'Remove-SCNetworkRoute', 'Remove-SCNetworkService',
        'Remove-SCOperatingSystem', 'Remove-SCOpsMgrConnection', 'Remove-SCPXEServer',
        'Remove-SCPhysicalComputerNetworkAdapterProfile', 'Remove-SCPhysicalComputerProfile', 'Remove-SCPortACL',
        'Remove-SCPortACLRule', 'Remove-SCPortClassification', 'Remove-SCReplicationGroup', 'Remove-SCRunAsAccount',
        'Remove-SCSQLDeployment', 'Remove-SCSQLProfile', 'Remove-SCSQLScriptCommand', 'Remove-SCSSASConnection',
        'Remove-SCSSHKey', 'Remove-SCScript', 'Remove-SCScriptCommand', 'Remove-SCServerFeature', 'Remove-SCService',
        'Remove-SCServiceConfiguration', 'Remove-SCServiceTemplate', 'Remove-SCServicingWindow',
        'Remove-SCServicingWindowSubscription', 'Remove-SCStaticIPAddressPool', 'Remove-SCStorageClassification',
        'Remove-SCStorageFabricClassification', 'Remove-SCStorageFileShare', 'Remove-SCStorageLogicalUnit',
        'Remove-SCStoragePool', 'Remove-SCStorageProvider', 'Remove-SCStorageQoSPolicy', 'Remove-SCStorageVolume',
        'Remove-SCStorageZone', 'Remove-SCStorageZoneAlias', 'Remove-SCUpdateServer', 'Remove-SCUplinkPortProfileSet',
        'Remove-SCUserRolePermission', 'Remove-SCVMHost', 'Remove-SCVMHostCluster',
        'Remove-SCVMHostFibreChannelVirtualSAN', 'Remove-SCVMHostFromNetworkController', 'Remove-SCVMHostGroup',
        'Remove-SCVMHostNetworkAdapter', 'Remove-SCVMHostNetworkAdapterProfile', 'Remove-SCVMHostProfile',
        'Remove-SCVMMManagedComputer', 'Remove-SCVMNetwork', 'Remove-SCVMNetworkGateway', 'Remove-SCVMShieldingData',
        'Remove-SCVMSubnet', 'Remove-SCVMXComputerConfiguration', 'Remove-SCVPNConnection',
        'Remove-SCVirtualFibreChannelAdapter', 'Remove-SCVirtualNetwork', 'Remove-SCVirtualNetworkAdapter',
        'Remove-SCVirtualNetworkAdapterNativePortProfile', 'Remove-SCVirtualNetworkAdapterPortProfileSet',
        'Remove-SCVirtualScsiAdapter', 'Remove-SCVirtualSwitchExtensionManager', 'Remove-SCVirtualizationManager',
        'Repair-SCStorageFileShare', 'Repair-SCVMHost', 'Repair-SCVMMDRServiceRegistration',
        'Repair-SCVirtualNetwork', 'Repair-SCVirtualNetworkAdapter', 'Reset-SCPROMonitorState',
        'Reset-SCVirtualMachine', 'Resolve-SCServiceTemplate', 'Restart-SCJob', 'Restart-SCVMHost',
        'Resume-SCService', 'Revoke-SCMACAddress', 'Revoke-SCResource', 'Save-SCVirtualMachine',
        'Set-SCApplicationDeployment', 'Set-SCApplicationHostTemplate', 'Set-SCApplicationPackage',
        'Set-SCApplicationProfile', 'Set-SCApplicationSetting', 'Set-SCBaseline', 'Set-SCCapabilityProfile',
        'Set-SCCloud', 'Set-SCCloudCapacity', 'Set-SCCodeIntegrityPolicy', 'Set-SCComplianceStatus',
        'Set-SCComputerTier', 'Set-SCComputerTierConfiguration', 'Set-SCComputerTierTemplate',
        'Set-SCCustomPlacementRule', 'Set-SCCustomProperty', 'Set-SCCustomResource', 'Set-SCDriverPackage',
        'Set-SCDynamicOptimizationConfiguration', 'Set-SCExternalJob', 'Set-SCFabricRole', 'Set-SCFabricRoleResource',
        'Set-SCGuestInfo', 'Set-SCGuestOSProfile', 'Set-SCHardwareProfile', 'Set-SCHostReserve', 'Set-SCIPAddress',
        'Set-SCISO', 'Set-SCISOConfiguration', 'Set-SCInternetSCSIHba', 'Set-SCKMSNetworkSetting',
        'Set-SCLibraryServer', 'Set-SCLibraryShare', 'Set-SCLoadBalancer', 'Set-SCLoadBalancerConfiguration',
        'Set-SCLoadBalancerTemplate', 'Set-SCLoadBalancerVIPTemplate', 'Set-SCLogicalNetwork',
        'Set-SCLogicalNetworkDefinition', 'Set-SCLogicalSwitch', 'Set-SCLogicalSwitchVirtualNetworkAdapter',
        'Set-SCMACAddressPool', 'Set-SCNATConnection', 'Set-SCNativeUplinkPortProfile', 'Set-SCNetworkConnection',
        'Set-SCNetworkGateway', 'Set-SCNetworkService', 'Set-SCNotification', 'Set-SCOpsMgrConnection',
        'Set-SCPROMonitorConfiguration', 'Set-SCPROTip', 'Set-SCPackageMapping', 'Set-SCPhysicalComputerProfile',
        'Set-SCPlacementConfiguration', 'Set-SCPortACL', 'Set-SCPortACLRule', 'Set-SCPortClassification',
        'Set-SCReplicationGroup', 'Set-SCRunAsAccount', 'Set-SCSQLDeployment', 'Set-SCSQLProfile',
        'Set-SCSQLScriptCommand', 'Set-SCSSHKey', 'Set-SCScript', 'Set-SCScriptCommand', 'Set-SCScriptCommandSetting',
        'Set-SCService', 'Set-SCServiceConfiguration', 'Set-SCServiceSetting', 'Set-SCServiceTemplate',
        'Set-SCServicingWindow', 'Set-SCStaticIPAddressPool', 'Set-SCStorageArray', 'Set-SCStorageClassification',
        'Set-SCStorageDisk', 'Set-SCStorageFabric', 'Set-SCStorageFabricClassification', 'Set-SCStorageFileServer',
        'Set-SCStorageFileServerNode', 'Set-SCStorageFileShare', 'Set-SCStorageLogicalUnit', 'Set-SCStoragePool',
        'Set-SCStorageProvider', 'Set-SCStorageQoSPolicy', 'Set-SCStorageVolume', 'Set-SCStorageZone',
        'Set-SCStorageZoneAlias', 'Set-SCStorageZoneSet', 'Set-SCUpdate', 'Set-SCUpdateServer',
        'Set-SCUplinkPortProfileSet', 'Set-SCUserRoleQuota', 'Set-SCVMHost', 'Set-SCVMHostCluster',
        'Set-SCVMHostFibreChannelVirtualSAN', 'Set-SCVMHostGroup', 'Set-SCVMHostNetworkAdapter',
        'Set-SCVMHostProfile', 'Set-SCVMMManagedComputer', 'Set-SCVMMServer', 'Set-SCVMNetwork',
        'Set-SCVMNetworkGateway', 'Set-SCVMShieldingData', 'Set-SCVMSubnet', 'Set-SCVMTemplate',
        'Set-SCVPNConnection', 'Set-SCVirtualCOMPort', 'Set-SCVirtualFibreChannelAdapter',
        'Set-SCVirtualFibreChannelAdapterConfiguration', 'Set-SCVirtualFloppyDisk', 'Set-SCVirtualHardDisk',
        'Set-SCVirtualHardDiskConfiguration', 'Set-SCVirtualNetwork', 'Set-SCVirtualNetworkAdapterConfiguration',
        'Set-SCVirtualNetworkAdapterNativePortProfile', 'Set-SCVirtualNetworkAdapterPortProfileSet',
        'Set-SCVirtualScsiAdapter', 'Set-SCVirtualSwitchExtension', 'Set-SCVirtualSwitchExtensionManager',
        'Set-SCVirtualizationManager', 'Start-SCClusterUpgrade', 'Start-SCComplianceScan',
        'Start-SCDynamicOptimization', 'Start-SCService', 'Start-SCUpdateRemediation',
        'Start-SCUpdateServerSynchronization', 'Start-SCVMHost', 'Stop-SCService', 'Stop-SCVMHost',
        'Suspend-SCService', 'Test-SCCapabilityProfile', 'Test-SCDomainCredential', 'Test-SCLoadBalancer',
        'Test-SCNetworkGateway', 'Test-SCNetworkService', 'Test-SCPROTip', 'Test-SCServiceTemplate',
        'Test-SCVMHostCluster', 'Test-SCVirtualDiskDrive', 'Test-SCVirtualSwitchExtensionManager',
        'Uninstall-SCStorageFileServer', 'Uninstall-SCVMHostCluster', 'Unregister-SCStorageFileShare',
        'Unregister-SCStorageLogicalUnit', 'Update-SCClusterFunctionalLevel', 'Update-SCService',
        'Update-SCServiceConfiguration', 'Update-SCVMMManagedComputer', 'Update-SCVMVersion',
        'Use-SCDiscardSavedStateVM', 'Use-SCSaveStateVM', 'Use-SCShutdownVM', 'Use-SCStopVM',
        'Write-SCOpsMgrConnection'
    )) {
    $null = $ExecutionContext.InvokeProvider.Item.Set("function:script:$name", $script:NotKnown)
}

Export-ModuleMember -Function *-SC*
