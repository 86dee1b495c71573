# SPDX-License-Identifier: Apache-2.0
# Parses PowerShell files and tells what is in them, as JSON lines: one per file given as an argument.
# It only tells; what of it is against a rule is said in source_rules.py.

function Get-ScopeName($Node) {
    # The function in which a node stands; variables of one function are not those of another.
    for ($at = $Node.Parent; $at; $at = $at.Parent) {
        if ($at -is [System.Management.Automation.Language.FunctionDefinitionAst]) { return $at.Name }
    }
    ''
}

function Get-BareExpression($Node) {
    # The expression inside a statement, without a cast such as [ordered].
    if ($Node -is [System.Management.Automation.Language.PipelineAst] -and $Node.PipelineElements.Count -eq 1) { $Node = $Node.PipelineElements[0] }
    if ($Node -is [System.Management.Automation.Language.CommandExpressionAst]) { $Node = $Node.Expression }
    if ($Node -is [System.Management.Automation.Language.ConvertExpressionAst]) { $Node = $Node.Child }
    $Node
}

function Get-Call($Node) {
    # A command with its elements in order.
    $elements = @(foreach ($element in @($Node.CommandElements | Select-Object -Skip 1)) {
            if ($element -is [System.Management.Automation.Language.CommandParameterAst]) {
                @{ kind = 'parameter'; name = $element.ParameterName; value = $null -ne $element.Argument }
            }
            elseif ($element -is [System.Management.Automation.Language.VariableExpressionAst] -and $element.Splatted) {
                @{ kind = 'splat'; name = $element.VariablePath.UserPath }
            }
            elseif ($element -is [System.Management.Automation.Language.VariableExpressionAst]) {
                @{ kind = 'value'; name = $element.VariablePath.UserPath }
            }
            else { @{ kind = 'value'; name = '' } }
        })
    @{
        name = [string]$Node.GetCommandName(); line = $Node.Extent.StartLineNumber; scope = Get-ScopeName $Node
        operator = [string]$Node.InvocationOperator; elements = $elements
        literal = $Node.CommandElements[0] -isnot [System.Management.Automation.Language.ExpandableStringExpressionAst]
    }
}

function Get-Key($Node) {
    # The keys of a literal hashtable; one that is computed cannot be told.
    foreach ($pair in $Node.KeyValuePairs) {
        if ($pair.Item1 -is [System.Management.Automation.Language.StringConstantExpressionAst]) { $pair.Item1.Value }
    }
}

function Get-Inner($Node) {
    # The tables inside a literal hashtable, by key.
    foreach ($pair in $Node.KeyValuePairs) {
        $value = Get-BareExpression $pair.Item2
        $made = @{ key = $pair.Item1.Extent.Text.Trim("'", '"'); scope = Get-ScopeName $Node; keys = @(); variable = '' }
        if ($value -is [System.Management.Automation.Language.HashtableAst]) { $made.keys = @(Get-Key $value); $made }
        if ($value -is [System.Management.Automation.Language.VariableExpressionAst]) { $made.variable = $value.VariablePath.UserPath; $made }
    }
}

function Get-Deep($Node) {
    # What an assignment such as $a.b.C = … puts into the table b.
    $inner = $Node.Left.Expression
    if ($Node.Left -is [System.Management.Automation.Language.MemberExpressionAst] -and $inner -is [System.Management.Automation.Language.MemberExpressionAst]) {
        @{ key = $inner.Member.Extent.Text; scope = Get-ScopeName $Node; keys = @($Node.Left.Member.Extent.Text); variable = '' }
    }
}

function Get-Result($Node) {
    # The hashtables and variables that a function writes: what a caller gets of it.
    foreach ($pipeline in $Node.Body.FindAll({ $args[0] -is [System.Management.Automation.Language.PipelineAst] }, $true)) {
        $type = $pipeline.Parent.GetType().Name
        if ('StatementBlockAst', 'NamedBlockAst', 'ReturnStatementAst' -notcontains $type) { continue }
        $written = Get-BareExpression $pipeline
        if ($written -is [System.Management.Automation.Language.HashtableAst]) { @{ keys = @(Get-Key $written); variable = '' } }
        if ($written -is [System.Management.Automation.Language.VariableExpressionAst]) { @{ keys = @(); variable = $written.VariablePath.UserPath } }
    }
}

