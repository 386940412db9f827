"""Every five minutes — measure how old the oldest order is that has not come to its end.

What is measured when orders end says nothing while none does.
"""

from shared.platform.entry.task import task_handler
from shared.orders import wiring
from shared.orders.queries.measure_open_orders import MeasureOpenOrdersHandler
from shared.orders.tasks import measure_command

handler = task_handler(wiring, "watch_open_orders", measure_command, MeasureOpenOrdersHandler)
