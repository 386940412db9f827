"""A service's template: what is written by hand, and what follows from it."""

from tools.templates import alarms, common, edge, functions, queues
from tools.templates.completion import Wanted, complete, needless
from tools.templates.dashboard import dashboard
from tools.templates.errors import TemplateError
from tools.templates.service import Service


def complete_service(service: Service) -> str:
    """Return the whole template."""
    settings: Wanted = {"Globals": common.settings(service)}
    wanted: Wanted = {
        "Conditions": common.conditions(service),
        **settings,
        "Resources": _resources(service),
        "Outputs": common.outputs(service),
    }
    # The parameters are those that the rest refers to.
    without = complete(service.hand, wanted)
    wanted = {"Parameters": common.parameters([without]), **wanted}
    if repeated := needless(service.hand, wanted):
        names = ", ".join(repeated)
        raise TemplateError(f"written by hand though it follows from the rest: {names}")
    return complete(service.hand, wanted)


def _resources(service: Service) -> Wanted:
    entries: dict[str, Wanted | str] = {
        f"{name}Function": functions.completed(service, name) for name in service.functions
    }
    parts = {
        "layers and API": common.resources(service),
        "consumers: their queues, what they give up, and who may send to both": queues.queues(
            service
        ),
        "logs": functions.log_groups(service),
        "watch: alarms and a dashboard": {
            **alarms.alarms(service),
            "Dashboard": dashboard(service),
        },
    }
    for title, part in parts.items():
        missing = [name for name in part if name not in service.resources]
        for name, entry in part.items():
            heading = f"# --- {title} ---\n\n" if missing and name == missing[0] else ""
            entries[name] = f"{heading}{str(entry).strip()}"
    if "Api" in service.resources:  # by hand, with settings of its own
        entries["Api"] = {"Properties": edge.stage()}
    return {**entries, **queues.rules(service), **alarms.completed(service)}
