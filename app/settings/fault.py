"""What can be wrong with settings.

SettingsFault
"""


class SettingsFault(Exception):
    """Settings cannot be used. The message names each variable, or file and line, what is wrong and what to write."""
