<# : the first half of this file is read by cmd, the second by PowerShell
@echo off
rem Starts Latente: finds a JDK, builds on first use or when a source is newer than the build, then runs.
rem
rem   LATENTE_JAVA       the JDK to use, instead of the one that would be found
rem   LATENTE_JAVA_OPTS  more options for Java, separated by spaces
rem   LATENTE_NATIVES    which libtorch to build with: cpu (as it comes) or cuda
rem
rem What it makes lies in target\launch: delete it to start afresh.
setlocal DisableDelayedExpansion
set "LATENTE_SCRIPT=%~f0"
rem libtorch's threads shall sleep while they wait: spinning, they crawl when another program runs beside them.
if not defined OMP_WAIT_POLICY set "OMP_WAIT_POLICY=PASSIVE"
set "LATENTE_EXE="
for /f "usebackq tokens=1,2 delims=|" %%a in (`powershell -NoProfile -ExecutionPolicy Bypass -Command "& ([ScriptBlock]::Create((Get-Content -Raw -LiteralPath $env:LATENTE_SCRIPT)))"`) do (
  set "LATENTE_EXE=%%a"
  set "LATENTE_ARGS=%%b"
)
if not defined LATENTE_EXE exit /b 1
"%LATENTE_EXE%" @"%LATENTE_ARGS%" %LATENTE_JAVA_OPTS% dev.latente.cli.Main %*
exit /b %ERRORLEVEL%
#>

# Prints "java.exe|file of its options" when there is a build to run; says what is wrong on the error stream otherwise.
$ErrorActionPreference = 'Stop'
$needed = [version]'25.0.3'
$dir = Split-Path -Parent $env:LATENTE_SCRIPT

function Fail([string] $message) {
  [Console]::Error.WriteLine("latente: $message")
  exit 1
}

# ---- The Java development kit

# The version of the JDK at $path from its release file, or 0.0.0 if there is none.
function Get-JdkVersion([string] $path) {
  $release = Join-Path $path 'release'
  if (-not (Test-Path -LiteralPath (Join-Path $path 'bin\javac.exe')) -or -not (Test-Path -LiteralPath $release)) {
    return [version]'0.0.0'
  }
  foreach ($line in [IO.File]::ReadAllLines($release)) {
    if ($line -match '^JAVA_VERSION="(\d+)(?:\.(\d+))?(?:\.(\d+))?') {
      return [version]::new([int]$Matches[1], [int]$Matches[2], [int]$Matches[3])
    }
  }
  return [version]'0.0.0'
}

function Find-Jdk {
  if ($env:LATENTE_JAVA) {
    if ((Get-JdkVersion $env:LATENTE_JAVA) -lt $needed) {
      Fail "LATENTE_JAVA must be the home of a JDK $needed or later: $env:LATENTE_JAVA"
    }
    return $env:LATENTE_JAVA
  }
  $candidates = @()
  if ($env:JAVA_HOME) { $candidates += $env:JAVA_HOME }
  $java = Get-Command java.exe -CommandType Application -ErrorAction SilentlyContinue | Select-Object -First 1
  if ($java) { $candidates += Split-Path -Parent (Split-Path -Parent $java.Source) }
  foreach ($place in "$env:ProgramFiles\Java", "$env:ProgramFiles\Eclipse Adoptium", "$env:ProgramFiles\Microsoft",
      "$env:ProgramFiles\Zulu", "$env:ProgramFiles\Amazon Corretto", "$env:ProgramFiles\BellSoft",
      "$env:LOCALAPPDATA\Programs\Eclipse Adoptium", "$env:USERPROFILE\.jdks", "$env:USERPROFILE\.sdkman\candidates\java") {
    if (Test-Path -LiteralPath $place) {
      $candidates += Get-ChildItem -LiteralPath $place -Directory | ForEach-Object { $_.FullName }
    }
  }
  foreach ($candidate in $candidates) {
    if ((Get-JdkVersion $candidate) -ge $needed) { return $candidate }
  }
  Fail "no JDK $needed or later found in LATENTE_JAVA, JAVA_HOME, PATH, Program Files or ~\.jdks; get one from https://adoptium.net"
}

# ---- The build

# Whether there is no build, or a source is newer than it, or a part of it is gone.
function Test-Stale {
  if (-not (Test-Path -LiteralPath $ready)) { return $true }
  $app = [IO.File]::ReadAllText($ready).Trim()
  $list = Join-Path $app 'classpath'
  if (-not (Test-Path -LiteralPath $list)) { return $true }
  foreach ($jar in [IO.File]::ReadAllText($list).Trim().Split(';')) {
    if (-not (Test-Path -LiteralPath $jar)) { return $true }
  }
  $time = (Get-Item -LiteralPath $ready).LastWriteTimeUtc
  $sources = @("$dir\latente.cmd", "$dir\pom.xml", "$dir\*\pom.xml", "$dir\natives\*\pom.xml", "$dir\*\src\main")
  foreach ($item in Get-Item -Path $sources) {
    if ($item.LastWriteTimeUtc -gt $time) { return $true }
    if ($item.PSIsContainer) {
      $newer = Get-ChildItem -LiteralPath $item.FullName -Recurse | Where-Object { $_.LastWriteTimeUtc -gt $time } | Select-Object -First 1
      if ($newer) { return $true }
    }
  }
  return $false
}

