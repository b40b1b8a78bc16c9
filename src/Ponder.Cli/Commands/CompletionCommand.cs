using System.CommandLine;

namespace Ponder.Cli.Commands;

/// <summary><c>ponder completion</c>: scripts that let a shell complete the command line.</summary>
internal static class CompletionCommand
{
    // Each asks the program itself, so that a script never lags behind the commands; where nothing fits, files are offered.
    private const string Bash = """
        _ponder() {
            local IFS=$'\n'
            COMPREPLY=($(ponder "[suggest:${COMP_POINT}]" "${COMP_LINE}" 2>/dev/null | grep -F -- "${COMP_WORDS[COMP_CWORD]}"))
        }
        complete -o default -F _ponder ponder
        """;

    private const string Zsh = """
        #compdef ponder
        _ponder() {
            local -a words_found
            words_found=("${(@f)$(ponder "[suggest:${CURSOR}]" "${BUFFER}" 2>/dev/null)}")
            compadd -a words_found
            _files
        }
        compdef _ponder ponder
        """;

    private const string Fish = """
        complete -c ponder -a '(set -l line (commandline -cp); ponder "[suggest:"(string length -- $line)"]" "$line" 2>/dev/null)'
        """;

    private const string PowerShell = """
        Register-ArgumentCompleter -Native -CommandName ponder -ScriptBlock {
            param($word, $line, $position)
            ponder "[suggest:$position]" "$line" 2>$null | ForEach-Object { [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_) }
        }
        """;

    private static readonly string[] Shells = ["bash", "zsh", "fish", "pwsh"];

    /// <summary>Makes the command.</summary>
    public static Command Create(Terminal terminal)
    {
        var shell = new Argument<string>("SHELL") { Description = "bash, zsh, fish or pwsh." };
        shell.AcceptOnlyFromAmong(Shells);
        var command = new CommandWithExamples("completion", "Prints a script that lets a shell complete ponder's commands and options.")
        {
            Examples = ["source <(ponder completion bash)", "ponder completion fish > ~/.config/fish/completions/ponder.fish"],
        };
        command.Add(shell);
        command.SetAction(parsed =>
        {
            terminal.Out.WriteLine(parsed.GetRequiredValue(shell) switch { "bash" => Bash, "zsh" => Zsh, "fish" => Fish, _ => PowerShell });
            return ExitCodes.Success;
        });
        return command;
    }
}
