"""What follows from a rule: where it sends events, the consumer's queue, and what is given up."""

from tools.templates.common import TIMEOUT
from tools.templates.completion import Wanted
from tools.templates.service import RELAY, Service

_TARGETS = """
Targets:
  - Id: {consumer} # the consumer: operations finds its queue and its rule by this name
    Arn: !GetAtt {name}Queue.Arn
    RetryPolicy: {{MaximumEventAgeInSeconds: 86400, MaximumRetryAttempts: 185}}
    DeadLetterConfig: {{Arn: !GetAtt {name}DeadLetterQueue.Arn}}
"""
_QUEUE = """
{name}Queue:
  Type: AWS::SQS::Queue
  UpdateReplacePolicy: Delete
  DeletionPolicy: Delete
  Properties:
    SqsManagedSseEnabled: true
    MessageRetentionPeriod: 1209600 # as long as SQS keeps any: a consumer may be off for days
    VisibilityTimeout: {visibility} # six times the function's time-out, as AWS advises
    RedrivePolicy:
      deadLetterTargetArn: !GetAtt {name}DeadLetterQueue.Arn
      # The consumer gives up after eight failures of its own, 2, 4, 8 … seconds apart: four
      # minutes. Here count deliveries as well that Lambda throttled or whose function died.
      maxReceiveCount: 20
"""
_DEAD_LETTERS = """
{name}DeadLetterQueue:
  Type: AWS::SQS::Queue
  UpdateReplacePolicy: Delete
  DeletionPolicy: Delete
  Properties:
    SqsManagedSseEnabled: true
    MessageRetentionPeriod: 1209600
"""
_POLICY = """
{queue}Policy:
  Type: AWS::SQS::QueuePolicy
  Properties:
    Queues: [!Ref {queue}]
    PolicyDocument:
      Statement:
        - Effect: Allow
          Principal: {{Service: events.amazonaws.com}}
          Action: sqs:SendMessage
          Resource: !GetAtt {queue}.Arn
          Condition: {{ArnEquals: {{"aws:SourceArn": !GetAtt {name}Rule.Arn}}}}
"""


def rules(service: Service) -> Wanted:
    """Return what the consumers' rules lack when they say only which events they let through."""
    return {
        f"{name}Rule": {
            "Properties": {
                "EventBusName": "EventBusName: !Ref EventBusName",
                "Targets": _TARGETS.format(name=name, consumer=service.dead_letters[name]),
            }
        }
        for name in service.consumers
    }


def queues(service: Service) -> dict[str, str]:
    """Return the queues, and who may send to them."""
    found = {}
    for name in service.consumers:
        visibility = 6 * service.timeout(name, TIMEOUT)
        found[f"{name}Queue"] = _QUEUE.format(name=name, visibility=visibility)
        found[f"{name}DeadLetterQueue"] = _DEAD_LETTERS.format(name=name)
        for queue in (f"{name}Queue", f"{name}DeadLetterQueue"):
            found[f"{queue}Policy"] = _POLICY.format(name=name, queue=queue)
    if service.has_relay:
        found[f"{RELAY}DeadLetterQueue"] = _DEAD_LETTERS.format(name=RELAY)
    return found
