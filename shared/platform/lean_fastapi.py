"""FastAPI, imported without paying for what endpoint functions never use.

FastAPI imports pydantic models of the whole OpenAPI document. Their validators are built on first
use instead of at import (pydantic's public ``defer_build``), which saves about 22 ms of init; the
setting is put back at once, so that our own models are still built during init.
"""

from pydantic import BaseModel

BaseModel.model_config["defer_build"] = True
try:
    from fastapi import FastAPI
    from fastapi.middleware.asyncexitstack import AsyncExitStackMiddleware
    from fastapi.routing import APIRoute
finally:
    del BaseModel.model_config["defer_build"]

__all__ = ["APIRoute", "AsyncExitStackMiddleware", "FastAPI"]
