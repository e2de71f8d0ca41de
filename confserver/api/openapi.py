"""Describes the API as OpenAPI 3.1, from the very models that validate it.

It knows no operation by name.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import JsonSchemaMode, models_json_schema

from confserver import __version__
from confserver.api.edge import PREFIX, ErrorAnswer
from confserver.api.operation import Operation

Json = dict[str, Any]
ModelKey = tuple[type[BaseModel], JsonSchemaMode]
Schemas = Mapping[Any, Json]


def describe(operations: Iterable[Operation]) -> Json:
    """The OpenAPI document."""
    operations = tuple(operations)
    schemas, definitions = models_json_schema(
        sorted(set(_models(operations)), key=str), ref_template="#/components/schemas/{model}"
    )
    paths: dict[str, Json] = {}
    for operation in operations:
        paths.setdefault(PREFIX + operation.path, {})[operation.method.lower()] = _operation(operation, schemas)
    return {
        "openapi": "3.1.0",
        "info": {"title": "confserver", "version": __version__, "description": "See docs/rest.md."},
        "paths": paths,
        "components": {
            "schemas": definitions.get("$defs", {}),
            "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer"}},
        },
        "security": [{"bearer": []}],
    }


def _models(operations: Iterable[Operation]) -> Iterable[ModelKey]:
    yield ErrorAnswer, "serialization"
    for operation in operations:
        if operation.body:
            yield operation.body, "validation"
        if operation.answer:
            yield operation.answer, "serialization"


def _operation(operation: Operation, schemas: Schemas) -> Json:
    answer: Json = {"description": operation.summary}
    if operation.answer:
        answer |= {"content": _content(schemas[operation.answer, "serialization"])}
    refusal = {"description": "Refused", "content": _content(schemas[ErrorAnswer, "serialization"])}
    described: Json = {
        "summary": operation.summary,
        "operationId": f"{operation.method.lower()}{re.sub(r'[^a-z]+', '_', operation.path)}".rstrip("_"),
        "parameters": [*_path_parameters(operation), *_query_parameters(operation)],
        "responses": {str(operation.status): answer, "4XX": refusal, "5XX": refusal},
    }
    if operation.body:
        content = _content(schemas[operation.body, "validation"])
        described["requestBody"] = {"required": operation.needs_body, "content": content}
    if operation.upload:
        any_file = {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}
        described["requestBody"] = {"required": True, "content": any_file}
    if operation.is_public:
        described["security"] = []
    return described


def _content(schema: Json) -> Json:
    return {"application/json": {"schema": schema}}


def _path_parameters(operation: Operation) -> list[Json]:
    names = re.findall(r"{(\w+)}", operation.path)
    return [{"name": name, "in": "path", "required": True, "schema": {"type": "string"}} for name in names]


def _query_parameters(operation: Operation) -> list[Json]:
    if operation.query is None:
        return []
    properties = operation.query.model_json_schema()["properties"]
    return [{"name": name, "in": "query", "schema": schema} for name, schema in properties.items()]