function Get-Table($Node) {
    # What an assignment puts into a hashtable: keys, another table, what a function gives, or keys from a loop.
    $scope = Get-ScopeName $Node
    $left = $Node.Left
    $right = Get-BareExpression $Node.Right
    if ($left -is [System.Management.Automation.Language.ConvertExpressionAst]) { $left = $left.Child }
    if ($left -is [System.Management.Automation.Language.VariableExpressionAst]) {
        $made = @{ scope = $scope; variable = $left.VariablePath.UserPath; keys = @(); from = ''; each = ''; call = ''; member = ''; values = @(); valuesOf = '' }
        if ($right -is [System.Management.Automation.Language.HashtableAst]) {
            $made.keys = @(Get-Key $right)
            $made.values = @($right.KeyValuePairs | ForEach-Object { $_.Item2.Extent.Text.Trim("'", '"') })
        }
        elseif ($right -is [System.Management.Automation.Language.VariableExpressionAst]) { $made.from = $right.VariablePath.UserPath }
        elseif ($right -is [System.Management.Automation.Language.MemberExpressionAst]) { $made.member = $right.Member.Extent.Text }
        elseif ($right -is [System.Management.Automation.Language.CommandAst]) { $made.call = [string]$right.GetCommandName() }
        return $made
    }
    if ($left -is [System.Management.Automation.Language.MemberExpressionAst] -and $left.Expression -is [System.Management.Automation.Language.VariableExpressionAst]) {
        return @{ scope = $scope; variable = $left.Expression.VariablePath.UserPath; keys = @($left.Member.Extent.Text); from = ''; each = ''; call = ''; member = ''; values = @(); valuesOf = '' }
    }
    if ($left -is [System.Management.Automation.Language.IndexExpressionAst] -and $left.Target -is [System.Management.Automation.Language.VariableExpressionAst]) {
        $made = @{ scope = $scope; variable = $left.Target.VariablePath.UserPath; keys = @(); from = ''; each = ''; call = ''; member = ''; values = @(); valuesOf = '' }
        if ($left.Index -is [System.Management.Automation.Language.StringConstantExpressionAst]) { $made.keys = @($left.Index.Value) }
        elseif ($left.Index -is [System.Management.Automation.Language.VariableExpressionAst]) { $made.each = $left.Index.VariablePath.UserPath }
        elseif ($left.Index -is [System.Management.Automation.Language.IndexExpressionAst] -and $left.Index.Target -is [System.Management.Automation.Language.VariableExpressionAst]) {
            $made.valuesOf = $left.Index.Target.VariablePath.UserPath
        }
        $made
    }
}

function Get-Loop($Node) {
    # What a foreach runs over: the keys of a table, or a list of texts.
    $over = Get-BareExpression $Node.Condition
    $made = @{ scope = Get-ScopeName $Node; variable = $Node.Variable.VariablePath.UserPath; keysOf = ''; keys = @() }
    if ($over -is [System.Management.Automation.Language.MemberExpressionAst] -and $over.Member.Extent.Text -eq 'Keys') { $made.keysOf = $over.Expression.VariablePath.UserPath }
    if ($over -is [System.Management.Automation.Language.ArrayLiteralAst]) {
        $made.keys = @($over.Elements | ForEach-Object { if ($_ -is [System.Management.Automation.Language.StringConstantExpressionAst]) { $_.Value } })
    }
    $made
}

