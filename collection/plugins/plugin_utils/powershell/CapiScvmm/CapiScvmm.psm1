# SPDX-License-Identifier: GPL-3.0-or-later
# The installed form of the module. The collection can also send the same files as one text (powershell_module.py).

. (Join-Path -Path $PSScriptRoot -ChildPath 'state.ps1')
foreach ($file in (Get-ChildItem -Path (Join-Path -Path $PSScriptRoot -ChildPath 'functions') -Filter '*.ps1')) {
    . $file.FullName
}
Export-ModuleMember -Function 'Invoke-CapiScvmmOperation'
