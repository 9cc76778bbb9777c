# Builds the Windows program and its installer. NOT YET RUN: written on Linux, where it can't be.
# Needs Python 3.11 or newer and Inno Setup 6 (iscc.exe on the PATH).
$ErrorActionPreference = "Stop"
Set-Location (Join-Path $PSScriptRoot "..\..")
py -3 packaging\build.py
if ($LASTEXITCODE -ne 0) { throw "The program was not built." }
$version = (Select-String -Path pyproject.toml -Pattern '^version = "(.+)"').Matches[0].Groups[1].Value
iscc "/DVersion=$version" packaging\windows\glomviewer.iss
if ($LASTEXITCODE -ne 0) { throw "The installer was not built." }
