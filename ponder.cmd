@echo off
rem Runs Ponder's command line; builds it first when it is missing or its sources changed.
setlocal
set "root=%~dp0"
where dotnet >nul 2>nul
if errorlevel 1 (
    echo ponder: the .NET 10 SDK is missing: install it and put 'dotnet' on the PATH. 1>&2
    exit /b 2
)
powershell -NoProfile -ExecutionPolicy Bypass -Command "$r = $env:root; $s = Join-Path $r 'artifacts/launcher.stamp'; $p = Join-Path $r 'artifacts/bin/Ponder.Cli/release/ponder.dll'; if (-not (Test-Path $s) -or -not (Test-Path $p)) { exit 1 }; $t = (Get-Item $s).LastWriteTimeUtc; $n = Get-ChildItem -Recurse -Path (Join-Path $r 'src'), (Join-Path $r 'models'), (Join-Path $r '*.props'), (Join-Path $r 'global.json') | Where-Object { $_.LastWriteTimeUtc -gt $t } | Select-Object -First 1; if ($n) { exit 1 }"
if errorlevel 1 (
    dotnet --list-sdks | findstr /b "10." >nul
    if errorlevel 1 (
        echo ponder: the .NET 10 SDK is missing; 'dotnet --list-sdks' shows what is installed. 1>&2
        exit /b 2
    )
    if not exist "%root%artifacts" mkdir "%root%artifacts"
    type nul > "%root%artifacts\launcher.new"
    echo ponder: building ^(first use, or sources changed^) ... 1>&2
    dotnet build "%root%src\Ponder.Cli" -c Release --nologo -v quiet 1>&2
    if errorlevel 1 exit /b 1
    move /y "%root%artifacts\launcher.new" "%root%artifacts\launcher.stamp" >nul
)
dotnet "%root%artifacts\bin\Ponder.Cli\release\ponder.dll" %*
exit /b %errorlevel%
