; Windows installer: per user, no administrator, three languages. Data is never removed.
; Build after `make dist` on Windows (or with Debian's nsis, to prove the script):
;   makensis -DVERSION=0.1.0 -DSOURCE=..\dist\crm-desktop installer\crm-desktop.nsi
; Silent: crm-desktop-0.1.0-setup.exe /S
Target amd64-unicode
Unicode true
!include "MUI2.nsh"

!ifndef VERSION
  !define VERSION "0.1.0"
!endif
!ifndef SOURCE
  !define SOURCE "../dist/crm-desktop"
!endif
!ifndef OUTPUT
  !define OUTPUT "../dist/crm-desktop-${VERSION}-setup.exe"
!endif
!define NAME "CRM Desktop"
!define UNINSTALL "Software\Microsoft\Windows\CurrentVersion\Uninstall\CRMDesktop"

Name "${NAME}"
OutFile "${OUTPUT}"
RequestExecutionLevel user
InstallDir "$LOCALAPPDATA\Programs\CRM Desktop"
InstallDirRegKey HKCU "${UNINSTALL}" "InstallLocation"
SetCompressor /SOLID lzma
ManifestDPIAware true
VIProductVersion "${VERSION}.0"
VIAddVersionKey "ProductName" "${NAME}"
VIAddVersionKey "FileDescription" "${NAME}"
VIAddVersionKey "FileVersion" "${VERSION}"
VIAddVersionKey "LegalCopyright" "MIT licence"

!define MUI_LANGDLL_REGISTRY_ROOT HKCU
!define MUI_LANGDLL_REGISTRY_KEY "${UNINSTALL}"
!define MUI_LANGDLL_REGISTRY_VALUENAME "Language"
!define MUI_FINISHPAGE_RUN "$INSTDIR\crm-desktop.exe"
!insertmacro MUI_PAGE_LICENSE "..\LICENSE"
!insertmacro MUI_PAGE_DIRECTORY
!insertmacro MUI_PAGE_INSTFILES
!insertmacro MUI_PAGE_FINISH
!insertmacro MUI_UNPAGE_CONFIRM
!insertmacro MUI_UNPAGE_INSTFILES
!insertmacro MUI_LANGUAGE "English"
!insertmacro MUI_LANGUAGE "SimpChinese"
!insertmacro MUI_LANGUAGE "TradChinese"
!insertmacro MUI_RESERVEFILE_LANGDLL

LangString StillRunning ${LANG_ENGLISH} "CRM Desktop is still running. Please close it, then press Retry."
LangString StillRunning ${LANG_SIMPCHINESE} "CRM Desktop 仍在运行。请先关闭它，然后按“重试”。"
LangString StillRunning ${LANG_TRADCHINESE} "CRM Desktop 仍在執行。請先關閉它，再按「重試」。"

; The program is running when Windows will not let its file be opened for writing.
!macro WaitUntilClosed
  retry:
  IfFileExists "$INSTDIR\crm-desktop.exe" 0 closed
  ClearErrors
  FileOpen $0 "$INSTDIR\crm-desktop.exe" a
  IfErrors 0 writable
    MessageBox MB_RETRYCANCEL|MB_ICONEXCLAMATION "$(StillRunning)" /SD IDCANCEL IDRETRY retry
    SetErrorLevel 2
    Quit
  writable:
  FileClose $0
  closed:
!macroend

Function .onInit
  !insertmacro MUI_LANGDLL_DISPLAY
FunctionEnd

Function un.onInit
  !insertmacro MUI_UNGETLANGUAGE
FunctionEnd

Section
  !insertmacro WaitUntilClosed
  ; An upgrade in place must not leave libraries of the old version beside the new ones.
  RMDir /r "$INSTDIR\_internal"
  SetOutPath "$INSTDIR"
  File /r "${SOURCE}/*.*"
  WriteUninstaller "$INSTDIR\uninstall.exe"
  CreateShortcut "$SMPROGRAMS\CRM Desktop.lnk" "$INSTDIR\crm-desktop.exe"
  WriteRegStr HKCU "${UNINSTALL}" "DisplayName" "${NAME}"
  WriteRegStr HKCU "${UNINSTALL}" "DisplayVersion" "${VERSION}"
  WriteRegStr HKCU "${UNINSTALL}" "Publisher" "CRM Desktop contributors"
  WriteRegStr HKCU "${UNINSTALL}" "DisplayIcon" "$INSTDIR\crm-desktop.exe"
  WriteRegStr HKCU "${UNINSTALL}" "InstallLocation" "$INSTDIR"
  WriteRegStr HKCU "${UNINSTALL}" "UninstallString" '"$INSTDIR\uninstall.exe"'
  WriteRegStr HKCU "${UNINSTALL}" "QuietUninstallString" '"$INSTDIR\uninstall.exe" /S'
  WriteRegDWORD HKCU "${UNINSTALL}" "NoModify" 1
  WriteRegDWORD HKCU "${UNINSTALL}" "NoRepair" 1
SectionEnd

Section "Uninstall"
  !insertmacro WaitUntilClosed
  Delete "$SMPROGRAMS\CRM Desktop.lnk"
  ; Only what the installer put there: somebody may have chosen a folder with other things in it.
  RMDir /r "$INSTDIR\_internal"
  Delete "$INSTDIR\crm-desktop.exe"
  Delete "$INSTDIR\crm-cli.exe"
  Delete "$INSTDIR\uninstall.exe"
  RMDir "$INSTDIR"
  DeleteRegKey HKCU "${UNINSTALL}"
SectionEnd
