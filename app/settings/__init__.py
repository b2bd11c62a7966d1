"""Settings: what the environment (WANE_*) and the site folder say, read and checked once at start."""

from app.settings.fault import SettingsFault
from app.settings.reading import Effective, read_effective, read_settings
from app.settings.table import Settings

__all__ = ["Effective", "Settings", "SettingsFault", "read_effective", "read_settings"]
