@echo off
rem Runs Ponder's command line; builds it first when it is missing or its sources changed.
setlocal
set "root=%~dp0"
where dotnet >nul 2>nul
if errorlevel 1 (
    echo ponder: the .NET 10 SDK is missing: install it and put 'dotnet' on the PATH. 1>&2
    exit /b 2
)
powershell -NoProfile -ExecutionPolicy Bypass -Command "$r = $env:root; $s = Join-Path $r 'artifacts/launcher.stamp'; $p = Join-Path $r 'artifacts/ponder/ponder.dll'; if (-not (Test-Path $s) -or -not (Test-Path $p)) { exit 1 }; $t = (Get-Item $s).LastWriteTimeUtc; $n = Get-ChildItem -Recurse -Path (Join-Path $r 'src'), (Join-Path $r 'models'), (Join-Path $r '*.props'), (Join-Path $r 'global.json') | Where-Object { $_.LastWriteTimeUtc -gt $t } | Select-Object -First 1; if ($n) { exit 1 }"
if errorlevel 1 (
    dotnet --list-sdks | findstr /b "10." >nul
    if errorlevel 1 (
        echo ponder: the .NET 10 SDK is missing; 'dotnet --list-sdks' shows what is installed. 1>&2
        exit /b 2
    )
    if not exist "%root%artifacts" mkdir "%root%artifacts"
    type nul > "%root%artifacts\launcher.new"
    echo ponder: building ^(first use, or sources changed^) ... 1>&2
    rem Code compiled ahead halves the time to the first token. Where its compiler cannot be restored, the runtime compiles instead.
    dotnet publish "%root%src\Ponder.Cli" -c Release -o "%root%artifacts\ponder" --nologo -v quiet --use-current-runtime --self-contained false -p:PublishReadyToRun=true >nul 2>nul
    if errorlevel 1 (
        dotnet publish "%root%src\Ponder.Cli" -c Release -o "%root%artifacts\ponder" --nologo -v quiet 1>&2
        if errorlevel 1 exit /b 1
        echo ponder: built without code compiled ahead, for its packages could not be restored; commands start a little later. 1>&2
    )
    move /y "%root%artifacts\launcher.new" "%root%artifacts\launcher.stamp" >nul
)
dotnet "%root%artifacts\ponder\ponder.dll" %*
exit /b %errorlevel%
