"""AWS on this machine, as far as the three functions touch it: moto in this process, and functions that really run.

A deployed zip and its layer are unpacked and run by AWS's own runtime client, in a process of their own, over the
Lambda Runtime API on loopback. Asynchronous invocations are tried again, and end in a destination or a dead-letter
queue. Every call that a function makes is checked against its role's policies. No container, no account.
"""
