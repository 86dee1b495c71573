# SPDX-License-Identifier: Apache-2.0
"""The simulator's wire: WSMan over HTTP(S), PowerShell remoting on it, and the engines that answer."""
