"""Puts the telephony platform's addresses into an aiohttp application."""

from aiohttp import web

from confserver.confd import authorizations, ingresses, meetings
from confserver.confd.edge import Handle, Window, serve

CONFD, CALLD = "/api/confd/1.1", "/api/calld/1.0"
OWN = "/users/me/meetings"
OF_GUEST = "/guests/me/meetings/{meeting_uuid}"
REQUESTS = "/guests/{guest_uuid}/meetings/{meeting_uuid}/authorizations"
REQUEST = OWN + "/{meeting_uuid}/authorizations/{authorization_uuid}"
PEOPLE = "/{meeting_uuid}/participants"

PUBLIC: tuple[tuple[str, str, Handle], ...] = (
    ("GET", CONFD + OF_GUEST, meetings.show_to_guest),
    ("GET", CONFD + OF_GUEST + "/status", meetings.show_status),
    ("GET", CALLD + OF_GUEST + "/status", meetings.show_status),
    ("POST", CONFD + REQUESTS, authorizations.request),
    ("GET", CONFD + REQUESTS + "/{authorization_uuid}", authorizations.show_to_guest),
)
"""What somebody without a login may do who knows a meeting's UUID."""

PRIVATE: tuple[tuple[str, str, Handle], ...] = (
    ("GET", CONFD + OWN, meetings.list_own),
    ("POST", CONFD + OWN, meetings.create),
    ("GET", CONFD + OWN + "/{meeting_uuid}", meetings.show),
    ("PUT", CONFD + OWN + "/{meeting_uuid}", meetings.change),
    ("DELETE", CONFD + OWN + "/{meeting_uuid}", meetings.destroy),
    ("GET", CONFD + "/meetings", meetings.list_all),
    ("POST", CONFD + "/meetings", meetings.create),
    ("GET", CONFD + "/meetings/{meeting_uuid}", meetings.show),
    ("PUT", CONFD + "/meetings/{meeting_uuid}", meetings.change),
    ("DELETE", CONFD + "/meetings/{meeting_uuid}", meetings.destroy),
    ("GET", CONFD + OWN + "/{meeting_uuid}/authorizations", authorizations.list_all),
    ("GET", CONFD + REQUEST, authorizations.show),
    ("DELETE", CONFD + REQUEST, authorizations.destroy),
    ("PUT", CONFD + REQUEST + "/accept", authorizations.accept),
    ("PUT", CONFD + REQUEST + "/reject", authorizations.reject),
    *(
        (method, base + prefix + PEOPLE + suffix, handle)
        for base in (CONFD, CALLD)
        for prefix in ("/meetings", OWN)
        for method, suffix, handle in (
            ("GET", "", meetings.list_participants),
            ("DELETE", "/{participant_id}", meetings.kick),
        )
    ),
    ("GET", CONFD + "/ingresses/http", ingresses.list_all),
    ("POST", CONFD + "/ingresses/http", ingresses.create),
    ("GET", CONFD + "/ingresses/http/{ingress_uuid}", ingresses.show),
    ("PUT", CONFD + "/ingresses/http/{ingress_uuid}", ingresses.change),
    ("DELETE", CONFD + "/ingresses/http/{ingress_uuid}", ingresses.destroy),
)


def install_confd(app: web.Application, window: Window) -> None:
    """Adds all of them."""
    for routes, is_public in ((PUBLIC, True), (PRIVATE, False)):
        for method, path, handle in routes:
            app.router.add_route(method, path, serve(handle, window, is_public=is_public, is_own=OWN in path))
