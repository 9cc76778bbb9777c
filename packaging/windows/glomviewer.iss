; The Windows installer (Inno Setup 6). NOT YET RUN: written on Linux, where it can't be.
; Built by build.ps1 beside this file, from dist\glomviewer. Installs for one user, without
; administrator's rights, and leaves libraries and settings alone when it is removed.
#ifndef Version
  #error Give the version: iscc /DVersion=0.1.0 glomviewer.iss
#endif

[Setup]
AppId={{5E2B5B0C-6C43-4F6B-9A8E-3F2E7C9B1D44}
AppName=glomviewer
AppVersion={#Version}
AppVerName=glomviewer {#Version}
DefaultDirName={autopf}\glomviewer
DefaultGroupName=glomviewer
PrivilegesRequired=lowest
PrivilegesRequiredOverridesAllowed=dialog
LicenseFile=..\..\LICENSE
SetupIconFile=..\..\resources\icons\glomviewer.ico
UninstallDisplayIcon={app}\glomviewer-window.exe
OutputDir=..\..\dist
OutputBaseFilename=glomviewer-{#Version}-setup
Compression=lzma2
SolidCompression=yes
ArchitecturesAllowed=x64compatible
ArchitecturesInstallIn64BitMode=x64compatible
CloseApplications=yes
WizardStyle=modern

[Files]
Source: "..\..\dist\glomviewer\*"; DestDir: "{app}"; Flags: recursesubdirs ignoreversion

[InstallDelete]
Type: filesandordirs; Name: "{app}\_internal"

[Icons]
Name: "{group}\glomviewer"; Filename: "{app}\glomviewer-window.exe"
Name: "{autodesktop}\glomviewer"; Filename: "{app}\glomviewer-window.exe"; Tasks: desktopicon

[Tasks]
Name: desktopicon; Description: "A shortcut on the desktop"; Flags: unchecked

[Run]
Filename: "{app}\glomviewer-window.exe"; Description: "Start glomviewer"; Flags: nowait postinstall skipifsilent
