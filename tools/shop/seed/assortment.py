"""The sample shop: who can sign in, what is on the shelves. Nothing here is secret."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SampleUser:
    """An account to try things with; printed when the stack starts."""

    role: str
    email: str
    password: str
    name: str


@dataclass(frozen=True, slots=True)
class SampleProduct:
    """*price* in minor units of `CURRENCY`; *stock* is what the first delivery brought."""

    mnemonic: str
    overview: str
    price: int
    stock: int


CURRENCY = "EUR"

ADMIN = SampleUser("admin", "admin@tradewind.example", "Harbour-Light-7-Bells", "Ada Lindqvist")
CUSTOMER = SampleUser(
    "customer", "customer@tradewind.example", "Copper-Kettle-4-Tea", "Noor Haddad"
)

PRODUCTS = (
    SampleProduct("KETTLE_COPPER_1L", "Stovetop kettle in copper, 1 litre, tin-lined", 8900, 40),
    SampleProduct(
        "TEAPOT_CAST_IRON", "Cast-iron teapot, 0.8 litres, with a steel strainer", 4450, 60
    ),
    SampleProduct("MUG_STONEWARE_4", "Four stoneware mugs, 300 ml, dishwasher-safe", 3200, 120),
    SampleProduct(
        "CHEF_KNIFE_20", "Chef's knife, 20 cm, forged carbon steel, walnut handle", 11900, 25
    ),
    SampleProduct("BOARD_OAK_L", "End-grain cutting board, oiled oak, 45 x 30 cm", 5400, 45),
    SampleProduct("SKILLET_IRON_26", "Skillet in cast iron, 26 cm, pre-seasoned", 3900, 70),
    SampleProduct("GRINDER_COFFEE", "Hand coffee grinder, conical steel burrs, 35 g", 7950, 35),
    SampleProduct(
        "SCALE_KITCHEN_5KG", "Kitchen scale, 5 kg in steps of 1 g, rechargeable", 2990, 80
    ),
    SampleProduct("APRON_LINEN", "Apron in washed linen, two pockets, one size", 2750, 90),
    SampleProduct(
        "TOWELS_WAFFLE_3", "Three waffle-weave kitchen towels, organic cotton", 1890, 150
    ),
    SampleProduct(
        "LAMP_DESK_BRASS", "Desk lamp in brushed brass, E27, 1.8 m textile cord", 9650, 20
    ),
    SampleProduct(
        "LAMP_READING_LED", "Reading lamp, warm LED, dimmable, clamps to a shelf", 4990, 55
    ),
    SampleProduct("BLANKET_WOOL_130", "Lambswool throw, 130 x 180 cm, herringbone", 8450, 30),
    SampleProduct("CUSHION_LINEN_50", "Cushion cover in linen, 50 x 50 cm, hidden zip", 2490, 110),
    SampleProduct(
        "CANDLES_BEESWAX_6", "Six beeswax candles, 25 cm, burn about 8 hours each", 1990, 200
    ),
    SampleProduct("VASE_GLASS_30", "Hand-blown vase, recycled glass, 30 cm", 3650, 40),
    SampleProduct("CLOCK_WALL_ASH", "Wall clock in ash, 28 cm, silent movement", 5950, 25),
    SampleProduct(
        "NOTEBOOK_A5_DOT", "A5 notebook, dotted, 160 pages of 100 g paper, lies flat", 1450, 300
    ),
    SampleProduct("PEN_FOUNTAIN_M", "Fountain pen, medium steel nib, piston filler", 6900, 50),
    SampleProduct(
        "BAG_CANVAS_TOTE", "Tote in waxed canvas, leather handles, inner pocket", 5200, 65
    ),
)
