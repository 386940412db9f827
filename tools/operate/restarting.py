"""Has a function's next invocation run in a process that has kept nothing."""

from typing import Any

from tools.operate.redelivery.invoking import LIVE


def restart(client: Any, function: str, variables: dict[str, str]) -> str:
    """Publish *function* as it is with *variables* besides; return why that cannot be.

    What is live stays the same code: a deployment that is under way is not finished by this.
    """
    alias = client.get_alias(FunctionName=function, Name=LIVE)
    latest = client.get_function_configuration(FunctionName=function)
    live = client.get_function_configuration(
        FunctionName=function, Qualifier=alias["FunctionVersion"]
    )
    if alias.get("RoutingConfig", {}).get("AdditionalVersionWeights") or any(
        latest.get(part) != live.get(part) for part in ("CodeSha256", "Layers")
    ):
        return f"{function} is being deployed: stop that (aws deploy stop-deployment)."
    known = latest.get("Environment", {}).get("Variables", {})
    client.update_function_configuration(
        FunctionName=function, Environment={"Variables": known | variables}
    )
    client.get_waiter("function_updated_v2").wait(FunctionName=function)
    version = client.publish_version(FunctionName=function)["Version"]
    client.get_waiter("published_version_active").wait(FunctionName=function, Qualifier=version)
    client.update_alias(FunctionName=function, Name=LIVE, FunctionVersion=version)
    return ""
