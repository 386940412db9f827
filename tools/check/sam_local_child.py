"""What `sam local` makes of the templates, up to the container: JSON, for the test that compares.

It is run by the SAM CLI's own interpreter, and uses what `sam local invoke` and `start-api` use.
"""

import json
import logging
import sys
from pathlib import Path

from samcli.commands.local.lib.local_lambda import LocalLambdaRunner
from samcli.lib.providers.api_provider import ApiProvider
from samcli.lib.providers.sam_function_provider import SamFunctionProvider
from samcli.lib.providers.sam_stack_provider import SamLocalStackProvider


def main(template: str) -> None:
    """Print the functions as they would be started, and the routes that would be served."""
    logging.disable(logging.WARNING)
    stacks, _ = SamLocalStackProvider.get_stacks(template)
    provider = SamFunctionProvider(stacks)
    folder = str(Path(template).resolve().parent)
    runner = LocalLambdaRunner(None, provider, folder, folder, aws_region="eu-west-1")
    functions = {}
    for function in provider.get_all():
        if function.inlinecode:  # what CloudFormation runs by itself; `sam local` does not
            continue
        config = runner.get_invoke_config(function)
        functions[function.full_path] = {
            "handler": config.handler,
            "runtime": config.runtime,
            "code": config.code_real_path,
            "layers": [layer.name for layer in config.layers],
            "memory": config.memory,
            "timeout": config.timeout,
            "variables": config.env_vars.resolve(),
        }
    routes = [
        {
            "path": route.path,
            "methods": route.methods,
            "function": f"{route.stack_path}/{route.function_name}",
        }
        for route in ApiProvider(stacks).api.routes
    ]
    json.dump({"functions": functions, "routes": routes}, sys.stdout)


if __name__ == "__main__":
    main(sys.argv[1])
