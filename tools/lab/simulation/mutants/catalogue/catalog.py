"""Products, their names, lists and totals."""

from tools.lab.simulation.mutants.mutant import Edit, Mutant, mutant

_UOW = "shared/catalog/adapters/unit_of_work.py"
_UPDATE = "shared/catalog/use_cases/update_product.py"

MUTANTS: tuple[Mutant, ...] = (
    mutant(
        "mnemonic looked up in the index",
        "whether a mnemonic is free is decided on a list that lags behind",
        _UOW,
        "            self._uow.stage(\n"
        "                claim(\n"
        '                    "mnemonic",\n'
        "                    aggregate.mnemonic,\n"
        "                    owner=aggregate.id,\n"
        "                    taken=lambda: MnemonicTaken(aggregate.mnemonic),\n"
        "                )\n"
        "            )\n",
        "            from shared.platform.dynamodb.reading import query\n\n"
        "            if query(\n"
        "                self._uow.client,\n"
        "                self._uow.table,\n"
        '                IndexName="GSI1",\n'
        '                KeyConditionExpression="GSI1PK = :list AND GSI1SK = :name",\n'
        "                ExpressionAttributeValues={\n"
        '                    ":list": f"PRODUCTS#{Audience.ALL}",\n'
        '                    ":name": aggregate.mnemonic,\n'
        "                },\n"
        "            ):\n"
        "                raise MnemonicTaken(aggregate.mnemonic)\n",
    ),
    Mutant(
        "claim not released",
        "a mnemonic is claimed first and kept when the product never comes to be",
        (
            Edit(
                _UOW,
                "            self._uow.stage(\n                claim(\n",
                "            self._uow._transactor.send([\n                claim(\n",
            ),
            Edit(
                _UOW,
                "                    taken=lambda: MnemonicTaken(aggregate.mnemonic),\n"
                "                )\n"
                "            )\n",
                "                    taken=lambda: MnemonicTaken(aggregate.mnemonic),\n"
                "                )\n"
                "            ])\n",
            ),
        ),
    ),
    mutant(
        "If-Match ignored",
        "a change goes over one that its author has not seen",
        _UPDATE,
        "            ProductChanged.check(command.versions, version=product.version)\n",
        "            ProductChanged.check(None, version=product.version)\n",
    ),
    mutant(
        "lists written once",
        "a list shows a product as it was when it was created",
        _UOW,
        "        self._keep_lists(aggregate)\n",
        "        if aggregate.committed_version == 0:\n            self._keep_lists(aggregate)\n",
    ),
    mutant(
        "hidden products stay in the list",
        "what was taken from the public is still listed for it",
        _UOW,
        "        for audience in sorted(before - now):\n",
        "        for audience in sorted(before - before):\n",
    ),
)
