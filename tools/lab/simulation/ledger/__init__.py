"""What has been played of which code, kept from run to run: ``docs/seeds.toml``."""
