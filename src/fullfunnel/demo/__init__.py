"""demo: a believable company, through the public doors only.

Truth is data (truth.Truth); plan turns it into lives, story turns a life into client calls, deliver posts them.
Others may use: nothing; it stands above every room but config.
"""
