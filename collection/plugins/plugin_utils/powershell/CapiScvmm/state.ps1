# SPDX-License-Identifier: GPL-3.0-or-later
# What the module's functions share: preferences of its scope, and what it remembers between two calls of one runspace.

Set-StrictMode -Version 1.0
$ErrorActionPreference = 'Stop'
$WarningPreference = 'SilentlyContinue'
$ProgressPreference = 'SilentlyContinue'

$script:CapiVersion = '0.1.0'
# When each VM was last refreshed, so that polls in a row do not refresh it more than once a second.
$script:CapiRefreshed = @{}
# The shape of each VM at the last look, with what it was made from.
$script:CapiShapes = @{}
# Whether the shape in the making lacks something that VMM would not tell just now: then it is not kept.
$script:CapiDoubtful = $false
# The failure of a VM that the operation has dismissed, for its answer.
$script:CapiDismissed = $null
