from tools.shop.seed.seeding import Seeded, seed

__all__ = ["Seeded", "seed"]