function Get-Newer($Nodes, $Tokens) {
    # Syntax that PowerShell has got after 5.1, with its line.
    $kinds = 'QuestionDot', 'QuestionLBracket', 'QuestionQuestion', 'QuestionQuestionEquals', 'AndAnd', 'OrOr', 'QuestionMark', 'Clean'
    $line = 0
    foreach ($token in $Tokens) {
        $kind = [string]$token.Kind
        $text = $token.Text
        if ($kind -eq 'NewLine') { $line = 0; continue }
        $line++
        $place = "$($token.Extent.StartLineNumber): "
        if ($kinds -contains $kind) { $place + $text }
        if ($kind -eq 'Pipe' -and $line -eq 1) { $place + 'a line that begins with |' }
        if ($kind -eq 'Number' -and $text -match '^0b|(?<=[0-9a-f])(uy|us|ul|u|y|s|n)$' -and $text -notmatch '^0x') { $place + $text }
        if (($kind -eq 'StringExpandable' -or $kind -eq 'HereStringExpandable') -and $text.Contains('`u{')) { $place + '`u{}' }
        if (($kind -eq 'StringExpandable' -or $kind -eq 'HereStringExpandable') -and $text.Contains('`e')) { $place + '`e' }
    }
    foreach ($node in $Nodes) {
        $place = "$($node.Extent.StartLineNumber): "
        $type = $node.GetType().Name
        if ($type -eq 'TernaryExpressionAst' -or $type -eq 'PipelineChainAst') { $place + $type }
        if (($type -eq 'PipelineAst' -or $type -eq 'PipelineChainAst') -and $node.Background) { $place + 'a command in the background' }
        if ($type -eq 'ScriptBlockAst' -and $node.CleanBlock) { $place + 'a clean block' }
        if ($type -eq 'BinaryExpressionAst' -and [string]$node.Operator -eq 'DotDot' -and $node.Left -is [System.Management.Automation.Language.StringConstantExpressionAst]) { $place + 'a range of characters' }
        if ($type -eq 'VariableExpressionAst' -and $node.VariablePath.UserPath -match '^(IsLinux|IsMacOS|IsWindows|IsCoreCLR|PSStyle|EnabledExperimentalFeatures)$') { $place + $node.Extent.Text }
    }
}

# The verbs that Windows PowerShell 5.1 approves of: today's without those that came later.
$verbs = foreach ($group in 'Common', 'Communications', 'Data', 'Diagnostic', 'Lifecycle', 'Other', 'Security') {
    foreach ($field in ([type]"System.Management.Automation.Verbs$group").GetFields()) { if ('Build', 'Deploy' -notcontains $field.Name) { $field.Name } }
}
ConvertTo-Json -InputObject @{ verbs = @($verbs) } -Depth 2 -Compress
foreach ($path in $args) {
    $tokens = $null
    $errors = $null
    $tree = [System.Management.Automation.Language.Parser]::ParseFile($path, [ref]$tokens, [ref]$errors)
    # The stand-in's generated part is long, and its generator writes only declarations: that it parses is enough.
    $all = @(if (-not $path.EndsWith('VirtualMachineManager.psm1')) { $tree.FindAll({ $true }, $true) })
    $made = @{
        errors = @($errors | ForEach-Object { "$($_.Extent.StartLineNumber): $($_.Message)" })
        newer = @(Get-Newer -Nodes $all -Tokens $tokens)
        commands = @($all | Where-Object { $_ -is [System.Management.Automation.Language.CommandAst] } | ForEach-Object { Get-Call $_ })
        functions = @($all | Where-Object { $_ -is [System.Management.Automation.Language.FunctionDefinitionAst] } | ForEach-Object {
                @{
                    name = $_.Name; line = $_.Extent.StartLineNumber; lines = $_.Extent.EndLineNumber - $_.Extent.StartLineNumber + 1
                    writes = @(Get-Result $_)
                    help = [string]$_.GetHelpContent().Synopsis
                    parameters = @(if ($_.Body.ParamBlock) { $_.Body.ParamBlock.Parameters | ForEach-Object { $_.Name.VariablePath.UserPath } })
                }
            })
        members = @($all | Where-Object { $_ -is [System.Management.Automation.Language.InvokeMemberExpressionAst] } | ForEach-Object {
                @{ on = $_.Expression.Extent.Text; name = $_.Member.Extent.Text; line = $_.Extent.StartLineNumber }
            })
        tables = @($all | Where-Object { $_ -is [System.Management.Automation.Language.AssignmentStatementAst] } | ForEach-Object { Get-Table $_ } | Where-Object { $_ })
        inner = @(
            $all | Where-Object { $_ -is [System.Management.Automation.Language.HashtableAst] } | ForEach-Object { Get-Inner $_ }
            $all | Where-Object { $_ -is [System.Management.Automation.Language.AssignmentStatementAst] } | ForEach-Object { Get-Deep $_ }
        )
        loops = @($all | Where-Object { $_ -is [System.Management.Automation.Language.ForEachStatementAst] } | ForEach-Object { Get-Loop $_ })
    }
    ConvertTo-Json -InputObject $made -Depth 8 -Compress
}
