@echo off
rem The command line of the installed app, on the Node that it brings.
"%~dp0..\node.exe" "%~dp0..\app.asar.unpacked\out\main\cli.js" %*
