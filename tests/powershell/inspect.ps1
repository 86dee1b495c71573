# SPDX-License-Identifier: Apache-2.0
# Parses PowerShell files and tells what is in them, as JSON lines: one per file given as an argument.
# Of made files (VirtualMachineManager.psm1 is long) only what the parser has against them.

$newer = 'QuestionDot', 'QuestionLBracket', 'QuestionQuestion', 'QuestionQuestionEquals', 'AndAnd', 'OrOr', 'QuestionMark'
foreach ($path in $args) {
    $tokens = $null
    $errors = $null
    $tree = [System.Management.Automation.Language.Parser]::ParseFile($path, [ref]$tokens, [ref]$errors)
    $found = @($errors | ForEach-Object { "$($_.Extent.StartLineNumber): $($_.Message)" })
    if ($path.EndsWith('VirtualMachineManager.psm1')) {
        ConvertTo-Json -InputObject @{ errors = $found } -Compress -Depth 3
        continue
    }
    $commands = foreach ($node in $tree.FindAll({ $args[0] -is [System.Management.Automation.Language.CommandAst] }, $true)) {
        @{
            name = [string]$node.GetCommandName()
            line = $node.Extent.StartLineNumber
            parameters = @($node.CommandElements | Where-Object { $_ -is [System.Management.Automation.Language.CommandParameterAst] } | ForEach-Object { $_.ParameterName })
            operator = [string]$node.InvocationOperator
        }
    }
    $nodes = @($tree.FindAll({ $true }, $true) | ForEach-Object { $_.GetType().Name } | Sort-Object -Unique)
    $made = @{
        errors = $found
        newer = @($tokens | Where-Object { $newer -contains [string]$_.Kind } | ForEach-Object { "$($_.Extent.StartLineNumber): $($_.Text)" })
        nodes = $nodes
        commands = @($commands)
        functions = @($tree.FindAll({ $args[0] -is [System.Management.Automation.Language.FunctionDefinitionAst] }, $true) | ForEach-Object {
                @{ name = $_.Name; help = [string]$_.GetHelpContent().Synopsis; lines = $_.Extent.EndLineNumber - $_.Extent.StartLineNumber + 1 }
            })
        members = @($tree.FindAll({ $args[0] -is [System.Management.Automation.Language.InvokeMemberExpressionAst] }, $true) | ForEach-Object { [string]$_.Expression + '.' + [string]$_.Member })
    }
    ConvertTo-Json -InputObject $made -Depth 6 -Compress
}
