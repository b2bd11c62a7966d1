"""Settings: what the environment (WANE_*) and the site folder say, read and checked once at start."""

from app.settings.fault import SettingsFault
from app.settings.reading import DEFAULT, Effective, read_effective, read_settings
from app.settings.table import Settings

__all__ = ["DEFAULT", "Effective", "Settings", "SettingsFault", "read_effective", "read_settings"]
