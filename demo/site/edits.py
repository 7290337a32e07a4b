"""Switches of the stand-in under `/__demo/issues`: people who go on working while a report loads."""

from __future__ import annotations

from typing import Any

import falcon

from demo.issues.site import Site


class IssuesResource:
    """`POST /__demo/issues`, `PATCH DELETE /__demo/issues/{key}`. Fields are as the API shows them."""

    def __init__(self, site: Site) -> None:
        self._site = site

    def on_post(self, req: falcon.Request, resp: falcon.Response) -> None:
        """Creates an issue from `project` (a key) and `fields`; absent ones get Jira's defaults."""
        body: dict[str, Any] = req.get_media()
        project = self._site.catalogue.projects.get(body.get("project", ""))
        if project is None:
            raise falcon.HTTPBadRequest(description="no such project")
        made = self._site.create(project.key, body.get("fields", {}))
        resp.status = falcon.HTTP_201
        resp.media = {"id": str(made.id), "key": made.key}

    def on_patch_one(self, req: falcon.Request, resp: falcon.Response, key: str) -> None:
        """Edits the `fields` of the body; null empties one."""
        fields: dict[str, Any] = req.get_media().get("fields", {})
        if unknown := set(fields) - set(self._site.fields.by_id):
            raise falcon.HTTPBadRequest(description=f"no such field: {', '.join(sorted(unknown))}")
        try:
            self._site.update(key, **fields)
        except KeyError as error:
            raise falcon.HTTPNotFound from error
        resp.status = falcon.HTTP_204

    def on_delete_one(self, _req: falcon.Request, resp: falcon.Response, key: str) -> None:
        """Deletes the issue for good."""
        try:
            self._site.delete(key)
        except KeyError as error:
            raise falcon.HTTPNotFound from error
        resp.status = falcon.HTTP_204