# Builds the command and what it needs, and puts it where a later build does not touch it.
function Invoke-Build {
  $log = Join-Path $state 'build.log'
  [Console]::Error.WriteLine("latente: building, as this is the first use or a source has changed (log: $log)")
  $begun = [DateTime]::UtcNow
  $env:JAVA_HOME = $jdk
  $profiles = '!format'
  if ($natives -eq 'cuda') { $profiles = '!format,cuda' }
  Push-Location -LiteralPath $dir
  cmd /d /c ".\mvnw.cmd -q -B -ntp -P `"$profiles`" -Dmaven.test.skip=true -pl cli -am package >`"$log`" 2>&1 <nul"
  $failed = $LASTEXITCODE -ne 0
  Pop-Location
  if ($failed) {
    Get-Content -LiteralPath $log -Tail 20 | ForEach-Object { [Console]::Error.WriteLine($_) }
    Fail "the build failed; all it said: $log"
  }
  $app = Join-Path $state ('app-' + $begun.ToString('yyyyMMdd-HHmmss') + "-$PID")
  $null = New-Item -ItemType Directory -Path $app
  $jars = @("$dir\cli\target\latente-cli.jar") + [IO.File]::ReadAllText("$dir\cli\target\classpath").Trim().Split(';')
  $kept = foreach ($jar in $jars) {
    # Our own jars are copied, since a build writes them anew; the model's files are read where they lie.
    if ($jar.StartsWith("$dir\mini\", 'OrdinalIgnoreCase')) { continue }
    if ($jar.StartsWith("$dir\", 'OrdinalIgnoreCase')) {
      Copy-Item -LiteralPath $jar -Destination $app
      Join-Path $app (Split-Path -Leaf $jar)
    } else {
      $jar
    }
  }
  $classPath = $kept -join ';'
  [IO.File]::WriteAllText((Join-Path $app 'classpath'), $classPath)
  $options = @('--enable-native-access=ALL-UNNAMED', '--sun-misc-unsafe-memory-access=allow',
    '-Dorg.bytedeco.javacpp.maxPhysicalBytes=0', '-Djava.awt.headless=true',
    "`"-Dlatente.home=$($dir.Replace('\', '\\'))`"", '-cp', "`"$($classPath.Replace('\', '\\'))`"")
  [IO.File]::WriteAllLines((Join-Path $app 'options'), [string[]] $options)
  $part = "$ready.$PID"
  [IO.File]::WriteAllText($part, $app)
  (Get-Item -LiteralPath $part).LastWriteTimeUtc = $begun
  Move-Item -LiteralPath $part -Destination $ready -Force
  # An older build may still be running; after two days it hardly is.
  Get-ChildItem -LiteralPath $state -Directory -Filter 'app-*' |
    Where-Object { $_.FullName -ne $app -and $_.LastWriteTimeUtc -lt $begun.AddDays(-2) } |
    Remove-Item -Recurse -Force -ErrorAction SilentlyContinue
}

# ---- Start

$natives = if ($env:LATENTE_NATIVES) { $env:LATENTE_NATIVES } else { 'cpu' }
if ($natives -ne 'cpu' -and $natives -ne 'cuda') { Fail "LATENTE_NATIVES must be cpu or cuda: $natives" }
$state = Join-Path $dir "target\launch\$natives"
$ready = Join-Path $state 'ready'
$jdk = Find-Jdk
if (Test-Stale) {
  $null = New-Item -ItemType Directory -Force -Path $state
  # The lock goes when the process does, however it ends.
  $lock = $null
  $said = $false
  while (-not $lock) {
    try {
      $lock = [IO.File]::Open((Join-Path $dir 'target\launch\lock'), 'OpenOrCreate', 'ReadWrite', 'None')
    } catch [IO.IOException] {
      if (-not $said) { [Console]::Error.WriteLine('latente: waiting for another build') }
      $said = $true
      Start-Sleep -Seconds 1
    }
  }
  try {
    if (Test-Stale) { Invoke-Build }
  } finally {
    $lock.Dispose()
  }
}
$app = [IO.File]::ReadAllText($ready).Trim()
"$(Join-Path $jdk 'bin\java.exe')|$(Join-Path $app 'options')"
